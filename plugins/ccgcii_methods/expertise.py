"""Weightings by experts: pairwise comparison (AHP) and budgets of points."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii import Method, ScoreError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii import Columns

    Cells = NDArray[np.float64]

# Saaty's mean consistency index of random matrices of n rows (Saaty 1980, table 3.1 as extended).
RANDOM = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


def ahp(
    _values: Cells,
    columns: Columns,
    *,
    names: Sequence[str] = (),
    pairwise: Sequence[Sequence[Any]] = (),
    limit: float = 0.1,
) -> Cells:
    """Weight by pairwise comparison: the principal eigenvector of the matrix (Saaty 1980).

    `pairwise` says how many times more the row's child counts than the column's (1/9 to 9, a
    fraction may stand as text: "1/3"); `names` are its children in that order. The matrix must be
    reciprocal to 3 %. Its consistency ratio, CR = (L - n) / (n - 1) / RI(n), is noted; a CR of
    `limit` (0.1) or more is refused, as Saaty advises. Compared children that are left out of the
    scoring leave their rows and columns.
    """
    matrix = _matrix(names, pairwise)
    lacking = [name for name in columns.names if name not in names]
    if lacking:
        raise ScoreError(
            f"weighting ahp: {', '.join(lacking)} is not compared{suggest(lacking[0], names)}; "
            "`names` must hold every child of the node"
        )
    ratio = consistency_ratio(matrix)
    if not ratio < limit:
        raise ScoreError(
            f"weighting ahp: the comparisons contradict each other: consistency ratio {ratio:.3f}, "
            f"{limit:g} or more; ask again about the pairs furthest from the weights' ratios"
        )
    columns.note(f"AHP consistency ratio {ratio:.3f}")
    places = [list(names).index(name) for name in columns.names]
    return _principal(matrix[np.ix_(places, places)])[1]


def budget(
    _values: Cells,
    columns: Columns,
    *,
    experts: Mapping[str, Mapping[str, float]] | None = None,
    points: float = 100.0,
) -> Cells:
    """Weight by the points that experts give (budget allocation, OECD/JRC Handbook 2008, step 6).

    `experts` holds, by expert, the points of each child; each expert's must sum to `points`, so
    that no slip of addition goes unseen. w is the mean of the experts' shares; the coefficient of
    variation between experts is noted. Children left out of the scoring leave their points.
    """
    given = {} if experts is None else experts
    if not given:
        raise ScoreError("weighting budget: `experts` gives nobody's points")
    for expert, shares in given.items():
        _check_budget(expert, shares, columns, points)
    table = np.array([[given[e][name] for name in columns.names] for e in given], dtype=float)
    means = table.mean(axis=0)
    if not means.sum():
        raise ScoreError(f"weighting budget: no points for any of {', '.join(columns.names)}")
    variation = table.std(axis=0, ddof=min(1, len(given) - 1)) / np.where(means > 0, means, 1.0)
    widest = int(variation.argmax())
    columns.note(
        f"points of {len(given)} experts; they differ most on {columns.names[widest]} "
        f"(coefficient of variation {variation[widest]:.2f})"
    )
    return np.asarray(means / means.sum())


def consistency_ratio(matrix: Cells) -> float:
    """Return CR of a reciprocal matrix; 0 for one or two rows, which cannot contradict."""
    size = len(matrix)
    if size < 3:
        return 0.0
    # No eigenvalue of a reciprocal matrix is below its size, but for rounding.
    return max(_principal(matrix)[0] - size, 0.0) / (size - 1) / RANDOM[size - 1]


def _principal(matrix: Cells) -> tuple[float, Cells]:
    """Return the largest eigenvalue and its vector, scaled to sum one (Perron: all positive)."""
    values, vectors = np.linalg.eig(matrix)
    place = int(values.real.argmax())
    vector = np.abs(vectors[:, place].real)
    return float(values[place].real), vector / vector.sum()


def _matrix(names: Sequence[str], pairwise: Sequence[Sequence[Any]]) -> Cells:
    size = len(pairwise)
    if not 0 < size <= len(RANDOM) or len(set(names)) != len(names) or len(names) != size:
        raise ScoreError(
            f"weighting ahp: give 1 to {len(RANDOM)} different `names` and as many rows of "
            f"`pairwise` (there: {len(names)} names, {size} rows); split larger nodes"
        )
    rows = []
    for name, row in zip(names, pairwise, strict=True):
        if not isinstance(row, list | tuple) or len(row) != size:
            raise ScoreError(f"weighting ahp: the row of {name!r} needs {size} comparisons")
        rows.append([_ratio(cell, name) for cell in row])
    matrix = np.array(rows)
    for i, j in zip(*np.nonzero(np.abs(np.log(matrix * matrix.T)) > math.log(1.03)), strict=True):
        raise ScoreError(
            f"weighting ahp: {names[i]} to {names[j]} is {matrix[i, j]:g}, but the other way "
            f"round {matrix[j, i]:g}: one must be 1 / the other"
        )
    return matrix


def _ratio(cell: object, name: str) -> float:
    try:
        ratio = float(Fraction(cell) if isinstance(cell, str) else cell)  # type: ignore[arg-type]  # what is no number is refused below
    except (ValueError, TypeError, ZeroDivisionError):
        ratio = math.nan
    if not (math.isfinite(ratio) and ratio > 0):
        raise ScoreError(f"weighting ahp: {cell!r} in the row of {name!r} is no positive ratio")
    return ratio


def _check_budget(
    expert: str, shares: Mapping[str, float], columns: Columns, points: float
) -> None:
    lacking = [name for name in columns.names if name not in shares]
    if lacking:
        raise ScoreError(
            f"weighting budget: expert {expert!r} gives no points to {', '.join(lacking)}"
            f"{suggest(lacking[0], shares)}; give 0 if none are meant"
        )
    numbers = list(shares.values())
    if not all(isinstance(x, int | float) and x >= 0 for x in numbers):
        raise ScoreError(f"weighting budget: points of expert {expert!r} are numbers from 0 up")
    if not math.isclose(sum(numbers), points, rel_tol=1e-6):
        raise ScoreError(
            f"weighting budget: the points of expert {expert!r} sum to {sum(numbers):g}, "
            f"not to {points:g}"
        )


METHODS = (Method("weighting", "ahp", ahp), Method("weighting", "budget", budget))
