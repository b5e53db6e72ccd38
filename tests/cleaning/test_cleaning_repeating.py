from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ccgcii import CleaningError, Record
from ccgcii.cleaning import runs
from ccgcii.cleaning.copies.waiting import pending
from ccgcii.cleaning.digests import layer_digests
from ccgcii.cleaning.runs import clean
from ccgcii.cleaning.staleness import StaleLayer, events_changed
from ccgcii.cli.clean import command as clean_command
from ccgcii.cli.invocation import Invocation
from ccgcii_cleaning.noise import Listing
from ccgcii_cleaning.quality import Topics

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cleaning.conftest import Filling, Open

STORY = "Wuhan opened its new bridge on Monday, and thousands of people walked across it. "
TAGS = "#Wuhan #art #tea #dance #opera #food #river go and see"
TABLES = (
    "document", "document_text", "mention", "mention_span", "document_topic", "document_event",
    "document_key", "document_sketch", '"drop"',
)  # fmt: skip


def fill(filling: Filling) -> None:
    """Add pages, posts, a twin, and something for each layer to drop."""
    for number, text in enumerate(
        (STORY * 4, STORY * 3 + "It rained.", "Lyon is in France. " * 20)
    ):
        body = (
            f"<html lang='en'><head><title>Piece {number}</title>"
            f"<meta name='date' content='2020-05-0{number + 1}'></head>"
            f"<body><article><h1>Piece {number}</h1><p>{text}</p></article></body></html>"
        )
        filling.page(f"https://news.test/{number}", body.encode())
    moment = datetime(2020, 5, 1, 12, tzinfo=UTC)
    texts = ("Wuhan is back to life, a great day", "武汉的美食非常好吃，我很喜欢这座城市。", TAGS)
    for number, text in enumerate((*texts, "No city at all in here", "Wuhan!")):
        known: dict[str, Any] = {"text": text, "author": f"Author{number}", "language": "en"}
        known |= {"country": "FR", "author_followers": 7, "likes": number, "published_at": moment}
        filling.record(Record(str(number), "x", **known))


def store_hash(filling: Filling) -> str:
    rows = [sorted(filling.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES]
    return sha256(repr(rows).encode()).hexdigest()


@pytest.mark.parametrize("layer", [2, 3, 4, 5])
def test_repeating_a_layer_changes_nothing_and_extracts_no_page(
    filling: Filling, layer: int
) -> None:
    fill(filling)
    clean(filling.workspace)
    before = store_hash(filling)
    pages = [row for row in filling.rows("SELECT url FROM document_text") if row[0]]
    assert len(pages) == 2
    if layer > 2:
        # What layer 2 dropped is not in the store: only --from 2 needs the archive, and for this.
        shutil.rmtree(filling.workspace.settings.store.archive)
    waits = pending(filling.workspace.engine, layer)
    repeated = clean(filling.workspace, since=layer)
    assert repeated.captures == waits == (7 if layer == 2 else 5)
    assert repeated.problems == {}
    assert store_hash(filling) == before


def test_a_changed_option_and_a_repetition_are_as_good_as_a_new_start(
    open_study: Open, tmp_path: Path
) -> None:
    options = {"hashtag-stuffing": {"least": 5, "share": 0.5}}
    old = open_study(tmp_path / "repeated")
    fill(old)
    assert clean(old.workspace).stale == ()
    changed = open_study(tmp_path / "repeated", filters=options)
    stale = clean(changed.workspace).stale
    assert stale == (StaleLayer(4, ("hashtag-stuffing",)),)
    assert clean(changed.workspace, since=4).stale == ()
    fresh = open_study(tmp_path / "fresh", filters=options)
    fill(fresh)
    clean(fresh.workspace)
    assert store_hash(changed) == store_hash(fresh)
    dropped = fresh.rows('SELECT filter FROM "drop" WHERE layer = 4')
    assert dropped == [("hashtag-stuffing",)]


def test_a_repetition_that_is_stopped_loses_nothing_and_goes_on(
    open_study: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling = open_study(tmp_path)
    fill(filling)
    clean(filling.workspace)
    before = store_hash(filling)
    options = {"hashtag-stuffing": {"least": 5, "share": 0.5}}
    changed = open_study(tmp_path, filters=options)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runs, "waiting_work", stop)
        assert clean(changed.workspace, since=4).interrupted
    assert store_hash(filling) == before
    finished = clean(changed.workspace)
    assert finished.captures == 5
    assert finished.stale == ()
    assert changed.rows('SELECT filter FROM "drop" WHERE layer = 4') == [("hashtag-stuffing",)]


@pytest.mark.parametrize(
    ("options", "there"),
    [
        ([], "goes on from here"),
        (["--again"], "the earlier verdicts of layers 1 to 5 stand until then"),
        (["--from", "4"], "the earlier verdicts of layers 4 to 5 stand until then"),
    ],
)
def test_a_stopped_cleaning_says_what_waits_and_what_goes_on(
    open_study: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    there: str,
) -> None:
    (tmp_path / "ccgcii.toml").write_text("[execution]\nworkers = 1\n")
    monkeypatch.chdir(tmp_path)
    filling = open_study(tmp_path)
    fill(filling)
    if options:
        clean(filling.workspace)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runs, "waiting_work", stop)
        stopped = CliRunner().invoke(clean_command, options, obj=Invocation())
    assert stopped.exit_code == 130
    waiting = 5 if "--from" in options else 8
    assert f"stopped: 0 captures are judged, {waiting} still waiting" in stopped.stderr
    assert there in stopped.stderr
    assert "`ccgcii clean` goes on from here" in stopped.stderr
    assert ("it would begin anew" in stopped.stderr) == bool(options)
    # What the message tells to run does go on.
    assert CliRunner().invoke(clean_command, [], obj=Invocation()).exit_code == 0
    assert filling.rows("SELECT count(*) FROM capture WHERE cleaned = 0") == [(0,)]


