"""Concentrations: how far a few cities hold most of what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ccgcii.findings.scopes import Scope

    Numbers = NDArray[np.float64]

TOP = 10


def concentration(scope: Scope) -> dict[str, Any]:
    """Return how unevenly the documents spread over the cities of the study, silent ones included.

    A document counts once for each city that it names, so that shares sum to one. `holding_90` is
    the smallest number of cities with nine tenths of it; `effective_cities` is 1 / HHI.
    """
    counts = scope.by_city().sort_values(ascending=False, kind="stable")
    numbers = counts.to_numpy(dtype=float)
    total = numbers.sum()
    row: dict[str, Any] = {"mentions": int(total), "cities": len(numbers)}
    row["silent_cities"] = int((numbers == 0).sum())
    if not total:
        names = (f"top{TOP}_share", "gini", "hhi", "effective_cities", "holding_90")
        return row | dict.fromkeys(names) | {"top": []}
    index = hhi(numbers)
    row |= {f"top{TOP}_share": float(numbers[:TOP].sum() / total), "gini": gini(numbers)}
    row |= {"hhi": index, "effective_cities": 1 / index}
    row["holding_90"] = int(np.searchsorted(np.cumsum(numbers), 0.9 * total - 1e-9) + 1)
    row["top"] = [
        {"city": str(city), "documents": int(count), "share": float(count / total)}
        for city, count in counts.head(TOP).items()
        if count
    ]
    return row


def gini(numbers: Numbers) -> float:
    """Return the Gini coefficient: 0 if all have the same, (n - 1) / n if one has everything."""
    ordered = np.sort(numbers)
    size = len(ordered)
    places = np.arange(1, size + 1)
    return float((2 * places - size - 1) @ ordered / (size * ordered.sum()))


def hhi(numbers: Numbers) -> float:
    """Return the Herfindahl-Hirschman index, the sum of squared shares: 1/n to 1."""
    return float(((numbers / numbers.sum()) ** 2).sum())
