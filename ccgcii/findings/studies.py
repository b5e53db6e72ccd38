"""The findings of a study: the figures of the published report, from its own documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii.findings.channels import channels, powers, sides, topics
from ccgcii.findings.comparisons import compare_rankings, rank_cities
from ccgcii.findings.concentrations import concentration
from ccgcii.findings.volumes import months, watersheds, years
from ccgcii.wording import counted

# Below this many documents a share may be off by several hundredths.
FEW = 1000

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccgcii.cities import City
    from ccgcii.findings.scopes import Scope


def find(
    scope: Scope, cities: Sequence[City], ranking: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return every finding as plain data; `ranking` is the newest score's rank by city, if any."""
    daily = scope.daily()
    series = months(scope, daily)
    by_channel = channels(scope)
    found = {
        "scope": _about(scope),
        "volume": _volume(scope),
        "years": years(scope, daily),
        "months": series,
        "watersheds": watersheds(scope, series),
        "concentration": concentration(scope),
        "channels": by_channel,
        "sides": sides(by_channel),
        "topics": topics(scope),
        "powers": powers(scope),
        "gdp": _with_gdp(scope, cities, ranking),
    }
    return found | {"cautions": _cautions(found)}


def _cautions(found: Mapping[str, Any]) -> list[str]:
    """Say what a reader must know before any of the figures is quoted."""
    said = []
    documents = found["volume"]["documents"]
    if documents < FEW:
        said.append(f"{counted(documents, 'document')} in all: shares of so few are rough")
    missing = found["sides"]["not_looked_at"]
    if missing:
        said.append(f"not looked at: {', '.join(missing)}; shares are of the other channels")
    unseen = [row["month"] for row in found["months"] if not row["seen_days"]]
    if unseen and documents:
        said.append(
            f"nobody looked in {', '.join(unseen)}: sums over them say nothing of the world; "
            "growth leaves their days out"
        )
    for row in found["years"]:
        said += _new_channels(row)
    return said


def _new_channels(year: Mapping[str, Any]) -> list[str]:
    channels = (year["growth"] or {}).get("channels", {})
    new = [name for name, row in channels.items() if row["now"] and not row["before"]]
    if not new:
        return []
    return [
        f"{year['year']}: nothing of {', '.join(new)} the year before; growth by channel is fairer"
    ]


def _about(scope: Scope) -> dict[str, Any]:
    return {
        "since": scope.since.isoformat(),
        "until": scope.until.isoformat(),
        "without_topics": list(scope.topics),
        "without_events": list(scope.events),
    }


def _volume(scope: Scope) -> dict[str, Any]:
    documents, everything = int(scope.number("count(*)")), scope.corpus.documents
    return {
        "documents": documents,
        "left_out": everything - documents,
        "left_out_share": (everything - documents) / everything if everything else None,
        "mentions": int(scope.number("count(*)", "facts")),
        "cities_heard": int(scope.number("count(DISTINCT city)", "facts")),
        "cities": len(scope.corpus.cities),
    }


def _with_gdp(
    scope: Scope, cities: Sequence[City], ranking: Mapping[str, int] | None
) -> dict[str, Any]:
    """Compare the ranks by documents and by index with those by GDP; None where none is known.

    Only heard cities are compared: those without any document have no order among them.
    """
    gdp = rank_cities({c.key: c.gdp_2019 for c in cities if c.gdp_2019 is not None})
    heard = scope.by_city()
    volume = rank_cities({str(city): float(n) for city, n in heard.items() if n})
    scored = {city: rank for city, rank in (ranking or {}).items() if city in volume}
    return {
        "cities_with_gdp": len(gdp),
        "by_documents": compare_rankings(volume, gdp) if gdp and volume else None,
        "by_index": compare_rankings(scored, gdp) if gdp and scored else None,
    }
