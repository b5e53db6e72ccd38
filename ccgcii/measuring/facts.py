"""From raw tables to facts: one row for each city that a kept document names.

Everything countable is an integer, so sums are exact and do not depend on the order of rows or on
threads: measuring twice gives the same digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.documents import CHANNELS
from ccgcii.errors import ScoreError
from ccgcii.measuring.raw import RAW_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from ccgcii.measuring.raw import Dictionaries, Window

# A bit for each topic in one signed 64-bit integer.
MOST_TOPICS = 62
# What stands or falls together when documents are resampled: a source's documents of a week. So
# many groups are enough for errors that differ from those of all the clusters by a few percent.
CLUSTERS = 1024

_PIECE = """
SELECT d.id, channel.word AS channel, language.word AS language, country.word AS country, d.tier,
       d.source_id AS source, d.outlet_id AS outlet, d.account_id AS account, d.published_at,
       CAST(floor((d.published_at - {start}) / 86400) AS SMALLINT) AS day,
       d.likes, d.comments, d.shares, d.views, d.sentiment,
       coalesce(account.followers, d.followers) AS followers,
       coalesce(account.city_id, outlet.city_id) AS own_city,
       CASE WHEN account.city_id IS NULL THEN outlet.official ELSE account.official END AS official,
       CASE WHEN coalesce(d.likes, d.comments, d.shares) IS NOT NULL
            THEN CAST(coalesce(d.likes, 0) AS BIGINT) + coalesce(d.comments, 0)
                 + coalesce(d.shares, 0) END AS interactions,
       coalesce(topic.bits, 0) AS topics,
       CAST(hash(coalesce(d.account_id, d.outlet_id, d.id), d.account_id IS NULL,
                 floor((d.published_at - {start}) / 604800)) % {clusters} AS SMALLINT) AS cluster
FROM raw_document AS d
JOIN channel_words AS channel ON channel.id = d.channel_id
LEFT JOIN language_words AS language ON language.id = d.language_id
LEFT JOIN country_words AS country ON country.id = d.country_id
LEFT JOIN raw_account AS account ON account.id = d.account_id
LEFT JOIN own_outlet AS outlet ON outlet.id = d.outlet_id
LEFT JOIN (SELECT document_id, bit_or(CAST(1 AS BIGINT) << place) AS bits
           FROM raw_topic JOIN topic_places USING (topic_id) GROUP BY document_id) AS topic
       ON topic.document_id = d.id
WHERE d.published_at >= {first} AND d.published_at < {end} AND {condition}
"""

# In two steps: asked for both at once, DuckDB pairs every event with every document of its days.
_SPOKEN = """
WITH met AS MATERIALIZED (
    SELECT document_id, event_id, published_at
    FROM raw_event JOIN piece ON piece.id = document_id)
