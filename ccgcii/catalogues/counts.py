"""How much the lists that ship hold, as Markdown: `python -m ccgcii.catalogues.counts`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ccgcii.catalogues.accounts import default_accounts
from ccgcii.catalogues.events import default_events
from ccgcii.catalogues.outlets import outlets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccgcii.catalogues.events import Event


def count_lines() -> Iterator[str]:
    """Yield the counts that docs/catalogues.md prints, a bullet a line."""
    catalogue = outlets().values()
    yield f"- outlets: {len(catalogue)} of {len({o.country for o in catalogue})} countries"
    yield f"- outlets with feeds: {_many(o.feeds for o in catalogue)}"
    yield f"- outlets with sitemaps: {_many(o.sitemaps for o in catalogue)}"
    yield f"- outlets known from general knowledge alone: {_known(o.source for o in catalogue)}"
    yield f"- outlets by tier: {_shares(o.tier for o in catalogue)}"
    yield f"- outlets by language: {_shares(o.language for o in catalogue)}"
    yield f"- outlets by country: {_shares(o.country for o in catalogue)}"
    local = [outlet.city for outlet in catalogue if outlet.city]
    yield f"- outlets that are local to a city: {len(local)}; {_shares(local)}"
    accounts = default_accounts()
    yield f"- accounts: {len(accounts)} of {len({a.city for a in accounts})} cities"
    yield f"- accounts by platform: {_shares(a.platform for a in accounts)}"
    yield f"- accounts by role: {_shares(a.role for a in accounts)}"
    yield f"- accounts by city: {_shares(a.city for a in accounts)}"
    events = default_events()
    yield f"- events: {len(events)}, {_many(e.is_crisis for e in events)} of them crises"
    yield f"- events by year: {_shares(e.starts.year for e in events)}"
    yield f"- events by category: {_shares(e.category for e in events)}"
    yield f"- events whose date is general knowledge: {_unsourced(events)}"


def _known(sources: Iterable[str]) -> int:
    lists = ("GDELT", "fundus", "news_feeds_by_country")
    return sum(not any(name in source for name in lists) for source in sources)


def _unsourced(events: Iterable[Event]) -> int:
    return sum(event.source.startswith("general knowledge") for event in events)


def _many(values: Iterable[object]) -> int:
    return sum(1 for value in values if value)


def _shares(values: Iterable[object]) -> str:
    counts = Counter("unknown" if value is None else str(value) for value in values)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{value}: {count}" for value, count in ordered)


if __name__ == "__main__":
    print("\n".join(count_lines()))  # noqa: T201 - a script's output
