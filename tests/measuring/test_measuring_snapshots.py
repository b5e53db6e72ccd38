from __future__ import annotations

import resource
import signal
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

import ccgcii_indicators
from ccgcii.catalogues import Outlet
from ccgcii.errors import PluginError
from ccgcii.measuring import snapshots
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.testing.corpus import WINDOW
from ccgcii.testing.stores import fill_store, sample_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from ccgcii import Corpus

INDICATORS = [*ccgcii_indicators.ccgcii_indicators()]
# Small as the sample is, it is kept.
opened = partial(open_corpus, study=sample_study(), since=WINDOW.since, keep_from=1)


def cells(corpus: Corpus) -> pd.DataFrame:
    return measure(corpus, INDICATORS).cells


def keep(store: Engine) -> pd.DataFrame:
    corpus = opened(store)
    found = cells(corpus)
    assert corpus.keep() == ()
    return found


def files(store: Engine) -> list[Path]:
    from pathlib import Path

    return sorted(Path(f"{store.url.database}.snapshots").glob("*"))


def was_kept(corpus: Corpus) -> bool:
    """Say whether a corpus comes from a snapshot: that has its answers in tables."""
    found = corpus.query("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'answer'")
    return bool(found["n"].iloc[0])


def test_a_kept_snapshot_gives_the_same_digits(store: Engine) -> None:
    first = keep(store)
    again = opened(store)
    assert was_kept(again)
    pd.testing.assert_frame_equal(cells(again), first, check_exact=True)
    assert again.documents == opened(store).documents


def test_questions_that_were_never_asked_are_answered_from_the_kept_facts(store: Engine) -> None:
    fresh = opened(store)
    expected = fresh.counts("tier", "language")
    fresh.keep()
    pd.testing.assert_frame_equal(opened(store).counts("tier", "language"), expected)
    assert was_kept(opened(store))
    assert (
        opened(store).count("day < 10").sum()
        == open_corpus(store, sample_study(), since=WINDOW.since).count("day < 10").sum()
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE document SET dropped = 5 WHERE id = 7",
        "UPDATE document SET published_at = published_at + 1 WHERE id = 7",
        "UPDATE document SET sentiment = sentiment - 1 WHERE id = 7",
        "DELETE FROM document WHERE id = 7",
        "DELETE FROM mention WHERE document_id = 7",
        "DELETE FROM document_topic",
        "DELETE FROM document_event",
        "UPDATE account SET role = 'official' WHERE id = 20",
        "UPDATE account SET followers = followers + 1 WHERE id = 20",
        "UPDATE event SET ends_at = ends_at - 86400",
        "UPDATE topic SET power = 'hard'",
        "INSERT INTO run (kind, state, started_at, arguments, versions, summary) VALUES "  # noqa: ISC004 - one statement
        "('clean', 'done', 1, '{}', '{}', '{}')",
    ],
)
def test_what_changes_the_store_makes_the_snapshot_stale(store: Engine, change: str) -> None:
    keep(store)
    with store.begin() as connection:
        connection.execute(text(change))
    corpus = opened(store)
    assert not was_kept(corpus)
    corpus.keep()
    assert was_kept(opened(store))


def test_another_list_of_outlets_makes_it_stale(store: Engine) -> None:
    keep(store)
    own = Outlet("o1.example", city="wuhan", role="affiliated")
    told = opened(store, study=replace(sample_study(), outlets={own.domain: own}))
    assert not was_kept(told)
    assert told.count("voice = 'affiliated' AND channel = 'media'").sum() > 0


def test_a_score_does_not_make_it_stale(store: Engine) -> None:
    keep(store)
    with store.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO run (kind, state, started_at, arguments, versions, summary) "
                "VALUES ('score', 'done', 1, '{}', '{}', '{}')"
            )
        )
    assert was_kept(opened(store))


def test_each_window_has_its_own_and_the_oldest_go(store: Engine) -> None:
    for day in range(1, snapshots.KEPT + 3):
        opened(store, since=date(2020, 1, day)).keep()
    assert len(files(store)) == snapshots.KEPT
    assert not was_kept(opened(store, since=date(2020, 1, 1)))
    assert was_kept(opened(store, since=date(2020, 1, snapshots.KEPT + 2)))


def test_deleting_it_is_harmless(store: Engine) -> None:
    first = keep(store)
    [file] = files(store)
    file.unlink()
    pd.testing.assert_frame_equal(cells(opened(store)), first, check_exact=True)


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_broken_file_is_made_again(store: Engine, content: bytes | None) -> None:
    first = keep(store)
    [file] = files(store)
    file.write_bytes(file.read_bytes()[:20_000] if content is None else content)
    corpus = opened(store)
    assert not was_kept(corpus)
    pd.testing.assert_frame_equal(cells(corpus), first, check_exact=True)
    assert corpus.keep() == ()
    assert was_kept(opened(store))


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a few kilobytes: writing fails as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_a_warning_and_leaves_nothing_behind(store: Engine) -> None:
    corpus = opened(store)
    expected = cells(corpus)
    with full_disk():
        [note] = corpus.keep()
    assert note.warning
    assert "not kept" in note.text
    assert files(store) == []
    assert not cells(corpus).empty
    pd.testing.assert_frame_equal(cells(opened(store)), expected, check_exact=True)


def test_a_reader_of_the_old_snapshot_is_not_disturbed_by_a_new_one(store: Engine) -> None:
    keep(store)
    reader = opened(store)
    with store.begin() as connection:
        connection.execute(text("DELETE FROM document WHERE id <= 300"))
    before = reader.count().sum()
    keep(store)
    assert reader.query("SELECT count(*) AS n FROM fact")["n"].sum() == before
    assert opened(store).count().sum() < before


def test_a_small_store_keeps_none(store: Engine) -> None:
    corpus = open_corpus(store, sample_study(), since=WINDOW.since)
    assert corpus.keep() == ()
    assert files(store) == []


def test_a_store_that_is_no_file_keeps_none() -> None:
    memory = create_engine("sqlite://", poolclass=StaticPool)
    with memory.begin() as connection:
        SQLModel.metadata.create_all(connection)
    fill_store(memory)
    assert opened(memory).keep() == ()
    memory.dispose()


def test_a_large_store_is_read_in_parts_with_the_same_result(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ccgcii.measuring import loading

    whole = cells(opened(store))
    monkeypatch.setattr(loading, "PART", 101)
    corpus = opened(store)
    pd.testing.assert_frame_equal(cells(corpus), whole, check_exact=True)
    assert corpus.documents == opened(store).documents


def test_indicators_reach_no_file_beside_the_snapshots(store: Engine) -> None:
    for corpus in (opened(store), opened(store)):
        with pytest.raises(PluginError, match="Permission"):
            corpus.query("SELECT * FROM read_csv('/etc/passwd')")
        corpus.keep()


def test_the_copy_is_a_plain_duckdb_file(store: Engine) -> None:
    keep(store)
    [file] = files(store)
    with duckdb.connect(file, read_only=True) as kept:
        assert kept.execute("SELECT count(*) FROM fact").fetchone() is not None
