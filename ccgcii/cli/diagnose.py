"""`ccgcii diagnose`: a city beside its peers and itself a year ago, and what the report advises."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ccgcii.cities import City
    from ccgcii.cli.invocation import Invocation
    from ccgcii.corpus import Corpus
    from ccgcii.indicators import Indicator
    from ccgcii.reporting.runs import ScoreRun
    from ccgcii.scoring import Ranking
    from ccgcii.workspace import Workspace

DOCUMENTS = 3


@click.command()
@click.argument("city")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(invocation: Invocation, *, city: str, as_json: bool) -> None:
    """Show a CITY's strengths and weak spots, what moved, and which advice its figures support."""
    from ccgcii.reporting.diagnoses import diagnosis_parts

    with invocation.workspace() as workspace, invocation.errors.status("reading documents"):
        found = _diagnose(workspace, city)
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))
        return
    for part in diagnosis_parts(found):
        invocation.console.print(part)


def _diagnose(workspace: Workspace, word: str) -> dict[str, Any]:
    from ccgcii.catalogues.cities import find_city
    from ccgcii.findings.diagnoses import cautions, diagnose, profile
    from ccgcii.findings.peers import nearest_by_gdp
    from ccgcii.reporting.corpora import corpus_of
    from ccgcii.reporting.matrices import read_matrix, read_tree
    from ccgcii.reporting.runs import latest_score
    from ccgcii.reporting.stored import read_recipe
    from ccgcii.scoring import score

    cities = workspace.study.cities
    city = find_city(word, cities)
    peers = nearest_by_gdp(city, cities)
    indicators = {thing.id: thing for thing in workspace.plugins.indicators()}
    with workspace.engine.connect() as store:
        run = latest_score(store)
        matrix = read_matrix(store, run)
    ranking = score(matrix, read_tree(run), read_recipe(run), methods=workspace.plugins.methods())
    keys = [peer.key for peer in peers]
    corpus = corpus_of(workspace.engine, workspace.study, run)
    found = diagnose(ranking, city.key, keys, indicators, corpus.count())
    for row in found["recommendations"]:
        row["documents"] = {}
        if row["verdict"] == "supported":
            leaf = indicators[row["weak"][0]]
            best = _best(ranking, leaf, keys)
            row["documents"] = _documents(workspace, corpus, leaf, (city.key, best))
    last_year = _last_year(workspace, run, ranking, city, indicators)
    about = _about(run, ranking, city, peers) | {"profile": profile(corpus, city.key)}
    about |= {"cautions": cautions(corpus, city.key, keys)}
    return about | found | {"last_year": last_year}


def _about(run: ScoreRun, ranking: Ranking, city: City, peers: list[City]) -> dict[str, Any]:
    import pandas as pd

    rank, index = ranking.ranks[city.key], ranking.index[city.key]
    by = "nearest by GDP in 2019" if city.gdp_2019 is not None else "next to it in the list"
    return {
        "city": city.key,
        "label": city.label,
        "name_zh": city.name_zh,
        "run": run.id,
        "recipe": run.recipe["name"],
        "since": run.arguments["since"],
        "until": run.arguments["until"],
        "index": None if pd.isna(index) else float(index),
        "rank": None if pd.isna(rank) else int(rank),
        "peers_by": by,
        "peers": [
            {"city": peer.key, "label": peer.label, "gdp_2019": peer.gdp_2019} for peer in peers
        ],
    }


def _best(ranking: Ranking, leaf: Indicator, peers: list[str]) -> str:
    """Return the peer to learn from: the one that does best in an indicator."""
    values = ranking.stages.raw.loc[peers, leaf.id] * leaf.direction
    return str(values.idxmax())


def _documents(
    workspace: Workspace, corpus: Corpus, leaf: Indicator, keys: tuple[str, str]
) -> dict[str, Any]:
    """Return the newest documents behind an indicator, of the city and of its best peer."""
    from ccgcii.measuring.evidence import find_evidence
    from ccgcii.reporting.explanations import read_documents

    by_key = {city.key: city for city in workspace.study.cities}
    found: dict[str, Any] = {}
    for key in keys:
        evidence = find_evidence(corpus, leaf, key, DOCUMENTS)
        with workspace.engine.connect() as store:
            rows = read_documents(store, by_key[key], evidence.documents)
        title = f"{leaf.id}, {by_key[key].label}"
        found[title] = {"total": evidence.total, "documents": rows}
    return found


def _last_year(
    workspace: Workspace,
    run: ScoreRun,
    ranking: Ranking,
    city: City,
    indicators: dict[str, Indicator],
) -> dict[str, Any]:
    """Measure the same days a year before; score both by this year's weights and goalposts."""
    from ccgcii.errors import ScoreError
    from ccgcii.findings.diagnoses import changes, in_both_years, movements
    from ccgcii.measuring.matrix import measure
    from ccgcii.reporting.corpora import corpus_of
    from ccgcii.scoring import score

    since, until = (_year_before(run.arguments[name]) for name in ("since", "until"))
    found: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
    if since < date.fromisoformat(workspace.study.since):
        return found | {"reason": f"the study begins after {since}, nothing to compare with"}
    corpus = corpus_of(workspace.engine, workspace.study, run, since=since, until=until)
    if not corpus.documents:
        return found | {"reason": f"no document from {since} to {until}"}
    chosen = [indicators[leaf] for leaf in ranking.tree.leaves if leaf in indicators]
    before = measure(corpus, chosen).cells.reindex(columns=list(ranking.tree.leaves))
    after, before, left_out = in_both_years(ranking.stages.raw, before)
    methods = workspace.plugins.methods()
    try:
        frozen = ranking.freeze()
        now, earlier = (score(m, ranking.tree, frozen, methods=methods) for m in (after, before))
    except ScoreError as error:
        return found | {"reason": str(error)}
    return found | {
        "reason": "",
        "left_out": left_out,
        "scores": movements(now, earlier, city.key),
        "figures": changes(after, before, city.key, indicators),
    }


def _year_before(day: str) -> date:
    given = date.fromisoformat(day)
    is_leap_day = (given.month, given.day) == (2, 29)
    return given.replace(year=given.year - 1, day=28 if is_leap_day else given.day)
