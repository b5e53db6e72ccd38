"""Trees: what is none is refused, naming the node."""

from __future__ import annotations

import pandas as pd
import pytest

from ccgcii import ScoreError
from ccgcii.scoring import Node, Tree


def tree(*rows: tuple[object, ...], columns: tuple[str, ...] = ("id", "parent")) -> Tree:
    return Tree.from_table(pd.DataFrame(rows, columns=list(columns)))


def test_a_tree_knows_its_root_its_leaves_and_the_way_up() -> None:
    grown = tree(("a", "x"), ("x", "top"), ("b", "x"), ("top", None), ("c", "top"))
    assert grown.root == "top"
    assert grown.leaves == ("a", "b", "c")
    assert grown.upwards == ("x", "top")
    assert grown.children("x") == ("a", "b")
    assert [grown.height(node) for node in ("a", "x", "top")] == [0, 1, 2]


def test_what_a_table_does_not_say_is_larger_is_better_and_no_weight() -> None:
    grown = tree(("top", ""), ("a", "top"))
    assert grown["a"].direction == 1
    assert grown["a"].weight is None


def test_a_tree_survives_its_table() -> None:
    columns = ("id", "parent", "direction", "weight", "treatment", "name")
    grown = tree(
        ("top", "", 1, "", "", "Index"), ("a", "top", -1, 2.5, "hours", "Latency"), columns=columns
    )
    assert Tree.from_table(grown.to_table()) == grown


def test_numbers_may_name_nodes() -> None:
    grown = Tree.from_table(pd.DataFrame({"id": [1, 2], "parent": [None, 1.0]}))
    assert grown.children("1") == ("2",)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("top", ""), ("a", "top"), ("a", "top")], "id 'a' stands twice"),
        ([("top", ""), ("a", "tpo")], "parent 'tpo' of 'a' is no node; did you mean 'top'"),
        ([("top", ""), ("other", ""), ("a", "top")], r"exactly one node.*top, other"),
        ([("a", "b"), ("b", "a")], r"exactly one node.*none"),
        ([("top", ""), ("c", "top"), ("a", "b"), ("b", "a")], "a, b go round in a circle"),
        ([("a", "a"), ("top", ""), ("c", "top")], "a go round in a circle"),
        ([("top", "")], "root 'top' has no children"),
        ([("top", ""), ("", "top")], "row 2: the id is empty"),
    ],
)
def test_what_is_no_tree_is_refused(rows: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        tree(*rows)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("direction", "0", r"row 2 \(a\): direction '0' is neither 1 nor -1"),
        ("weight", "-1", "weight '-1' is not a number from 0"),
        ("weight", "heavy", "weight 'heavy' is not a number from 0"),
        ("treatment", "counts", "unknown treatment 'counts'; did you mean 'count'"),
        ("wieght", "1", "unknown column 'wieght'; did you mean 'weight'"),
    ],
)
def test_a_cell_that_makes_no_sense_is_named(column: str, value: str, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        tree(("top", "", ""), ("a", "top", value), columns=("id", "parent", column))


def test_only_an_indicator_can_be_less_is_better() -> None:
    with pytest.raises(ScoreError, match="'top' has children and direction -1"):
        tree(("top", "", -1), ("a", "top", 1), columns=("id", "parent", "direction"))


@pytest.mark.parametrize("direction", [0, 2, -0.5])
def test_a_direction_is_one_of_two(direction: int) -> None:
    with pytest.raises(ScoreError, match=r"direction .* is neither 1 nor -1"):
        Tree((Node("index"), Node("a", "index", direction=direction)))


def test_a_tree_needs_ids_and_parents() -> None:
    with pytest.raises(ScoreError, match="column 'parent' is missing"):
        Tree.from_table(pd.DataFrame({"id": ["a"]}))
