"""The page about recipes: its methods are the registry's, its recipes score, its code runs."""

from __future__ import annotations

import inspect
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ccgcii_methods
from ccgcii import Method, Recipe, Step, score
from ccgcii.methods import KINDS
from ccgcii.scoring import Node, Tree
from ccgcii.scoring.recipes import shipped_recipes

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
METHODS: dict[tuple[str, str], Method] = {
    (m.kind, m.name): m for m in ccgcii_methods.ccgcii_methods()
}
RECIPES = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
DIMENSIONS = ("penetration", "breadth", "dynamism", "responsiveness")
TREE = Tree(
    (
        Node("index"),
        *(Node(name, "index") for name in DIMENSIONS),
        *(
            Node(f"{name[0].upper()}{n}", name, 1, None, "count")
            for name in DIMENSIONS
            for n in (13, 14)
        ),
    )
)
MATRIX = pd.DataFrame(
    np.random.default_rng(1).integers(1, 99, (9, 8)).astype(float), columns=list(TREE.leaves)
)


def described() -> str:
    """Write every method down: kind, name, options with defaults, definition."""
    lines = []
    for kind in KINDS:
        lines.append(f"### {kind.capitalize()}\n")
        for method in METHODS.values():
            if method.kind == kind:
                options = f" ({signature})" if (signature := options_of(method)) else ""
                lines.append(f"- **`{method.name}`**{options}: {method.definition}")
        lines.append("")
    return "\n".join(lines)


def options_of(method: Method) -> str:
    parameters = inspect.signature(method.apply).parameters.values()
    shown = [
        f"`{p.name} = {p.default.method if isinstance(p.default, Step) else p.default}`"
        for p in parameters
        if p.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    return ", ".join(shown)


def test_the_methods_on_the_page_are_those_of_the_registry() -> None:
    page = PAGE.read_text("utf-8")
    head, rest = page.split("<!-- methods", 1)
    note, rest = rest.split("-->\n", 1)
    shown, tail = rest.split("<!-- end of methods -->", 1)
    if os.environ.get("WRITE_DOCS"):
        new = f"{head}<!-- methods{note}-->\n\n{described()}\n<!-- end of methods -->{tail}"
        PAGE.write_text(new, encoding="utf-8")
        shown = f"\n{described()}\n"
    assert shown.strip() == described().strip(), "run WRITE_DOCS=1 pytest " + __file__


def test_every_shipped_recipe_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    assert all(f"`{name}`" in page for name in shipped_recipes())


@pytest.mark.parametrize("text", RECIPES, ids=range(len(RECIPES)))
def test_the_recipes_of_the_page_score(text: str) -> None:
    ranking = score(MATRIX, TREE, Recipe.from_toml(text, "page"), methods=METHODS)
    assert ranking.index.notna().all()


def test_the_comparisons_of_the_page_are_consistent() -> None:
    ranking = score(MATRIX, TREE, Recipe.from_toml(RECIPES[1], "page"), methods=METHODS)
    assert ranking.weights["penetration"] == max(ranking.weights[name] for name in DIMENSIONS)
    assert any("consistency ratio 0.00" in note.text for note in ranking.notes)


def test_the_python_of_the_page_runs() -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = {"matrix_2019": MATRIX, "matrix_2020": MATRIX * 2, "tree": TREE}
    exec(compile(code, str(PAGE), "exec"), names)
    assert names["later"].weights == pytest.approx(names["base"].weights)
