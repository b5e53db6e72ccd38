"""Cover: which weeks of which channel were looked at for which city; elsewhere zero is unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from ccgcii.documents import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

WEEK = 7
# A city is covered in a channel if so much of what was looked at for anyone was for it as well.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """The matrix cities x channels x weeks of a window (0 is its first, the last may be short).

    True where the channel was looked at for the city in that week, found or not.
    """

    cities: tuple[str, ...]
    looked: Flags
    days: int

    @classmethod
    def whole(cls, table: pd.DataFrame, days: int) -> Self:
        """Say of a table of cities x channels that it holds for every week."""
        flags = table.reindex(columns=list(CHANNELS), fill_value=False).to_numpy(dtype=bool)
        weeks = np.repeat(flags[:, :, None], -(-days // WEEK), axis=2)
        return cls(tuple(map(str, table.index)), weeks, days)

    def table(self) -> pd.DataFrame:
        """Return cities x channels: whether counts of the city there are known.

        They are if the channel was looked at for it in at least half of the weeks in which it was
        for any city. What is missing beyond that is missing in the counts, and is told.
        """
        weeks = self.looked.sum(axis=2)
        least = np.maximum(self.looked.any(axis=0).sum(axis=1) * ENOUGH, 1)
        return pd.DataFrame(weeks >= least, index=pd.Index(self.cities), columns=list(CHANNELS))

    def weeks(self, channels: Sequence[str] = CHANNELS) -> pd.Series[float]:
        """Return each city's weeks in which any of the channels was looked at; NaN if none."""
        return self._known(self._any(channels).sum(axis=1))

    def days_looked(self, channels: Sequence[str] = CHANNELS) -> pd.Series[float]:
        """Return for each city the days of those weeks; NaN if there are none."""
        return self._known(self._any(channels) @ self._lengths())

    def days_seen(self, channels: Sequence[str] = CHANNELS) -> Flags:
        """Return the matrix cities x days: those of weeks in which any channel was looked at."""
        return np.repeat(self._any(channels), WEEK, axis=1)[:, : self.days]

    def seen(self, first: float, last: float) -> bool:
        """Say whether any week of the days `first` to `last` (not included) was looked at."""
        weeks = slice(max(int(first) // WEEK, 0), math.ceil(last / WEEK))
        return bool(self.looked[:, :, weeks].any())

    def repeated(self, names: Sequence[str]) -> Self:
        """Return the cover of so many copies of the cities, under other names."""
        times = len(names) // max(len(self.cities), 1)
        return type(self)(tuple(names), np.tile(self.looked, (times, 1, 1)), self.days)

    def without(self, channels: Sequence[str]) -> Self:
        """Return the cover as if nobody had looked at these channels."""
        places = [CHANNELS.index(name) for name in channels]
        looked = self.looked.copy()
        looked[:, places] = False
        return type(self)(self.cities, looked, self.days)

    def holes(self) -> dict[str, list[int]]:
        """Return by channel that was looked at the weeks in which it was not, for any city."""
        anyone = np.asarray(self.looked.any(axis=0))
        return {
            name: np.flatnonzero(~anyone[place]).tolist()
            for place, name in enumerate(CHANNELS)
            if anyone[place].any() and not anyone[place].all()
        }

    def partial(self) -> dict[str, list[str]]:
        """Return by channel the cities for which fewer weeks were looked at than for others."""
        weeks = self.looked.sum(axis=2)
        return {
            name: [self.cities[row] for row in np.flatnonzero(weeks[:, place] < most)]
            for place, name in enumerate(CHANNELS)
            if (most := weeks[:, place].max(initial=0)) > weeks[:, place].min(initial=most)
        }

    def _any(self, channels: Sequence[str]) -> Flags:
        places = [CHANNELS.index(name) for name in channels]
        return np.asarray(self.looked[:, places].any(axis=1))

    def _lengths(self) -> NDArray[np.int64]:
        lengths = np.full(self.looked.shape[2], WEEK)
        lengths[-1:] = self.days - WEEK * (len(lengths) - 1)
        return lengths

    def _known(self, numbers: NDArray[np.int64]) -> pd.Series[float]:
        found = pd.Series(numbers.astype(float), index=pd.Index(self.cities, name="city"))
        return found.where(found > 0)
