from __future__ import annotations

import pytest

from ccgcii.measuring.aggregates import Aggregate, take_apart


@pytest.mark.parametrize(
    ("expression", "outer", "aggregates"),
    [
        ("count(*)", "a0", [("count", "*", "TRUE")]),
        ("sum(views)", "a0", [("sum", '"views"', "TRUE")]),
        ("min(seconds) / 3600", "(a0 / 3600)", [("min", '"seconds"', "TRUE")]),
        ("median(likes)", "a0", [("median", "likes", "TRUE")]),
        (
            "count(*) FILTER (tone < -200) / count(tone)",
            "(a0 / a1)",
            [("count", "*", "(tone < -200)"), ("count", "tone", "TRUE")],
        ),
        (
            "CASE WHEN count(*) >= 5 THEN ln(1 + sum(likes)) END",
            "CASE  WHEN ((a0 >= 5)) THEN (ln((1 + a1))) ELSE NULL END",
            [("count", "*", "TRUE"), ("sum", "likes", "TRUE")],
        ),
    ],
)
def test_an_expression_is_a_function_of_its_aggregates(
    expression: str, outer: str, aggregates: list[tuple[str, str, str]]
) -> None:
    found = take_apart(expression)
    assert found is not None
    assert found.outer == outer
    assert found.aggregates == tuple(Aggregate(*each) for each in aggregates)


def test_an_aggregate_writes_itself_and_how_many_values_it_knows() -> None:
    part = Aggregate("sum", "tone", "(tone > 0)")
    assert part.sql() == "sum(tone) FILTER (WHERE (tone > 0))"
    assert part.sql("count") == "count(tone) FILTER (WHERE (tone > 0))"
    assert Aggregate("count", "*", "TRUE").sql() == "count(*)"


@pytest.mark.parametrize(
    "expression",
    [
        "count(DISTINCT outlet)",
        "avg(tone)",
        "first(document)",
        "sum(likes) OVER ()",
        "(SELECT max(day) FROM fact)",
        "1",
        "not sql at all (",
    ],
)
def test_what_is_no_function_of_sums_is_left_alone(expression: str) -> None:
    assert take_apart(expression) is None
