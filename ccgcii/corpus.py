"""The corpus: what indicators see of a study, and all they see."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd

from ccgcii.documents import CHANNELS
from ccgcii.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.measuring.raw import Dictionaries, Window

ALL = "TRUE"
OFFICIAL = "voice = 'official'"


class Corpus:
    """The kept documents of a study, as counted for each city.

    The fact table, one row for each city that a document names, for one-line SQL:

    - `city` (key), `document` (number), `channel`, `language`, `country` (of the source),
      `tier`, `outlet` and `account` (numbers), `published_at` (seconds since 1970 UTC),
      `day` (0 is the first of the window), `mentions` (how often the city is named);
    - `salience` 0..1000, `tone` -1000..1000 (of the sentence that names the city, else of the
      document): thousandths, because sums of integers do not depend on the order of rows;
    - `in_title`, `event` (speaks of an event), `crisis` (of one that is a crisis): booleans;
    - `likes`, `comments`, `shares`, `views`, `followers`, and `interactions` (likes, comments
      and shares that are known; unknown where all three are);
    - `voice`: `official` or `affiliated` for accounts of the city itself, else `other`.

    Frames for pandas; each has `city` (key, in the order of the study) and is sorted:

    - `city_day` (day, documents), `city_channel` (channel, documents), `city_country` (country,
      documents), `city_language` (language, documents), `city_topic` (topic, power, documents),
      `city_outlet` (outlet, documents), `city_author` (account, voice, documents, followers),
      `before` (channel, documents): the equally long window before, None where not covered;
    - `events`, indexed by key (category, is_crisis, starts, ends in days of the window, hours);
    - `city_event` (event, documents, first_hours, early, late, official, official_first_hours),
      `city_event_day` (event, day of the event, documents), `event_thirds` (event, and of the
      first and last third of its window the count and summed tone of documents: first_count,
      first_tone, last_count, last_tone);
    - `official_accounts` (account, channel, followers, posts, interactions, measured),
      `official_weeks` (account, week, posts), `official_posts` (channel, posts, and summed over
      them interactions, comments, shares; comments_of and shares_of are the interactions of the
      posts whose comments or shares are known): each of a city's own accounts.

    NULL and NaN mean unknown. `covered` (cities x channels) says which channels were looked at.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        dictionaries: Dictionaries,
        window: Window,
        covered: pd.DataFrame,
    ) -> None:
        """Wrap a DuckDB connection that holds the facts, and shut the door to files."""
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        self._connection = connection
        self._topics = tuple(dictionaries.topics)
        self._window = window
        self.cities = pd.Index(list(dictionaries.cities.values()), name="city")
        self.covered = covered.reindex(index=self.cities, columns=list(CHANNELS), fill_value=False)
        # Which rows of the fact table were asked for: what leads a number back to its documents.
        self.asked: set[str] = set()

    @property
    def days(self) -> int:
        """The number of days that are measured."""
        return self._window.days

    def total(self, expression: str, where: str = ALL) -> pd.Series[float]:
        """Give an SQL aggregate over the fact table for each city that has a matching row."""
        self.asked.add(where)
        frame = self.query(
            # The SQL is the indicator's own code; the connection reaches no file.
            f"SELECT city, {expression} AS value FROM fact WHERE {where} GROUP BY city"  # noqa: S608
        )
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
        self.asked.add(f"({where}) AND {known}")
        return self.query(
            f"SELECT city, {', '.join(columns)}, count(*) AS documents "  # noqa: S608 - as in total
            f"FROM fact WHERE ({where}) AND {known} GROUP BY ALL"
        )

    def topic(self, *names: str, power: str = "") -> str:
        """Write the SQL condition "has one of these topics", by name or by power."""
        bits = sum(
            1 << place
            for place, topic in enumerate(self._topics)
            if topic.name in names or (power and topic.power == power)
        )
        return f"(topics & {bits}) <> 0"

    def unknown(self) -> pd.Series[float]:
        """Give NaN for every city: what cannot be known from this corpus."""
        return pd.Series(np.nan, index=self.cities)

    def query(self, sql: str) -> pd.DataFrame:
        """Run SQL over the tables of the corpus; rows come sorted by their columns."""
        try:
            return self._connection.execute(f"{sql} ORDER BY ALL").df()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise PluginError(f"the corpus cannot answer {sql!r}: {reason}") from error

    @cached_property
    def heard(self) -> pd.Index[Any]:
        """The cities with at least one document."""
        return keys(self.query("SELECT DISTINCT city FROM fact"))

    @cached_property
    def documents(self) -> int:
        """The number of documents that name any city."""
        return int(self.query("SELECT count(DISTINCT document) AS n FROM fact")["n"].iloc[0])

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
        if not self._topics:
            return pd.DataFrame({"city": [], "topic": [], "power": [], "documents": []})
        self.asked.add("topics <> 0")
        columns = ", ".join(
            f"count(*) FILTER ((topics & {1 << place}) <> 0) AS t{place}"
            for place in range(len(self._topics))
        )
        wide = self.query(f"SELECT city, {columns} FROM fact GROUP BY city")  # noqa: S608 - our bits
        parts = [
            pd.DataFrame(
                {
                    "city": wide["city"],
                    "topic": topic.name,
                    "power": topic.power,
                    "documents": wide[f"t{place}"],
                }
            )
            for place, topic in enumerate(self._topics)
        ]
        tall = pd.concat(parts, ignore_index=True)
        return tall[tall["documents"] > 0].sort_values(["city", "topic"], ignore_index=True)

    @cached_property
    def topic_count(self) -> int:
        """The number of topics in the taxonomy."""
        return len(self._topics)

    @cached_property
    def city_author(self) -> pd.DataFrame:
        """Documents by city and account, with the followers last seen."""
        self.asked.add("account IS NOT NULL")
        return self.query(
            "SELECT city, account, voice, count(*) AS documents, "
            "coalesce(any_value(a.followers), max(f.followers)) AS followers "
            "FROM fact AS f JOIN raw_account AS a ON a.id = f.account "
            "GROUP BY city, account, voice"
        )

    @cached_property
    def before(self) -> pd.DataFrame | None:
        """Documents by city and channel in the equally long window before."""
        if self._window.start_before is None:
            return None
        return self.query("SELECT * FROM before")

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events that begin inside the window."""
        start = self._window.start
        return self.query(
            "SELECT key, category, is_crisis, "  # noqa: S608 - our numbers
            f"(starts_at - {start}) / 86400 AS starts, (ends_at - {start}) / 86400 AS ends, "
            "(ends_at - starts_at) / 3600 AS hours FROM event_list"
        ).set_index("key")

    @cached_property
    def city_event(self) -> pd.DataFrame:
        """Documents by city and event: how many, how soon, how late, by whom."""
        self.asked.add("event")
        return self.query(
            "SELECT city, event, count(*) AS documents, min(seconds) / 3600 AS first_hours, "
            "count(*) FILTER (seconds < 86400) AS early, "
            "count(*) FILTER (seconds >= 7 * 86400) AS late, "
            "count(*) FILTER (voice = 'official') AS official, "
            "min(seconds) FILTER (voice = 'official') / 3600 AS official_first_hours "
            "FROM event_fact GROUP BY city, event"
        )

    @cached_property
    def city_event_day(self) -> pd.DataFrame:
        """Documents by city, event and day of the event (0 is its first)."""
        self.asked.add("event")
        return self.query(
            "SELECT city, event, day, count(*) AS documents FROM event_fact GROUP BY ALL"
        )

    @cached_property
    def event_thirds(self) -> pd.DataFrame:
        """Tone of the first and the last third of each event's window, by city."""
        self.asked.add("event")
        first, last = "seconds * 3 < length", "seconds * 3 >= length * 2"
        return self.query(
            f"SELECT city, event, count(tone) FILTER ({first}) AS first_count, "  # noqa: S608 - ours
            f"sum(tone) FILTER ({first}) AS first_tone, count(tone) FILTER ({last}) AS last_count, "
            f"sum(tone) FILTER ({last}) AS last_tone FROM event_fact GROUP BY city, event"
        )

    @cached_property
    def has_official(self) -> bool:
        """Whether any city's official account is known: without a catalogue nothing is zero."""
        return bool(len(self.official_accounts))

    @cached_property
    def has_affiliated(self) -> bool:
        """Whether any city's own unofficial account is known."""
        found = self.query(
            "SELECT count(*) AS n FROM raw_account WHERE city_id IS NOT NULL AND NOT official"
        )
        return bool(found["n"].iloc[0])

    @cached_property
    def official_accounts(self) -> pd.DataFrame:
        """The cities' official accounts, with what they posted in the window."""
        self.asked.add(OFFICIAL)
        return self.query(
            "SELECT a.city, a.account, a.channel, a.followers, count(p.document) AS posts, "
            "count(p.interactions) AS measured, sum(p.interactions) AS interactions "
            "FROM official_account AS a LEFT JOIN official_post AS p ON p.account = a.account "
            "GROUP BY a.city, a.account, a.channel, a.followers"
        )

    @cached_property
    def official_weeks(self) -> pd.DataFrame:
        """Posts of official accounts by week of the window."""
        self.asked.add(OFFICIAL)
        return self.query(
            "SELECT city, account, week, count(*) AS posts FROM official_post GROUP BY ALL"
        )

    @cached_property
    def official_posts(self) -> pd.DataFrame:
        """Posts of official accounts by channel, with the sums of what followed them."""
        self.asked.add(OFFICIAL)
        return self.query(
            "SELECT city, channel, count(*) AS posts, sum(interactions) AS interactions, "
            "sum(comments) AS comments, sum(shares) AS shares, "
            "sum(interactions) FILTER (comments IS NOT NULL) AS comments_of, "
            "sum(interactions) FILTER (shares IS NOT NULL) AS shares_of "
            "FROM official_post GROUP BY city, channel"
        )


def keys(frame: pd.DataFrame) -> pd.Index[Any]:
    """Give a frame's cities as plain keys."""
    return pd.Index(frame["city"].astype(str), name="city")


def covered_channels(cities: Sequence[str], channels: Sequence[str]) -> pd.DataFrame:
    """Say that these channels were looked at for all cities, and the others for none."""
    row = [channel in channels for channel in CHANNELS]
    return pd.DataFrame([row] * len(cities), index=pd.Index(cities), columns=list(CHANNELS))
