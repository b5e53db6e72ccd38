"""Outcomes into the store: a batch is one transaction, and a document's id is its capture's."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import SQLModel

from ccgcii.cleaning.salience import salience
from ccgcii_db import Dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Engine, Table
    from sqlalchemy.engine import Connection

    from ccgcii.cleaning.work import Outcome
    from ccgcii.documents import Document, Mention

Row = dict[str, Any]


class OutcomeStore:
    """Writes outcomes; knows the study's cities and topics by their ids."""

    def __init__(
        self, engine: Engine, city_ids: Mapping[str, int], powers: Mapping[str, str], secret: str
    ) -> None:
        self._engine = engine
        self._city_ids = city_ids
        self._powers = powers
        self._secret = secret.encode()[:64]

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write a batch in one transaction: documents, drops, and that the captures are done."""
        with self._engine.begin() as connection:
            _Batch(connection, self._city_ids, self._powers, self._secret).write(outcomes)


class _Batch:
    """One transaction of outcomes: rows are collected by table, then written in bulk."""

    def __init__(
        self,
        connection: Connection,
        city_ids: Mapping[str, int],
        powers: Mapping[str, str],
        secret: bytes,
    ) -> None:
        self._connection = connection
        self._city_ids = city_ids
        self._powers = powers
        self._secret = secret
        self._sources = Dictionary(connection, tables.Source)
        self._channels = Dictionary(connection, tables.Channel)
        self._languages = Dictionary(connection, tables.Language, "code")
        self._countries = Dictionary(connection, tables.Country, "code")
        self._outlets = Dictionary(connection, tables.Outlet, "domain")
        self._topics = Dictionary(connection, tables.Topic)
        self._events = Dictionary(connection, tables.Event, "key")
        self._rows: dict[str, list[Row]] = {}

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write everything."""
        outcomes = sorted(outcomes, key=lambda outcome: outcome.capture_id)
        forget_documents(self._connection, [outcome.capture_id for outcome in outcomes])
        accounts = self._accounts(outcomes)
        for outcome in outcomes:
            if outcome.verdict is not None:
                self._add(
                    "drop",
                    capture_id=outcome.capture_id,
                    layer=outcome.verdict.layer,
                    filter=outcome.verdict.filter,
                    reason=outcome.verdict.reason,
                )
            if outcome.document is not None:
                self._add_document(outcome, outcome.document, accounts)
        for name, rows in self._rows.items():
            self._connection.execute(insert(SQLModel.metadata.tables[name]), rows)
        self._mark([outcome.capture_id for outcome in outcomes])

    def _mark(self, ids: list[int]) -> None:
        capture = _table(tables.Capture)
        self._connection.execute(
            update(capture).where(capture.c.id.in_(ids)).values(cleaned=1, clean_from=None)
        )

    def _add(self, table: str, **row: Any) -> None:
        self._rows.setdefault(table, []).append(row)

    def _add_document(
        self, outcome: Outcome, document: Document, accounts: Mapping[tuple[int, str], int]
    ) -> None:
        number = outcome.capture_id
        channel_id = self._channels.id(document.channel) or 0
        self._add(
            "document",
            id=number,
            capture_id=number,
            source_id=self._sources.id(document.source),
            channel_id=channel_id,
            outlet_id=self._outlets.id(document.outlet),
            account_id=accounts.get((channel_id, self._handle(document.author))),
            language_id=self._languages.id(document.language),
            language_confidence=_thousandths(document.language_confidence),
            country_id=self._countries.id(document.country),
            tier=document.tier,
            published_at=_seconds(document.published_at),
            fetched_at=_seconds(document.fetched_at),
            is_share=document.is_share,
            likes=document.likes,
            comments=document.comments,
            shares=document.shares,
            views=document.views,
            followers=document.author_followers,
            sentiment=_thousandths(document.sentiment),
            dropped=outcome.verdict.layer if outcome.verdict else None,
        )
        self._add(
            "document_text",
            document_id=number,
            url=document.url,
            canonical_url=document.canonical_url,
            title=document.title,
            text=document.text,
            date_rule=document.date_rule,
            facts=page_facts_json(document),
        )
        self._add_mentions(number, document)
        for topic in document.topics:
            power = self._powers.get(topic, "")
            self._add(
                "document_topic", document_id=number, topic_id=self._topics.id(topic, power=power)
            )
        known_events = self._events.words()
        for event in outcome.events:
            self._add("document_event", document_id=number, event_id=known_events[event])
        for name, key in outcome.keys.items():
            digest = blake2b(key.encode("utf-8", "replace"), digest_size=12).digest()
            self._add("document_key", document_id=number, filter=name, key=digest)
        if outcome.sketch is not None:
            self._add("document_sketch", document_id=number, sketch=outcome.sketch)

    def _add_mentions(self, number: int, document: Document) -> None:
        by_city: dict[str, list[Mention]] = {}
        for mention in document.mentions:
            by_city.setdefault(mention.city, []).append(mention)
            self._add(
                "mention_span",
                document_id=number,
                field=mention.field,
                start=mention.start,
                city_id=self._city_ids[mention.city],
                end=mention.end,
                as_written=mention.as_written,
                confidence=_thousandths(mention.confidence),
                rule=mention.rule,
            )
        for city, mentions in by_city.items():
            tones = [mention.sentiment for mention in mentions if mention.sentiment is not None]
            self._add(
                "mention",
                document_id=number,
                city_id=self._city_ids[city],
                count=len(mentions),
                salience=_thousandths(salience(mentions)),
                in_title=any(mention.field == "title" for mention in mentions),
                sentiment=_thousandths(sum(tones) / len(tones)) if tones else None,
            )

    def _accounts(self, outcomes: Iterable[Outcome]) -> dict[tuple[int, str], int]:
        documents = [outcome.document for outcome in outcomes if outcome.document is not None]
        wanted = Counter(
            (self._channels.id(document.channel) or 0, self._handle(document.author))
            for document in documents
            if document.author
        )
        known = self._known_accounts(wanted)
        new = [
            {"channel_id": channel, "handle": handle}
            for channel, handle in wanted
            if (channel, handle) not in known
        ]
        if new:
            self._connection.execute(insert(_table(tables.Account)), new)
            known = self._known_accounts(wanted)
        return known

    def _known_accounts(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
        handles = sorted({handle for _, handle in wanted})
        if not handles:
            return {}
        columns = _table(tables.Account).c
        rows = self._connection.execute(
            select(columns.channel_id, columns.handle, columns.id).where(
                columns.handle.in_(handles)
            )
        )
        return {(channel, handle): number for channel, handle, number in rows}

    def _handle(self, author: str | None) -> str:
        return handle_hash(author, self._secret) if author else ""


def forget_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Delete what cleaning made of these captures, if anything: they are judged anew.

    Rows of a document's own tables go with it (foreign keys cascade).
    """
    document, drop = _table(tables.Document), _table(tables.Drop)
    connection.execute(delete(drop).where(drop.c.capture_id.in_(ids)))
    connection.execute(delete(document).where(document.c.id.in_(ids)))


def page_facts_json(document: Document) -> str | None:
    """Return what only the page told, as JSON; None for a record, whose payload is kept."""
    if document.page is None:
        return None
    facts = asdict(document.page) | {"language": document.declared_language}
    return json.dumps(facts, separators=(",", ":"))


def handle_hash(author: str, secret: bytes = b"") -> str:
    """Return the keyed hash under which an author is kept: names stay out of the store.

    Case and a leading @ do not matter. `secret` is CCGCII__SECRETS__ACCOUNT_KEY; without it the
    hash hides a name from a glance, not from someone who guesses it.
    """
    name = author.strip().removeprefix("@").casefold()
    return blake2b(name.encode("utf-8", "replace"), key=secret, digest_size=12).hexdigest()


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _seconds(moment: Any) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _thousandths(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)
