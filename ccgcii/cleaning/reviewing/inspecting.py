"""`ccgcii inspect`: one page or text through every step, also past a drop."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.cleaning.reading.addresses import canonical_url, outlet_domain
from ccgcii.cleaning.reading.dates import parse_moment
from ccgcii.cleaning.reading.pages import RawPage, read_page
from ccgcii.documents import LAYERS, Document, Verdict
from ccgcii.errors import CleaningError
from ccgcii.records import to_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ccgcii.catalogues import CityAccount, Outlet
    from ccgcii.cities import City, Study
    from ccgcii.workspace import Workspace

SOURCE, CHANNEL = "inspect", "media"
_FIELDS = ("id", "text", "html", "title", "url", "language", "published_at", "channel")
_PAGE_NAME = re.compile(r"\.(?:x?html?)(?:\.gz)?$", re.IGNORECASE)
_WHOLE = re.compile(rb"<(?:!doctype|\?xml|html|head|body)\b", re.IGNORECASE)
_WIDE = (BOM_UTF16_BE, BOM_UTF16_LE)
# A tag, comment or declaration; an address in <...> is none.
_TAG = re.compile(rb"<(?:!doctype|!--|\?xml|[a-z][a-z0-9-]*(?:\s[^<>]*|/)?>)")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What every step made of a piece: the document, and each filter that would have dropped it.

    `problems` are filters that raised, with the reason.
    """

    document: Document
    verdicts: tuple[Verdict, ...]
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def dropped(self) -> Verdict | None:
        """Where it would have stopped."""
        return self.verdicts[0] if self.verdicts else None

    def layers(self) -> Iterator[tuple[str, Verdict | None]]:
        """Return each layer's name with its first verdict, None where it passes."""
        for number, name in LAYERS.items():
            yield name, next((v for v in self.verdicts if v.layer == number), None)


