"""Channels: their shares, what exposure they give, what they speak of; hard and soft power."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ccgcii.documents import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ccgcii.findings.scopes import Scope

MOST_TOPICS = 10
UNKNOWN = dict.fromkeys(
    ("documents", "share", "mentions", "cities", "sources", "interactions", "per_document", "views")
)


def channels(scope: Scope) -> list[dict[str, Any]]:
    """Return each channel's documents, share, cities named and exposure.

    A channel that nobody looked at has None throughout. `interactions` and `views` are sums over
    the documents whose platform shows them, None where none does; `per_document` is the median.
    """
    frame = scope.query(
        "SELECT channel, count(*) AS documents, sum(interactions) AS interactions, "
        "median(interactions) AS per_document, sum(views) AS views, "
        "count(DISTINCT coalesce('o' || outlet, 'a' || account)) AS sources "
        "FROM pieces GROUP BY channel"
    )
    named = scope.query(
        "SELECT channel, count(*) AS mentions, count(DISTINCT city) AS cities "
        "FROM facts GROUP BY channel"
    )
    found = {str(row["channel"]): row for row in frame.to_dict("records")}
    reach = {str(row["channel"]): row for row in named.to_dict("records")}
    total = sum(row["documents"] for row in found.values())
    rows = []
    for name in CHANNELS:
        covered = bool(scope.corpus.covered[name].any())
        row = {"channel": name, "looked_at": covered}
        rows.append(
            row
            | (_figures(found.get(name, {}), reach.get(name, {}), total) if covered else UNKNOWN)
        )
    return rows


def sides(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the share of the media and that of the four social platforms together."""
    media = sum(row["share"] or 0 for row in rows if row["channel"] == "media")
    known = any(row["documents"] for row in rows)
    not_looked_at = [row["channel"] for row in rows if not row["looked_at"]]
    shares = {"media": media, "social": 1 - media} if known else {"media": None, "social": None}
    return shares | {"not_looked_at": not_looked_at}


def topics(scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return for `all` and each channel the topics by share of its documents, most first.

    A document may have several topics, or none: shares do not sum to one.
    """
    names = topic_names(scope)
    if not names:
        return {}
    columns = ", ".join(
        f"count(*) FILTER ({scope.corpus.topic(name)}) AS t{place}"
        for place, name in enumerate(names)
    )
    parts = {"all": "TRUE"} | {name: f"channel = '{name}'" for name in CHANNELS}
    found = {}
    for part, where in parts.items():
        row = scope.query(f"SELECT count(*) AS n, {columns} FROM pieces WHERE {where}").iloc[0]  # noqa: S608
        counted = {name: int(row[f"t{place}"]) for place, name in enumerate(names)}
        ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        found[part] = [
            {"topic": name, "documents": count, "share": count / int(row["n"])}
            for name, count in ordered[:MOST_TOPICS]
            if count
        ]
    return found


def powers(scope: Scope) -> list[dict[str, Any]]:
    """Return each heard city's documents on hard and on soft topics, most documents first.

    A document may be both. `soft_share` is soft / (hard + soft), None where there is neither;
    `leading` is the city's most frequent topic, `leading_share` the share of its documents.
    """
    names = topic_names(scope)
    columns = {"documents": "TRUE"}
    columns |= {power: scope.corpus.topic(power=power) for power in ("hard", "soft")}
    columns |= {f"t{place}": scope.corpus.topic(name) for place, name in enumerate(names)}
    listed = ", ".join(f"count(*) FILTER ({where}) AS {name}" for name, where in columns.items())
    frame = scope.query(f"SELECT city, {listed} FROM facts GROUP BY city")  # noqa: S608 - our names
    rows = [_power(row, names) for row in frame.to_dict("records")]
    return sorted(rows, key=lambda row: (-row["documents"], row["city"]))


def topic_names(scope: Scope) -> list[str]:
    """Return the topics that any document of the corpus has."""
    return sorted(set(scope.corpus.city_topic["topic"].astype(str)))


def _power(row: Mapping[Hashable, Any], names: list[str]) -> dict[str, Any]:
    hard, soft, documents = (int(row[name]) for name in ("hard", "soft", "documents"))
    counted = {name: int(row[f"t{place}"]) for place, name in enumerate(names)}
    leading = max(counted, key=lambda name: counted[name], default=None)
    most = counted[leading] if leading else 0
    return {
        "city": str(row["city"]),
        "documents": documents,
        "hard": hard,
        "soft": soft,
        "soft_share": _ratio(soft, hard + soft),
        "leading": leading if most else None,
        "leading_share": most / documents,
    }


def _figures(
    found: Mapping[Hashable, Any], reach: Mapping[Hashable, Any], total: int
) -> dict[str, Any]:
    documents = int(found.get("documents", 0))
    return {
        "documents": documents,
        "share": _ratio(documents, total),
        "mentions": int(reach.get("mentions", 0)),
        "cities": int(reach.get("cities", 0)),
        "sources": int(found.get("sources", 0)),
        "interactions": _whole(found.get("interactions")),
        "per_document": _known(found.get("per_document")),
        "views": _whole(found.get("views")),
    }


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _known(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _whole(value: Any) -> int | None:
    known = _known(value)
    return None if known is None else int(known)
