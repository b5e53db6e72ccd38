"""Outcomes as rows: made in the worker, so that the one process that writes has little to do.

Rows are tuples in the order of the columns named here. Words that the store knows by a number
(source, outlet, topic) are still words: only the writer has the numbers.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ccgcii.cleaning.toponyms.salience import salience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ccgcii.cleaning.judging import Outcome
    from ccgcii.documents import Document, Mention

Row = tuple[Any, ...]
COLUMNS: dict[str, tuple[str, ...]] = {
    "drop": ("capture_id", "layer", "filter", "reason"),
    "document": (
        "id",
        "capture_id",
        "source_id",
        "channel_id",
        "outlet_id",
        "account_id",
        "language_id",
        "language_confidence",
        "country_id",
        "tier",
        "published_at",
        "fetched_at",
        "is_share",
        "likes",
        "comments",
        "shares",
        "views",
        "followers",
        "sentiment",
        "dropped",
    ),
    "document_text": (
        "document_id",
        "url",
        "canonical_url",
        "title",
        "text",
        "date_rule",
        "facts",
    ),
    "mention_span": (
        "document_id",
        "field",
        "start",
        "city_id",
        "end",
        "as_written",
        "confidence",
        "rule",
    ),
    "mention": ("document_id", "city_id", "count", "salience", "in_title", "sentiment"),
    "document_topic": ("document_id", "topic_id"),
    "document_event": ("document_id", "event_id"),
    "document_key": ("document_id", "filter", "key"),
    "document_sketch": ("document_id", "sketch"),
}


@dataclass(slots=True)
class Rows:
    """What a batch of captures puts into the store.

    Of a document, places 2 to 6 and 8 are words (source, channel, outlet, author, language and
    country), of a topic and an event the second. `problems` are the filters that raised, with the
    reason.
    """

    captures: list[int] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def extend(self, other: Rows) -> None:
        """Take in the rows of another batch."""
        self.captures += other.captures
        self.problems += other.problems
        for name, rows in other.tables.items():
            self.tables[name] += rows


def rows_of(outcomes: Iterable[Outcome], city_ids: Mapping[str, int]) -> Rows:
    """Return the rows of some outcomes."""
    rows = Rows()
    tables = rows.tables
    for outcome in outcomes:
        number, verdict, document = outcome.capture_id, outcome.verdict, outcome.document
        rows.captures.append(number)
        rows.problems += outcome.problems
        if verdict is not None:
            tables["drop"].append((number, verdict.layer, verdict.filter, verdict.reason))
        if document is None:
            continue
        tables["document"].append(_narrow(number, document, verdict.layer if verdict else None))
        tables["document_text"].append(_wide(number, document))
        _add_mentions(tables, number, document.mentions, city_ids)
        tables["document_topic"] += [(number, topic) for topic in document.topics]
        tables["document_event"] += [(number, event) for event in outcome.events]
        tables["document_key"] += [
            (number, name, _digest(key)) for name, key in outcome.keys.items()
        ]
        if outcome.sketch is not None:
            tables["document_sketch"].append((number, outcome.sketch))
    return rows


def _narrow(number: int, document: Document, dropped: int | None) -> Row:
    return (
        number,
        number,
        document.source,
        document.channel,
        document.outlet,
        document.author,
        document.language,
        _thousandths(document.language_confidence),
        document.country,
        document.tier,
        _seconds(document.published_at),
        _seconds(document.fetched_at),
        document.is_share,
        document.likes,
        document.comments,
        document.shares,
        document.views,
        document.author_followers,
        _thousandths(document.sentiment),
        dropped,
    )


def _wide(number: int, document: Document) -> Row:
    return (
        number,
        document.url,
        document.canonical_url,
        document.title,
        document.text,
        document.date_rule,
        page_facts_json(document),
    )


def _add_mentions(
    tables: dict[str, list[Row]],
    number: int,
    mentions: Iterable[Mention],
    city_ids: Mapping[str, int],
) -> None:
    by_city: dict[int, list[Mention]] = {}
    for mention in mentions:
        city = city_ids[mention.city]
        by_city.setdefault(city, []).append(mention)
        tables["mention_span"].append(
            (
                number,
                mention.field,
                mention.start,
                city,
                mention.end,
                mention.as_written,
                _thousandths(mention.confidence),
                mention.rule,
            )
        )
    for city, of_city in by_city.items():
        tones = [mention.sentiment for mention in of_city if mention.sentiment is not None]
        tables["mention"].append(
            (
                number,
                city,
                len(of_city),
                _thousandths(salience(of_city)),
                any(mention.field == "title" for mention in of_city),
                _thousandths(sum(tones) / len(tones)) if tones else None,
            )
        )


def page_facts_json(document: Document) -> str | None:
    """Return what only the page told, as JSON; None for a record, whose payload is kept."""
    if document.page is None:
        return None
    facts = asdict(document.page) | {"language": document.declared_language}
    return json.dumps(facts, separators=(",", ":"))


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "replace"), digest_size=12).digest()


def _seconds(moment: Any) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _thousandths(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)
