"""Scopes: which documents a figure is about; a topic or an event can be left out of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccgcii.documents import CHANNELS
from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import pandas as pd

    from ccgcii.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents of a corpus that are counted; `since` and `until` are its days, both included.

    `topics` and `events` are left out: a document that has one of these topics, or speaks of one
    of these events in its window, is not counted anywhere.
    """

    corpus: Corpus
    since: date
    until: date
    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The SQL condition on the fact table."""
        conditions = [f"NOT {self.corpus.topic(*self.topics)}"] if self.topics else []
        if self.events:
            keys = ", ".join("'" + key.replace("'", "''") + "'" for key in self.events)
            spoken = f"SELECT document FROM event_fact WHERE event::VARCHAR IN ({keys})"  # noqa: S608 - escaped
            conditions.append(f"document NOT IN ({spoken})")
        return " AND ".join(conditions) or "TRUE"

    def query(self, sql: str) -> pd.DataFrame:
        """Run SQL over `facts`, the fact table of this scope, and `pieces`, a row a document."""
        return self.corpus.query(
            f"WITH facts AS (SELECT * FROM fact WHERE {self.where}), "  # noqa: S608 - our conditions
            "pieces AS (SELECT DISTINCT document, channel, day, outlet, account, topics, "
            f"interactions, views FROM facts) {sql}"
        )

    def number(self, expression: str, table: str = "pieces") -> float:
        """Give one aggregate over `pieces` or `facts`."""
        return float(self.query(f"SELECT {expression} AS n FROM {table}")["n"].iloc[0])  # noqa: S608

    def daily(self) -> pd.DataFrame:
        """Count documents, each once, by day of the window (from 0) and channel."""
        frame = self.query("SELECT day, channel, count(*) AS n FROM pieces GROUP BY day, channel")
        frame["channel"] = frame["channel"].astype(str)
        table = frame.pivot_table(index="day", columns="channel", values="n", aggfunc="sum")
        days = range(self.corpus.days)
        return table.reindex(index=days, columns=list(CHANNELS)).fillna(0).astype("int64")

    def by_city(self, expression: str = "count(*)", where: str = "TRUE") -> pd.Series[Any]:
        """Give an aggregate for every city of the study; 0 where the city has no document."""
        frame = self.query(
            f"SELECT city, {expression} AS n FROM facts WHERE {where} GROUP BY city"  # noqa: S608
        )
        found = frame.set_index(frame["city"].astype(str))["n"]
        return found.reindex(self.corpus.cities, fill_value=0)


def make_scope(
    corpus: Corpus,
    since: date,
    until: date,
    *,
    without_topics: Iterable[str] = (),
    without_events: Iterable[str] = (),
) -> Scope:
    """Check what is to be left out; an event may be named by its key or its category.

    Raises `ConfigError` for a topic that no document has and an event that is not in the window.
    """
    topics, events = tuple(without_topics), corpus.events
    known = sorted(set(corpus.city_topic["topic"].astype(str)))
    for topic in topics:
        if topic not in known:
            raise ConfigError(f"no document has the topic {topic!r}{suggest(topic, known)}")
    keys: list[str] = []
    for name in without_events:
        of_category = events.index[events["category"] == name]
        if name not in events.index and not len(of_category):
            words = {*map(str, events.index), *events["category"]}
            raise ConfigError(f"no event {name!r} begins in the window{_hint(name, words)}")
        keys += [name] if name in events.index else map(str, of_category)
    return Scope(corpus, since, until, topics, tuple(dict.fromkeys(keys)))


def _hint(name: str, words: set[str]) -> str:
    hint = suggest(name, words)
    # A hundred events are no hint.
    return hint if "did you mean" in hint else "; `ccgcii events` lists them"
