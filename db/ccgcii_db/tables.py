"""The tables of a study, in the order of the story of a number.

Narrow on purpose: what scoring reads (`document`, `mention`) holds small integers only, with
dictionary tables beside it and texts in a table of their own (ten million documents are read in
seconds, not minutes). Times are seconds since 1970 UTC; tone, salience, confidence and sentiment
are thousandths. NULL means unknown, never zero.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.


class City(SQLModel, table=True):
    """A city that is measured; `gdp_2019` in 100 million RMB."""

    id: int = Field(primary_key=True)
    key: str = Field(unique=True)
    label: str
    name_en: str
    name_zh: str
    province_en: str
    province_zh: str
    gdp_2019: float | None
    gdp_source: str
    latitude: float | None
    longitude: float | None
    geonames_id: int | None


class CityName(SQLModel, table=True):
    """One way to write a city's name."""

    __tablename__: ClassVar[Any] = "city_name"

    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    text: str
    language: str = ""
    kind: str = "name"
    ambiguous: bool = False


class Source(SQLModel, table=True):
    """A source plugin that has brought something.

    The terms of a `restricted` one forbid deriving metrics from its rows; it is `withheld` from
    measuring unless the configuration says that the operator has leave.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    restricted: bool = False
    withheld: bool = False


class Channel(SQLModel, table=True):
    """One of the five channels."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Language(SQLModel, table=True):
    """A language, by ISO 639-1 code."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)


class Country(SQLModel, table=True):
    """A country, by ISO 3166-1 alpha-2 code."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)


class Topic(SQLModel, table=True):
    """A topic of the taxonomy; `power` is hard or soft."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    power: str


class Outlet(SQLModel, table=True):
    """A medium, by domain."""

    id: int | None = Field(default=None, primary_key=True)
    domain: str = Field(unique=True)
    name: str = ""
    country_id: int | None = Field(default=None, foreign_key="country.id")
    language_id: int | None = Field(default=None, foreign_key="language.id")
    tier: int | None = None


class Account(SQLModel, table=True):
    """An author on a platform: `handle` is a keyed hash; `city_id` if the account is a city's own.

    `role` is official, affiliated, foreign or other (NULL: unknown); `followers` as last seen.
    """

    __table_args__: ClassVar[Any] = (UniqueConstraint("channel_id", "handle"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id")
    handle: str
    followers: int | None = None
    city_id: int | None = Field(default=None, foreign_key="city.id")
    role: str | None = None


class Event(SQLModel, table=True):
    """A dated event of the world that cities may be named in; words are JSON lists."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    category: str
    is_crisis: bool
    starts_at: int
    ends_at: int
    words_en: str
    words_zh: str
    source: str = ""


class Run(SQLModel, table=True):
    """One command that changed the store: its kind, arguments and versions (JSON) and state."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)
    state: str = "running"
    started_at: int
    finished_at: int | None = None
    arguments: str = "{}"
    versions: str = "{}"
    summary: str = "{}"


class Slice(SQLModel, table=True):
    """A unit of planned work: resumed, retried, priced and counted as one.

    `state` is planned, running, done, failed or deferred (until `not_before`).
    """

    __table_args__: ClassVar[Any] = (UniqueConstraint("source_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    key: str
    city_id: int | None = Field(default=None, foreign_key="city.id")
    state: str = Field(default="planned", index=True)
    payload: str = "{}"
    requests_estimated: int | None = None
    not_before: int | None = None
    error: str | None = None


class Request(SQLModel, table=True):
    """A request as a JSON row, never a pickle: queued, leased while in flight, done or failed.

    The queue is read in the order of `turn`: higher priority first, and hosts take turns.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("source_id", "fingerprint"),
        Index("ix_request_queue", "source_id", "state", "turn", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    slice_id: int | None = Field(default=None, foreign_key="slice.id", index=True)
    fingerprint: bytes
    url: str
    payload: str
    state: str = "queued"
    priority: int = 0
    depth: int = 0
    turn: int = Field(default=0, sa_type=BigInteger)
    not_before: int = 0
    leased_until: int | None = None
    attempts: int = 0
    status: int | None = None
    error: str | None = None


class Quota(SQLModel, table=True):
    """How much of a bucket of an API was used on one of the API's own days (or months)."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    bucket: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    used: int
    limit: int


class Sighting(SQLModel, table=True):
    """A slice's search named this piece (the platform's id), whether or not it was known."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    slice_id: int = Field(primary_key=True, foreign_key="slice.id", ondelete="CASCADE")
    record: str = Field(primary_key=True)


class WarcFile(SQLModel, table=True):
    """An archive file and how much of it is committed; what stands beyond is cut at start."""

    __tablename__: ClassVar[Any] = "warc_file"

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
    committed: int = 0