SELECT document_id, e.key AS event, e.is_crisis,
       CAST(published_at - e.starts_at AS INTEGER) AS seconds,
       CAST(e.ends_at - e.starts_at AS INTEGER) AS length,
       CAST((published_at - e.starts_at) // 86400 AS SMALLINT) AS day
FROM met JOIN event_list AS e ON e.id = event_id
WHERE published_at >= e.starts_at AND published_at < e.ends_at
"""

_FACT = """
SELECT city.word AS city, p.id AS document, p.channel, p.language, p.country, p.tier,
       p.source, p.outlet, p.account, p.published_at, p.day, m.count AS mentions, m.salience,
       CASE WHEN u.document_id IS NULL OR m.in_title THEN m.in_title END AS in_title,
       coalesce(m.sentiment, p.sentiment) AS tone, p.likes, p.comments, p.shares, p.views,
       p.followers, p.interactions, p.topics,
       CAST(CASE WHEN p.own_city IS DISTINCT FROM m.city_id THEN 'other'
                 WHEN p.official THEN 'official' ELSE 'affiliated' END AS voice_kind) AS voice,
       e.crisis IS NOT NULL AS event, coalesce(e.crisis, FALSE) AS crisis, p.cluster
FROM raw_mention AS m
JOIN piece AS p ON p.id = m.document_id
JOIN city_words AS city ON city.id = m.city_id
LEFT JOIN raw_untitled AS u ON u.document_id = m.document_id
LEFT JOIN (SELECT document_id, bool_or(is_crisis) AS crisis FROM spoken GROUP BY ALL) AS e
       ON e.document_id = m.document_id
WHERE p.published_at >= {start}
"""

_BEFORE = """
SELECT city.word AS city, p.channel, p.cluster, p.source, p.outlet, p.account,
       CAST(floor((p.published_at - {first}) / 604800) AS SMALLINT) AS week, count(*) AS documents
FROM raw_mention AS m
JOIN piece AS p ON p.id = m.document_id
JOIN city_words AS city ON city.id = m.city_id
WHERE p.published_at < {start} GROUP BY ALL
"""

_EVENT_FACT = """
SELECT f.city, e.event, f.document, f.channel, f.voice, f.salience, f.tone, f.interactions,
       e.seconds, e.length, e.day, f.cluster
FROM fact AS f JOIN spoken AS e ON e.document_id = f.document
WHERE f.event
"""

_OWN_ACCOUNT = """
SELECT a.id AS account, city.word AS city, channel.word AS channel, a.followers, a.official
FROM raw_account AS a
JOIN city_words AS city ON city.id = a.city_id
JOIN channel_words AS channel ON channel.id = a.channel_id
"""

_OFFICIAL_POST = """
SELECT a.city, a.account, p.source, p.outlet, p.channel, p.id AS document, p.published_at, p.day,
       CAST(p.day // 7 AS INTEGER) AS week, p.likes, p.comments, p.shares, p.interactions,
       p.followers, p.cluster
FROM piece AS p JOIN own_account AS a ON a.account = p.account AND a.official
WHERE p.published_at >= {start}
"""

# Before its mentions are let go: a document is in one part only.
_SIZE = """
SELECT count(DISTINCT document_id) AS documents
FROM raw_mention JOIN piece ON id = document_id JOIN city_words ON city_words.id = city_id
WHERE published_at >= {start}
"""

# Each table of a part, and what is not needed once it stands: memory is let go on the way.
_STEPS = (
    ("piece", _PIECE, ("raw_document", "raw_topic")),
    ("spoken", _SPOKEN, ("raw_event",)),
    ("official_post", _OFFICIAL_POST, ()),
    ("before", _BEFORE, ()),
    ("size", _SIZE, ()),
    ("fact", _FACT, ("raw_mention", "raw_untitled", "piece")),
    ("event_fact", _EVENT_FACT, ("spoken",)),
)


def build_facts(
    connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries, window: Window
) -> None:
    """Make the tables a `Corpus` reads from raw tables that hold all there is."""
    begin_facts(connection, dictionaries, window)
    add_facts(connection, window)
    end_facts(connection)


def begin_facts(
    connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries, window: Window
) -> None:
    """Make the dictionaries and the empty tables; the raw accounts are there already."""
    _make_dictionaries(connection, dictionaries)
    _make_topics(connection, dictionaries)
    _make_events(connection, dictionaries, window)
    _make_outlets(connection, dictionaries)
    connection.execute(f"CREATE TABLE own_account AS {_OWN_ACCOUNT}")
    for table, statement, _ in _STEPS:
        rows = statement.format(**_numbers(window))
        connection.execute(f"CREATE TABLE {table} AS {rows} LIMIT 0")


def add_facts(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Turn what the raw tables hold of some documents into facts, and empty them."""
    for table, statement, done in _STEPS:
        connection.execute(f"INSERT INTO {table} {statement.format(**_numbers(window))}")
        for used in done:
            connection.execute(f"TRUNCATE {used}")


def end_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what only led here."""
    for table in (*RAW_TABLES, "piece", "spoken"):
        connection.execute(f"DROP TABLE {table}")


def recipe_of_facts(window: Window) -> str:
    """Return all that decides what the tables hold, given the same raw ones."""
    statements = (statement.format(**_numbers(window)) for _, statement, _ in _STEPS)
    return "\n".join((_OWN_ACCOUNT, *statements))


def _numbers(window: Window) -> dict[str, int | str]:
    first = window.start if window.start_before is None else window.start_before
    numbers = {"start": window.start, "first": first, "end": window.end, "clusters": CLUSTERS}
    return numbers | {"condition": window.condition}


def _make_dictionaries(connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries) -> None:
    """Make an enumerated type for each dictionary: as small as an id, as readable as a word."""
    _make_words(connection, "city_words", "city_key", dictionaries.cities)
    _make_words(connection, "channel_words", "channel_name", dictionaries.channels, CHANNELS)
    _make_words(connection, "language_words", "language_code", dictionaries.languages, ("en",))
    _make_words(connection, "country_words", "country_code", dictionaries.countries, ("CN",))
    connection.execute("CREATE TYPE voice_kind AS ENUM ('official', 'affiliated', 'other')")


def _make_words(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    kind: str,
    words: Mapping[int, str],
    always: tuple[str, ...] = (),
) -> None:
    _make_enum(connection, kind, (*always, *words.values()))
    connection.execute(f"CREATE TABLE {table} (id INTEGER, word {kind})")
    if words:
        rows = [list(pair) for pair in words.items()]
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - our names


def _make_enum(connection: duckdb.DuckDBPyConnection, kind: str, words: Iterable[str]) -> None:
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in dict.fromkeys(words))
    connection.execute(f"CREATE TYPE {kind} AS ENUM ({listed})")


def _make_topics(connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries) -> None:
    if len(dictionaries.topics) > MOST_TOPICS:
        raise ScoreError(
            f"the taxonomy has {len(dictionaries.topics)} topics, at most {MOST_TOPICS} can be "
            "measured; merge some of them"
        )
    connection.execute("CREATE TABLE topic_places (topic_id INTEGER, place INTEGER)")
    for place, topic in enumerate(dictionaries.topics):
        connection.execute("INSERT INTO topic_places VALUES (?, ?)", [topic.id, place])


def _make_events(
    connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries, window: Window
) -> None:
    """Keep the events that begin inside the window; what outlasts it ends with it."""
    events = dictionaries.events_in(window)
    # DuckDB refuses an enumeration of nothing.
    _make_enum(connection, "event_key", [e.key for e in events] or [""])
    connection.execute(
        "CREATE TABLE event_list (id INTEGER, key event_key, category VARCHAR, is_crisis BOOLEAN, "
        "starts_at BIGINT, ends_at BIGINT)"
    )
    for e in events:
        row = [e.id, e.key, e.category, e.is_crisis, e.starts_at, min(e.ends_at + 1, window.end)]
        connection.execute("INSERT INTO event_list VALUES (?, ?, ?, ?, ?, ?)", row)


def _make_outlets(connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries) -> None:
    connection.execute(
        "CREATE TABLE own_outlet (id INTEGER, city_id INTEGER, city city_key, official BOOLEAN)"
    )
    for one in dictionaries.outlets:
        row = [one.id, one.city_id, dictionaries.cities[one.city_id], one.official]
        connection.execute("INSERT INTO own_outlet VALUES (?, ?, ?, ?)", row)
