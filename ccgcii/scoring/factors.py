"""Factors: what a ranking's method could as well have been, each drawn by a number from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ccgcii.scoring.recipes import Recipe
    from ccgcii.scoring.trees import Tree

    Cells = NDArray[np.float64]

LOG1P = {"method": "log1p"}
WINSORISE = {"method": "winsorise"}
MASKED_ENTROPY = {"method": "entropy", "missing": "mask"}
EQUAL = {"method": "equal"}
CAPS = (0.0, 1.5, 2.0, 3.0, 5.0)


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """One way to rebuild: entries of the recipe, indicators left out, noise on the weights."""

    entries: Mapping[str, Any]
    left_out: frozenset[str] = frozenset()
    noise: Cells | None = None


class Factor(Protocol):
    """Something that can be drawn: `at(u)` is what it is at u, from 0 to below 1."""

    @property
    def name(self) -> str:
        """The name in the tables of sensitivity."""

    def at(self, u: float) -> Draw:
        """Return what the factor changes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values of a recipe's entry, all equally likely."""

    name: str
    key: str
    values: Sequence[Any]

    def at(self, u: float) -> Draw:
        """Return the entry."""
        return Draw({self.key: _pick(self.values, u)})


@dataclass(frozen=True, slots=True)
class Interval:
    """A number of a recipe's entry, all between two ends equally likely."""

    name: str
    key: str
    low: float
    high: float

    def at(self, u: float) -> Draw:
        """Return the entry."""
        return Draw({self.key: self.low + u * (self.high - self.low)})


@dataclass(frozen=True, slots=True, eq=False)
class Shaken:
    """One of several sets of noise on the weights (sets x nodes), all equally likely."""

    name: str
    sets: Cells

    def at(self, u: float) -> Draw:
        """Return the noise."""
        return Draw({}, noise=_pick(self.sets, u))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Nothing, or one of several groups of indicators left out, all equally likely."""

    name: str
    groups: Mapping[str, frozenset[str]]

    def at(self, u: float) -> Draw:
        """Return the indicators that are left out."""
        choices = [frozenset[str](), *self.groups.values()]
        return Draw({}, left_out=_pick(choices, u))


def draw(factors: Sequence[Factor], point: Sequence[float]) -> Draw:
    """Return what all factors change together at a point of the unit cube."""
    parts = [factor.at(float(u)) for factor, u in zip(factors, point, strict=True)]
    noises = [part.noise for part in parts if part.noise is not None]
    return Draw(
        {key: value for part in parts for key, value in part.entries.items()},
        frozenset().union(*(part.left_out for part in parts)),
        np.prod(noises, axis=0) if noises else None,
    )


def shaken_weights(tree: Tree, *, sets: int, spread: float, seed: int) -> Shaken:
    """Return noise that gives each weight a standard deviation of `spread`, as a share of it.

    w' ~ w g with g from Gamma(1/spread^2), mean 1, for every node: of k equal weights that is a
    symmetric Dirichlet distribution, and no corner of it is left out, as it is by scaled uniform
    numbers.
    """
    shape = 1.0 / spread**2
    generator = np.random.default_rng(seed)
    return Shaken("weights", generator.gamma(shape, 1.0 / shape, (sets, len(tree.ids))))


def channel_groups(channels: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Return by channel the indicators that read no other: those its loss would silence.

    `channels` are those of each indicator. An indicator over several channels stays: without the
    documents nobody can say what it would be without one of them.
    """
    names = sorted({channel for own in channels.values() for channel in own})
    groups = {
        name: frozenset(leaf for leaf, own in channels.items() if set(own) == {name})
        for name in names
    }
    return {name: leaves for name, leaves in groups.items() if leaves}


def usual_base(recipe: Recipe, *, signed: bool = False) -> Recipe:
    """Return the recipe with its weighting written as a blend, so that its parts can be varied.

    A weighting that is no blend becomes one of itself with equal weights, uncapped and unscreened
    (equal weights: one of entropy with them). A recipe with frozen weights stays as it is, and one
    of equal weights whose scores are `signed` (some lie below zero): they have no entropy.
    """
    if recipe.weighting.method == "blend" or not _can_blend(recipe, signed=signed):
        return recipe
    own = recipe.weighting.to_dict()
    objective = MASKED_ENTROPY if own == EQUAL else own
    blend = {"method": "blend", "objective": objective, "prior": "equal", "screen": 1.0, "cap": 0.0}
    return recipe.with_overrides({"weighting": blend})


def usual_factors(
    recipe: Recipe,
    tree: Tree,
    channels: Mapping[str, Sequence[str]],
    *,
    sets: int,
    seed: int,
    spread: float = 0.25,
    signed: bool = False,
) -> tuple[Factor, ...]:
    """Return what could as well have been otherwise about an index of counts and shares.

    Treatment (none; log1p; log1p and winsorised; or the recipe's), normalisation (min-max, ranks,
    or the recipe's), share of the objective weights (0 to 1), their cap, aggregation at the top
    (arithmetic, geometric, or the recipe's), noise on all weights, one channel left out. Under
    goalposts treatment and normalisation stay, under frozen weights blend and cap. Where the
    recipe's scores are `signed` (some lie below zero) there is no geometric mean, and equal weights
    are not blended.
    """
    height = tree.height(tree.root)
    # Where the recipe itself says it: an entry that another one outranks would change nothing.
    top = "levels.top" if height > 1 else "levels.1"
    top = f"nodes.{tree.root}" if tree.root in recipe.nodes else top
    means: list[Any] = [{"method": "arithmetic"}]
    means += [] if signed else [{"method": "geometric", "floor": 1.0}]
    _, own = recipe.rule(tree.root, height, is_top=height > 1)
    factors: list[Factor] = []
    if recipe.normalisation.method != "goalposts":
        factors += [_treatments(recipe), _normalisations(recipe)]
    if _can_blend(recipe, signed=signed):
        factors.append(Interval("blend", "weighting.share", 0.0, 1.0))
        factors.append(Choice("cap", "weighting.cap", CAPS))
    factors.append(Choice("aggregation", f"{top}.aggregation", _with(own.to_dict(), means)))
    factors.append(shaken_weights(tree, sets=sets, spread=spread, seed=seed))
    groups = channel_groups({leaf: channels.get(leaf, ()) for leaf in tree.leaves})
    if groups:
        factors.append(LeftOut("channel", groups))
    return tuple(factors)


def _can_blend(recipe: Recipe, *, signed: bool) -> bool:
    return not recipe.weights and not (signed and recipe.weighting.to_dict() == EQUAL)


def _treatments(recipe: Recipe) -> Choice:
    usual = [[{"method": "none"}], [LOG1P], [LOG1P, WINSORISE]]
    own = [step.to_dict() for step in recipe.treatment]
    return Choice("treatment", "treatment", _with(own, usual, lambda chain: [*map(_name, chain)]))


def _normalisations(recipe: Recipe) -> Choice:
    usual = [{"method": "minmax"}, {"method": "rank"}]
    return Choice("normalisation", "normalisation", _with(recipe.normalisation.to_dict(), usual))


def _pick(values: Any, u: float) -> Any:
    return values[min(int(u * len(values)), len(values) - 1)]


def _name(step: Mapping[str, Any]) -> str:
    return str(step["method"])


def _with(own: Any, usual: list[Any], name: Callable[[Any], object] = _name) -> list[Any]:
    """Return the usual steps with the recipe's own: in place of its like, or before them."""
    if name(own) not in [name(step) for step in usual]:
        return [own, *usual]
    return [own if name(step) == name(own) else step for step in usual]
