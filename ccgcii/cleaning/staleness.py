"""Layers that judged a part of the store when their filters were others than now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ccgcii.cleaning.digests import EVENTS, layer_digests
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from ccgcii.catalogues import Event
    from ccgcii.cleaning.digests import LayerDigests

LAST = 5


@dataclass(frozen=True, slots=True)
class StaleLayer:
    """A layer and its filters that have changed, come or gone since they judged."""

    layer: int
    filters: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"layer": self.layer, "filters": list(self.filters)}


def stale_layers(engine: Engine, now: LayerDigests) -> tuple[StaleLayer, ...]:
    """Return the layers of which the store holds verdicts of other filters than those of now.

    Every cleaning has written what its filters were. One that repeats a layer for all (`--again`,
    `--from`) makes up for those before it, once it is finished, be it by a later call.
    """
    past: dict[int, list[dict[str, str]]] = {layer: [] for layer in range(1, LAST + 1)}
    # Where in each list a repetition began that is not finished.
    begun: dict[int, int] = {}
    for arguments, state, judged in _cleanings(engine):
        filters = arguments.get("layers", {})
        if first := arguments.get("from"):
            begun |= {layer: len(past[layer]) for layer in past if layer >= first}
        if judged:
            for layer, before in past.items():
                before.append(filters.get(str(layer), {}))
        if state == "done":
            for layer, number in begun.items():
                del past[layer][:number]
            begun.clear()
    return tuple(
        StaleLayer(layer, changed)
        for layer, before in past.items()
        if (changed := _changed(before, now.get(str(layer), {})))
    )


def events_changed(engine: Engine, events: Iterable[Event]) -> bool:
    """Say whether documents of the store were searched for other events than these."""
    now = layer_digests((), events).get(str(LAST), {}).get(EVENTS)
    stale = stale_layers(engine, {str(LAST): {EVENTS: now}} if now else {})
    return any(EVENTS in layer.filters for layer in stale)


def _changed(before: list[dict[str, str]], now: dict[str, str]) -> tuple[str, ...]:
    names: set[str] = set()
    for then in before:
        names |= {name for name in {*then, *now} if then.get(name) != now.get(name)}
    return tuple(sorted(names))


def _cleanings(engine: Engine) -> list[tuple[dict[str, Any], str, bool]]:
    """Return every cleaning: its arguments, how it ended, and whether it judged anything."""
    run = table_of(tables.Run)
    query = (
        select(run.c.arguments, run.c.state, run.c.summary)
        .where(run.c.kind == "clean")
        .order_by(run.c.id)
    )
    with engine.connect() as connection:
        return [
            (json.loads(said), state, _judged(state, json.loads(summary)))
            for said, state, summary in connection.execute(query)
        ]


def _judged(state: str, summary: dict[str, Any]) -> bool:
    # What a killed run has judged, nobody has counted.
    return state == "running" or summary.get("captures", 0) > 0
