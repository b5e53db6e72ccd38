"""Years side by side: every year scored by the weights and goalposts of one of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from ccgcii.errors import ScoreError
from ccgcii.findings.diagnoses import in_every_year
from ccgcii.measuring.frameworks import make_tree
from ccgcii.measuring.loading import open_corpus
from ccgcii.measuring.matrix import measure
from ccgcii.reporting.findings import table
from ccgcii.reporting.scores import moved, place
from ccgcii.reporting.texts import number, safe
from ccgcii.scoring import score
from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from ccgcii.measuring.leftout import LeftOut
    from ccgcii.scoring import Ranking, Recipe
    from ccgcii.workspace import Workspace

A_DAY = timedelta(days=1)
LEAP_DAY = 1


def compare_years(
    workspace: Workspace, recipe: Recipe, left_out: LeftOut, base: int | None = None
) -> dict[str, Any]:
    """Measure the calendar years of the study, and score them by those of the base year.

    The base (default: the first year with documents) gives weights and goalposts, which the others
    keep, so that what moved is the city and not the scale: more than 100 is more than anyone had
    then. Indicators that are unknown for all cities in any of the years count in none.
    Raises `ScoreError` if fewer than two years have documents.
    """
    spans = dict(_years(workspace.study.since, workspace.study.until))
    matrices, documents = _measure_years(workspace, spans, left_out)
    first = base or min(matrices)
    if first not in matrices:
        raise ScoreError(f"no document of {first}; there are: {', '.join(map(str, matrices))}")
    known, gaps = in_every_year(matrices)
    tree, methods = make_tree(workspace.plugins.indicators()), workspace.plugins.methods()
    ranking = score(known[first], tree, recipe, methods=methods)
    frozen = ranking.freeze()
    rankings = {
        year: ranking if year == first else score(known[year], tree, frozen, methods=methods)
        for year in known
    }
    return {
        "recipe": recipe.name,
        "base": first,
        "years": [_about(year, *span, documents[year]) for year, span in spans.items()],
        "left_out_indicators": gaps,
        "cities": _cities(rankings),
    }


def _measure_years(
    workspace: Workspace, spans: Mapping[int, tuple[date, date]], left_out: LeftOut
) -> tuple[dict[int, pd.DataFrame], dict[int, int]]:
    """Return the matrix of each year with documents, and how many there are in every year."""
    matrices: dict[int, pd.DataFrame] = {}
    documents: dict[int, int] = {}
    for year, (since, until) in spans.items():
        corpus = open_corpus(
            workspace.engine, workspace.study, since=since, until=until, left_out=left_out
        )
        documents[year] = corpus.documents
        if corpus.documents:
            matrices[year] = measure(corpus, workspace.plugins.indicators()).cells
    if len(matrices) < 2:
        raise ScoreError(
            "years are compared where two have documents; with documents here: "
            f"{', '.join(map(str, matrices)) or 'none'} (the study is {workspace.study.since} to "
            f"{workspace.study.until})"
        )
    return matrices, documents


def years_parts(
    found: Mapping[str, Any], labels: Mapping[str, str], top: int | None
) -> Iterator[RenderableType]:
    """Yield the cities by the last year, a column a year, then what was compared."""
    years = [str(row["year"]) for row in found["years"] if row["documents"]]
    title = f"Recipe {found['recipe']}, weights and goalposts of {found['base']}"
    made = table(title, "city", *(head for year in years for head in (year, "rank")), "moved")
    for row in found["cities"][:top]:
        cells = [
            cell
            for year in years
            for cell in (number(row["years"][year]["index"]), place(row["years"][year]["rank"]))
        ]
        made.add_row(safe(labels.get(row["city"], row["city"])), *cells, moved(row["moved"]))
    yield made
    parts = (
        f"{row['year']}: {row['documents']:,} in {counted(row['days'], 'day')}"
        for row in found["years"]
    )
    yield f"documents: {'; '.join(parts)}"
    days = [row["days"] for row in found["years"] if row["documents"]]
    if max(days) - min(days) > LEAP_DAY:
        yield "[yellow]years of different length: counts cannot be compared[/]"
    if found["left_out_indicators"]:
        gaps = safe(", ".join(found["left_out_indicators"]))
        yield f"[dim]unknown in one of the years, so in none: {gaps}[/]"


def _years(since: str, until: str) -> Iterator[tuple[int, tuple[date, date]]]:
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    for year in range(first.year, last.year + 1):
        yield year, (max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))


def _about(year: int, since: date, until: date, documents: int) -> dict[str, Any]:
    days = (until + A_DAY - since).days
    about = {"year": year, "since": since.isoformat(), "until": until.isoformat()}
    return about | {"days": days, "documents": documents}


def _cities(rankings: Mapping[int, Ranking]) -> list[dict[str, Any]]:
    """Return every city by its last rank: index, rank and dimensions by year, and what moved."""
    first, last = min(rankings), max(rankings)
    rows = []
    for city in rankings[last].nodes.index:
        years = {str(year): _scores(ranking, city) for year, ranking in rankings.items()}
        ends = years[str(first)], years[str(last)]
        both = all(end["rank"] is not None for end in ends)
        change = None if not both else ends[0]["rank"] - ends[1]["rank"]
        rows.append({"city": str(city), "years": years, "moved": change})
    key = str(last)
    return sorted(rows, key=lambda row: (row["years"][key]["rank"] or len(rows) + 1, row["city"]))


def _scores(ranking: Ranking, city: str) -> dict[str, Any]:
    rank = ranking.ranks[city]
    tree = ranking.tree
    values = {node: float(ranking.nodes[node][city]) for node in tree.children(tree.root)}
    index = float(ranking.index[city])
    return {
        "index": None if pd.isna(index) else index,
        "rank": None if pd.isna(rank) else int(rank),
        "dimensions": {node: None if pd.isna(v) else v for node, v in values.items()},
    }
