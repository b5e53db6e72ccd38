"""What was done and fetched: runs, slices, requests, archive files, captures."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


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
    not_before: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None


class Request(SQLModel, table=True):
    """A request as a JSON row, never a pickle: queued, leased while in flight, done or failed.

    The queue is read in the order of `turn`: higher priority first, and hosts take turns. One that
    `polls` asks for a listing, which later crawls read again (`Poll`).
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
    not_before: int = Field(default=0, sa_type=BigInteger)
    attempts: int = 0
    status: int | None = None
    error: str | None = None
    polls: bool = False


class Poll(SQLModel, table=True):
    """A listing that later crawls read again: how it answered, what of it was new, when it is due.

    `etag` and `last_modified` are what the next request sends back, `body` the hash of what came;
    they hold for what was read under the same `reading` (window, options) only. `read_at` is when
    it was last read whole, `fresh_at` when it last named something new; of the `named` in it then,
    `fresh` were. `failures` is the weight of those in a row: a hard one 1, a passing one less.
    """

    request_id: int = Field(primary_key=True, foreign_key="request.id", ondelete="CASCADE")
    reading: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body: bytes | None = None
    checked_at: int
    read_at: int | None = None
    fresh_at: int | None = None
    interval: int
    due_at: int
    reads: int = 0
    unchanged: int = 0
    named: int | None = None
    fresh: int | None = None
    failures: float = 0.0


class Quota(SQLModel, table=True):
    """How much of a bucket of an API was used on one of the API's own days (or months).

    So many days up to this one (`span`) share the `limit`, as both stood when it was last used.
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    bucket: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    used: int
    limit: int
    span: int = 1


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
    committed: int = Field(default=0, sa_type=BigInteger)


class Capture(SQLModel, table=True):
    """Something that was fetched or imported: a `page` in the archive, or a `record` row.

    `identity` is unique within the source: a file imported twice, a page fetched twice for one
    request, adds nothing. `cleaned` is 0 until the five layers have judged it; `clean_from` is
    the layer to judge again from while it waits (NULL: all). `terms` are those of the API that
    gave it, `expires_at` when they want it gone (NULL: no terms, no limit).
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("source_id", "identity"),
        # Which source brought which channel is asked of every capture before a score.
        Index("ix_capture_scope", "source_id", "channel_id", "slice_id"),
        # Without it, each request that is deleted would have every capture looked through.
        Index(
            "ix_capture_request",
            "request_id",
            sqlite_where=text("request_id IS NOT NULL"),
            postgresql_where=text("request_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    channel_id: int = Field(foreign_key="channel.id")
    slice_id: int | None = Field(default=None, foreign_key="slice.id")
    request_id: int | None = Field(default=None, foreign_key="request.id")
    run_id: int | None = Field(default=None, foreign_key="run.id")
    kind: str
    identity: bytes
    url: str
    fetched_at: int = Field(sa_type=BigInteger)
    status: int | None = None
    content_type: str | None = None
    hints: str = "{}"
    warc_id: int | None = Field(default=None, foreign_key="warc_file.id")
    warc_offset: int | None = Field(default=None, sa_type=BigInteger)
    cleaned: int = Field(default=0, index=True)
    clean_from: int | None = None
    terms: str | None = None
    expires_at: int | None = Field(default=None, sa_type=BigInteger)


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
