"""Which run a report is about: the newest score, or the one asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.errors import ScoreError
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class ScoreRun:
    """A finished score: what it was asked, the recipe it used, the tree it climbed."""

    id: int
    finished_at: str
    arguments: Mapping[str, Any]
    versions: Mapping[str, str]
    summary: Mapping[str, Any]
    recipe: Mapping[str, Any]
    digest: str

    @property
    def tree(self) -> list[dict[str, Any]]:
        """The nodes of the tree, as rows with `id` and `parent`."""
        return list(self.summary["tree"])

    @property
    def root(self) -> str:
        """The id of the node without a parent."""
        return next(str(node["id"]) for node in self.tree if node["parent"] is None)

    @property
    def dimensions(self) -> list[str]:
        """The ids of the nodes right below the root."""
        return self.children(self.root)

    def children(self, parent: str) -> list[str]:
        """Return the ids of a node's children."""
        return [str(node["id"]) for node in self.tree if node["parent"] == parent]

    def to_dict(self) -> dict[str, Any]:
        """Return what a reader of the numbers must know of the run."""
        return {
            "id": self.id,
            "finished_at": self.finished_at,
            "recipe": self.recipe["name"],
            "digest": self.digest,
            "since": self.arguments["since"],
            "until": self.arguments["until"],
            "without": [
                *self.arguments.get("without_topics", ()),
                *self.arguments.get("without_events", ()),
            ],
            "documents": self.summary["documents"],
            "notes": self.summary["notes"],
        }


def latest_score(store: Connection) -> ScoreRun:
    """Return the newest finished score; raises `ScoreError` if there is none."""
    found = find_latest_score(store)
    if found is None:
        raise ScoreError("no score yet in this store: run `ccgcii score`")
    return found


def find_latest_score(store: Connection) -> ScoreRun | None:
    """Return the newest finished score, None before the first."""
    run, weight, recipe = (table_of(t) for t in (tables.Run, tables.Weight, tables.Recipe))
    found = store.execute(
        select(run)
        .where(run.c.kind == "score", run.c.state == "done")
        .order_by(run.c.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    used = store.execute(
        select(recipe)
        .join(weight, weight.c.recipe == recipe.c.digest)
        .where(weight.c.run_id == found.id)
        .limit(1)
    ).one()
    return ScoreRun(
        id=found.id,
        finished_at=datetime.fromtimestamp(found.finished_at, UTC).isoformat(),
        arguments=json.loads(found.arguments),
        versions=json.loads(found.versions),
        summary=json.loads(found.summary),
        # The digest leaves the name out: what the run called its recipe stands in its arguments.
        recipe=json.loads(used.body) | {"name": json.loads(found.arguments)["recipe"]},
        digest=used.digest,
    )
