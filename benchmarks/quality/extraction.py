"""The article out of the page: ccgcii beside trafilatura, by shared runs of four words.

    python -m benchmarks.quality.extraction ../article-extraction-benchmark

The folder is a copy of scrapinghub/article-extraction-benchmark (MIT; 181 news pages, their
articles written out by hand); its pages are publishers' and do not ship with us. Scored as its own
evaluate.py does it: shingles of four words, precision and recall averaged over pages, F1 of both.
Our rules were made looking at the pages whose id's SHA-1 is even; the other half is held. Beside
it, and shipped with us, are invented pages (`pages.py`), where a shingle is four characters in
languages that are written without spaces.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from trafilatura import bare_extraction

from benchmarks.quality.pages import invented_pages
from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, averaged
from ccgcii.cleaning.reading.pages import RawPage, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

VARIABLE = "CCGCII_EXTRACTION_BENCHMARK"
_WORD, _CHARACTER = re.compile(r"\w+"), re.compile(r"\w")
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """A page with the article that a reader sees in it."""

    id: str
    url: str
    html: str
    article: str
    spaced: bool = True

    @property
    def held(self) -> bool:
        """Whether nobody looked at what goes wrong on it."""
        return int(sha1(self.id.encode()).hexdigest(), 16) % 2 == 1


def read_benchmark(folder: Path) -> list[Page]:
    """Read the pages of a copy of article-extraction-benchmark."""
    labels = folder / "ground-truth.json"
    if not labels.is_file():
        raise SystemExit(f"{folder}: no ground-truth.json in it; give a clone of the benchmark")
    truth = json.loads(labels.read_text(encoding="utf-8"))
    pages = []
    for name, facts in truth.items():
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        pages.append(Page(name, facts["url"], body.decode(), facts["articleBody"]))
    return pages


def read_invented() -> list[Page]:
    """Return the pages that ship with us."""
    return [
        Page(page.id, page.url, page.html, page.article, page.language not in ("zh", "ja"))
        for page in invented_pages()
    ]


def by_ccgcii(page: Page) -> str:
    """Return the text of the document that cleaning makes, dates and all."""
    body = page.html.encode("utf-8", "replace")
    return read_page(RawPage("quality", "media", page.url, _NOW, body)).text


def by_trafilatura(page: Page, **options: Any) -> str:
    """Return what trafilatura extracts."""
    with_metadata = options.pop("metadata", False)
    found = bare_extraction(
        page.html, include_comments=False, with_metadata=with_metadata, url=page.url, **options
    )
    return (getattr(found, "text", None) or "") if found else ""


SYSTEMS: dict[str, Callable[[Page], str]] = {
    "ccgcii": by_ccgcii,
    "trafilatura": by_trafilatura,
    "trafilatura fast": partial(by_trafilatura, fast=True),
    "trafilatura precision": partial(by_trafilatura, favor_precision=True),
    "trafilatura recall": partial(by_trafilatura, favor_recall=True),
    "trafilatura fast, metadata": partial(by_trafilatura, fast=True, metadata=True),
}


def measure(
    folder: Path | None, systems: Iterable[str] = tuple(SYSTEMS)
) -> dict[str, dict[str, Quality]]:
    """Return the quality by system, then by set of pages; the speed stands in the system's name."""
    sets = {"invented pages": read_invented()}
    if folder is not None:
        pages = read_benchmark(folder)
        sets["Scrapinghub benchmark"] = pages
        sets["Scrapinghub, held half"] = [page for page in pages if page.held]
    measured: dict[str, dict[str, Quality]] = {}
    for name in systems:
        texts, speed = _extracted(
            SYSTEMS[name], list({p.id: p for s in sets.values() for p in s}.values())
        )
        measured[f"{name} ({speed:.0f}/s)"] = {
            group: score([(texts[page.id], page) for page in pages])
            for group, pages in sets.items()
        }
    return measured


def score(pairs: Sequence[tuple[str, Page]]) -> Quality:
    """Compare what was extracted with what was written out, averaged over pages."""
    return averaged(np.array([_matched(found, page) for found, page in pairs]))


def _matched(found: str, page: Page) -> tuple[int, int, int]:
    token = _WORD if page.spaced else _CHARACTER
    ours, true = _shingles(token.findall(found)), _shingles(token.findall(page.article))
    right = sum((ours & true).values())
    return right, sum(ours.values()) - right, sum(true.values()) - right


def _shingles(tokens: Sequence[str], size: int = 4) -> Counter[tuple[str, ...]]:
    starts = range(max(1, len(tokens) - size + 1))
    return Counter(run for at in starts if (run := tuple(tokens[at : at + size])))


def _extracted(
    system: Callable[[Page], str], pages: Sequence[Page]
) -> tuple[dict[str, str], float]:
    """Return the texts by page, and the pages a second of processor time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what parsers say of broken pages
        for page in pages[::10]:
            system(page)  # what is loaded and compiled once is not counted
        started = time.process_time()
        texts = {page.id: system(page) for page in pages}
    return texts, len(pages) / (time.process_time() - started)


def folder_given() -> Path | None:
    """Return the folder that the environment names, None where it names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Extraction of the article.")
    parser.add_argument(
        "folder", type=Path, nargs="?", default=folder_given(), help=f"default: {VARIABLE}"
    )
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    if options.folder is None:
        console.print(
            "only our invented pages: for the 181 of the benchmark, clone "
            "scrapinghub/article-extraction-benchmark and give its folder"
        )
    for line in lines(measure(options.folder)):
        console.print(line)


if __name__ == "__main__":
    main()
