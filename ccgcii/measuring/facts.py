"""From raw tables to facts: one row for each city that a kept document names.

Everything countable is an integer, so sums are exact and do not depend on the order of rows or on
threads: measuring twice gives the same digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.documents import CHANNELS
from ccgcii.errors import ScoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from ccgcii.measuring.raw import Dictionaries, Window

# A bit for each topic in one signed 64-bit integer.
MOST_TOPICS = 62

_PIECE = """
CREATE TABLE piece AS
SELECT d.id, channel.word::channel_name AS channel, language.word::language_code AS language,
       country.word::country_code AS country, d.tier, d.outlet_id AS outlet,
       d.account_id AS account, d.published_at,
       CAST(floor((d.published_at - {start}) / 86400) AS INTEGER) AS day,
       d.likes, d.comments, d.shares, d.views, d.followers, d.sentiment,
       CASE WHEN coalesce(d.likes, d.comments, d.shares) IS NOT NULL
            THEN CAST(coalesce(d.likes, 0) AS BIGINT) + coalesce(d.comments, 0)
                 + coalesce(d.shares, 0) END AS interactions,
       coalesce(topic.bits, 0) AS topics
FROM raw_document AS d
JOIN channel_words AS channel ON channel.id = d.channel_id
LEFT JOIN language_words AS language ON language.id = d.language_id
LEFT JOIN country_words AS country ON country.id = d.country_id
LEFT JOIN (SELECT document_id, bit_or(CAST(1 AS BIGINT) << place) AS bits
           FROM raw_topic JOIN topic_places USING (topic_id) GROUP BY document_id) AS topic
       ON topic.document_id = d.id
WHERE d.published_at >= {first} AND d.published_at < {end}
"""

_FACT = """
CREATE TABLE fact AS
SELECT city.word::city_key AS city, p.id AS document, p.channel, p.language, p.country, p.tier,
       p.outlet, p.account, p.published_at, p.day, m.count AS mentions, m.salience, m.in_title,
       coalesce(m.sentiment, p.sentiment) AS tone, p.likes, p.comments, p.shares, p.views,
       p.followers, p.interactions, p.topics,
       CAST(CASE WHEN own.city_id IS DISTINCT FROM m.city_id THEN 'other'
                 WHEN own.official THEN 'official' ELSE 'affiliated' END AS voice_kind) AS voice,
       coalesce(e.bits, 0) > 0 AS event, coalesce(e.bits, 0) > 1 AS crisis
FROM raw_mention AS m
JOIN piece AS p ON p.id = m.document_id
JOIN city_words AS city ON city.id = m.city_id
LEFT JOIN (SELECT * FROM raw_account WHERE city_id IS NOT NULL) AS own ON own.id = p.account
LEFT JOIN (SELECT document_id, bit_or(CASE WHEN is_crisis THEN 3 ELSE 1 END) AS bits
           FROM raw_event JOIN event_list ON event_list.id = event_id
           JOIN piece ON piece.id = document_id
                AND published_at >= starts_at AND published_at < ends_at
           GROUP BY document_id) AS e
       ON e.document_id = m.document_id
WHERE p.published_at >= {start}
"""

_BEFORE = """
CREATE TABLE before AS
SELECT city.word::city_key AS city, p.channel, count(*) AS documents
FROM raw_mention AS m
JOIN piece AS p ON p.id = m.document_id
JOIN city_words AS city ON city.id = m.city_id
WHERE p.published_at < {start} GROUP BY ALL
"""

_EVENT_FACT = """
CREATE TABLE event_fact AS
SELECT f.city, e.key::event_key AS event, f.document, f.channel, f.voice, f.salience, f.tone,
       f.interactions, CAST(f.published_at - e.starts_at AS INTEGER) AS seconds,
       CAST(e.ends_at - e.starts_at AS INTEGER) AS length,
       CAST((f.published_at - e.starts_at) // 86400 AS INTEGER) AS day
FROM raw_event AS d
JOIN event_list AS e ON e.id = d.event_id
JOIN fact AS f ON f.document = d.document_id
WHERE f.published_at >= e.starts_at AND f.published_at < e.ends_at
"""

_OFFICIAL_ACCOUNT = """
CREATE TABLE official_account AS
SELECT a.id AS account, city.word::city_key AS city, channel.word::channel_name AS channel,
       a.followers
FROM raw_account AS a
JOIN city_words AS city ON city.id = a.city_id
JOIN channel_words AS channel ON channel.id = a.channel_id
WHERE a.official
"""

_OFFICIAL_POST = """
CREATE TABLE official_post AS
SELECT a.city, a.account, p.channel, p.id AS document, p.published_at, p.day,
       CAST(p.day // 7 AS INTEGER) AS week, p.likes, p.comments, p.shares, p.interactions
FROM piece AS p JOIN official_account AS a ON a.account = p.account
WHERE p.published_at >= {start}
"""


def build_facts(
    connection: duckdb.DuckDBPyConnection, dictionaries: Dictionaries, window: Window
) -> None:
    """Make the tables a `Corpus` reads from the raw tables, then let the raw ones go."""
    _make_dictionaries(connection, dictionaries)
    _make_topics(connection, dictionaries)
    _make_events(connection, dictionaries, window)
    start, end = window.start, window.end
    first = start if window.start_before is None else window.start_before
    connection.execute(_PIECE.format(start=start, first=first, end=end))
    for statement in (_FACT, _BEFORE, _EVENT_FACT, _OFFICIAL_ACCOUNT, _OFFICIAL_POST):
        connection.execute(statement.format(start=start))
    for table in ("raw_document", "raw_mention", "raw_topic", "raw_event", "piece"):
        connection.execute(f"DROP TABLE {table}")


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
    connection.execute(f"CREATE TABLE {table} (id INTEGER, word VARCHAR)")
    if words:
        rows = [list(pair) for pair in words.items()]
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - our names
    _make_enum(connection, kind, (*always, *words.values()))


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
    connection.execute(
        "CREATE TABLE event_list (id INTEGER, key VARCHAR, category VARCHAR, is_crisis BOOLEAN, "
        "starts_at BIGINT, ends_at BIGINT)"
    )
    events = [e for e in dictionaries.events if window.start <= e.starts_at < window.end]
    for e in events:
        row = [e.id, e.key, e.category, e.is_crisis, e.starts_at, min(e.ends_at + 1, window.end)]
        connection.execute("INSERT INTO event_list VALUES (?, ?, ?, ?, ?, ?)", row)
    # DuckDB refuses an enumeration of nothing.
    _make_enum(connection, "event_key", [e.key for e in events] or [""])
