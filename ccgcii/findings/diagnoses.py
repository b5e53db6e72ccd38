"""Diagnoses: a city beside its peers and beside itself a year ago."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ccgcii.findings.peers import stand
from ccgcii.findings.recommendations import recommend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ccgcii.corpus import Corpus
    from ccgcii.findings.peers import Standing
    from ccgcii.indicators import Indicator
    from ccgcii.scoring import Ranking

MOST = 8
TOPICS = 5
# Below so many documents a mean tone or a share says nothing of a city.
FEW = 10
ONE_STORY = 2 / 3


def diagnose(
    ranking: Ranking,
    city: str,
    peers: Sequence[str],
    indicators: Mapping[str, Indicator],
    documents: pd.Series[float],
) -> dict[str, Any]:
    """Return strengths, weak spots and judged recommendations for a city.

    Strengths and weak spots are the figures in which it is in the best or the last third of its
    peers; among equals those that count most in the index come first. `documents` by city decide
    what is known: a tone or a share of a handful of documents is left out of the comparison.
    """
    raw = ranking.stages.raw
    known = raw[[leaf for leaf in raw.columns if leaf in indicators]].copy()
    heard = documents.reindex(raw.index, fill_value=0)
    for leaf in known.columns:
        if _is_of_documents(indicators[leaf]):
            known[leaf] = known[leaf].where(heard >= FEW)
    if heard[city] < FEW and heard[list(peers)].median() < FEW:
        known.loc[city] = math.nan
    standings = stand(known, city, peers, indicators)
    by_leaf = {standing.indicator: standing for standing in standings}
    points = _points(ranking, city, peers)
    return {
        "strengths": _named("strong", standings, indicators, points),
        "weak_spots": _named("weak", standings, indicators, points),
        "unknown": [s.indicator for s in standings if s.verdict == "unknown"],
        "recommendations": [
            row | {"support": [_figure(by_leaf[leaf], indicators[leaf]) for leaf in row["weak"]]}
            for row in recommend(by_leaf)
        ],
    }


def profile(corpus: Corpus, city: str) -> dict[str, Any]:
    """Return what is said of a city: its documents by channel and its first topics."""
    channels = corpus.city_channel
    counts = channels[channels["city"].astype(str) == city].set_index("channel")["documents"]
    total = int(counts.sum())
    topics = corpus.city_topic
    said = topics[topics["city"].astype(str) == city].sort_values(
        ["documents", "topic"], ascending=[False, True]
    )
    return {
        "documents": total,
        "channels": {str(name): int(n) for name, n in counts.items()},
        "topics": [
            {"topic": str(topic), "power": str(power), "share": int(n) / total}
            for topic, power, n in zip(said["topic"], said["power"], said["documents"], strict=True)
        ][:TOPICS],
    }


def cautions(corpus: Corpus, city: str, peers: Sequence[str]) -> list[str]:
    """Say what must be minded before a city's places among its peers are quoted.

    Peers that nobody names make any city look strong; two thirds of what is said of a city on one
    topic, one event or by one source are one story.
    """
    heard = corpus.count()
    own = int(heard.get(city, 0))
    silent = [peer for peer in peers if peer not in heard.index]
    said = []
    if not own:
        said.append("no document names it: there is nothing to diagnose")
    if silent:
        said.append(f"{len(silent)} of its {len(peers)} peers are named by no document")
    for what, frame, column in (
        ("speak of the topic", corpus.city_topic, "topic"),
        ("speak of the event", corpus.city_event, "event"),
    ):
        mine = frame[frame["city"].astype(str) == city]
        if len(mine) and own >= FEW:
            counts = mine["documents"].to_numpy()
            most = int(counts.max())
            if most > own * ONE_STORY:
                name = mine[column].iloc[int(counts.argmax())]
                said.append(f"{most} of {own} documents {what} {name}")
    return said


def in_both_years(
    now: pd.DataFrame, before: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return two matrices without what is unknown for all cities in one of them, and its names.

    Two years are compared on the same indicators: where a dimension is unknown in one, the weight
    would go to the others, and the index would move for that alone.
    """
    frames, left_out = in_every_year({0: now, 1: before.reindex(columns=list(now.columns))})
    return frames[0], frames[1], left_out


