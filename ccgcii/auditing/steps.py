"""The ten steps of the OECD/JRC Handbook on composite indicators, each judged with its reason.

OECD/JRC 2008, part 1. The thresholds are those of JRC's practice where it has one (65 % of the
cells known, alpha of 0.7, correlations of 0 and 0.92), else ours, and stand beside the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Facts = Mapping[str, Any]
    Judged = tuple["Verdict", str]

Verdict = Literal["PASS", "WARN", "FAIL"]

KNOWN_INDICATOR = 0.65
KNOWN_CITY = 0.50
CONSISTENT = 0.7
STABLE = 0.9
HALF = 0.5
SKEW, KURTOSIS = 2.0, 3.5
FEWEST_CITIES = 10
NAMED = 6


@dataclass(frozen=True, slots=True)
class Check:
    """A step of the Handbook: `PASS`, `WARN` or `FAIL`, and why."""

    number: int
    name: str
    verdict: Verdict
    reason: str


def check_steps(facts: Facts) -> list[Check]:
    """Judge the ten steps by the facts of an audit."""
    return [
        Check(number, name, *judge(facts)) for number, (name, judge) in enumerate(STEPS, start=1)
    ]


def _framework(facts: Facts) -> Judged:
    used = facts["framework"]["used"]
    empty = [name for name, leaves in used.items() if not leaves]
    if empty:
        return "FAIL", f"no indicator has weight in {_list(empty)}"
    thin = [name for name, leaves in facts["framework"]["pillars"].items() if not leaves]
    if thin:
        return "WARN", f"no indicator has weight in the pillars {_list(thin)}"
    return "PASS", f"{len(used)} dimensions, every pillar has an indicator with weight"


def _selection(facts: Facts) -> Judged:
    leaves = facts["framework"]["leaves"]
    idle = facts["screened"]
    share = 1 - len(idle) / len(leaves)
    said = f"{len(leaves) - len(idle)} of {len(leaves)} indicators have weight"
    if share < 1 / 3:
        return "FAIL", f"{said}: the index is not what its framework says"
    if share < 2 / 3:
        return "WARN", f"{said}: see the screened ones"
    return "PASS", f"{said}; each has unit, direction and a published definition"


def _missing(facts: Facts) -> Judged:
    known = facts["availability"]
    thin = [leaf for leaf, share in known["indicators"].items() if share < KNOWN_INDICATOR]
    thin = [leaf for leaf in thin if leaf not in facts["screened"]]
    cities = [city for city, share in known["cities"].items() if share < KNOWN_CITY]
    said = (
        f"{known['share']:.0%} of the weighted cells are known, {known['share_of_all']:.0%} of all"
    )
    if known["share"] < KNOWN_CITY:
        return "FAIL", f"{said}: more is missing than measured"
    if known["share_of_all"] < KNOWN_INDICATOR and not (thin or cities):
        return "WARN", f"{said}: what has weight is well known because the rest was left out"
    if thin or cities:
        parts = [f"below {KNOWN_INDICATOR:.0%}: {_list(thin)}"] if thin else []
        if cities:
            parts.append(f"{len(cities)} ranked cities below {KNOWN_CITY:.0%}: {_list(cities)}")
        return "WARN", f"{said}; {'; '.join(parts)}"
    imputed = sum(row["imputed"] for row in facts["treated"])
    return "PASS", f"{said}, every indicator and city above its floor; {imputed} cells imputed"


def _multivariate(facts: Facts) -> Judged:
    judged = [row for row in facts["consistency"] if row["alpha"] is not None]
    opposed = [row for row in facts["correlations"] if row["kind"] == "opposed"]
    alike = [row for row in facts["correlations"] if row["kind"] == "alike"]
    low = [row["group"] for row in judged if row["alpha"] < CONSISTENT]
    if not judged:
        return "FAIL", "no pillar has two varying indicators known for ten cities"
    said = f"alpha is {CONSISTENT} or more in {len(judged) - len(low)} of {len(judged)} pillars"
    said += f"; {len(opposed)} pairs opposed, {len(alike)} nearly the same"
    unjudged = len(facts["consistency"]) - len(judged)
    if unjudged:
        said += f"; {unjudged} pillars cannot be judged"
    return ("WARN" if low or opposed or alike or unjudged else "PASS"), said


def _normalisation(facts: Facts) -> Judged:
    if facts["scale"]["infinite"]:
        return "FAIL", f"scores that are no number: {_list(facts['scale']['infinite'])}"
    skewed = [
        row["indicator"]
        for row in facts["skew"]
        if row["indicator"] not in facts["screened"]
        and abs(row["skew_treated"] or 0) > SKEW
        and (row["kurtosis_treated"] or 0) > KURTOSIS
    ]
    if skewed:
        return "WARN", (
            f"{len(skewed)} weighted indicators are still skewed (|skew| > {SKEW:g}, kurtosis > "
            f"{KURTOSIS:g}), a few cities set their scale: {_list(skewed)}"
        )
    return "PASS", f"normalisation {facts['scale']['method']}, no weighted indicator is skewed"


def _weighting(facts: Facts) -> Judged:
    broken = [row["node"] for row in facts["waterfall"] if row["adds_up"] is False]
    if facts["contributions"] and facts["contributions"]["off"] > 1e-9:
        broken.append("the indicators")
    if broken:
        return "FAIL", f"the parts do not add up to the score at {_list(broken)}"
    unknown = [
        f"{row['node']} ({row['aggregation']})"
        for row in facts["waterfall"]
        if row["adds_up"] is None
    ]
    heavy = [row["node"] for row in facts["dominant"]]
    if unknown:
        return "WARN", f"no parts to add up at {_list(unknown)}"
    if heavy:
        return "WARN", f"more than three times an equal share: {_list(heavy)}"
    return "PASS", "every score is the sum or product of its parts, to 1e-9; no weight rules"


def _robustness(facts: Facts) -> Judged:
    rows = [row for row in facts["without_indicator"] if row["tau"] is not None]
    if not rows:
        return "FAIL", "no indicator can be left out"
    worst = min(rows, key=lambda row: row["tau"])
    said = f"without one indicator Kendall tau is {worst['tau']:.2f} or more ({worst['left_out']})"
    widths = facts["rank_intervals"]
    if widths["median_width"] is not None:
        said += f"; half of the 90 % rank intervals over {widths['draws']} rebuilds are "
        said += f"{widths['median_width']:.0f} ranks or less wide (cities with a rank of their own)"
    if worst["tau"] < STABLE - 0.2:
        return "FAIL", f"{said}: one indicator decides the ranking"
    wide = widths["median_width"] is not None and widths["median_width"] > facts["ranked"] / 5
    first = widths["units"][0] if widths["units"] else None
    if first and first["above_next"] is not None and first["above_next"] < HALF:
        share = f"{first['above_next']:.0%} of the rebuilds"
        return "WARN", f"{said}; {first['unit']} is first, but above the second in {share} only"
    return ("WARN" if worst["tau"] < STABLE or wide else "PASS"), said


def _back_to_data(facts: Facts) -> Judged:
    again = facts["again"]
    if again["scores_off"] > 1e-9:
        return "FAIL", f"scored again, the stored matrix gives other scores ({again['scores_off']})"
    if again["cells_off"]:
        return "FAIL", (
            f"measured again, {again['cells_off']} of {again['cells']} cells differ "
            f"({_list(again['indicators_off'])}): the documents, the lists or the code changed "
            "since; run `ccgcii score`"
        )
    return "PASS", f"measured and scored again, all {again['cells']} cells and scores are the same"


def _links(facts: Facts) -> Judged:
    gdp = facts["gdp"]
    if gdp is None or gdp["common"] < FEWEST_CITIES or gdp["spearman"] is None:
        return "WARN", "no other variable to compare with: give the cities' GDP"
    said = f"Spearman with GDP in 2019 is {gdp['spearman']:.2f} over {gdp['common']} cities"
    if gdp["spearman"] < 0:
        return "FAIL", f"{said}: larger cities would be heard less"
    if gdp["spearman"] > 0.95:
        return "WARN", f"{said}: the index says little more than size"
    return "PASS", said


def _presentation(facts: Facts) -> Judged:
    tied = facts["tied"]
    if not facts["ranked"]:
        return "FAIL", "no city is ranked"
    if tied["cities"] > facts["ranked"] / 20:
        return "WARN", (
            f"{tied['cities']} cities share their rank with another (the largest group, "
            f"{tied['largest']}, at rank {tied['rank']}): print no order among them"
        )
    return (
        "PASS",
        f"{facts['ranked']} cities ranked, {facts['unranked']} without a score are listed",
    )


STEPS: tuple[tuple[str, Callable[[Facts], Judged]], ...] = (
    ("theoretical framework", _framework),
    ("data selection", _selection),
    ("imputation of missing data", _missing),
    ("multivariate analysis", _multivariate),
    ("normalisation", _normalisation),
    ("weighting and aggregation", _weighting),
    ("uncertainty and sensitivity", _robustness),
    ("back to the data", _back_to_data),
    ("links to other indicators", _links),
    ("presentation and dissemination", _presentation),
)


def _list(names: Any) -> str:
    words = [str(name) for name in names]
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more
