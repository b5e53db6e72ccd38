"""Leave to measure: some terms let rows be kept and read, but no metrics be derived from them.

A crawl notes which sources are restricted; `[sources.NAME] may_derive_metrics = true` says that the
operator has the platform's leave. Without it a source is withheld: measuring does not see its
documents, and its channel counts as not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from ccgcii.wording import counted
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

SOURCES = table_of(tables.Source)
DOCUMENTS = table_of(tables.Document)
LEAVE = "may_derive_metrics"


@dataclass(frozen=True, slots=True)
class Restricted:
    """A source whose terms restrict measuring: its kept documents, and whether scores see them."""

    source: str
    documents: int
    withheld: bool

    def sentence(self) -> str:
        """Say what became of its documents, and what to do about it."""
        found = counted(self.documents, "document", "are")
        if self.withheld:
            return (
                f"{self.source}: {found} left out of every figure, as its "
                f"terms forbid derived metrics; with the platform's leave, set "
                f"[sources.{self.source}] {LEAVE} = true"
            )
        return (
            f"{self.source}: {found} measured on the operator's word "
            f"([sources.{self.source}] {LEAVE} = true) that the platform gives leave"
        )


def restrict(connection: Connection, source_id: int, *, restricted: bool) -> None:
    """Note whether a source's terms forbid deriving metrics."""
    differs = (SOURCES.c.id == source_id) & (SOURCES.c.restricted != restricted)
    connection.execute(update(SOURCES).where(differs).values(restricted=restricted))


def mark_withheld(engine: Engine, options: Mapping[str, Mapping[str, Any]]) -> None:
    """Note which restricted sources have no leave in their tables of ccgcii.toml."""
    given = [name for name, table in options.items() if table.get(LEAVE) is True]
    withheld = SOURCES.c.restricted & SOURCES.c.name.not_in(given)
    with engine.begin() as connection:
        rows = connection.execute(select(SOURCES.c.id, SOURCES.c.withheld, withheld.label("now")))
        for row in rows.all():
            if bool(row.now) != row.withheld:
                mine = SOURCES.c.id == row.id
                connection.execute(update(SOURCES).where(mine).values(withheld=bool(row.now)))


def restricted_sources(engine: Engine) -> list[Restricted]:
    """Return the restricted sources with how many of their documents passed all layers."""
    query = (
        select(SOURCES.c.name, SOURCES.c.withheld, func.count(DOCUMENTS.c.id))
        .outerjoin(
            DOCUMENTS,
            (DOCUMENTS.c.source_id == SOURCES.c.id) & DOCUMENTS.c.dropped.is_(None),
        )
        .where(SOURCES.c.restricted)
        .group_by(SOURCES.c.id)
        .order_by(SOURCES.c.name)
    )
    with engine.connect() as connection:
        return [Restricted(row[0], row[2], bool(row[1])) for row in connection.execute(query)]
