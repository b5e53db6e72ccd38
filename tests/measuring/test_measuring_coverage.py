"""Zero or unknown: by city, channel and week, as the store says who was asked for when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import delete, insert, text, update

from ccgcii import indicator
from ccgcii.documents import CHANNELS
from ccgcii.measuring.covers import Cover
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.plugins import Plugins
from ccgcii.testing.corpus import WINDOW
from ccgcii.testing.stores import sample_study
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from ccgcii.corpus import Corpus

CAPTURE, SLICE = table_of(tables.Capture), table_of(tables.Slice)
FACEBOOK, YOUTUBE = 2, 5
START = WINDOW.start
INDICATORS = {thing.id: thing for thing in Plugins.load().indicators()}


def corpus_of(store: Engine) -> Corpus:
    return open_corpus(store, sample_study(), since=WINDOW.since)


def coverage(store: Engine) -> pd.DataFrame:
    return corpus_of(store).covered


def weeks(store: Engine, city: str, channel: str) -> list[int]:
    cover = corpus_of(store).cover
    flags = cover.looked[cover.cities.index(city), CHANNELS.index(channel)]
    return [int(week) for week in np.flatnonzero(flags)]


def change(store: Engine, statement: str) -> None:
    with store.begin() as connection:
        connection.execute(text(statement))


def empty_week(store: Engine, week: int) -> None:
    first = START + week * 7 * 86400
    change(
        store,
        f"UPDATE document SET published_at = NULL WHERE channel_id = {FACEBOOK} "
        f"AND published_at >= {first} AND published_at < {first + 7 * 86400}",
    )


def ask_for_cities(store: Engine, slices: list[tuple[int, str, str]]) -> None:
    """Let all of YouTube come from slices of one city each: city, key, state."""
    rows = [
        {"id": number, "source_id": 1, "key": key, "city_id": city, "state": state}
        for number, (city, key, state) in enumerate(slices, start=1)
    ]
    with store.begin() as connection:
        connection.execute(insert(SLICE), [row | {"payload": "{}"} for row in rows])
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id != YOUTUBE))
        connection.execute(update(CAPTURE).values(slice_id=1))


def test_captures_that_belong_to_no_city_cover_their_channel_for_all(store: Engine) -> None:
    assert coverage(store).all(axis=None)


def test_a_channel_without_captures_is_not_covered(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id == YOUTUBE))
    corpus = corpus_of(store)
    assert not corpus.covered["youtube"].any()
    assert corpus.covered["instagram"].all()
    assert "youtube" not in corpus.cover.holes()


def test_a_slice_of_no_city_covers_only_the_channels_it_brought(store: Engine) -> None:
    with store.begin() as connection:
        row = {"id": 1, "source_id": 1, "key": "feed", "state": "done", "payload": "{}"}
        connection.execute(insert(SLICE), [row])
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id > 1))
        connection.execute(update(CAPTURE).values(slice_id=1))
    covered = coverage(store)
    assert covered["media"].all()
    assert not covered[["facebook", "x", "instagram", "youtube"]].any(axis=None)


def test_a_slice_of_no_city_covers_the_channels_that_it_brought_and_no_other(store: Engine) -> None:
    part = table_of(tables.Slice)
    with store.begin() as connection:
        feed = {"id": 1, "source_id": 1, "key": "feed", "city_id": None, "state": "done"}
        connection.execute(insert(part), [feed | {"payload": "{}"}])
        connection.execute(delete(CAPTURE).where(CAPTURE.c.channel_id != 1))
        connection.execute(update(CAPTURE).values(slice_id=1))
    covered = coverage(store)
    assert covered["media"].all()
    assert not covered.drop(columns="media").any(axis=None)


def test_a_slice_of_one_city_covers_that_city_even_if_it_found_nothing(store: Engine) -> None:
    ask_for_cities(store, [(1, "a", "done"), (2, "b", "done"), (3, "c", "failed")])
    covered = coverage(store)["youtube"]
    assert covered.to_dict() == {
        "beijing": True,
        "wuhan": True,
        "dezhou": False,
        "sanya": False,
        "silent": False,
    }


def test_a_slice_covers_the_days_of_its_key(store: Engine) -> None:
    slices = [
        (1, "beijing:2020-01-01..2020-03-31", "done"),
        (2, "wuhan/2020-01-01..2020-01-31/en", "done"),
        (2, "wuhan/2020-02-01..2020-02-29/en", "failed"),
        (5, "silent:20200101000000..20200331000000", "done"),
    ]
    ask_for_cities(store, slices)
    assert weeks(store, "beijing", "youtube") == list(range(13))
    assert weeks(store, "wuhan", "youtube") == [0, 1, 2, 3, 4]
    assert weeks(store, "sanya", "youtube") == []


def test_counts_over_less_than_half_of_the_weeks_are_unknown_and_said_so(store: Engine) -> None:
    slices = [
        (1, "beijing:2020-01-01..2020-03-31", "done"),
        (2, "wuhan:2020-01-01..2020-01-31", "done"),
        (5, "silent:2020-01-01..2020-02-29", "done"),
    ]
    ask_for_cities(store, slices)
    matrix = measure(corpus_of(store), [INDICATORS["P05"]])
    values = matrix.cells["P05"]
    assert values["beijing"] > 0
    assert values["silent"] == 0  # asked for in nine weeks of thirteen, and nothing found
    assert np.isnan(values["wuhan"])  # asked for in five
    assert np.isnan(values["sanya"])
    said = [str(note) for note in matrix.notes if note.where == "youtube"]
    assert len(said) == 1
    assert "too little to count, so unknown: wuhan, dezhou, sanya" in said[0]


def test_a_week_in_which_a_channel_brought_nothing_is_a_hole_and_said_so(store: Engine) -> None:
    empty_week(store, 3)
    corpus = corpus_of(store)
    assert corpus.cover.holes()["facebook"] == [3]
    assert 3 not in weeks(store, "silent", "facebook")
    notes = [str(note) for note in measure(corpus, [INDICATORS["P02"]]).notes]
    said = "facebook: 1 of 13 weeks unseen, the first from 2020-01-22: nothing is known of them"
    assert said in notes


def test_a_week_whose_documents_were_all_dropped_was_looked_at(store: Engine) -> None:
    change(store, f"UPDATE document SET dropped = 3 WHERE channel_id = {FACEBOOK}")
    assert weeks(store, "silent", "facebook") == list(range(13))
    assert "facebook" not in corpus_of(store).cover.holes()


def test_shares_of_time_are_of_the_time_that_was_looked_at(store: Engine) -> None:
    whole = measure(corpus_of(store), [INDICATORS["D15"]]).cells["D15"]
    change(store, f"DELETE FROM document WHERE published_at >= {START + 49 * 86400}")
    half = corpus_of(store)
    assert half.cover.days_looked()["wuhan"] == 49
    days = half.city_day.groupby("city", observed=True).size()["wuhan"]
    assert measure(half, [INDICATORS["D15"]]).cells["D15"]["wuhan"] == pytest.approx(days / 49)
    assert whole["wuhan"] > 0


def test_an_event_of_weeks_that_nobody_looked_at_is_left_out_and_said_so(store: Engine) -> None:
    assert list(corpus_of(store).events.index) == ["games", "lockdown"]
    change(store, f"DELETE FROM document WHERE published_at >= {START + 35 * 86400}")
    corpus = corpus_of(store)
    assert list(corpus.events.index) == ["lockdown"]  # of days 22 to 90: it began in sight
    rates = measure(corpus, [INDICATORS["R01"], INDICATORS["R06"]])
    assert rates.cells["R01"].max() == 1
    assert "events: 1 of days that nobody looked at are left out" in map(str, rates.notes)


def test_a_stretch_that_ends_with_a_week_does_not_touch_the_next() -> None:
    looked = np.zeros((1, len(CHANNELS), 4), dtype=bool)
    looked[0, 0, 2] = True
    cover = Cover(("wuhan",), looked, 28)
    assert [cover.seen(*days) for days in ((7, 14), (7, 14.5), (14, 21), (21, 28))] == [
        False,
        True,
        True,
        False,
    ]


def test_an_empty_store_covers_nothing(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(delete(CAPTURE))
    assert not coverage(store).any(axis=None)


def test_a_third_party_indicator_may_ask_what_was_looked_at(store: Engine) -> None:
    @indicator("X01", dimension="penetration", pillar="volume", unit="share")
    def looked_at(corpus: Corpus) -> pd.Series[float]:
        """Share of weeks in which anything was looked at."""
        return corpus.cover.weeks() / 13

    empty_week(store, 0)
    assert (measure(corpus_of(store), [looked_at]).cells["X01"] == 1).all()
