"""Replays: indicators computed by their own code on every draw of a bootstrap."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ccgcii.corpus import Corpus
from ccgcii.errors import PluginError
from ccgcii.measuring.drawing import Block, draw_answers
from ccgcii.measuring.matrix import measure_one
from ccgcii.measuring.questions import Question, SourceQuestion
from ccgcii.measuring.sources import draw_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb
    import pandas as pd
    from numpy.typing import NDArray

    from ccgcii.indicators import Indicator
    from ccgcii.measuring.answers import Answers
    from ccgcii.measuring.drawing import Drawn
    from ccgcii.scoring import Note

    Numbers = NDArray[np.float64]

Asked = Question | SourceQuestion
# Draws that are computed at once.
TOGETHER = 50


def replay(corpus: Corpus, indicators: Sequence[Indicator], weights: Numbers) -> dict[str, Numbers]:
    """Return indicators (draws x cities) under the weights (draws x clusters) of every draw.

    Left out is an indicator that fails, that asks by SQL of its own or for too much.
    """
    questions = {each.id: _questions(corpus, each) for each in indicators}
    asked = {question: None for found in questions.values() for question in found or ()}
    connection = corpus.facts.connection
    plain = [question for question in asked if isinstance(question, Question)]
    drawn: dict[Asked, Drawn] = dict(draw_answers(connection, plain, weights).items())
    for question in asked:
        if isinstance(question, SourceQuestion):
            drawn[question] = draw_sources(connection, question, weights)
    able = [each for each in indicators if _all_in(questions[each.id], drawn)]
    return _Replay(corpus, drawn).compute(able, len(weights))


def _questions(corpus: Corpus, indicator: Indicator) -> tuple[Asked, ...] | None:
    """Return what an indicator asks; None if no draw could answer it."""
    facts = Listening(corpus.facts)
    try:
        indicator.compute(Corpus(facts, corpus.dictionaries, corpus.window, corpus.cover))
    except Exception:  # noqa: BLE001 - whatever it raises, `measure` has noted it
        return None
    return None if facts.by_hand else tuple(facts.asked)


def _all_in(asked: tuple[Asked, ...] | None, drawn: Mapping[Asked, Drawn]) -> bool:
    return asked is not None and all(question in drawn for question in asked)


@dataclass(frozen=True, slots=True)
class _Replay:
    """Indicators at work on the draws of a corpus."""

    corpus: Corpus
    drawn: Mapping[Asked, Drawn]

    def compute(self, indicators: Sequence[Indicator], draws: int) -> dict[str, Numbers]:
        """Compute indicators on every draw (draws x cities); one that fails is left out."""
        found: dict[str, list[Numbers]] = {}
        for group, size in zip(self._sort(indicators), (TOGETHER, 1), strict=True):
            for first in range(0, draws if group else 0, size):
                self._add(found, group, slice(first, min(first + size, draws)))
        tables = {key: np.vstack(parts) for key, parts in found.items()}
        return {key: table for key, table in tables.items() if len(table) == draws}

    def _sort(self, indicators: Sequence[Indicator]) -> tuple[list[Indicator], list[Indicator]]:
        """Return those that many draws may be given to at once, and those that compare cities.

        Each is tried on two draws, one by one and together: the same digits say that no city of
        one draw was compared with a city of the other.
        """
        alone: dict[str, list[Numbers]] = {}
        together: dict[str, list[Numbers]] = {}
        self._add(together, indicators, slice(0, 2))
        for draw in (0, 1):
            self._add(alone, indicators, slice(draw, draw + 1))
        alike = {
            each.id: each.id in together
            and np.allclose(
                np.vstack(alone[each.id]), together[each.id][0], rtol=1e-9, equal_nan=True
            )
            for each in indicators
            if each.id in alone
        }
        able = [each for each in indicators if each.id in alike]
        return [each for each in able if alike[each.id]], [e for e in able if not alike[e.id]]

    def _add(
        self, found: dict[str, list[Numbers]], indicators: Sequence[Indicator], draws: slice
    ) -> None:
        corpus = self._block(draws)
        shape = (draws.stop - draws.start, len(self.corpus.cities))
        for each in indicators:
            # Whatever it raises in a draw costs its own draws only.
            with suppress(Exception):
                column = measure_one(corpus, each).to_numpy(dtype=float).reshape(shape)
                found.setdefault(each.id, []).append(column)

    def _block(self, draws: slice) -> Corpus:
        corpus = self.corpus
        block = Block(draws, tuple(corpus.cities))
        cover = corpus.cover.repeated(block.names)
        dictionaries = replace(corpus.dictionaries, cities=dict(enumerate(block.names)))
        facts = SomeDraws(corpus.facts, self.drawn, block)
        return Corpus(facts, dictionaries, corpus.window, cover, draws=block.size)


class Listening:
    """Facts that remember what was asked of them."""

    def __init__(self, facts: Answers) -> None:
        self._facts = facts
        self.asked: dict[Asked, None] = {}
        self.by_hand = False

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the facts."""
        return self._facts.connection

    def answer(self, question: Asked) -> pd.DataFrame:
        """Answer, and remember."""
        self.asked[question] = None
        return self._facts.answer(question)

    def query(self, sql: str) -> pd.DataFrame:
        """Answer SQL of the indicator's own, which no draw can answer."""
        self.by_hand = True
        return self._facts.query(sql)

    def listing(self, sql: str) -> pd.DataFrame:
        """Answer as the facts do."""
        return self._facts.listing(sql)

    def keep(self) -> tuple[Note, ...]:
        """Keep nothing."""
        return ()


class SomeDraws:
    """The facts of a block of draws."""

    def __init__(self, facts: Answers, drawn: Mapping[Asked, Drawn], block: Block) -> None:
        self._facts = facts
        self._drawn = drawn
        self._block = block

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection that holds the facts themselves."""
        return self._facts.connection

    def answer(self, question: Asked) -> pd.DataFrame:
        """Answer as these draws have it."""
        if question not in self._drawn:
            raise PluginError("asks of a draw what it did not ask of the study itself")
        return self._drawn[question].frame(self._block)

    def query(self, sql: str) -> pd.DataFrame:
        """Refuse: no draw can answer SQL of an indicator's own."""
        raise PluginError(f"cannot be drawn: {sql!r}")

    def listing(self, sql: str) -> pd.DataFrame:
        """Answer as the facts do, once for each draw: no document changes a list."""
        found = self._facts.listing(sql)
        if "city" not in found:
            return found
        size = self._block.size
        again = found.take(np.tile(np.arange(len(found)), size)).reset_index(drop=True)
        draw = np.repeat(np.arange(size), len(found))
        return again.assign(city=self._block.name(draw, again["city"]))

    def keep(self) -> tuple[Note, ...]:
        """Keep nothing."""
        return ()