@pytest.mark.parametrize(
    ("options", "refused"), [(["--again"], True), (["--from", "2"], True), (["--from", "3"], False)]
)
def test_an_archive_that_is_not_there_costs_no_page(
    open_study: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    refused: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    (tmp_path / "ccgcii.toml").write_text("[execution]\nworkers = 1\n")
    monkeypatch.chdir(tmp_path)
    filling = open_study(tmp_path)
    fill(filling)
    clean(filling.workspace)
    before = store_hash(filling)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    result = CliRunner().invoke(clean_command, options, obj=Invocation())
    assert store_hash(filling) == before
    assert isinstance(result.exception, CleaningError) == refused
    if refused:
        assert "archive: pages are to be read from this archive" in str(result.exception)


def test_what_was_never_judged_goes_through_every_layer(filling: Filling) -> None:
    filling.record(Record("1", "x", text="Nothing about any city here, nothing"))
    summary = clean(filling.workspace, since=4)
    assert summary.captures == 1
    assert filling.rows('SELECT layer FROM "drop"') == [(1,)]


def test_a_document_dropped_by_a_filter_that_is_now_off_comes_back(
    open_study: Open, tmp_path: Path
) -> None:
    filling = open_study(tmp_path)
    moment = datetime(2020, 5, 1, tzinfo=UTC)
    for number in range(2):
        known: dict[str, Any] = {"text": STORY, "author": "ann", "published_at": moment}
        filling.record(Record(str(number), "x", **known))
    assert clean(filling.workspace).kept == 1
    off = {"same-text": {"enabled": False}, "near-text": {"enabled": False}}
    summary = clean(open_study(tmp_path, filters=off).workspace)
    assert summary.kept == 2
    assert summary.stale == (StaleLayer(3, ("near-text", "same-text")),)


def test_there_is_no_sixth_layer(filling: Filling) -> None:
    with pytest.raises(CleaningError, match="no layer 6"):
        clean(filling.workspace, since=6)


def test_a_digest_tells_options_and_files_apart(tmp_path: Path) -> None:
    words = tmp_path / "topics.toml"
    words.write_text("a = 1")

    def digests(*filters: Any) -> Any:
        return layer_digests(filters)

    assert digests(Listing()) == digests(Listing(lines=12)) != digests(Listing(lines=13))
    before = digests(Topics(str(words)))
    assert before == digests(Topics(str(words)))
    words.write_text("a = 2")
    assert before != digests(Topics(str(words)))
    assert list(digests(Listing(), Topics())) == ["4", "5"]


def test_the_command_says_which_layer_is_stale(
    open_study: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    filling = open_study(tmp_path)
    fill(filling)
    clean(filling.workspace)
    (tmp_path / "ccgcii.toml").write_text("[filters.listing]\nlines = 9\n")

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(clean_command, list(arguments), obj=Invocation())

    told = run()
    assert "layer 4 (listing)" in " ".join(told.stderr.split())
    assert "clean --from 4" in " ".join(told.stderr.split())
    repeated = json.loads(run("--from", "4", "--json").stdout)
    assert repeated["stale"] == []
    assert repeated["captures"] == 5
    assert run("--from", "9").exit_code == 2


def test_a_changed_list_of_events_makes_the_last_layer_stale(
    open_study: Open, tmp_path: Path
) -> None:
    filling = open_study(tmp_path)
    fill(filling)
    clean(filling.workspace)
    engine, events = filling.workspace.engine, filling.workspace.events
    assert not events_changed(engine, events)
    assert events_changed(engine, events[1:])
    assert events_changed(engine, ())
