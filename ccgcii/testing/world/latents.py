"""What is really so in the world: how much each city is heard of, and in which ways."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.cities import City

ZIPF = 0.95
SHUFFLE = 0.45


@dataclass(frozen=True, slots=True)
class Latent:
    """A city's planted strength in each dimension, each in 0-1 and 1 for the strongest city.

    `penetration` is its share of what is written, `breadth` how many topics, outlets and
    languages, `dynamism` how much of it speaks of fairs, forums, festivals and sport,
    `responsiveness` how much of it speaks of the planted events.
    """

    city: City
    penetration: float
    breadth: float
    dynamism: float
    responsiveness: float

    @property
    def index(self) -> float:
        """The planted index in 0-100: the plain mean of the four dimensions."""
        four = (self.penetration, self.breadth, self.dynamism, self.responsiveness)
        return 100 * sum(four) / len(four)


def plant(seed: int, cities: Sequence[City]) -> tuple[Latent, ...]:
    """Plant latents, strongest city first.

    Prominence falls with the rank as Zipf has it (r ** -0.95), and the ranks are those by GDP,
    shaken; the other dimensions grow with prominence, more slowly and with noise of their own.
    """
    rng = Random(f"{seed} latents")
    shaken = {city.key: math.log(r) + rng.gauss(0, SHUFFLE) for r, city in enumerate(cities, 1)}
    ordered = sorted(cities, key=lambda city: (shaken[city.key], city.key))
    planted = [
        Latent(city, share, *(_follow(rng, share, power) for power in (0.35, 0.4, 0.45)))
        for city, share in zip(ordered, _zipf(len(ordered)), strict=True)
    ]
    return tuple(sorted(planted, key=lambda latent: (-latent.index, latent.city.key)))


def shares_out(total: int, weights: Sequence[float]) -> list[int]:
    """Share out a whole number by weights: largest remainders, the first of equals first."""
    scale = total / sum(weights)
    counts = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: counts[i] - weights[i] * scale)
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _zipf(count: int) -> list[float]:
    return [rank**-ZIPF for rank in range(1, count + 1)]


def _follow(rng: Random, share: float, power: float) -> float:
    return min(1.0, math.pow(share, power) * math.exp(rng.gauss(0, 0.08)))