class Capture(SQLModel, table=True):
    """Something that was fetched or imported: a `page` in the archive, or a `record` row.

    `identity` is unique within the source: a file imported twice, a page fetched twice for one
    request, adds nothing. `cleaned` is 0 until the five layers have judged it; `clean_from` is
    the layer to judge again from while it waits (NULL: all). `terms` are those of the API that
    gave it, `expires_at` when they want it gone (NULL: no terms, no limit).
    """

    __table_args__: ClassVar[Any] = (UniqueConstraint("source_id", "identity"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    channel_id: int = Field(foreign_key="channel.id")
    slice_id: int | None = Field(default=None, foreign_key="slice.id")
    request_id: int | None = Field(default=None, foreign_key="request.id")
    run_id: int | None = Field(default=None, foreign_key="run.id")
    kind: str
    identity: bytes
    url: str
    fetched_at: int
    status: int | None = None
    content_type: str | None = None
    hints: str = "{}"
    warc_id: int | None = Field(default=None, foreign_key="warc_file.id")
    warc_offset: int | None = None
    cleaned: int = Field(default=0, index=True)
    clean_from: int | None = None
    terms: str | None = None
    expires_at: int | None = None


class CaptureRecord(SQLModel, table=True):
    """The fields of a `record` capture, as JSON of `ccgcii.Record`."""

    __tablename__: ClassVar[Any] = "capture_record"

    capture_id: int = Field(primary_key=True, foreign_key="capture.id", ondelete="CASCADE")
    payload: str


class RejectedRow(SQLModel, table=True):
    """A row of an imported file that could not be read."""

    __tablename__: ClassVar[Any] = "rejected_row"
    __table_args__: ClassVar[Any] = (UniqueConstraint("file", "line", "reason"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id")
    file: str
    line: int
    reason: str
    raw: str = ""


class Document(SQLModel, table=True):
    """A piece that names a city: narrow, all integers. `dropped` is the layer that refused it.

    `story_id` is the document that leads its story (copies of one piece at several publishers),
    itself if it leads or stands alone, NULL if it is dropped. No foreign key: stories are
    computed anew from all documents.
    """

    id: int | None = Field(default=None, primary_key=True)
    capture_id: int = Field(foreign_key="capture.id", unique=True, ondelete="CASCADE")
    source_id: int = Field(foreign_key="source.id")
    channel_id: int = Field(foreign_key="channel.id")
    outlet_id: int | None = Field(default=None, foreign_key="outlet.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    language_id: int | None = Field(default=None, foreign_key="language.id")
    country_id: int | None = Field(default=None, foreign_key="country.id")
    tier: int | None = None
    published_at: int | None = None
    fetched_at: int
    is_share: bool = False
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    followers: int | None = None
    sentiment: int | None = None
    dropped: int | None = None
    story_id: int | None = None


class DocumentText(SQLModel, table=True):
    """What a document says, apart from the narrow table that scoring reads.

    `facts` is JSON of what only the page told (its `PageFacts`, the language it declares), so that
    later layers can be repeated without extracting it again; NULL for a record.
    """

    __tablename__: ClassVar[Any] = "document_text"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    url: str
    canonical_url: str
    title: str
    text: str
    date_rule: str
    facts: str | None = None


class Mention(SQLModel, table=True):
    """A city in a document: how often, how saliently, in the title or not, in what tone."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    count: int
    salience: int
    in_title: bool
    sentiment: int | None = None


class MentionSpan(SQLModel, table=True):
    """Where in the text a city stands, as written, and the rule that decided."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "mention_span"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    field: str = Field(primary_key=True)
    start: int = Field(primary_key=True)
    city_id: int = Field(foreign_key="city.id")
    end: int
    as_written: str
    confidence: int
    rule: str


class DocumentTopic(SQLModel, table=True):
    """A topic of a document."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "document_topic"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    topic_id: int = Field(primary_key=True, foreign_key="topic.id")


class DocumentEvent(SQLModel, table=True):
    """An event that a document speaks of, inside the event's window."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "document_event"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    event_id: int = Field(primary_key=True, foreign_key="event.id")


class DocumentKey(SQLModel, table=True):
    """What a twin filter says that a document shares with its twins (a hash)."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "document_key"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    filter: str = Field(primary_key=True)
    key: bytes = Field(index=True)


class DocumentSketch(SQLModel, table=True):
    """The sketch of a document's text: two are as alike as the share of places they agree in."""

    __tablename__: ClassVar[Any] = "document_sketch"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    sketch: bytes


class Drop(SQLModel, table=True):
    """Why a capture was left out: one row, the first layer that refused it."""

    capture_id: int = Field(primary_key=True, foreign_key="capture.id", ondelete="CASCADE")
    layer: int
    filter: str
    reason: str


class Recipe(SQLModel, table=True):
    """A recipe as it was used: its canonical JSON, found by digest."""

    digest: str = Field(primary_key=True)
    name: str
    body: str


class IndicatorValue(SQLModel, table=True):
    """A cell of the matrix; NULL means unknown, zero means looked for and none found."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "indicator_value"

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    indicator: str = Field(primary_key=True)
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    value: float | None


class Weight(SQLModel, table=True):
    """The weight of a node of the tree among its siblings, in one run and recipe."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    recipe: str = Field(primary_key=True, foreign_key="recipe.digest")
    node: str = Field(primary_key=True)
    weight: float


class Score(SQLModel, table=True):
    """A city's score at a node of the tree, in one run and recipe; NULL means not scorable."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    recipe: str = Field(primary_key=True, foreign_key="recipe.digest")
    node: str = Field(primary_key=True)
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    score: float | None
    rank: int | None = None
