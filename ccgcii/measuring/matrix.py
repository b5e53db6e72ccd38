"""The matrix: every indicator of every city, unknown and zero kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.errors import PluginError, ScoreError
from ccgcii.scoring.rankings import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator

NAMED = 6
UNKNOWN = "unknown for every city in this corpus"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cities x indicators, and what has to be said about it."""

    cells: pd.DataFrame
    notes: tuple[Note, ...]


def measure(corpus: Corpus, indicators: Sequence[Indicator]) -> Matrix:
    """Compute every indicator for every city.

    A city that an indicator leaves out gets `indicator.empty`; where none of its channels was
    looked at, or the quantity is known for no city at all, the value is NaN. An indicator that
    fails costs its own column only and is noted.
    """
    if not indicators:
        raise ScoreError("no indicators: see `ccgcii plugins` for what is broken or disabled")
    columns: dict[str, pd.Series[float]] = {}
    notes: list[Note] = []
    for indicator in indicators:
        try:
            column = measure_one(corpus, indicator)
        except Exception as error:  # noqa: BLE001 - whatever an indicator raises costs only itself
            text = f"failed and is left out: {_reason(error)} ({_who(indicator)})"
            notes.append(Note(indicator.id, text, warning=True))
            column = corpus.unknown()
        else:
            if column.isna().all():
                notes.append(Note(indicator.id, UNKNOWN))
        columns[indicator.id] = column
    notes += _holes(corpus)
    return Matrix(pd.DataFrame(columns, index=corpus.cities), tuple(notes))


def measure_one(corpus: Corpus, indicator: Indicator) -> pd.Series[float]:
    """Compute one indicator for every city; whatever it raises is the caller's."""
    found = _check(indicator.compute(corpus), corpus.cities)
    # Known for nobody who has documents: then it is not zero for those who have none.
    empty = np.nan if len(found) and found.isna().all() else indicator.empty
    column = found.reindex(corpus.cities, fill_value=empty)
    covered = corpus.covered[list(indicator.channels)].any(axis=1)
    # Adding zero turns -0.0 into 0.0: digits must not depend on a sign that means nothing.
    return column.where(covered) + 0.0


def _holes(corpus: Corpus) -> list[Note]:
    """Say where nobody looked: counts there are smaller than what there was, zeros are unknown."""
    cover = corpus.cover
    notes = []
    for channel, weeks in cover.holes().items():
        first = corpus.window.since + timedelta(days=7 * weeks[0])
        text = f"{len(weeks)} of {cover.looked.shape[2]} weeks unseen, the first from {first}"
        notes.append(Note(channel, f"{text}: nothing is known of them"))
    for channel, cities in cover.partial().items():
        unknown = [city for city in cities if not corpus.covered.loc[city, channel]]
        text = f"looked at for less time than others: {_named(cities)}"
        if unknown:
            text += f"; too little to count, so unknown: {_named(unknown)}"
        notes.append(Note(channel, text, warning=True))
    return notes + _unseen_events(corpus)


def _unseen_events(corpus: Corpus) -> list[Note]:
    unseen = len(corpus.dictionaries.events_in(corpus.window)) - len(corpus.events)
    if not unseen:
        return []
    return [Note("events", f"{unseen} of days that nobody looked at are left out")]


def _named(cities: list[str]) -> str:
    more = f" and {len(cities) - NAMED} more" if len(cities) > NAMED else ""
    return ", ".join(cities[:NAMED]) + more


def _check(found: Any, cities: pd.Index[Any]) -> pd.Series[float]:
    if not isinstance(found, pd.Series):
        raise PluginError(f"it returned {type(found).__name__}, not a Series indexed by city")
    strangers = found.index.difference(cities)
    if len(strangers):
        raise PluginError(f"it returned {strangers[0]!r}, which is no city of the study")
    if not found.index.is_unique:
        twice = found.index[found.index.duplicated()][0]
        raise PluginError(f"it returned {twice!r} twice")
    values = pd.to_numeric(found).astype(float)
    values.index = found.index.astype(str)
    if np.isinf(values).any():
        raise PluginError(f"{values.index[np.isinf(values)][0]!r} is infinite")
    return values


def _who(indicator: Indicator) -> str:
    plugin = getattr(indicator.compute, "__module__", "").partition(".")[0]
    return f"indicator {indicator.name!r}, plugin {plugin!r}"


def _reason(error: Exception) -> str:
    if isinstance(error, PluginError):
        return str(error)
    return f"{type(error).__name__}: {error}"
