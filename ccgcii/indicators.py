"""Indicators: one number per city, with a published definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ccgcii.documents import CHANNELS
from ccgcii.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from ccgcii.corpus import Corpus

Dimension = Literal["penetration", "breadth", "dynamism", "responsiveness"]
DIMENSIONS: tuple[Dimension, ...] = ("penetration", "breadth", "dynamism", "responsiveness")

Treatment = Literal["count", "ratio", "tone", "hours", "number", "growth"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measurement of every city.

    `direction` is +1 or -1 (-1: less is better). `treatment` is the class a recipe treats it by.
    `channels` are those it reads: where none of them was crawled the value is NaN.
    `minimum` is how many documents (posts, for a city's own) a city must have to get a value: fewer
    say nothing, and are NaN; 0 where none is asked for.
    `empty` is what a city gets that was looked for and not found: 0 for counts, NaN for ratios.
    `compute` takes a `Corpus` and returns a Series indexed by city key; cities it leaves out get
    `empty`.
    """

    id: str
    name: str
    dimension: str
    pillar: str
    unit: str
    treatment: str
    direction: int
    channels: tuple[str, ...]
    empty: float
    definition: str
    compute: Callable[[Corpus], pd.Series[Any]]
    minimum: int = 0

    def __post_init__(self) -> None:
        """Refuse what no recipe could use."""
        if self.direction not in (1, -1):
            raise PluginError(f"indicator {self.id!r}: direction must be 1 or -1")
        if self.minimum < 0:
            raise PluginError(f"indicator {self.id!r}: minimum must be 0 or more")
        if not self.definition:
            raise PluginError(
                f"indicator {self.id!r} has no docstring: it is its published definition"
            )
        unknown = set(self.channels) - set(CHANNELS)
        if unknown:
            raise PluginError(f"indicator {self.id!r}: unknown channel {min(unknown)!r}")


def indicator(
    id: str,  # noqa: A002 - the field's own word
    *,
    dimension: str,
    pillar: str = "",
    unit: str = "",
    treatment: Treatment = "ratio",
    direction: int = 1,
    channels: tuple[str, ...] = CHANNELS,
    empty: float = float("nan"),
    minimum: int = 0,
) -> Callable[[Callable[[Corpus], pd.Series[Any]]], Indicator]:
    """Turn a function over a corpus into an `Indicator`; the docstring is its definition.

    Example::

        @indicator("P01", dimension="penetration", unit="documents", treatment="count", empty=0)
        def media_documents(corpus):
            '''Cleaned documents of the media channel that name the city.'''
            return corpus.count("channel = 'media'")
    """

    def build(function: Callable[[Corpus], pd.Series[Any]]) -> Indicator:
        return Indicator(
            id=id,
            name=getattr(function, "__name__", id).replace("_", " "),
            dimension=dimension,
            pillar=pillar,
            unit=unit,
            treatment=treatment,
            direction=direction,
            channels=channels,
            empty=empty,
            definition=" ".join((function.__doc__ or "").split()),
            compute=function,
            minimum=minimum,
        )

    return build
