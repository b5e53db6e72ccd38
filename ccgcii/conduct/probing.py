"""A careful first try of a source: one slice, few requests, a store that is thrown away."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ccgcii.crawling.runs import choose_sources, crawl
from ccgcii.records import record_from_json, to_iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.workspace import Workspace

REQUESTS = 20  # the most that a probe sends besides robots.txt


@dataclass(frozen=True, slots=True)
class ProbedPiece:
    """A piece that came: `published_at` (ISO 8601 UTC) and `title` as the source itself says."""

    kind: str
    url: str
    title: str
    published_at: str | None


@dataclass(frozen=True, slots=True)
class Probe:
    """What a source gave when it was tried; `slice` is None if it planned nothing.

    `requests` were sent, `failed` of them failed; `reasons` counts why, or what was amiss.
    """

    source: str
    slice: str | None
    requests: int
    failed: int
    captures: int
    dated: int
    reasons: dict[str, int]
    stopped: str | None
    pieces: tuple[ProbedPiece, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def probe(workspace: Workspace, source: str, *, limit: int = 3) -> Probe:
    """Crawl one slice of a source for `limit` pieces into a temporary store, and say what came.

    The study's store and archive are neither read nor written; requests to an API count against
    its quota all the same. Raises `SourceError` for an unknown source, `ConfigError` for a key
    that is missing.
    """
    choose_sources(workspace, [source])
    with TemporaryDirectory(prefix="ccgcii-probe-") as folder, _aside(workspace, folder) as aside:
        counts = crawl(aside, [source], limit=limit).sources[0]
        with aside.engine.connect() as connection:
            slices = connection.execute(text("SELECT key FROM slice ORDER BY id")).scalars().first()
            pieces = tuple(_pieces(connection.execute(text(_CAME)).all()))
    return Probe(
        source,
        slices,
        counts.requests,
        counts.failed,
        counts.captures,
        sum(piece.published_at is not None for piece in pieces),
        counts.reasons,
        counts.stopped,
        pieces,
    )


_CAME = """
SELECT c.kind, c.url, c.hints, r.payload FROM capture c
LEFT JOIN capture_record r ON r.capture_id = c.id ORDER BY c.id
"""


def _aside(workspace: Workspace, folder: str) -> Workspace:
    """Return the same study with a store of its own in a folder."""
    place = {"url": f"sqlite:///{folder}/probe.db", "archive": Path(folder) / "archive"}
    store = workspace.settings.store.model_copy(update=place)
    settings = workspace.settings.model_copy(update={"store": store})
    sources = {name: _cut_down(kind) for name, kind in workspace.plugins.sources().items()}
    return workspace.aside(settings, sources, create=True)


def _cut_down(kind: type[Any]) -> type[Any]:
    def slices(self: Any, plan: Any) -> list[Any]:
        return list(kind.slices(self, plan))[:1]

    def start(self: Any, *arguments: Any, **options: Any) -> None:
        kind.__init__(self, *arguments, **options)
        # A source of files has no budget: its slice is one file.
        self.budget = min(getattr(self, "budget", REQUESTS), REQUESTS)

    return type(kind.__name__, (kind,), {"slices": slices, "__init__": start})


def _pieces(rows: Iterable[Any]) -> Iterable[ProbedPiece]:
    for row in rows:
        if row.payload is None:
            hints = json.loads(row.hints)
            told = (hints.get("title", ""), hints.get("published_at"))
        else:
            record = record_from_json(row.payload)
            moment = to_iso(record.published_at) if record.published_at else None
            told = (record.title or record.text, moment)
        yield ProbedPiece(row.kind, row.url, *told)