def in_every_year(
    frames: Mapping[int, pd.DataFrame],
) -> tuple[dict[int, pd.DataFrame], list[str]]:
    """Return matrices of the same indicators without what only some of the years know."""
    columns = list(next(iter(frames.values())).columns)
    known = [frame.notna().any() for frame in frames.values()]
    left_out = [str(leaf) for leaf in columns if len({bool(own[leaf]) for own in known}) > 1]
    gaps = dict.fromkeys(left_out, math.nan)
    return {year: frame.assign(**gaps)[columns] for year, frame in frames.items()}, left_out


def movements(now: Ranking, before: Ranking, city: str) -> list[dict[str, Any]]:
    """Return score and rank of the index and each dimension in two years, for a city.

    Both are to be scored by this year's weights and goalposts (`Ranking.freeze`) on the indicators
    of both years, so that what moved is the city and not the scale.
    """
    nodes = [now.tree.root, *now.tree.children(now.tree.root)]
    rows = []
    for node in nodes:
        row: dict[str, Any] = {"node": node}
        for name, ranking in (("now", now), ("before", before)):
            score = float(ranking.nodes[node][city])
            ranks = ranking.nodes[node].round(9).rank(method="min", ascending=False)
            unknown = math.isnan(score)
            row[name] = None if unknown else score
            row[f"rank_{name}"] = None if unknown else int(ranks[city])
        rows.append(row)
    return rows


def changes(
    now: pd.DataFrame, before: pd.DataFrame, city: str, indicators: Mapping[str, Indicator]
) -> list[dict[str, Any]]:
    """Return the indicators whose order among all cities changed most for a city, best first.

    `moved` is the change of the share of cities it is ahead of (-1 to 1), direction minded: sizes
    of counts and shares cannot be compared, places can.
    """
    rows = []
    for leaf in now.columns:
        if leaf not in before.columns or leaf not in indicators:
            continue
        places = [_ahead(frame[leaf], city, indicators[leaf].direction) for frame in (now, before)]
        if places[0] is None or places[1] is None or places[0] == places[1]:
            continue
        row: dict[str, Any] = {"indicator": leaf, "name": indicators[leaf].name}
        row["unit"] = indicators[leaf].unit
        row |= {"now": float(now[leaf][city]), "before": float(before[leaf][city])}
        rows.append(row | {"moved": places[0] - places[1]})
    return sorted(rows, key=lambda row: (-abs(row["moved"]), row["indicator"]))[:MOST]


def _is_of_documents(indicator: Indicator) -> bool:
    """Say whether a figure is a mean or a share over documents: unknown where there are none."""
    return indicator.treatment in ("ratio", "tone") and math.isnan(indicator.empty)


def _points(ranking: Ranking, city: str, peers: Sequence[str]) -> Mapping[str, float]:
    """Return how much of the index each indicator is ahead of the median peer, weight times gap."""
    scores = ranking.stages.normalised
    own, others = scores.loc[[city]].to_numpy()[0], scores.loc[list(peers)].median().to_numpy()
    weights = ranking.overall_weights
    gaps = zip(scores.columns, own - others, strict=True)
    return {str(leaf): weights[str(leaf)] * float(gap) for leaf, gap in gaps}


def _named(
    verdict: str,
    standings: Sequence[Standing],
    indicators: Mapping[str, Indicator],
    points: Mapping[str, float],
) -> list[dict[str, Any]]:
    found = [standing for standing in standings if standing.verdict == verdict]
    found.sort(key=lambda s: (-abs(s.worse - s.better), -abs(points[s.indicator]), s.indicator))
    return [_figure(standing, indicators[standing.indicator]) for standing in found]


def _figure(standing: Standing, indicator: Indicator) -> dict[str, Any]:
    return {
        "indicator": indicator.id,
        "name": indicator.name,
        "dimension": indicator.dimension,
        "unit": indicator.unit,
        "less_is_better": indicator.direction < 0,
        "value": standing.value,
        "median": standing.median,
        "place": standing.better + 1,
        "of": standing.peers + 1,
    }


def _ahead(column: pd.Series[float], city: str, direction: int) -> float | None:
    value, others = column[city], column.drop(city).dropna()
    if math.isnan(value) or others.empty:
        return None
    lead = (value - others) * direction
    return float(((lead > 0).sum() + 0.5 * (lead == 0).sum()) / len(others))
