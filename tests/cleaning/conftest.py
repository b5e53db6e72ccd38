"""A study in tmp_path with a real store and a real archive, and ways to fill them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text

from ccgcii.config import Settings
from ccgcii.records import record_to_json
from ccgcii.workspace import Workspace
from ccgcii_db import Dictionary, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ccgcii import Record

FETCHED = int(datetime(2020, 6, 1, tzinfo=UTC).timestamp())


def warc_response(url: str, body: bytes) -> bytes:
    """Write an HTTP response as a WARC record."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2020-06-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@dataclass
class Filling:
    """Puts captures into a workspace, as a crawl and an import would."""

    workspace: Workspace

    def page(self, url: str, body: bytes, *, hints: dict[str, Any] | None = None) -> None:
        """Archive a page and add its capture."""
        archive = self.workspace.settings.store.archive
        archive.mkdir(exist_ok=True)
        with (archive / "test.warc.gz").open("ab") as stream:
            offset = stream.tell()
            stream.write(gzip.compress(warc_response(url, body)))
        with self.workspace.engine.begin() as connection:
            warc_id = Dictionary(connection, tables.WarcFile, "path").id("test.warc.gz")
            self._capture(
                connection,
                kind="page",
                identity=sha1(url.encode()).digest(),
                url=url,
                warc_id=warc_id,
                warc_offset=offset,
                status=200,
                content_type="text/html",
                hints=json.dumps(hints or {}),
            )

    def record(self, record: Record) -> None:
        """Add a record's capture."""
        with self.workspace.engine.begin() as connection:
            number = self._capture(
                connection,
                kind="record",
                identity=sha1(f"{record.channel}{record.id}".encode()).digest(),
                url=record.url,
                channel=record.channel,
            )
            row = {"capture_id": number, "payload": record_to_json(record)}
            connection.execute(insert(tables.CaptureRecord).values(row))

    def _capture(self, connection: Any, *, channel: str = "media", **values: Any) -> int:
        values |= {
            "source_id": Dictionary(connection, tables.Source).id("test"),
            "channel_id": Dictionary(connection, tables.Channel).id(channel),
            "fetched_at": FETCHED,
            "cleaned": 0,
        }
        values.setdefault("hints", "{}")
        result = connection.execute(insert(tables.Capture).values(values))
        return int(result.inserted_primary_key[0])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        with self.workspace.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


Open = Callable[..., Filling]


@pytest.fixture
def open_study() -> Iterator[Open]:
    """Open a study of 2020 in a folder, with any settings; closed after the test."""
    with ExitStack() as stack:

        def open_at(folder: Path, **settings: Any) -> Filling:
            folder.mkdir(exist_ok=True)
            settings.setdefault("execution", {"workers": 1})
            store = {"url": f"sqlite:///{folder / 'ccgcii.db'}", "archive": folder / "archive"}
            workspace = Workspace(Settings(store=store, **settings), create=True)
            return Filling(stack.enter_context(workspace))

        yield open_at


@pytest.fixture
def filling(open_study: Open, tmp_path: Path) -> Filling:
    return open_study(tmp_path)
