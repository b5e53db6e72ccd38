"""What travels through cleaning: records, documents, mentions, drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from datetime import datetime

LAYERS = {1: "validity", 2: "relevance", 3: "duplication", 4: "noise", 5: "quality"}
CHANNELS = ("media", "facebook", "x", "instagram", "youtube")


@dataclass(frozen=True, slots=True)
class Record:
    """One piece as a source or an export knows it: None is "not said", never zero.

    `id` is the platform's or file's own identity, as text. `published_at` is in UTC.
    `outlet` is a domain (media), `author` a handle or id (social), `country` ISO 3166-1 alpha-2,
    `language` ISO 639-1 as declared by the source.
    """

    id: str
    channel: str
    url: str = ""
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    outlet: str | None = None
    author: str | None = None
    author_followers: int | None = None
    country: str | None = None
    language: str | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A city named in a text.

    `field` is `title` or `text`, `start` and `end` are character offsets into it; `rule` says
    what decided for this city, `confidence` in 0-1 how surely; `sentiment` in -1..1 is the tone
    of the sentence that names it (None where the language has no model).
    """

    city: str
    field: str
    start: int
    end: int
    as_written: str
    confidence: float
    rule: str
    sentiment: float | None = None


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What only the page itself tells, for filters that judge its form.

    `status` is the HTTP status, `size` the bytes of HTML, `links` the links inside the extracted
    main text, `link_density` the share of its characters that stand in links (0-1).
    """

    status: int = 200
    size: int = 0
    links: int = 0
    link_density: float = 0.0
    undecodable: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A piece on its way through the five layers; filters return it changed, or a `Drop`."""

    source: str
    channel: str
    url: str
    fetched_at: datetime
    canonical_url: str = ""
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    date_rule: str = "none"
    outlet: str | None = None
    author: str | None = None
    author_followers: int | None = None
    declared_language: str | None = None
    language: str | None = None
    language_confidence: float | None = None
    country: str | None = None
    tier: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    is_share: bool = False
    page: PageFacts | None = None
    mentions: tuple[Mention, ...] = ()
    sentiment: float | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drop:
    """A filter's reason to leave a document out, in words an analyst understands."""

    reason: str


@runtime_checkable
class Filter(Protocol):
    """A test of one document by itself: pass it on, perhaps with something learnt, or drop it.

    Write it as a frozen dataclass: its fields are its options, `[filters.NAME]` in ccgcii.toml
    sets them. It runs in worker processes, so it must be picklable and keep no state.
    """

    name: ClassVar[str]
    layer: ClassVar[int]

    def clean(self, document: Document) -> Document | Drop:
        """Return the document, changed or not, or why it is left out."""
        ...


@runtime_checkable
class TwinFilter(Protocol):
    """A test of one document against all others: of those with one key, one is kept.

    The engine keeps the earliest published (then the smallest canonical URL), so the result does
    not depend on the order of arrival. None means "no twin possible".
    """

    name: ClassVar[str]
    layer: ClassVar[int]

    def key(self, document: Document) -> str | None:
        """Return what twins share."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a document stopped: `layer`, `filter` and `reason`."""

    layer: int
    filter: str
    reason: str
    document: Document | None = field(default=None, compare=False)
