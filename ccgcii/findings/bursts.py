"""Bursts: days on which something is counted far more often than just before."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from ccgcii.findings.changepoints import overdispersion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

BASELINE_DAYS = 28
FEWEST_DAYS = 7
FEWEST_DOCUMENTS = 5
LONGEST = 60
# What is weak on a day may be clear over a week; all three are looked at.
SPANS = (1, 3, 7)
# A burst is over when two three-day sums in a row stand out by less than half of what began it.
QUIET_DAYS = 2
# Overdispersion is judged on sums of days this large, and on so many: less says nothing.
JUDGED = 8
FEWEST_BLOCKS = 26


@dataclass(frozen=True, slots=True)
class Burst:
    """A stretch of days, both included, with what was counted and what was to be expected.

    `expected` is what the quiet days before would have brought; `z` is by how many standard
    deviations the strongest day stands out.
    """

    first: int
    last: int
    peak: int
    documents: int
    expected: float
    z: float


def threshold(series: int, days: int) -> float:
    """Return the z that chance passes once among so many series of so many days."""
    return float(stats.norm.isf(1 / max(series * days * len(SPANS), 10)))


def find_bursts(counts: Numbers, exposure: Numbers, at_least: float) -> list[Burst]:
    """Return the bursts of a daily series, in order of time.

    The last 1, 3 and 7 days are expected to have the rate of the 28 quiet days before them times
    their `exposure` (1 for a count; all documents of the day for a word, so that a word does not
    burst because everything does). Days of exposure 0 were not looked at and count for nothing. z
    is the difference of the variance-stabilised sums, 2 (sqrt(x + 3/8) - sqrt(expected + 3/8)),
    over the root of the overdispersion and of 1 + span/28 for the baseline's own error (Anscombe
    1948). The baseline stands still during a burst; after 60 days the new level is the level.
    """
    looked = np.flatnonzero(exposure > 0)
    if len(looked) <= FEWEST_DAYS or not _could_burst(counts[looked], at_least):
        return []
    walk = _Walk(counts[looked], exposure[looked], at_least)
    for place in range(len(looked)):
        walk.step(place)
    walk.close()
    return [
        replace(b, first=int(looked[b.first]), last=int(looked[b.last]), peak=int(looked[b.peak]))
        for b in walk.found
    ]


class _Walk:
    """One pass through the days that were looked at: the quiet ones behind, the burst under way.

    Plain numbers and running sums, because words are many and days are few.
    """

    def __init__(self, counts: Numbers, exposure: Numbers, at_least: float) -> None:
        self.found: list[Burst] = []
        self._counts: list[float] = counts.tolist()
        self._exposure: list[float] = exposure.tolist()
        self._spread = math.sqrt(_daily_overdispersion(counts, exposure))
        self._fallback = float(np.median(counts / exposure))
        self._at_least = at_least
        self._quiet: list[int] = []
        # Of counts and exposures over the quiet days, from none to all of them.
        self._sums: list[tuple[float, float]] = [(0.0, 0.0)]
        self._days: list[int] = []
        self._calm = 0

    def step(self, day: int) -> None:
        if self._days:
            self._days.append(day)
            is_calm = self._z(self._days[-SPANS[1] :], self._rate()) < self._at_least / 2
            self._calm = self._calm + 1 if is_calm else 0
            if self._calm >= QUIET_DAYS or len(self._days) > LONGEST:
                self.close()
            return
        self._rest(day)
        rate = self._rate()
        for span in SPANS:
            days = self._quiet[-span:]
            enough = sum(self._counts[day] for day in days) >= FEWEST_DOCUMENTS
            if enough and self._z(days, rate) >= self._at_least:
                del self._quiet[-len(days) :], self._sums[-len(days) :]
                self._days, self._calm = days, 0
                break

    def close(self) -> None:
        """End the burst under way, if there is one; days at its ends that do not stand out go."""
        days, rate = self._days, self._rate()
        self._days, self._calm = [], 0
        loud = [day for day in days if self._counts[day] > 2 * rate * self._exposure[day]]
        if loud:
            inside = [day for day in days if loud[0] <= day <= loud[-1]]
            self.found.append(
                Burst(
                    first=inside[0],
                    last=inside[-1],
                    peak=max(inside, key=lambda day: self._counts[day]),
                    documents=int(sum(self._counts[day] for day in inside)),
                    expected=rate * sum(self._exposure[day] for day in inside),
                    z=max(self._z([day], rate) for day in inside),
                )
            )
            if len(inside) >= LONGEST:
                self._quiet, self._sums = [], [(0.0, 0.0)]
            else:
                days = [day for day in days if day > inside[-1]]
        for day in days:
            self._rest(day)

    def _rest(self, day: int) -> None:
        counted, exposed = self._sums[-1]
        self._quiet.append(day)
        self._sums.append((counted + self._counts[day], exposed + self._exposure[day]))

    def _rate(self) -> float:
        # Outside a burst the newest days are those in question.
        last = len(self._quiet) - (0 if self._days else SPANS[-1])
        first = max(0, last - BASELINE_DAYS)
        if last - first < FEWEST_DAYS:
            return self._fallback
        (before, lead), (counted, exposed) = self._sums[first], self._sums[last]
        return (counted - before) / (exposed - lead)

    def _z(self, days: list[int], rate: float) -> float:
        counted = sum(self._counts[day] for day in days)
        expected = rate * sum(self._exposure[day] for day in days)
        distance = 2 * (math.sqrt(counted + 0.375) - math.sqrt(expected + 0.375))
        return distance / self._spread / math.sqrt(1 + len(days) / BASELINE_DAYS)


def _could_burst(counts: Numbers, at_least: float) -> bool:
    """Say whether the fullest week would stand out if nothing at all were expected of it."""
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    fullest = (sums[SPANS[-1] :] - sums[: -SPANS[-1]]).max()
    return bool(2 * (np.sqrt(fullest + 0.375) - np.sqrt(0.375)) >= at_least)


def _daily_overdispersion(counts: Numbers, exposure: Numbers) -> float:
    """Return the overdispersion of sums of days that are large enough to have one; else 1."""
    mean = counts.mean()
    length = int(np.ceil(JUDGED / mean)) if mean > 0 else len(counts)
    blocks = len(counts) // length
    if blocks < FEWEST_BLOCKS:
        return 1.0
    sums = [
        part[: blocks * length].reshape(blocks, length).sum(axis=1) for part in (counts, exposure)
    ]
    return overdispersion(sums[0], sums[1])
