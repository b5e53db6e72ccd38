"""The day of publication: ccgcii beside htmldate, on invented pages and on htmldate's own set.

    python -m benchmarks.quality.dates ../htmldate/tests

The folder is `tests` of a clone of adbar/htmldate (its 1,000 pages do not ship with us). A day
counts as right if it is the labelled one or its neighbour: labels are the newsroom's day, ours is
in UTC. A page without a date counts as well: a day found there is wrong. Rules were made looking at
the half of the pages whose address's SHA-1 is even; the other is held.
"""

from __future__ import annotations

import argparse
import json
import os
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from htmldate import find_date
from rich.console import Console

from benchmarks.quality.pages import invented_pages
from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii.cleaning.reading.pages import RawPage, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VARIABLE = "CCGCII_DATE_BENCHMARK"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_DATED = ("semantic", "portal", "breaks", "blog")
_DAY = date(2020, 5, 18)


@dataclass(frozen=True, slots=True)
class DatedPage:
    """A page with the day on which it was published, None if nothing on it tells."""

    url: str
    body: bytes
    day: date | None

    @property
    def held(self) -> bool:
        """Whether nobody looked at what goes wrong on it."""
        return int(sha1(self.url.encode()).hexdigest(), 16) % 2 == 1


def read_benchmark(folder: Path, name: str) -> list[DatedPage]:
    """Read one of htmldate's lists of pages."""
    if not (folder / name).is_file():
        raise SystemExit(f"{folder}: no {name} in it; give `tests` of a clone of adbar/htmldate")
    pages = []
    for url, facts in json.loads((folder / name).read_text(encoding="utf-8")).items():
        places = (folder / part / facts["file"] for part in ("cache", "eval", "test_set"))
        path = next(place for place in places if place.exists())
        day = date.fromisoformat(facts["date"]) if isinstance(facts["date"], str) else None
        pages.append(DatedPage(url, path.read_bytes(), day))
    return pages


def read_invented() -> list[DatedPage]:
    """Return the pages that ship with us: four layouts print a dateline, three no day at all."""
    return [
        DatedPage(page.url, page.html.encode(), _DAY if page.id.startswith(_DATED) else None)
        for page in invented_pages()
    ]


def by_ccgcii(page: DatedPage) -> tuple[date | None, str]:
    """Return the day (UTC) and the rule."""
    document = read_page(RawPage("quality", "media", page.url, _NOW, page.body))
    moment = document.published_at
    return (moment.date() if moment else None), document.date_rule


def by_htmldate(page: DatedPage, *, extensive: bool) -> tuple[date | None, str]:
    """Return the day that htmldate finds."""
    html = page.body.decode("utf-8", "replace")
    found = find_date(html, url=page.url, original_date=True, extensive_search=extensive)
    return (date.fromisoformat(found) if found else None), "htmldate"


SYSTEMS: dict[str, Callable[[DatedPage], tuple[date | None, str]]] = {
    "ccgcii": by_ccgcii,
    "htmldate fast": partial(by_htmldate, extensive=False),
    "htmldate extensive": partial(by_htmldate, extensive=True),
}


def measure(folder: Path | None) -> dict[str, dict[str, Quality]]:
    """Return the quality by system, then by set of pages, of ours also by rule."""
    sets = {"invented pages": read_invented()}
    if folder is not None:
        sets["htmldate, news 2020"] = read_benchmark(folder, "eval_mediacloud_2020.json")
        sets["htmldate, default"] = read_benchmark(folder, "eval_default.json")
        together = sets["htmldate, news 2020"] + sets["htmldate, default"]
        sets["htmldate, held half"] = [page for page in together if page.held]
    measured: dict[str, dict[str, Quality]] = {}
    for name, system in SYSTEMS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what parsers say of broken pages
            found = {page.url: system(page) for pages in sets.values() for page in pages}
        measured[name] = {group: score(pages, found) for group, pages in sets.items()}
        if name == "ccgcii" and folder is not None:
            measured["ccgcii by rule"] = _by_rule(together, found)
    return measured


def score(pages: Sequence[DatedPage], found: dict[str, tuple[date | None, str]]) -> Quality:
    """Compare found and labelled days; one day beside the label is right."""
    return quality([_compared(page, found[page.url][0]) for page in pages])


def _compared(page: DatedPage, day: date | None) -> tuple[set[str], set[str]]:
    truth = {page.day.isoformat()} if page.day else set()
    if day is not None and page.day is not None and abs(day - page.day) <= timedelta(days=1):
        return truth, truth
    return ({f"found {day}"} if day else set()), truth


def _by_rule(
    pages: Sequence[DatedPage], found: dict[str, tuple[date | None, str]]
) -> dict[str, Quality]:
    rules = sorted({rule for _, rule in found.values()} - {"none"})
    return {
        rule: score([page for page in pages if found[page.url][1] == rule], found) for rule in rules
    }


def folder_given() -> Path | None:
    """Return the folder that the environment names, None where it names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The day of publication.")
    parser.add_argument("folder", type=Path, nargs="?", default=folder_given(), help=VARIABLE)
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    if options.folder is None:
        console.print("only our invented pages: for 1,000 more, give tests/ of adbar/htmldate")
    for line in lines(measure(options.folder)):
        console.print(line)


if __name__ == "__main__":
    main()
