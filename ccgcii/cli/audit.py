"""`ccgcii audit`: what a score stands on, and the ten steps of the OECD/JRC Handbook judged."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from ccgcii.auditing.audits import Evidence
    from ccgcii.cli.invocation import Invocation
    from ccgcii.corpus import Corpus
    from ccgcii.reporting.runs import ScoreRun
    from ccgcii.workspace import Workspace

SEED = 2020


@click.command()
@click.option("--seed", default=SEED, show_default=True, type=click.IntRange(min=0))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every cell in it.")
@click.option("--write", type=click.Path(path_type=Path), help="Write that JSON to a file.")
@click.pass_obj
def command(invocation: Invocation, *, seed: int, as_json: bool, write: Path | None) -> None:
    """Audit the newest score: measure and score it again, and judge the Handbook's ten steps."""
    from ccgcii.reporting.audits import audit_parts

    with invocation.workspace() as workspace, invocation.errors.status("measuring again"):
        found = _audit(workspace, seed)
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    if write is not None:
        _write(write, text)
        invocation.errors.print(f"written: {write}", markup=False)
    if as_json:
        click.echo(text)
        return
    for part in audit_parts(found):
        invocation.console.print(part)


def _audit(workspace: Workspace, seed: int) -> dict[str, Any]:
    from ccgcii.auditing.audits import Evidence, audit
    from ccgcii.auditing.coverages import coverage, silent_sources
    from ccgcii.measuring.matrix import measure
    from ccgcii.reporting.audits import name_sources
    from ccgcii.reporting.corpora import corpus_of
    from ccgcii.reporting.funnels import read_funnel
    from ccgcii.reporting.matrices import read_matrix, read_tree
    from ccgcii.reporting.profiles import read_profiles
    from ccgcii.reporting.runs import latest_score
    from ccgcii.reporting.stored import read_recipe, read_scores
    from ccgcii.scoring import score

    methods = workspace.plugins.methods()
    indicators = {thing.id: thing for thing in workspace.plugins.indicators()}
    with workspace.engine.connect() as store:
        run = latest_score(store)
        matrix, stored = read_matrix(store, run), read_scores(store, run)
        funnel = read_funnel(store)
    ranking = score(matrix, read_tree(run), read_recipe(run), methods=methods)
    since = date.fromisoformat(run.arguments["since"])
    corpus = corpus_of(workspace.engine, workspace.study, run)
    used = [indicators[leaf] for leaf in ranking.tree.leaves if leaf in indicators]
    measured = measure(corpus, used).cells
    cities = workspace.study.cities
    evidence = Evidence(ranking, stored, measured, indicators, methods, cities, seed)
    with workspace.engine.connect() as store:
        silent = name_sources(store, silent_sources(corpus, since))
        profiles = read_profiles(store, run)
    return {
        "identity": _identity(run, corpus, seed) | {"hashes": _hashes(workspace, evidence, corpus)},
        **audit(evidence),
        "adjustments": run.summary.get("adjustments"),
        "profiles": profiles,
        "funnel": funnel,
        "coverage": coverage(corpus, since),
        "silent_sources": silent,
    }


def _identity(run: ScoreRun, corpus: Corpus, seed: int) -> dict[str, Any]:
    return {
        "run": run.id,
        "finished_at": run.finished_at,
        "recipe": run.recipe["name"],
        "recipe_digest": run.digest,
        "since": run.arguments["since"],
        "until": run.arguments["until"],
        "documents": run.summary["documents"],
        "documents_now": corpus.documents,
        "seed": seed,
        "versions": dict(run.versions),
    }


def _hashes(workspace: Workspace, evidence: Evidence, corpus: Corpus) -> dict[str, str]:
    """Return a sha256 of all that decides the numbers, part by part."""
    from ccgcii.auditing.digests import (
        digest,
        digest_corpus,
        digest_indicators,
        digest_matrix,
        digest_values,
    )

    settings = workspace.settings.model_dump(mode="json")
    study = workspace.study
    chosen = {name: settings[name] for name in ("sources", "filters", "crawl")}
    used = [
        evidence.indicators[leaf]
        for leaf in evidence.ranking.tree.leaves
        if leaf in evidence.indicators
    ]
    return {
        "configuration": digest([study.name, study.since, study.until, chosen]),
        "cities": digest_values(study.cities),
        "events": digest_values(workspace.events),
        "outlets": digest_values(workspace.outlets.values()),
        "indicators": digest_indicators(used),
        "recipe": evidence.ranking.recipe.digest,
        "documents": digest_corpus(corpus),
        "matrix": digest_matrix(evidence.ranking.stages.raw),
    }


def _write(path: Path, text: str) -> None:
    from ccgcii.durable import written_whole

    try:
        with written_whole(path) as beside:
            beside.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
