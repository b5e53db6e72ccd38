"""Runs: what was done to a store, when, with which versions, and how it ended."""

from __future__ import annotations

import json
import platform
import time
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from ccgcii_db import insert_row, table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from ccgcii.plugins import Plugins

LIBRARIES = ("ccgcii", "duckdb", "numpy", "pandas", "scrapy", "sqlalchemy", "trafilatura")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A finished run, as plugins hear of it: `state` is done, stopped or failed."""

    id: int
    kind: str
    state: str
    summary: Mapping[str, Any] = field(default_factory=dict)


def start_run(engine: Engine, plugins: Plugins, kind: str, arguments: Mapping[str, Any]) -> int:
    """Write that a run begins; return its id."""
    table = table_of(tables.Run)
    row = {
        "kind": kind,
        "state": "running",
        "started_at": int(time.time()),
        "arguments": json.dumps(arguments, ensure_ascii=False, default=str, sort_keys=True),
        "versions": json.dumps(versions(plugins), sort_keys=True),
        "summary": "{}",
    }
    with engine.begin() as connection:
        return insert_row(connection, table, row)


def finish_run(engine: Engine, run_id: int, state: str, summary: Mapping[str, Any]) -> RunSummary:
    """Write how a run ended and return it."""
    table = table_of(tables.Run)
    row = {
        "state": state,
        "finished_at": int(time.time()),
        "summary": json.dumps(summary, ensure_ascii=False, default=str, sort_keys=True),
    }
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == run_id).values(row))
        kind = connection.execute(select(table.c.kind).where(table.c.id == run_id)).scalar_one()
    return RunSummary(run_id, kind, state, summary)


def versions(plugins: Plugins) -> dict[str, str]:
    """Return the versions that a result depends on: Python, libraries, plugins from elsewhere."""
    found = {"python": platform.python_version()}
    found |= {name: metadata.version(name) for name in LIBRARIES}
    return found | plugins.versions()
