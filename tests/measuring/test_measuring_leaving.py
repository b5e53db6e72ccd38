"""A corpus without documents of some origins, from facts that are already read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sqlalchemy import text

from ccgcii.measuring.leftout import Absent
from ccgcii.measuring.loading import corpus_without, open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.plugins import Plugins
from ccgcii.testing.corpus import WINDOW
from ccgcii.testing.stores import sample_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from ccgcii.corpus import Corpus

INDICATORS = Plugins.load().indicators()


def corpus_of(store: Engine, keep_from: int = 10**9) -> Corpus:
    return open_corpus(store, sample_study(), since=WINDOW.since, keep_from=keep_from)


def change(store: Engine, *statements: str) -> None:
    with store.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        for statement in statements:
            connection.execute(text(statement))


def with_two_sources(store: Engine) -> None:
    change(
        store,
        "INSERT INTO source (id, name, withheld, restricted) VALUES (2, 'second', 0, 0)",
        "UPDATE document SET source_id = 2 WHERE id % 3 = 0",
        "UPDATE capture SET source_id = 2 WHERE id % 3 = 0",
    )


NEVER = "UPDATE document SET published_at = NULL WHERE"
CASES = [
    (
        Absent(channels=("facebook",)),
        (f"{NEVER} channel_id = 2", "DELETE FROM capture WHERE channel_id = 2"),
    ),
    (
        Absent(sources=(2,)),
        (f"{NEVER} source_id = 2", "DELETE FROM capture WHERE source_id = 2"),
    ),
    (Absent(outlets=(1, 2), accounts=(1, 4)), (f"{NEVER} outlet_id < 3 OR account_id IN (1, 4)",)),
    (Absent(), ()),
]


@pytest.mark.parametrize(("absent", "gone"), CASES)
def test_every_indicator_is_what_it_is_where_the_documents_never_came(
    store: Engine, absent: Absent, gone: Sequence[str]
) -> None:
    with_two_sources(store)
    whole = corpus_of(store)
    before = measure(whole, INDICATORS).cells
    fewer = corpus_without(store, whole, absent)
    found = measure(fewer, INDICATORS).cells
    assert found.equals(before) == (not gone)
    pd.testing.assert_frame_equal(measure(whole, INDICATORS).cells, before)
    change(store, *gone)
    never = corpus_of(store)
    pd.testing.assert_frame_equal(found, measure(never, INDICATORS).cells)
    assert fewer.documents == never.documents
    assert (fewer.cover.looked == never.cover.looked).all()


def test_a_kept_corpus_is_looked_at_through_the_same_filter(store: Engine) -> None:
    absent = Absent(channels=("media",), accounts=(2,))
    plain = corpus_without(store, corpus_of(store), absent)
    corpus_of(store, keep_from=1).keep()
    kept = corpus_of(store, keep_from=1)
    assert kept.facts.connection.execute("SELECT current_database()").fetchone() == ("kept",)
    found = corpus_without(store, kept, absent)
    pd.testing.assert_frame_equal(
        measure(found, INDICATORS).cells, measure(plain, INDICATORS).cells
    )
    assert found.documents == plain.documents
