"""Normalisations by a yardstick: a reference unit or value, or posts that stay year after year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii import Method, ScoreError, suggest
from ccgcii_methods.normalisations import are_costs, ends, one_where_zero, require_two_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]

NOTHING: Mapping[str, Any] = {}


def reference(
    values: Cells,
    columns: Columns,
    *,
    unit: str = "",
    targets: Mapping[str, float] = NOTHING,
    lower: float = 0.0,
    upper: float = 100.0,
) -> Cells:
    """Measure how far each unit is on the way from the worst (`lower`) to a reference (`upper`).

    (x - worst) / (reference - worst), worst the column's minimum, or maximum where less is better
    (COINr `n_dist2ref`, `n_dist2targ`; OECD/JRC Handbook 2008, step 5, without its reciprocal). The
    reference is `targets` by indicator, else the cell of `unit`, else the best unit: then it is
    min-max. Who is beyond the reference gets more than `upper`. A reference that is no better than
    the worst unit, or is missing, is refused, unless the column is constant (`lower` throughout).
    """
    require_two_units(values, "reference")
    _check_names(targets, columns, "reference", "targets")
    low, high = ends(values)
    costs = are_costs(columns)
    worst = np.where(costs, high, low)
    aim = np.where(costs, low, high) if not unit else _cells_of(unit, values, columns)
    given = [targets.get(name, math.nan) for name in columns.names]
    aim = np.where(np.isnan(given), aim, given)
    way = np.where(costs, worst - aim, aim - worst)
    # A column without a cell stays missing, a constant one tells no unit from another.
    lost = ~(way > 0) & ~(np.isnan(low) | (low == high))
    if lost.any():
        raise ScoreError(
            f"normalisation reference: for {columns.called(lost)} the reference is missing or no "
            "better than the worst unit, so there is no way to measure; choose another `unit`, or "
            "give its value in `targets`"
        )
    # Times zero, not zero: a missing cell of a constant column stays missing.
    gone = np.where(costs, worst - values, values - worst) * np.where(low == high, 0.0, 1.0)
    return np.asarray(lower + (upper - lower) * gone / np.where(way > 0, way, 1.0))


def goalposts(
    values: Cells,
    columns: Columns,
    *,
    posts: Mapping[str, Sequence[float]] = NOTHING,
    beyond: str = "keep",
    lower: float = 0.0,
    upper: float = 100.0,
) -> Cells:
    """Place each value between fixed posts, so that a score means the same in every year.

    `posts` gives [minimum, maximum] for every indicator, on the scale of the treated values:
    (x - min) / (max - min), turned where less is better. A value beyond a post is kept as it is
    (below `lower`, above `upper`) with `beyond` = `keep`, or cut to the post with `clamp`, as
    UNDP's Human Development Index does. Equal posts (a column that was constant) give `lower`; an
    indicator with empty posts, `[]`, was unknown when they were set and stays missing.
    """
    if beyond not in ("keep", "clamp"):
        raise ScoreError(f"normalisation goalposts: beyond={beyond!r} is neither keep nor clamp")
    low, high = _posts(posts, columns)
    outside = ((values < low) | (values > high)).sum()
    if outside:
        done = "cut to them" if beyond == "clamp" else "kept"
        columns.note(f"{outside} cells lie beyond the goalposts and are {done}")
    if beyond == "clamp":
        values = np.clip(values, low, high)
    gone = np.where(are_costs(columns), high - values, values - low)
    share = np.where(low == high, gone * 0.0, gone / one_where_zero(high - low))
    return np.asarray(lower + (upper - lower) * share)


def _posts(posts: Mapping[str, Sequence[float]], columns: Columns) -> tuple[Cells, Cells]:
    _check_names(posts, columns, "goalposts", "posts")
    lacking = [name not in posts for name in columns.names]
    if any(lacking):
        raise ScoreError(
            f"normalisation goalposts: `posts` has none for {columns.called(lacking)}; give "
            "[minimum, maximum] for every indicator (Ranking.freeze() writes those of a year)"
        )
    pairs = [posts[name] for name in columns.names]
    for name, pair in zip(columns.names, pairs, strict=True):
        if not pair and isinstance(pair, list | tuple):
            continue
        numbers = isinstance(pair, list | tuple) and all(isinstance(x, int | float) for x in pair)
        if not numbers or len(pair) != 2 or not pair[0] <= pair[1]:
            raise ScoreError(
                f"normalisation goalposts: posts.{name} = {pair!r} is not [minimum, maximum]"
            )
    low, high = np.array([pair or (math.nan, math.nan) for pair in pairs], dtype=float).T
    return low, high


def _cells_of(unit: str, values: Cells, columns: Columns) -> Cells:
    units = [] if columns.units is None else [str(name) for name in columns.units.index]
    if unit not in units:
        raise ScoreError(
            f"normalisation reference: no unit {unit!r} in the matrix{suggest(unit, units)}"
        )
    return np.asarray(values[units.index(unit)])


def _check_names(given: Mapping[str, Any], columns: Columns, method: str, option: str) -> None:
    for name in given:
        if name not in columns.names:
            raise ScoreError(
                f"normalisation {method}: {option}.{name} is no indicator of the tree"
                f"{suggest(name, columns.names)}"
            )


METHODS = (
    Method("normalisation", "reference", reference),
    Method("normalisation", "goalposts", goalposts),
)
