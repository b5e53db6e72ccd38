"""Trees: which indicator belongs to which node, and what the framework says of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ccgcii.errors import ScoreError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("id", "parent", "direction", "weight", "treatment", "name")
TREATMENTS = ("count", "ratio", "tone", "hours", "number", "growth")


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree: an indicator if it has no children, else what they add up to.

    `direction` is +1 or -1 (-1: less is better; indicators only). `weight` is what the framework
    gives it among its siblings, None where it gives none. `treatment` is the class a recipe treats
    an indicator by.
    """

    id: str
    parent: str | None = None
    direction: int = 1
    weight: float | None = None
    treatment: str = ""
    name: str = ""


@dataclass(frozen=True)
class Tree:
    """The framework of an index: one root, any number of levels, in the order of its table."""

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        """Refuse what is no tree, with the node that makes it none."""
        _refuse_twins(self.nodes)
        _refuse_orphans(self.nodes)
        _require_one_root(self.nodes)
        self._refuse_cycles()
        self._check_nodes()

    @classmethod
    def from_table(cls, table: pd.DataFrame, origin: str = "tree") -> Tree:
        """Read a table with columns `id, parent` and any of `direction, weight, treatment, name`.

        An empty parent marks the root; an empty direction means larger is better; an empty weight
        means that none is given.
        """
        for column in table.columns:
            if column not in COLUMNS:
                raise ScoreError(
                    f"{origin}: unknown column {str(column)!r}{suggest(str(column), COLUMNS)}"
                )
        for column in ("id", "parent"):
            if column not in table.columns:
                raise ScoreError(f"{origin}: column {column!r} is missing")
        rows = table.to_dict("records")
        return cls(tuple(_node(row, f"{origin}, row {n}") for n, row in enumerate(rows, 1)))

    def to_table(self) -> pd.DataFrame:
        """Return the tree as a table that `from_table` reads back."""
        rows = [[getattr(node, column) for column in COLUMNS] for node in self.nodes]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __getitem__(self, node: str) -> Node:
        """Return a node by id."""
        return self._by_id[node]

    def children(self, node: str) -> tuple[str, ...]:
        """Return the ids of a node's children in the order of the table."""
        return self._children.get(node, ())

    def height(self, node: str) -> int:
        """Return the number of levels below a node: 0 for a leaf."""
        return self._heights[node]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Return every node's id in the order of the table."""
        return tuple(node.id for node in self.nodes)

    @cached_property
    def root(self) -> str:
        """Return the id of the node without a parent."""
        return next(node.id for node in self.nodes if node.parent is None)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Return the ids of the indicators in the order of the table."""
        return tuple(node for node in self.ids if node not in self._children)

    @cached_property
    def upwards(self) -> tuple[str, ...]:
        """Return the ids of all nodes with children, each after its children."""
        inner = [node for node in self.ids if node in self._children]
        return tuple(sorted(inner, key=self.height))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the place of each node in the order of the table, from 0."""
        return {node: place for place, node in enumerate(self.ids)}

    @cached_property
    def _by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        children: dict[str, list[str]] = {}
        for node in self.nodes:
            if node.parent is not None:
                children.setdefault(node.parent, []).append(node.id)
        return {parent: tuple(ids) for parent, ids in children.items()}

    @cached_property
    def _heights(self) -> Mapping[str, int]:
        heights: dict[str, int] = {}
        for node in reversed(self._downwards()):
            below = [heights[child] for child in self.children(node)]
            heights[node] = 1 + max(below) if below else 0
        return heights

    def _downwards(self) -> list[str]:
        order = [self.root]
        for node in order:  # grows while it is walked: breadth first
            order.extend(self.children(node))
        return order

    def _refuse_cycles(self) -> None:
        lost = set(self.ids) - set(self._downwards())
        if lost:
            raise ScoreError(
                f"tree: {', '.join(sorted(lost))} go round in a circle and never reach the root "
                f"{self.root!r}; correct their parents"
            )

    def _check_nodes(self) -> None:
        if not self.children(self.root):
            raise ScoreError(f"tree: the root {self.root!r} has no children, nothing to score")
        for node in self.nodes:
            _direction(str(node.direction), f"tree: node {node.id!r}")
            if node.direction == -1 and self.children(node.id):
                raise ScoreError(
                    f"tree: node {node.id!r} has children and direction -1; "
                    "only an indicator can be less-is-better"
                )


def _refuse_twins(nodes: tuple[Node, ...]) -> None:
    seen: set[str] = set()
    for node in nodes:
        if node.id in seen:
            raise ScoreError(f"tree: id {node.id!r} stands twice; every node needs its own")
        seen.add(node.id)


def _refuse_orphans(nodes: tuple[Node, ...]) -> None:
    ids = [node.id for node in nodes]
    for node in nodes:
        if node.parent is not None and node.parent not in ids:
            raise ScoreError(
                f"tree: the parent {node.parent!r} of {node.id!r} is no node"
                f"{suggest(node.parent, ids)}"
            )


def _require_one_root(nodes: tuple[Node, ...]) -> None:
    roots = [node.id for node in nodes if node.parent is None]
    if len(roots) != 1:
        found = ", ".join(roots) if roots else "none"
        raise ScoreError(f"tree: needs exactly one node without a parent (found: {found})")


def _node(row: Mapping[Any, Any], where: str) -> Node:
    identity = _text(row["id"])
    if not identity:
        raise ScoreError(f"{where}: the id is empty")
    where = f"{where} ({identity})"
    treatment = _text(row.get("treatment"))
    if treatment and treatment not in TREATMENTS:
        raise ScoreError(
            f"{where}: unknown treatment {treatment!r}{suggest(treatment, TREATMENTS)}"
        )
    return Node(
        id=identity,
        parent=_text(row["parent"]) or None,
        direction=_direction(_text(row.get("direction")), where),
        weight=_weight(_text(row.get("weight")), where),
        treatment=treatment,
        name=_text(row.get("name")),
    )


def _text(cell: object) -> str:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _direction(text: str, where: str) -> int:
    directions = {"": 1, "1": 1, "+1": 1, "-1": -1, "1.0": 1, "-1.0": -1}
    if text not in directions:
        raise ScoreError(f"{where}: direction {text!r} is neither 1 nor -1")
    return directions[text]


def _weight(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not (math.isfinite(weight) and weight >= 0):
        raise ScoreError(f"{where}: weight {text!r} is not a number from 0 upwards")
    return weight
