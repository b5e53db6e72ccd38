"""The corpus: what indicators see of a study, and all they see."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.documents import CHANNELS
from ccgcii.measuring.covers import ENOUGH, WEEK
from ccgcii.measuring.questions import (
    ACCOUNTS,
    ALL,
    BEFORE,
    CITY_EVENT,
    CITY_EVENT_DAY,
    EVENT_THIRDS,
    HEARD,
    OFFICIAL_POST,
    OFFICIAL_POSTS,
    OFFICIAL_WEEKS,
    OUTLETS,
    POSTS,
    Question,
    SourceQuestion,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.measuring.answers import Answers
    from ccgcii.measuring.covers import Cover
    from ccgcii.measuring.raw import Dictionaries, Window
    from ccgcii.scoring import Note

# The cities' own media, where they may be heard.
AFFILIATED = (
    "SELECT city, CAST(channel AS VARCHAR) AS channel FROM own_account WHERE NOT official "
    "UNION ALL SELECT city, 'media' AS channel FROM own_outlet WHERE NOT official"
)


class Corpus:
    """The kept documents of a study, as counted for each city.

    The fact table, one row for each city that a document names, for one-line SQL:

    - `city` (key), `document` (number), `channel`, `language`, `country` (of the source),
      `tier`, `source`, `outlet` and `account` (numbers), `published_at` (seconds since 1970 UTC),
      `day` (0 is the first of the window), `mentions` (how often the city is named);
    - `salience` 0..1000, `tone` -1000..1000 (of the sentence that names the city, else of the
      document): thousandths, because sums of integers do not depend on the order of rows;
    - `in_title` (unknown where there is no title), `event` (speaks of an event), `crisis` (of one
      that is a crisis): booleans;
    - `likes`, `comments`, `shares`, `views`, and `interactions` (likes, comments and shares that
      are known; unknown where all three are); `followers` of the account, as last seen;
    - `voice`: `official` or `affiliated` for accounts and outlets of the city itself, else `other`;
    - `cluster` (0..1023): what stands or falls together when documents are resampled.

    Frames for pandas; each has `city` (key, in the order of the study) and is sorted:

    - `city_day` (day, documents), `city_channel` (channel, documents), `city_country` (country,
      documents), `city_language` (language, documents), `city_topic` (topic, power, documents),
      `before` (channel, documents): the equally long window before, None where not covered, and
      without channels that were heard in less than half of its weeks;
    - `city_outlet` (outlet, documents) and `city_author` (account, voice, documents, followers):
      millions of rows in a large study; `outlets` (of media) and `accounts` (elsewhere) say by
      city and voice how documents spread over them: `sources` that are known, their `documents`,
      the sum of the `squares` of each source's documents, the sum of each source's `followers`;
    - `events`, indexed by key (category, is_crisis, starts, ends in days of the window, hours);
    - `city_event` (event, documents, first_hours, early, late, official, official_first_hours),
      `city_event_day` (event, day of the event, documents), `event_thirds` (event, and of the
      first and last third of its window the count and summed tone of documents: first_count,
      first_tone, last_count, last_tone);
    - `official_accounts` (account, channel, followers, posts, interactions, measured),
      `official_weeks` (account, week, posts), `official_posts` (channel, posts, and summed over
      them interactions, comments, shares; comments_of and shares_of are the interactions of the
      posts whose comments or shares are known): each of a city's own accounts.

    NULL and NaN mean unknown. `cover` says which weeks of which channel were looked at for which
    city, `covered` (cities x channels) where that is enough for its counts to be known.
    """

    def __init__(
        self,
        facts: Answers,
        dictionaries: Dictionaries,
        window: Window,
        cover: Cover,
        draws: int = 1,
    ) -> None:
        """Read from facts, or from so many draws of them: the cities then stand there as often."""
        self._draws = draws
        self.facts = facts
        self.dictionaries = dictionaries
        self.window = window
        self.cities = pd.Index(list(dictionaries.cities.values()), name="city")
        self.cover = cover
        self.covered = cover.table().reindex(index=self.cities, fill_value=False)
        # Which rows of the fact table were asked for: what leads a number back to its documents.
        self.asked: set[str] = set()
        # The posts of cities' own accounts need not name the city.
        self.asks_posts = False

    @property
    def days(self) -> int:
        """The number of days that are measured."""
        return self.window.days

    def total(self, expression: str, where: str = ALL) -> pd.Series[float]:
        """Give an SQL aggregate over the fact table for each city that has a matching row."""
        frame = self.ask(Question(("city",), (("value", expression),), where))
        return pd.Series(
            frame["value"].to_numpy(dtype=float, na_value=np.nan), index=keys(frame), name="value"
        )

    def count(self, where: str = ALL) -> pd.Series[float]:
        """Count the documents of each city; a city without any is left out."""
        return self.total("count(*)", where)

    def share(self, condition: str, where: str = ALL, *, minimum: int = 1) -> pd.Series[float]:
        """Give the share of documents (0-1) that meet a condition.

        Documents of which it is unknown are not counted; NaN below `minimum` known ones.
        """
        known = f"count(*) FILTER (({condition}) IS NOT NULL)"
        met = f"count(*) FILTER ({condition})"
        return self.total(f"CASE WHEN {known} >= {minimum} THEN {met} / {known} END", where)

    def counts(self, *columns: str, where: str = ALL) -> pd.DataFrame:
        """Count documents by city and columns of the fact table; unknown values are left out."""
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        return self.ask(Question(("city", *columns), where=f"({where}) AND {known}"))

    def topic(self, *names: str, power: str = "") -> str:
        """Write the SQL condition "has one of these topics", by name or by power."""
        bits = sum(
            1 << place
            for place, topic in enumerate(self.dictionaries.topics)
            if topic.name in names or (power and topic.power == power)
        )
        return f"(topics & {bits}) <> 0"

    def looks_for(self, *names: str) -> bool:
        """Say whether the taxonomy has one of these topics; else they are unknown, not zero."""
        return any(topic.name in names for topic in self.dictionaries.topics)

    def across(self, values: pd.Series[float]) -> pd.Series[float]:
        """Give every city the sum over all cities: what a city is to be compared with."""
        table = values.reindex(self.cities).to_numpy(dtype=float).reshape(self._draws, -1)
        return pd.Series(np.repeat(np.nansum(table, axis=1), table.shape[1]), self.cities)

    def unknown(self) -> pd.Series[float]:
        """Give NaN for every city: what cannot be known from this corpus."""
        return pd.Series(np.nan, index=self.cities)

    def ask(self, question: Question | SourceQuestion, about: str = "") -> pd.DataFrame:
        """Answer a question; `about` are the facts it is about, where its table has others."""
        self.asked.add(about or question.where)
        self.asks_posts |= isinstance(question, Question) and question.table == POSTS.table
        return self.facts.answer(question)

    def query(self, sql: str) -> pd.DataFrame:
        """Run SQL over the tables of the corpus; rows come sorted by their columns.

        What is asked in this way is not resampled in a bootstrap.
        """
        return self.facts.query(sql)

    def keep(self) -> tuple[Note, ...]:
        """Keep facts and answers beside a large store, so that scoring again takes a second.

        Returns what prevents it, if anything does: it is never a failure.
        """
        return self.facts.keep()

    @cached_property
    def heard(self) -> pd.Index[Any]:
        """The cities with at least one document."""
        return keys(self.facts.answer(HEARD))

    @cached_property
    def documents(self) -> int:
        """The number of documents that name any city."""
        return int(
            self.facts.listing("SELECT sum(documents) AS n FROM size")["n"].fillna(0).iloc[0]
        )

    @cached_property
    def city_day(self) -> pd.DataFrame:
        """Documents by city and day."""
        return self.counts("day")

    @cached_property
    def city_channel(self) -> pd.DataFrame:
        """Documents by city and channel."""
        return self.counts("channel")

    @cached_property
    def city_country(self) -> pd.DataFrame:
        """Documents by city and country of the source."""
        return self.counts("country")

    @cached_property
    def city_language(self) -> pd.DataFrame:
        """Documents by city and language."""
        return self.counts("language")

    @cached_property
    def city_outlet(self) -> pd.DataFrame:
        """Documents of the media channel by city and outlet."""
        return self.counts("outlet", where="channel = 'media'")

    @cached_property
    def city_topic(self) -> pd.DataFrame:
        """Documents by city and topic, in one scan."""
        topics = self.dictionaries.topics
        if not topics:
            return pd.DataFrame({"city": [], "topic": [], "power": [], "documents": []})
        columns = tuple(
            (f"t{place}", f"count(*) FILTER ((topics & {1 << place}) <> 0)")
            for place in range(len(topics))
        )
        wide = self.ask(Question(("city",), columns), about="topics <> 0")
        parts = [
            wide[["city"]].assign(topic=topic.name, power=topic.power, documents=wide[f"t{place}"])
            for place, topic in enumerate(topics)
        ]
        tall = pd.concat(parts, ignore_index=True)
        return tall[tall["documents"] > 0].sort_values(["city", "topic"], ignore_index=True)

    @cached_property
    def topic_count(self) -> int:
        """The number of topics in the taxonomy."""
        return len(self.dictionaries.topics)

    @cached_property
    def city_author(self) -> pd.DataFrame:
        """Documents by city and account, with the followers last seen."""
        columns = (("documents", "count(*)"), ("followers", "max(followers)"))
        keys = ("city", "account", "voice")
        return self.ask(Question(keys, columns, "account IS NOT NULL"))

    @cached_property
    def outlets(self) -> pd.DataFrame:
        """How a city's media documents spread over outlets, by voice."""
        return self.ask(OUTLETS)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """How a city's other documents spread over accounts, by voice."""
        return self.ask(ACCOUNTS)

    @cached_property
    def before(self) -> pd.DataFrame | None:
        """Documents by city and channel in the equally long window before."""
        if self.window.start_before is None:
            return None
        found = self.facts.answer(BEFORE)
        return found[found["channel"].isin(self._channels_before)]

    @property
    def _channels_before(self) -> list[str]:
        """The channels that were heard in enough weeks of the window before to compare with."""
        length = self.window.start - (self.window.start_before or 0)
        least = ENOUGH * math.ceil(length / (WEEK * 86_400))
        found = self.facts.listing(
            "SELECT channel, count(DISTINCT week) AS weeks FROM before GROUP BY channel"
        )
        return [str(name) for name in found["channel"][found["weeks"] >= least]]

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events that begin inside the window, but for those of days nobody looked at."""
        start = self.window.start
        listed = self.facts.listing(
            "SELECT CAST(key AS VARCHAR) AS key, category, is_crisis, "  # noqa: S608 - our numbers
            f"(starts_at - {start}) / 86400 AS starts, (ends_at - {start}) / 86400 AS ends, "
            "(ends_at - starts_at) / 3600 AS hours FROM event_list"
        ).set_index("key")
        seen = [
            self.cover.seen(a, b) for a, b in zip(listed["starts"], listed["ends"], strict=True)
        ]
        return listed[pd.Series(seen, index=listed.index, dtype=bool)]

    @cached_property
    def city_event(self) -> pd.DataFrame:
        """Documents by city and event: how many, how soon, how late, by whom."""
        return self.ask(CITY_EVENT, about="event")

    @cached_property
    def city_event_day(self) -> pd.DataFrame:
        """Documents by city, event and day of the event (0 is its first)."""
        return self.ask(CITY_EVENT_DAY, about="event")

    @cached_property
    def event_thirds(self) -> pd.DataFrame:
        """Tone of the first and the last third of each event's window, by city."""
        return self.ask(EVENT_THIRDS, about="event")

    @cached_property
    def has_official(self) -> bool:
        """Whether any city's official account is known: without a catalogue nothing is zero."""
        found = self.facts.listing("SELECT count(*) AS n FROM own_account WHERE official")
        return bool(found["n"].iloc[0])

    @cached_property
    def has_affiliated(self) -> bool:
        """Whether any city's own unofficial account or outlet is known."""
        found = self.facts.listing(f"SELECT count(*) AS n FROM ({AFFILIATED})")  # noqa: S608 - ours
        return bool(found["n"].iloc[0])

    def of_listed(
        self, found: pd.Series[float], *, official: bool = True, empty: float = 0.0
    ) -> pd.Series[float]:
        """Keep a figure of the cities' own accounts to the cities of which it can be known.

        A city has `empty` if an account of it is listed on a channel that was looked at and
        nothing was found, and NaN if none is listed: a list of accounts is never complete. What
        is not official comes from the city's outlets as well.
        """
        posting = "SELECT city, channel FROM own_account WHERE official"
        listed = self.facts.listing(posting if official else AFFILIATED)
        rows = self.covered.index.get_indexer(pd.Index(listed["city"].astype(str)))
        columns = self.covered.columns.get_indexer(pd.Index(listed["channel"].astype(str)))
        here = (rows >= 0) & (columns >= 0)  # an account may be of a city that is not asked for
        rows, columns = rows[here], columns[here]
        known = rows[self.covered.to_numpy()[rows, columns]]
        cities = self.covered.index[np.unique(known)]
        return found.reindex(cities, fill_value=empty).reindex(self.cities)

    @cached_property
    def official_accounts(self) -> pd.DataFrame:
        """The cities' official accounts, with what they posted in the window."""
        accounts = self.facts.listing(
            "SELECT city, account, channel, followers FROM own_account WHERE official"
        )
        found = accounts.merge(
            self.ask(POSTS, about=OFFICIAL_POST), how="left", on=["city", "account"]
        )
        return found.fillna({"posts": 0, "measured": 0})

    @cached_property
    def official_weeks(self) -> pd.DataFrame:
        """Posts of official accounts by week of the window."""
        return self.ask(OFFICIAL_WEEKS, about=OFFICIAL_POST)

    @cached_property
    def official_posts(self) -> pd.DataFrame:
        """Posts of official accounts by channel, with the sums of what followed them."""
        return self.ask(OFFICIAL_POSTS, about=OFFICIAL_POST)


def keys(frame: pd.DataFrame) -> pd.Index[Any]:
    """Give a frame's cities as plain keys."""
    return pd.Index(frame["city"].astype(str), name="city")


def covered_channels(cities: Sequence[str], channels: Sequence[str]) -> pd.DataFrame:
    """Say that these channels were looked at for all cities, and the others for none."""
    row = [channel in channels for channel in CHANNELS]
    return pd.DataFrame([row] * len(cities), index=pd.Index(cities), columns=list(CHANNELS))
