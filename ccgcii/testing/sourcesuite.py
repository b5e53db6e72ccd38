"""What every source promises, shown on a recording: a folder that `ccgcii record` has made.

    class TestHelloWire(SourceSuite):
        source = HelloWire
        recording = Path(__file__).with_name("hello_wire")

The source crawls for real (queue, store, robots.txt, retries); only the wire is the recording.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ccgcii.catalogues import default_accounts, default_cities, outlets
from ccgcii.cities import Study
from ccgcii.crawling.recordings import Recording
from ccgcii.crawling.rehearsals import Rehearsal, replay
from ccgcii.documents import CHANNELS
from ccgcii.planning.plans import choose_cities
from ccgcii.planning.slices import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.crawling.sources import Source

__all__ = ["SourceSuite"]

COUNTS = ("likes", "comments", "shares", "views", "author_followers")
ROBOTS = "/robots.txt"


class SourceSuite:
    """What every source promises, shown on a recording that brings at least one piece."""

    source: ClassVar[type[Source]]
    recording: ClassVar[Path]

    def test_it_says_what_it_reads_in_a_docstring(self) -> None:
        assert (self.source.__doc__ or "").strip()

    def test_it_has_a_name_and_speaks_of_a_known_channel(self) -> None:
        assert self.source.name
        assert self.source.channel in CHANNELS

    def test_it_plans_slices_with_keys_of_their_own_and_the_same_ones_twice(self) -> None:
        slices = list(self.source(self._plan).slices(self._plan))
        assert slices
        assert len({piece.key for piece in slices}) == len(slices)
        assert list(self.source(self._plan).slices(self._plan)) == slices

    def test_it_asks_for_nothing_but_what_is_recorded(self) -> None:
        assert [one for one in self._crawled.missing if not one.endswith(ROBOTS)] == []

    def test_nothing_fails(self) -> None:
        for counts in self._crawled.crawls:
            assert (counts.failed, counts.slices_failed, counts.stopped) == (0, 0, None), (
                counts.reasons
            )

    def test_it_brings_what_was_expected_when_it_was_recorded(self) -> None:
        assert self._crawled.pieces
        assert self._crawled.pieces == self._recorded.expected

    def test_a_second_crawl_keeps_nothing_twice(self) -> None:
        first, second = self._crawled.crawls
        assert first.captures == len(self._crawled.pieces)
        assert second.captures == 0

    def test_every_record_is_of_a_known_channel_and_counts_are_whole_and_never_negative(
        self,
    ) -> None:
        for piece in self._records():
            assert piece["channel"] in CHANNELS
            for name in COUNTS:
                count = piece.get(name, 0)
                assert isinstance(count, int)
                assert count >= 0

    def test_every_moment_is_in_utc(self) -> None:
        for piece in self._crawled.pieces:
            assert piece.get("published_at", "Z").endswith("Z")

    def _records(self) -> list[dict[str, Any]]:
        return [piece for piece in self._crawled.pieces if piece["kind"] == "record"]

    @cached_property
    def _recorded(self) -> Recording:
        return Recording.open(self.recording)

    @property
    def _crawled(self) -> Rehearsal:
        # pytest makes an object a test: the crawl is kept with the class, once for all of them.
        known: Rehearsal | None = vars(type(self)).get("_rehearsal")
        if known is None:
            known = replay(self.source, Recording.open(self.recording), times=2)
            type(self)._rehearsal = known  # noqa: SLF001 - our own
        return known

    _rehearsal: ClassVar[Rehearsal | None] = None

    @property
    def _plan(self) -> Plan:
        recorded = self._recorded
        study = Study("suite", recorded.since, recorded.until, default_cities())
        return Plan(
            study=study,
            since=date.fromisoformat(recorded.since),
            until=date.fromisoformat(recorded.until),
            cities=choose_cities(study.cities, recorded.cities),
            options=recorded.options,
            outlets=outlets(),
            accounts=default_accounts(),
        )
