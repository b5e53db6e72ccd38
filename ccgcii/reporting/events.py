"""Events: the list with what was said of each, and proposals with the documents to read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.findings.words import OPENING, words_of
from ccgcii.reporting.findings import table
from ccgcii.reporting.texts import number, safe
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.table import Table
    from sqlalchemy.engine import Connection

    from ccgcii.catalogues import Event
    from ccgcii.cities import City
    from ccgcii.corpus import Corpus
    from ccgcii.findings.words import Piece

    Labels = Mapping[str, str]

TOP_CITIES = 5
TOP_DOCUMENTS = 5
BATCH = 500


def list_events(corpus: Corpus, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return every event with its documents and cities; None for one outside the window."""
    counted = corpus.query(
        "SELECT event, count(DISTINCT document) AS documents, count(DISTINCT city) AS cities "
        "FROM event_fact GROUP BY event"
    )
    found = dict(zip(counted["event"].astype(str), counted.to_dict("records"), strict=True))
    named: dict[str, list[tuple[int, str]]] = {}
    for _, part in corpus.city_event.iterrows():
        pair = (-int(part["documents"]), str(part["city"]))
        named.setdefault(str(part["event"]), []).append(pair)
    rows: list[dict[str, Any]] = []
    for event in events:
        inside = event.key in corpus.events.index
        row: dict[str, Any] = {"key": event.key, "name": event.name, "category": event.category}
        row |= {"is_crisis": event.is_crisis, "starts": event.starts.isoformat()}
        row |= {"ends": event.ends.isoformat(), "in_window": inside}
        counts = found.get(event.key, {"documents": 0, "cities": 0})
        for name in ("documents", "cities"):
            row[name] = int(counts[name]) if inside else None
        top = sorted(named.get(event.key, []))[:TOP_CITIES]
        rows.append(row | {"top": [{"city": city, "documents": -n} for n, city in top]})
    return rows


def read_pieces(store: Connection, since: date, until: date) -> Iterator[Piece]:
    """Yield the kept documents that name a city: number, day of the window, title and text."""
    document, words = table_of(tables.Document), table_of(tables.DocumentText)
    mention = table_of(tables.Mention)
    start = _second(since)
    query = (
        select(document.c.id, document.c.published_at, words.c.title, words.c.text)
        .join(words, words.c.document_id == document.c.id)
        .where(
            document.c.dropped.is_(None),
            document.c.published_at >= start,
            document.c.published_at < _second(until + timedelta(days=1)),
            select(mention.c.document_id).where(mention.c.document_id == document.c.id).exists(),
        )
    )
    for row in store.execution_options(yield_per=BATCH).execute(query):
        # The text of a post often begins with its title: a word counts once a document anyhow.
        yield int(row.id), (row.published_at - start) // 86_400, f"{row.title}\n{row.text}"


def city_words(cities: Iterable[City]) -> set[str]:
    """Return the words that names of cities and provinces are made of."""
    found: set[str] = set()
    for city in cities:
        names = [name.text for name in city.names]
        names += [city.name_en, city.name_zh, city.label, city.province_en, city.province_zh]
        for name in names:
            found |= words_of(name)
    return found | {"china", "chinese", "中国", "中國"}


def with_documents(
    store: Connection, proposals: Sequence[Mapping[str, Any]], since: date
) -> list[dict[str, Any]]:
    """Return proposals with dates for days, and the documents that hold most of their words."""
    rows = []
    for proposal in proposals:
        row = {key: value for key, value in proposal.items() if key != "numbers"}
        for key in ("first", "last", "peak"):
            row[key] = (since + timedelta(days=proposal[key])).isoformat()
        rows.append(row | {"top": _telling(store, proposal["numbers"], set(proposal["words"]))})
    return rows


def events_table(rows: Sequence[Mapping[str, Any]], labels: Labels) -> Table:
    """Lay the events of the window out, by date."""
    made = table("Events that begin in the window", "from", "to", "event", words=3)
    for column in ("documents", "cities"):
        made.add_column(column, justify="right")
    made.add_column("most in")
    for row in sorted(rows, key=lambda row: (row["starts"], row["key"])):
        if row["in_window"]:
            name = f"{safe(row['key'])} [dim]{safe(row['category'])}[/]"
            top = ", ".join(
                f"{safe(labels.get(part['city'], part['city']))} {part['documents']}"
                for part in row["top"][:3]
            )
            counts = (f"{row['documents']:,}", f"{row['cities']:,}")
            made.add_row(row["starts"], row["ends"], name, *counts, top)
    return made


def proposals_table(rows: Sequence[Mapping[str, Any]], labels: Labels) -> Table:
    """Lay the proposals out, the strongest first, each with documents to read."""
    made = table("Proposed by the data", "days", "words, cities and documents", words=2)
    for column in ("documents", "expected", "z"):
        made.add_column(column, justify="right")
    for row in rows:
        known = "[bold]in no listed event[/]"
        if row["known"]:
            known = f"listed: {safe(row['known'])} ({row['known_documents']:,} of them)"
        if row["is_level"]:
            known += "; a new level more than an event"
        where = ", ".join(labels.get(city, city) for city in row["cities"][:TOP_CITIES])
        lines = [f"{known}; {safe(', '.join(row['words']) or row['because'])}"]
        lines += [safe(where)] if where else []
        lines += [f"[dim]{part['date']} {safe(part['title'])}[/]" for part in row["top"][:3]]
        counts = (f"{row['documents']:,}", number(row["expected"], 1), number(row["z"], 1))
        made.add_row(f"{row['first']}\n{row['last']}", "\n".join(lines), *counts)
        made.add_section()
    return made


def _telling(store: Connection, numbers: Sequence[int], words: set[str]) -> list[dict[str, Any]]:
    document, texts = table_of(tables.Document), table_of(tables.DocumentText)
    found = []
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        rows = store.execute(
            select(document.c.id, document.c.published_at, texts.c.title, texts.c.text, texts.c.url)
            .join(texts, texts.c.document_id == document.c.id)
            .where(document.c.id.in_(part))
        )
        for row in rows:
            shared = len(words_of(f"{row.title}\n{row.text}") & words)
            found.append((-shared, row.published_at, row.id, row))
        found = sorted(found, key=lambda item: item[:3])[:TOP_DOCUMENTS]
    return [
        {
            "document": row.id,
            "date": datetime.fromtimestamp(row.published_at, UTC).date().isoformat(),
            "title": row.title or row.text[:OPENING].partition("\n")[0][:100],
            "url": row.url,
        }
        for *_, row in found
    ]


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