class Inspector:
    """Takes pieces through every step, without a store."""

    def __init__(
        self,
        pipeline: Pipeline,
        cities: Iterable[City],
        accounts: tuple[CityAccount, ...] = (),
        taxonomy: str | None = None,
        outlets: Mapping[str, Outlet] | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._cities = {city.key: city for city in cities}
        self.accounts = accounts
        self.taxonomy = taxonomy
        self.outlets = outlets

    @classmethod
    def of(cls, workspace: Workspace, *, windowed: bool) -> Inspector:
        """Build the study's inspector; without `windowed` any date will do, and none."""
        study = open_study(workspace) if not windowed else workspace.study
        pipeline = Pipeline.build(study, workspace.plugins, workspace.settings.filters)
        taxonomy = workspace.settings.filters.get("topics", {}).get("taxonomy")
        known = workspace.accounts, taxonomy or None, workspace.outlets
        return cls(pipeline, study.cities, *known)

    @property
    def cities(self) -> tuple[City, ...]:
        """The cities that are looked for."""
        return tuple(self._cities.values())

    @property
    def judged(self) -> set[int]:
        """The layers with a filter that can judge a piece by itself, or with no filter at all."""
        alone = {thing.layer for thing in self._pipeline.filters if hasattr(thing, "clean")}
        return alone | (set(LAYERS) - {thing.layer for thing in self._pipeline.filters})

    def inspect(self, document: Document) -> Inspection:
        """Take a document through every filter."""
        problems: list[tuple[str, str]] = []
        document, verdicts = self._pipeline.steps(document, problems)
        return Inspection(document, verdicts, tuple(problems))

    def inspect_bytes(self, body: bytes, url: str = "", name: str = "") -> Inspection:
        """Take a file through: a page if its name or its beginning says so, else a text."""
        if body.startswith(b"\x1f\x8b"):
            body = _unpacked(body)
        if _PAGE_NAME.search(name) or looks_like_html(body):
            return self.inspect(page_document(body, url))
        return self.inspect(text_document({"text": body.decode("utf-8", "replace"), "url": url}))

    def inspect_row(self, row: Mapping[str, Any]) -> Inspection:
        """Take one row of `--ndjson` through; raises `CleaningError` for one without a piece."""
        if row.get("text") is None and row.get("html") is None:
            unknown = sorted(set(row) - set(_FIELDS))
            hint = f" (it has {', '.join(unknown)})" if unknown else ""
            raise CleaningError(f"neither text nor html in it{hint}")
        if row.get("html") is None:
            return self.inspect(text_document(row))
        document = page_document(str(row["html"]).encode(), str(row.get("url") or ""))
        given = text_document({**row, "text": ""})
        return self.inspect(
            replace(
                document,
                title=given.title or document.title,
                declared_language=given.declared_language or document.declared_language,
                published_at=given.published_at or document.published_at,
                date_rule="given" if given.published_at else document.date_rule,
            )
        )

    def to_json(self, inspection: Inspection) -> dict[str, Any]:
        """Return an inspection as plain data; offsets count characters of the mention's field."""
        document, verdict = inspection.document, inspection.dropped
        return {
            "title": document.title,
            "text": document.text,
            "published_at": to_iso(document.published_at) if document.published_at else None,
            "date_rule": document.date_rule,
            "language": document.language,
            "cities": [self._mention_json(mention) for mention in document.mentions],
            "sentiment": None if document.sentiment is None else round(document.sentiment, 4),
            "topics": list(document.topics),
            "dropped": None if verdict is None else _verdict_json(verdict),
        }

    def label(self, key: str) -> str:
        """Return how a city is printed."""
        return self._cities[key].label

    def _mention_json(self, mention: Any) -> dict[str, Any]:
        city = self._cities[mention.city]
        return {
            "name_en": city.name_en,
            "name_zh": city.name_zh,
            "city": city.key,
            "field": mention.field,
            "start": mention.start,
            "end": mention.end,
            "as_written": mention.as_written,
            "confidence": round(mention.confidence, 3),
            "rule": mention.rule,
        }


def _unpacked(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise CleaningError(f"damaged gzip ({error}); fetch the file again") from None


def open_study(workspace: Workspace) -> Study:
    """Return the study with every day inside its window."""
    study = workspace.study
    return replace(study, since=date.min.isoformat(), until=date.max.isoformat())


def looks_like_html(body: bytes) -> bool:
    """Say whether bytes are a page: a tag at the beginning, or the usual elements early on."""
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return _TAG.match(head) is not None or any(
        mark in head for mark in (b"<html", b"<head>", b"<body", b"<article", b"<meta ")
    )


def page_document(body: bytes, url: str = "") -> Document:
    """Turn a page's bytes into a document, as if fetched now; a piece of one gets a page around."""
    if not _WHOLE.search(body[:2048]) and not body.startswith(_WIDE):
        body = b"<html><body>" + body.removeprefix(BOM_UTF8) + b"</body></html>"
    return read_page(RawPage(SOURCE, CHANNEL, url, datetime.now(UTC), body))


def text_document(row: Mapping[str, Any]) -> Document:
    """Turn a text with what is known of it into a document."""
    url = str(row.get("url") or "")
    said = str(row.get("published_at") or "")
    moment = parse_moment(said) if said else None
    if said and moment is None:
        raise CleaningError(f"published_at {said!r} is no date; write it like 2020-01-31")
    return Document(
        source=SOURCE,
        channel=str(row.get("channel") or CHANNEL),
        url=url,
        canonical_url=canonical_url(url),
        fetched_at=datetime.now(UTC),
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        outlet=outlet_domain(url),
        declared_language=row.get("language") or None,
        published_at=moment,
        date_rule="given" if moment else "none",
    )


def row_of(line: str) -> dict[str, Any]:
    """Read one line of `--ndjson`; raises `CleaningError` with what is wrong with it."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CleaningError(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise CleaningError(f"a {type(row).__name__}, not an object with id and text or html")
    return row


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {"layer": verdict.layer, "filter": verdict.filter, "reason": verdict.reason}
