"""What cleaning made of it: documents, mentions, topics, keys, drops."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class Document(SQLModel, table=True):
    """A piece that names a city: narrow, all integers. `dropped` is the layer that refused it.

    `language_confidence` in thousandths is the model's; NULL for a language that was declared.

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
    language_confidence: int | None = None
    country_id: int | None = Field(default=None, foreign_key="country.id")
    tier: int | None = None
    published_at: int | None = Field(default=None, sa_type=BigInteger)
    fetched_at: int = Field(sa_type=BigInteger)
    is_share: bool = False
    likes: int | None = Field(default=None, sa_type=BigInteger)
    comments: int | None = Field(default=None, sa_type=BigInteger)
    shares: int | None = Field(default=None, sa_type=BigInteger)
    views: int | None = Field(default=None, sa_type=BigInteger)
    followers: int | None = Field(default=None, sa_type=BigInteger)
    sentiment: int | None = None
    dropped: int | None = None
    story_id: int | None = None


class DocumentText(SQLModel, table=True):
    """What a document says, apart from the narrow table that scoring reads.

    `facts` is JSON of what only the page told (its `PageFacts`, the language it declares), so that
    later layers can be repeated without extracting it again; NULL for a record.
    """

    __tablename__: ClassVar[Any] = "document_text"
    __table_args__: ClassVar[Any] = (
        # Measuring asks which documents have no title, and must not turn every text over for it.
        Index(
            "ix_document_text_untitled",
            "document_id",
            sqlite_where=text("title = ''"),
            postgresql_where=text("title = ''"),
        ),
    )

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
    """What a twin filter says that a document shares with its twins (a hash).

    Without an index on the keys: they are compared all at once, by sorting, and an index of hashes
    costs more to keep than it saves there.
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "document_key"

    document_id: int = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    filter: str = Field(primary_key=True)
    key: bytes


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
