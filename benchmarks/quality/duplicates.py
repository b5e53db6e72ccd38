"""Near-duplicates: ccgcii beside datasketch, on pairs with known truth and on edited articles.

    python -m benchmarks.quality.duplicates ../shared/data --datasketch PYTHON

Copies are edited as outlets do: the lead or the tail cut, words replaced, an advertisement put in
between; of our own invented pieces in English and Chinese, and with the folder of real data (whose
texts are not ours to ship) of Wikinews articles and Chinese news (MSRA). Beside them 100 English
articles with five true pairs (minhash_articles_100). Also planted are texts of the same words in
another order: they are no copies. Counted are pairs.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.quality.kinds import known_pages
from benchmarks.quality.pages import articles
from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii import sketch_text
from ccgcii.cleaning.copies.stories import Sketched, place
from ccgcii_cleaning.duplication import NearText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Pairs = set[frozenset[str]]
    Texts = Mapping[str, str]

PEER = Path(__file__).with_name("peer_datasketch.py")
_PRICE = "Subscribe today and get the weekend edition with every story of the week for half price. "


def measure(data: Path | None, datasketch: str | None = None) -> dict[str, dict[str, Quality]]:
    """Return the quality by system, then by data set; without `datasketch` it is left out."""
    sets = {
        "invented, English": edited(read_invented("en"), " "),
        "invented, Chinese": edited(read_invented("zh"), ""),
    }
    if data is not None:
        sets |= {
            "100 articles, 5 pairs": read_articles(data / "eval"),
            "Wikinews, edited copies": edited(read_wikinews(data / "news"), " "),
            "Chinese news, edited copies": edited(read_msra(data / "eval"), ""),
        }
    measured: dict[str, dict[str, Quality]] = {"ccgcii": {}, "datasketch, sets of words": {}}
    for name, (texts, truth) in sets.items():
        measured["ccgcii"][name] = _quality(texts, by_ccgcii(texts), truth)
        if datasketch:
            found = by_datasketch(texts, datasketch)
            measured["datasketch, sets of words"][name] = _quality(texts, found, truth)
    return {system: groups for system, groups in measured.items() if groups}


def by_ccgcii(texts: Texts) -> Pairs:
    """Return the pairs that one story holds, all published on one day by different outlets."""
    pieces = (Sketched(at, 0, None, sketch_text(text)) for at, text in enumerate(texts.values()))
    names = list(texts)
    stories: dict[int, list[str]] = {}
    for placed in place(pieces, NearText()):
        stories.setdefault(placed.leader, []).append(names[placed.document])
    return {frozenset(pair) for story in stories.values() for pair in combinations(story, 2)}


def by_datasketch(texts: Texts, python: str) -> Pairs:
    """Return the pairs that datasketch finds, run by another Python."""
    lines = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items())
    done = subprocess.run(
        [python, str(PEER)], input=lines, capture_output=True, text=True, check=True
    )
    return {frozenset(pair) for pair in json.loads(done.stdout)}


def read_invented(language: str) -> list[str]:
    """Return our own pieces in a language."""
    pieces = ["\n".join(a.paragraphs) for a in articles() if a.language.startswith(language)]
    pieces += [
        page.text for page in known_pages() if page.language == language and page.kind == "article"
    ]
    return [" ".join(piece.split()) for piece in pieces]


def read_articles(folder: Path) -> tuple[Texts, Pairs]:
    """Read the 100 articles and their five true pairs."""
    lines = (folder / "minhash_articles_100.train").read_text(encoding="utf-8").splitlines()
    texts = dict(line.split(" ", 1) for line in lines if " " in line)
    truth = (folder / "minhash_articles_100.truth").read_text(encoding="utf-8").splitlines()
    return texts, {frozenset(line.split()) for line in truth if line.strip()}


def read_wikinews(folder: Path) -> list[str]:
    """Read the Wikinews articles of 2020 that are longer than a notice."""
    with (folder / "wikinews_2020.csv").open(encoding="utf-8", newline="") as stream:
        texts = [" ".join(row["text"].split()) for row in csv.DictReader(stream)]
    return [text for text in dict.fromkeys(texts) if len(text) > 600]


def read_msra(folder: Path) -> list[str]:
    """Read Chinese sentences and join eight to an article."""
    blocks = (folder / "msra_ner_test_head.txt").read_text(encoding="utf-8").split("\n\n")
    sentences = [
        "".join(line.split()[0] for line in block.splitlines() if line.strip()) for block in blocks
    ]
    return ["".join(sentences[at : at + 8]) for at in range(0, len(sentences) - 8, 8)]


def edited(articles: Sequence[str], space: str) -> tuple[Texts, Pairs]:
    """Return articles with copies of every second one, and the true pairs of original and copy."""
    seeded = random.Random(7)
    texts: dict[str, str] = {}
    truth: Pairs = set()
    for number, article in enumerate(articles):
        texts[f"o{number}"] = article
        if number % 2:
            # The same words in another order: no copy.
            words = article.split(space) if space else list(article)
            texts[f"n{number}"] = space.join(seeded.sample(words, len(words)))
            continue
        for kind, copy in enumerate(_copies(article, space, seeded)):
            texts[f"c{number}.{kind}"] = copy
    # The original does not come first: whichever does leads the story.
    texts = {name: texts[name] for name in seeded.sample(list(texts), len(texts))}
    groups: dict[str, list[str]] = {}
    for name in texts:
        if name[0] in "oc":
            groups.setdefault(name[1:].split(".")[0], []).append(name)
    for group in groups.values():
        truth |= {frozenset(pair) for pair in combinations(group, 2)}
    return texts, truth


def _copies(article: str, space: str, seeded: random.Random) -> Iterable[str]:
    words = article.split(space) if space else list(article)
    yield space.join(words[: len(words) * 85 // 100])  # the tail cut off
    yield space.join(words[len(words) // 10 :])  # without the lead
    for one_in in (40, 10):
        replaced = list(words)
        for at in seeded.sample(range(len(words)), len(words) // one_in):
            replaced[at] = seeded.choice(words)
        yield space.join(replaced)
    middle = len(words) // 2
    notice = _PRICE if space else "本报讯：欢迎订阅本报周末版，半价优惠，精彩不容错过。"
    yield space.join([*words[:middle], notice, *words[middle:]])


def _quality(texts: Texts, found: Pairs, truth: Pairs) -> Quality:
    """Count pairs, each with the text that comes first."""
    places = {name: at for at, name in enumerate(texts)}

    def partners(pairs: Pairs) -> dict[str, frozenset[str]]:
        by_first: dict[str, set[str]] = {}
        for pair in pairs:
            first, second = sorted(pair, key=places.__getitem__)
            by_first.setdefault(first, set()).add(second)
        return {name: frozenset(others) for name, others in by_first.items()}

    ours, true = partners(found), partners(truth)
    return quality([(ours.get(name, frozenset()), true.get(name, frozenset())) for name in texts])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Near-duplicates with known truth.")
    parser.add_argument("data", type=Path, nargs="?", help="the folder that holds eval, news")
    parser.add_argument("--datasketch", metavar="PYTHON", help="a Python that has datasketch")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    for line in lines(measure(options.data, options.datasketch)):
        console.print(line)


if __name__ == "__main__":
    main()
