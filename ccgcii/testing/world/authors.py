"""The accounts of the world's platforms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from ccgcii.testing.world.phrases import read_data

AUTHORS = 240


@dataclass(frozen=True, slots=True)
class Author:
    """An account of a platform."""

    number: int
    name: str
    followers: int
    country: str


@cache
def authors_of(channel: str) -> tuple[Author, ...]:
    """Return the accounts of a platform: the same in every world."""
    words = read_data("posts.toml")["authors"]
    rng = Random(f"authors of {channel}")
    return tuple(
        Author(
            number=number,
            name=f"{rng.choice(words['first'])}_{rng.choice(words['second'])}{number}",
            followers=int(rng.lognormvariate(9, 1.2)),
            country=rng.choice(words["countries"]),
        )
        for number in range(1, AUTHORS + 1)
    )
