"""Aggregates: an SQL expression taken apart into sums that can be resampled, and the rest.

`CASE WHEN count(*) >= 5 THEN sum(tone) / count(tone) END` is a function of three numbers, each of
which is a sum over documents: under other weights of the documents, it is the same function of
other sums. DuckDB's own parser takes it apart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

ADDITIVE = ("count_star", "count", "sum")
ORDERED = ("min", "max", "median")

Node = dict[str, Any]  # of the syntax tree that DuckDB writes as JSON


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate: `kind` (count, sum, min, max, median), what it is of, and its own filter."""

    kind: str
    argument: str
    condition: str

    @property
    def is_additive(self) -> bool:
        """Whether it is a sum over rows."""
        return self.kind in {"count", "sum"}

    def sql(self, kind: str = "") -> str:
        """Write it as SQL, or another kind of it."""
        narrowed = "" if self.condition == "TRUE" else f" FILTER (WHERE {self.condition})"
        return f"{kind or self.kind}({self.argument}){narrowed}"


@dataclass(frozen=True, slots=True)
class Expression:
    """`outer` is the expression with `a0`, `a1` ... in the place of its aggregates."""

    outer: str
    aggregates: tuple[Aggregate, ...]


@cache
def take_apart(expression: str) -> Expression | None:
    """Return the parts of an expression; None if there are any that cannot be resampled."""
    tree = _read(f"SELECT {expression}")
    if tree["error"]:
        return None
    found: list[Node] = []
    outer = _replace(tree["statements"][0]["node"]["select_list"][0], found, _names())
    if not found or any(not _can_be_drawn(node) for node in found):
        return None
    return Expression(_write(outer), tuple(_aggregate(node) for node in found))


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _ask(sql: str, *given: str) -> list[Any]:
    # A cursor of its own: threads may parse at the same time.
    return [row[0] for row in _parser().cursor().execute(sql, given).fetchall()]


def _read(statement: str) -> Any:
    """Return the syntax tree of a statement; its `error` says that it is none."""
    quoted = statement.replace("'", "''")
    return json.loads(_ask(f"SELECT json_serialize_sql('{quoted}')")[0])


def _write(node: Node) -> str:
    """Return the SQL of a node of the syntax tree."""
    tree = _read("SELECT 1")
    tree["statements"][0]["node"]["select_list"] = [node]
    sql = _ask("SELECT json_deserialize_sql(?::JSON)", json.dumps(tree))[0]
    return str(sql).removeprefix("SELECT ")


@cache
def _names() -> frozenset[str]:
    kind = "WHERE function_type = 'aggregate'"
    found = _ask(f"SELECT DISTINCT function_name FROM duckdb_functions() {kind}")  # noqa: S608
    return frozenset((*found, "count_star"))


def _replace(node: Any, found: list[Node], names: frozenset[str]) -> Any:
    """Return a tree with a column in the place of each aggregate, window or subquery."""
    if isinstance(node, list):
        return [_replace(part, found, names) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("function_name") in names or node.get("class") in {"WINDOW", "SUBQUERY"}:
        column = {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": ""}
        found.append(node)
        return column | {"column_names": [f"a{len(found) - 1}"]}
    return {name: _replace(part, found, names) for name, part in node.items()}


def _can_be_drawn(node: Node) -> bool:
    known = node.get("class") == "FUNCTION" and node["function_name"] in (*ADDITIVE, *ORDERED)
    return bool(known and not node["distinct"] and len(node["arguments"]) <= 1)


def _aggregate(node: Node) -> Aggregate:
    kind = "count" if node["function_name"] == "count_star" else node["function_name"]
    argument = _write(node["arguments"][0]["expression"]) if node["arguments"] else "*"
    condition = _write(node["filter"]) if node["filter"] else "TRUE"
    return Aggregate(kind, argument, condition)
