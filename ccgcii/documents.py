"""What travels through cleaning: records, documents, mentions, drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

T = TypeVar("T", "Document", "Mention")

LAYERS = {1: "validity", 2: "relevance", 3: "duplication", 4: "noise", 5: "quality"}
CHANNELS = ("media", "facebook", "x", "instagram", "youtube")


@dataclass(frozen=True, slots=True)
class Record:
    """One piece as a source or an export knows it: None is "not said", never zero.

    `id` is the platform's or file's own identity, as text. `published_at` is in UTC.
    `outlet` is a domain (media), `author` a handle or id (social), `country` ISO 3166-1 alpha-2,
    `language` ISO 639-1 as declared by the source. `places` are keys of cities that the source
    itself placed the piece in, for one whose text is not at hand; `tone` is the source's own, in
    the source's own scale.
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
    places: tuple[str, ...] = ()
    tone: float | None = None


# How the rule of a mention ends whose name stands for a government.
FOR_GOVERNMENT = "for the government"


# Without slots: `changed` copies a dictionary, which costs a tenth of setting each field.
@dataclass(frozen=True)
class Mention:
    """A city named in a text.

    `field` is `title` or `text`, `start` and `end` are character offsets into it; a city that only
    the source's own places name has the field `place` and no offsets to speak of. `rule` says what
    decided for this city, `confidence` in 0-1 how surely; `sentiment` in -1..1 is the tone of the
    sentence that names it (None where the language has no model); `salience` in 0-1 is how much the
    piece is about this city (None where nobody asked).
    """

    city: str
    field: str
    start: int
    end: int
    as_written: str
    confidence: float
    rule: str
    sentiment: float | None = None
    salience: float | None = None

    @property
    def is_metonym(self) -> bool:
        """Say whether the name stands for the government that sits there: Beijing denied it."""
        return self.rule.endswith(FOR_GOVERNMENT)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What only the page itself tells, for filters that judge its form.

    `status` is the HTTP status, `size` the bytes of HTML, `links` the links inside the extracted
    main text, `link_density` the share of its characters that stand in links (0-1), `kind` the
    type that the page declares (`NewsArticle`), `free` whether it says that anyone may read it all
    (None: not said), `date_confidence` how sure its day of publication is (0-1), `around` what
    stood beside a short text and is none of it (calls to subscribe, rights).
    """

    status: int = 200
    size: int = 0
    links: int = 0
    link_density: float = 0.0
    undecodable: int = 0
    kind: str = ""
    free: bool | None = None
    date_confidence: float = 0.0
    around: str = ""


# Without slots: `changed` copies a dictionary, which costs a tenth of setting each field.
@dataclass(frozen=True)
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
    places: tuple[str, ...] = ()
    page: PageFacts | None = None
    mentions: tuple[Mention, ...] = ()
    sentiment: float | None = None
    topics: tuple[str, ...] = ()


def changed(thing: T, **values: Any) -> T:
    """Return a document or mention with other values in some of its fields.

    It is `dataclasses.replace` at a tenth of the cost, for that is what filters do all day.
    """
    new = object.__new__(type(thing))
    known = new.__dict__
    known.update(thing.__dict__)
    fields = len(known)
    known.update(values)
    if len(known) != fields:
        wrong = ", ".join(sorted(values.keys() - thing.__dict__.keys()))
        raise TypeError(f"{type(thing).__name__} has no {wrong}")
    return new


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


@runtime_checkable
class NearTwinFilter(Protocol):
    """A test of one document against all that say nearly the same within a few days.

    Of near copies with one `key` (at least `same` alike, 0-1) the earliest is kept; copies at
    other publishers stay and form a story with it (at least `story` alike). `days` is how far
    apart two copies may be published. A study has one such filter. One that also has
    `sketches(documents)`, a list in their order, is asked for many at once.
    """

    name: ClassVar[str]
    layer: ClassVar[int]

    @property
    def same(self) -> float:
        """How alike a copy to drop is."""
        ...

    @property
    def story(self) -> float:
        """How alike two pieces of one story are."""
        ...

    @property
    def days(self) -> float:
        """How many days may lie between them."""
        ...

    def key(self, document: Document) -> str | None:
        """Return what copies to drop share (the publisher); None if nothing is to be dropped."""
        ...

    def sketch(self, document: Document) -> bytes | None:
        """Return the text's sketch (`ccgcii.sketch_text`); None for a text too short for one."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a crowd: when it was published (seconds since 1970 UTC) and by whom.

    `is_share` says that its source calls it a repost of another one.
    """

    published_at: int | None
    account: int | None
    url: str
    is_share: bool = False


@runtime_checkable
class CrowdFilter(Protocol):
    """A test of many documents together: those that share a key are judged at once.

    Groups of fewer than `least` are not shown to it; with a class attribute `of_shares = True`
    neither are those without a share (a retweet, a repost).
    """

    name: ClassVar[str]
    layer: ClassVar[int]

    @property
    def least(self) -> int:
        """How many make a crowd."""
        ...

    def key(self, document: Document) -> str | None:
        """Return what the documents of a crowd share; None for one that belongs to none."""
        ...

    def judge(self, crowd: Sequence[Member]) -> Sequence[str | None]:
        """Return for each member, in order of publication, why it is dropped; None to keep it."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a document stopped: `layer`, `filter` and `reason`."""

    layer: int
    filter: str
    reason: str
    document: Document | None = field(default=None, compare=False)
