"""Entropy weights in hard cases, beside pymcdm, scikit-criteria and pyDecision: which fail where.

The peers are no dependencies of ours; give them an environment to throw away:

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install pymcdm scikit-criteria pyDecision pluggy
    /tmp/peers/bin/python benchmarks/entropy_peers.py

Prints a table in Markdown (docs/recipes.md shows it). An answer is right within 0.001 of the
formula in exact arithmetic; where the formula has no answer, refusing by an exception is right.
"""

from __future__ import annotations

import math
import sys
import warnings
from decimal import Decimal
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "plugins"), str(ROOT / "db")]

if TYPE_CHECKING:
    from collections.abc import Callable

    Weigh = Callable[[Any], Any]

TAIL = np.random.default_rng(1).lognormal(0, 2, 100).tolist()
NAN = float("nan")
REFUSED = "refused"

# Name, columns, and the right answer if the formula has none or needs a convention.
CASES: tuple[tuple[str, list[list[float]], Any], ...] = (
    ("no zero, no tie", [[1.0, 4.0], [2.0, 16.0]], None),
    ("one zero among 99 equal values", [[1.0] * 99 + [0.0], TAIL], None),
    ("95 % zeros", [[0.0] * 95 + [1.0, 2, 3, 4, 5], [float(n) for n in range(100)]], None),
    ("a constant column", [[7.0] * 5, [1.0, 2, 3, 4, 9]], [0.0, 1.0]),
    ("an all-zero column", [[0.0] * 5, [1.0, 2, 3, 4, 9]], [0.0, 1.0]),
    ("all columns constant", [[2.0] * 5, [3.0] * 5], [0.5, 0.5]),
    ("negative values", [[-0.2, 0.4, 0.3], [1.0, 2, 3]], REFUSED),
    ("a missing cell", [[1.0, NAN, 3.0], [1.0, 2, 3]], REFUSED),
    ("one unit", [[1.0], [2.0]], REFUSED),
    ("nearly even columns", [[1e6, 1e6 + 1, 1e6 + 2], [1e6, 1e6 + 2, 1e6 + 4]], None),
)


def exactly(columns: list[list[float]]) -> list[float]:
    """Compute the weights by the textbook, in decimals of 28 digits, with 0 ln 0 = 0."""
    diversity = []
    for column in columns:
        cells = [Decimal(x) for x in column]
        shares = [x / sum(cells) for x in cells if x]
        diversity.append(1 - sum(-p * p.ln() for p in shares) / Decimal(len(cells)).ln())
    return [float(d / sum(diversity)) for d in diversity]


def verdict(weigh: Weigh, columns: list[list[float]], right: Any) -> str:
    """Say what a package makes of a case."""
    expected = exactly(columns) if right is None else right
    try:
        found = [float(w) for w in weigh(np.array(columns, dtype=float).T)]
    except Exception as error:  # noqa: BLE001 - any exception is the package's answer
        return "right: refuses" if right == REFUSED else f"raises {type(error).__name__}"
    text = ", ".join(f"{w:.3f}" for w in found)
    if any(map(math.isnan, found)):
        return f"NaN: {text}"
    if right == REFUSED:
        return f"answers {text}"
    if max(abs(a - b) for a, b in zip(found, expected, strict=True)) < 1e-3:
        return f"right: {text}"
    return f"wrong: {text}"


def ours() -> Weigh:
    """Return this project's entropy weights."""
    entropy = import_module("ccgcii_methods.entropy").entropy
    of = import_module("ccgcii.methods").Columns.of
    return lambda matrix: entropy(matrix, of(*map(str, range(matrix.shape[1]))))


def pymcdm() -> Weigh:
    """Return pymcdm's."""
    weigh: Weigh = import_module("pymcdm.weights").entropy_weights
    return weigh


def scikit_criteria() -> Weigh:
    """Return those of scikit-criteria."""
    weigh: Weigh = import_module("skcriteria.preprocessing.weighters").entropy_weights
    return weigh


def py_decision() -> Weigh:
    """Return pyDecision's, all criteria the more the better."""
    method = import_module("pyDecision.algorithm").entropy_method
    return lambda matrix: method(matrix, ["max"] * matrix.shape[1])


PACKAGES: tuple[tuple[str, Callable[[], Weigh]], ...] = (
    ("ccgcii", ours),
    ("pymcdm", pymcdm),
    ("scikit-criteria", scikit_criteria),
    ("pyDecision", py_decision),
)


def load() -> dict[str, Weigh]:
    """Return those that are installed, by name and version; say which are not."""
    found = {}
    for name, get in PACKAGES:
        try:
            weigh = get()
            version = "" if name == "ccgcii" else f" {metadata.version(name)}"
        except ImportError as error:
            print(f"{name} is left out ({error}); pip install {name}", file=sys.stderr)
            continue
        found[f"{name}{version}"] = weigh
    return found


def main() -> None:
    """Print the table and how many cases each has right."""
    warnings.simplefilter("ignore")  # a NaN says enough
    with np.errstate(all="ignore"):
        packages = load()
        print("| case | right answer | " + " | ".join(packages) + " |")
        print("|---" * (len(packages) + 2) + "|")
        points = dict.fromkeys(packages, 0)
        for name, columns, right in CASES:
            cells = []
            for package, weigh in packages.items():
                said = verdict(weigh, columns, right)
                points[package] += said.startswith("right")
                cells.append(said)
            answer = exactly(columns) if right is None else right
            text = answer if answer == REFUSED else ", ".join(f"{w:.3f}" for w in answer)
            print(f"| {name} | {text} | " + " | ".join(cells) + " |")
        scores = " | ".join(f"{points[package]} of {len(CASES)}" for package in packages)
        print(f"| **right** | | {scores} |")


if __name__ == "__main__":
    main()
