"""Coverage by week: where nothing came in at all, silence says nothing about a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import func, select

from ccgcii.measuring.questions import Question
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ccgcii.corpus import Corpus

WEEK = 7 * 86_400


def read_weeks(store: Connection, corpus: Corpus) -> pd.DataFrame:
    """Return a row a city, channel and week of the window (0 is the first, the last may be short).

    `documents` are those kept that name the city; `seen` those of the channel from that week,
    whoever they name, kept or dropped; `covered` says that the channel was looked at for the city
    and something of that week was seen. A week that is not covered in a channel that is otherwise
    is a hole: a source that was down, or a crawl that began later.
    """
    weeks = range(-(-corpus.days // 7))
    channels = list(corpus.covered.columns)
    every = pd.MultiIndex.from_product(
        [corpus.cities, channels, weeks], names=["city", "channel", "week"]
    )
    named = corpus.facts.answer(Question(("city", "channel", "day // 7")))
    named = named.set_axis(["city", "channel", "week", "documents"], axis=1)
    named = named.astype({"city": str, "channel": str, "week": int})
    table = named.set_index(["city", "channel", "week"]).reindex(every, fill_value=0).reset_index()
    table = table.merge(_seen(store, corpus), how="left", on=["channel", "week"])
    table["seen"] = table["seen"].fillna(0).astype(int)
    looked = corpus.covered.rename_axis("city").reset_index()
    looked = looked.melt(id_vars="city", var_name="channel", value_name="looked")
    table = table.merge(looked, how="left", on=["city", "channel"])
    table["covered"] = table["looked"] & (table["seen"] > 0)
    return table.drop(columns="looked")


def find_holes(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return channel and week of the holes: nothing seen of a channel that is covered elsewhere."""
    seen = weeks[["channel", "week", "seen"]].drop_duplicates(["channel", "week"])
    used = seen.groupby("channel")["seen"].transform("sum") > 0
    holes: pd.DataFrame = seen.loc[used & (seen["seen"] == 0), ["channel", "week"]]
    return holes.reset_index(drop=True)


def _seen(store: Connection, corpus: Corpus) -> pd.DataFrame:
    document, channel = table_of(tables.Document).c, table_of(tables.Channel).c
    source = table_of(tables.Source).c
    window = corpus.window
    week = ((document.published_at - window.start) / WEEK).label("week")
    query = (
        select(channel.name, func.floor(week), func.count())
        .join_from(table_of(tables.Document), table_of(tables.Channel))
        .where(
            document.published_at >= window.start,
            document.published_at < window.end,
            document.source_id.not_in(select(source.id).where(source.withheld)),
        )
        .group_by(channel.name, func.floor(week))
    )
    rows = [(name, int(number), count) for name, number, count in store.execute(query)]
    return pd.DataFrame(rows, columns=["channel", "week", "seen"])
