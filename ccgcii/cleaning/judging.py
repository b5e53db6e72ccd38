"""A worker judges a batch filter by filter, not document by document.

Each filter brings tables of its own (automata, a language model, a lexicon). Taken one after the
other by every document they push each other out of the processor's caches; a filter that sees a
whole batch at once costs half. Documents do not see each other, so the verdicts are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccgcii.cleaning.enriching.events import EventMatcher
from ccgcii.documents import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ccgcii.catalogues import Event
    from ccgcii.cleaning.pipeline import Pipeline
    from ccgcii.documents import Document

CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a capture: a document, a verdict, or (layers 4 and 5) both.

    `keys` are what its twins share, `sketch` tells near copies; `problems` are the filters that
    raised.
    """

    capture_id: int
    document: Document | None = None
    verdict: Verdict | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    sketch: bytes | None = None
    events: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A document to judge, from layer `since` on."""

    capture_id: int
    document: Document
    since: int = 1


class Judge:
    """The filters and events of a study, in one process."""

    def __init__(self, pipeline: Pipeline, events: Iterable[Event]) -> None:
        self._pipeline = pipeline
        self._events = EventMatcher(events)

    def judge(self, cases: Sequence[Case]) -> list[Outcome]:
        """Return what becomes of each document, in order; a crash costs its document alone."""
        try:
            return self._judged(cases)
        except Exception as error:  # noqa: BLE001 - filters and models raise anything
            if len(cases) == 1:
                return [crashed(cases[0].capture_id, f"{type(error).__name__}: {error}")]
            return [outcome for case in cases for outcome in self.judge([case])]

    def _judged(self, cases: Sequence[Case]) -> list[Outcome]:
        problems: list[list[tuple[str, str]]] = [[] for _ in cases]
        judged = self._pipeline.judge_all(
            [case.document for case in cases], problems, [case.since for case in cases]
        )
        kept = [(at, left) for at, left in enumerate(judged) if not isinstance(left, Verdict)]
        keys = {at: self._pipeline.keys(left, problems[at]) for at, left in kept}
        sketched = self._pipeline.sketches(
            [left for _, left in kept], [problems[at] for at, _ in kept]
        )
        sketches = {at: sketch for (at, _), sketch in zip(kept, sketched, strict=True)}
        events = {at: self._events.find(left) for at, left in kept}
        return [
            Outcome(
                case.capture_id,
                *_document_and_verdict(case, left),
                keys.get(at, {}),
                sketches.get(at),
                events.get(at, ()),
                tuple(problems[at]),
            )
            for at, (case, left) in enumerate(zip(cases, judged, strict=True))
        ]


def crashed(capture_id: int, reason: str) -> Outcome:
    """Return the outcome of a capture that cannot be read at all."""
    return Outcome(capture_id, verdict=Verdict(1, CRASH, reason[:300]))


def _document_and_verdict(
    case: Case, left: Document | Verdict
) -> tuple[Document | None, Verdict | None]:
    """Return what is kept of a document; one that names no city is only stored if it was."""
    if not isinstance(left, Verdict):
        return left, None
    stored = left.layer > 2 or case.since > 1
    return left.document if stored else None, Verdict(left.layer, left.filter, left.reason)
