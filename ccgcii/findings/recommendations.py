"""Recommendations: those of the report that a city's figures support, and no other."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.findings.peers import Standing


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be weak for a recommendation to follow: at least `needs` of `figures`."""

    key: str
    recommendation: str
    advice: str
    figures: tuple[str, ...]
    needs: int


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of the report."""
    text = (resources.files("ccgcii.findings") / "data" / "recommendations.toml").read_text("utf-8")
    return tuple(
        Rule(**{**entry, "figures": tuple(entry["figures"])})
        for entry in tomllib.loads(text)["rule"]
    )


def recommend(standings: Mapping[str, Standing]) -> list[dict[str, Any]]:
    """Judge every rule by how a city stands in its figures.

    `verdict` is `supported`, `not supported`, or `cannot be judged` where so few of the figures are
    known that it could not be supported; `weak`, `strong` and `unknown` name the figures.
    """
    return [_judge(rule, standings) for rule in rules()]


def _judge(rule: Rule, standings: Mapping[str, Standing]) -> dict[str, Any]:
    verdicts = {
        leaf: standings[leaf].verdict if leaf in standings else "unknown" for leaf in rule.figures
    }
    named = {
        kind: [leaf for leaf, verdict in verdicts.items() if verdict == kind]
        for kind in ("weak", "strong", "unknown")
    }
    supported = len(named["weak"]) >= rule.needs and len(named["weak"]) > len(named["strong"])
    verdict = "supported" if supported else "not supported"
    if len(rule.figures) - len(named["unknown"]) < rule.needs:
        verdict = "cannot be judged"
    return {
        "key": rule.key,
        "recommendation": rule.recommendation,
        "advice": rule.advice,
        "figures": list(rule.figures),
        "needs": rule.needs,
        "verdict": verdict,
        **named,
    }
