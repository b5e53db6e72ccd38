"""Questions: what can be asked of the facts, in a form that can be asked of resampled facts too."""

from __future__ import annotations

from dataclasses import dataclass

ALL = "TRUE"
DOCUMENTS = ("documents", "count(*)")


@dataclass(frozen=True, slots=True)
class Question:
    """SQL aggregates over the rows of a table, by columns of it; `columns` are (name, aggregate).

    What is asked by question and not by free SQL is answered for every draw of a bootstrap.
    """

    keys: tuple[str, ...]
    columns: tuple[tuple[str, str], ...] = (DOCUMENTS,)
    where: str = ALL
    table: str = "fact"

    @property
    def sql(self) -> str:
        """The query that answers; a combination of keys without any row is not in the answer."""
        columns = ", ".join(f"{aggregate} AS {name}" for name, aggregate in self.columns)
        keys = ", ".join(self.keys)
        return (
            f"SELECT {keys}, {columns} FROM {self.table} "  # noqa: S608 - our own and plugins' SQL
            f"WHERE {self.where} GROUP BY {keys}"
        )


# A city's own portal among the media is official too, but posts nothing.
OFFICIAL_POST = "voice = 'official' AND channel <> 'media'"
HEARD = Question(("city",))
BEFORE = Question(("city", "channel"), (("documents", "sum(documents)"),), table="before")
CITY_EVENT = Question(
    ("city", "event"),
    (
        DOCUMENTS,
        ("first_hours", "min(seconds) / 3600"),
        ("early", "count(*) FILTER (seconds < 86400)"),
        ("late", "count(*) FILTER (seconds >= 7 * 86400)"),
        ("official", f"count(*) FILTER ({OFFICIAL_POST})"),
        ("official_first_hours", f"min(seconds) FILTER ({OFFICIAL_POST}) / 3600"),
    ),
    table="event_fact",
)
CITY_EVENT_DAY = Question(("city", "event", "day"), table="event_fact")
EVENT_THIRDS = Question(
    ("city", "event"),
    (
        ("first_count", "count(tone) FILTER (seconds * 3 < length)"),
        ("first_tone", "sum(tone) FILTER (seconds * 3 < length)"),
        ("last_count", "count(tone) FILTER (seconds * 3 >= length * 2)"),
        ("last_tone", "sum(tone) FILTER (seconds * 3 >= length * 2)"),
    ),
    table="event_fact",
)
POSTS = Question(
    ("city", "account"),
    (
        ("posts", "count(*)"),
        ("measured", "count(interactions)"),
        ("interactions", "sum(interactions)"),
    ),
    table="official_post",
)
OFFICIAL_WEEKS = Question(("city", "account", "week"), (("posts", "count(*)"),), table=POSTS.table)
OFFICIAL_POSTS = Question(
    ("city", "channel"),
    (
        ("posts", "count(*)"),
        ("interactions", "sum(interactions)"),
        ("comments", "sum(comments)"),
        ("shares", "sum(shares)"),
        ("comments_of", "sum(interactions) FILTER (comments IS NOT NULL)"),
        ("shares_of", "sum(interactions) FILTER (shares IS NOT NULL)"),
    ),
    table=POSTS.table,
)


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """How documents spread over distinct sources: outlets of the media or accounts elsewhere.

    Its answer has, by city and voice: `sources` that are known, their `documents`, the `squares`
    of each source's documents, summed, and the `followers` of each source, summed.
    """

    source: str
    where: str

    @property
    def by_source(self) -> str:
        """The query for a row a city, voice, source and cluster: documents `n`, `followers`."""
        return (
            f"SELECT city, voice, {self.source} AS source, cluster, count(*) AS n, "  # noqa: S608
            f"max(followers) AS followers FROM fact WHERE {self.where} GROUP BY ALL"
        )

    @property
    def sql(self) -> str:
        """The query that answers."""
        return (
            "SELECT city, voice, count(source) AS sources, "  # noqa: S608 - ours
            "coalesce(sum(n) FILTER (source IS NOT NULL), 0) AS documents, "
            "coalesce(sum(n * n) FILTER (source IS NOT NULL), 0) AS squares, "
            "sum(followers) FILTER (source IS NOT NULL) AS followers "
            f"FROM (SELECT city, voice, source, sum(n) AS n, max(followers) AS followers "
            f"FROM ({self.by_source}) GROUP BY city, voice, source) GROUP BY city, voice"
        )


OUTLETS = SourceQuestion("outlet", "channel = 'media'")
ACCOUNTS = SourceQuestion("account", "channel <> 'media'")
