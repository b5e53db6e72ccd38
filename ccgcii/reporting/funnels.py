"""The funnel: how many captures each layer and filter let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import func, select

from ccgcii.cleaning.reviewing.funnels import stories_by_city, volumes
from ccgcii.documents import LAYERS
from ccgcii.reporting.texts import safe
from ccgcii.wording import counted
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def read_funnel(store: Connection) -> dict[str, Any]:
    """Return captures, those waiting, and per layer what came in, was dropped and kept.

    `kept` counts pieces, `stories` the copies of one piece once (None where nothing compares
    them); `by_city` has both for each city.
    """
    capture, drop = table_of(tables.Capture), table_of(tables.Drop)
    captures = store.execute(select(func.count()).select_from(capture)).scalar_one()
    waiting = store.execute(
        select(func.count()).select_from(capture).where(capture.c.cleaned == 0)
    ).scalar_one()
    dropped = store.execute(
        select(drop.c.layer, drop.c.filter, func.count().label("dropped"))
        .group_by(drop.c.layer, drop.c.filter)
        .order_by(drop.c.layer, drop.c.filter)
    ).all()
    entering = captures - waiting
    layers = []
    for layer, name in LAYERS.items():
        filters = [
            {"filter": row.filter, "dropped": row.dropped} for row in dropped if row.layer == layer
        ]
        lost = sum(row["dropped"] for row in filters)
        layers.append(
            {"layer": layer, "name": name, "in": entering, "dropped": lost}
            | {"kept": entering - lost, "filters": filters}
        )
        entering -= lost
    _, stories = volumes(store)
    found = {"captures": captures, "waiting": waiting, "layers": layers, "kept": entering}
    return found | {"stories": stories, "by_city": _by_city(store)}


def _by_city(store: Connection) -> dict[str, dict[str, int]]:
    """Return the volume of each city: pieces that name it, and stories, copies counted once."""
    city = table_of(tables.City)
    keys = {row.id: row.key for row in store.execute(select(city.c.id, city.c.key))}
    found = stories_by_city(store)
    return {
        keys[number]: {"pieces": pieces, "stories": stories}
        for number, (pieces, stories) in sorted(found.items(), key=lambda item: -item[1][0])
    }


def funnel_table(funnel: dict[str, Any]) -> Table:
    """Lay the funnel out, a layer a block, its filters below it."""
    kept = counted(funnel["kept"], "document")
    title = f"Funnel: {counted(funnel['captures'], 'capture')}, {kept} kept"
    if funnel.get("stories") is not None:
        title += f" telling {counted(funnel['stories'], 'story')}"
    if funnel["waiting"]:
        title += f" ({funnel['waiting']:,} waiting for `ccgcii clean`)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("layer")
    for column in ("in", "dropped", "kept"):
        table.add_column(column, justify="right")
    for layer in funnel["layers"]:
        name = f"{layer['layer']} {layer['name']}"
        table.add_row(name, f"{layer['in']:,}", f"{layer['dropped']:,}", f"{layer['kept']:,}")
        for row in layer["filters"]:
            table.add_row(f"[dim]  {safe(row['filter'])}[/]", "", f"[dim]{row['dropped']:,}[/]", "")
    return table
