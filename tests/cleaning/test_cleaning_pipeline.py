from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from ccgcii import ConfigError, Document, Drop, Verdict
from ccgcii.cleaning.pipeline import Pipeline, configured

DOCUMENT = Document("t", "media", "", datetime(2020, 1, 1, tzinfo=UTC), text="some words")


@dataclass(frozen=True)
class Long:
    name: ClassVar[str] = "long"
    layer: ClassVar[int] = 1
    least: int = 3

    def clean(self, document: Document) -> Document | Drop:
        return document if len(document.text) >= self.least else Drop("short")


@dataclass(frozen=True)
class Raises:
    name: ClassVar[str] = "raises"
    layer: ClassVar[int] = 2

    def clean(self, document: Document) -> Document | Drop:
        raise ValueError("no luck")


@dataclass(frozen=True)
class Confused:
    name: ClassVar[str] = "confused"
    layer: ClassVar[int] = 4

    def clean(self, document: Document) -> Any:
        return True


def test_a_dropped_document_says_where_and_why() -> None:
    verdict = Pipeline([Long(least=50)]).judge(DOCUMENT)
    assert verdict == Verdict(1, "long", "short")


def test_a_filter_that_raises_or_returns_nonsense_costs_itself_and_is_noted() -> None:
    problems: list[tuple[str, str]] = []
    result = Pipeline([Confused(), Raises(), Long()]).judge(DOCUMENT, problems)
    assert result == DOCUMENT
    assert [name for name, _ in problems] == ["raises", "confused"]
    assert "no luck" in problems[0][1]


def test_every_step_runs_when_inspecting() -> None:
    _, verdicts = Pipeline([Long(least=50), Long(least=60)]).steps(DOCUMENT)
    assert len(verdicts) == 2


def test_options_set_a_filters_fields() -> None:
    (strict,) = configured([Long()], {"long": {"least": 50}})
    assert strict == Long(50)
    assert configured([Long()], {"long": {"enabled": False}}) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lnog": {}}, "did you mean 'long'"),
        ({"long": {"laest": 1}}, "did you mean 'least'"),
        ({"long": {"least": "many"}}, "expected int"),
        ({"long": {"enabled": "no"}}, "true or false"),
    ],
)
def test_an_impossible_option_is_refused_with_a_suggestion(options: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        configured([Long()], options)
