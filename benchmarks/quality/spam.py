"""Spam: the filters of one document beside plain baselines, on comments with known truth.

    python -m benchmarks.quality.spam ../shared/data

TubeSpam (Alberto, Lochter and Almeida 2015): comments below five videos, spam or not; phrases were
chosen on the half whose text's SHA-1 begins below 80, the other half is only counted. Beside it,
how many real articles, headlines, tweets and posts the same filters would drop: nearly all of these
are real, so each is to be read (--failures).
"""

from __future__ import annotations

import argparse
import csv
import html
import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from benchmarks.quality.printing import lines
from benchmarks.quality.scoring import Quality, quality
from ccgcii import Document, Drop
from ccgcii_cleaning import adverts, noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FETCHED = datetime(2020, 6, 1, tzinfo=UTC)
FILTERS = (*noise.filters(), *adverts.filters())
SPAM, NONE = frozenset({"spam"}), frozenset[str]()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, whether it is spam, and whether its half was looked at."""

    text: str
    spam: bool
    opened: bool


def measure(data: Path) -> dict[str, dict[str, Quality]]:
    """Return the quality by system (ccgcii, everything is spam), then by half of the comments."""
    comments = read_comments(data / "eval")
    systems = {
        "ccgcii": [SPAM if dropped_by(_post(c.text)) else NONE for c in comments],
        "plain keywords": [SPAM if _plainly_spam(c.text) else NONE for c in comments],
        # The larger class of TubeSpam is spam.
        "majority (all is spam)": [SPAM for _ in comments],
    }
    return {name: _by_half(comments, found) for name, found in systems.items()}


def real_pieces(data: Path) -> Iterator[tuple[str, Document]]:
    """Yield real texts of every kind, by the name of their set."""
    for name, columns, channel in (
        ("news/recovery_2020_city_sample.csv", ("title", "body_text"), "media"),
        ("news/recovery_2020_negatives.csv", ("title", "body_text"), "media"),
        ("news/state_media_headlines_2022_with_city.csv", ("headline", ""), "media"),
        ("news/wikinews_2019.csv", ("title", "text"), "media"),
        ("news/wikinews_2020.csv", ("title", "text"), "media"),
        ("social/tweets_media_2020_2021_with_city.csv", ("", "full"), "x"),
        ("social/fb_news_posts_2017_china.csv", ("", "message"), "facebook"),
    ):
        csv.field_size_limit(1 << 24)
        with (data / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                title, text = (row.get(column) or "" for column in columns)
                yield name, _post(text, title=title, channel=channel)
    # Chinese headlines, as posts and as news: among them sport, stocks, houses and travel.
    lines = (data / "eval" / "tnews_test_public.json").read_text(encoding="utf-8").splitlines()
    for line in lines:
        yield "eval/tnews_test_public.json", _post(json.loads(line)["sentence"])


def read_comments(folder: Path) -> list[Comment]:
    """Read TubeSpam."""
    with (folder / "youtube_spam_TubeSpam.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Comment(
                html.unescape(row["CONTENT"]).replace("\ufeff", ""),
                row["CLASS"] == "1",
                sha1(row["CONTENT"].encode()).digest()[0] < 128,
            )
            for row in csv.DictReader(stream)
        ]


def dropped_by(document: Document) -> tuple[str, str] | None:
    """Return the first filter that drops a piece, and its reason."""
    for thing in FILTERS:
        result = thing.clean(document)
        if isinstance(result, Drop):
            return thing.name, result.reason
    return None


def _plainly_spam(text: str) -> bool:
    """Say whether a comment holds one of the four words that anybody would look for first."""
    said = text.lower()
    return any(word in said for word in ("subscribe", "check out", "http", "channel"))


def drawn_drops(data: Path, number: int, seed: int = 1) -> Iterator[str]:
    """Yield comments that the filters drop, drawn at random, by their row in the file."""
    said = [
        (row, c, dropped_by(_post(c.text))) for row, c in enumerate(read_comments(data / "eval"), 2)
    ]
    drops = [(row, comment, verdict) for row, comment, verdict in said if verdict]
    for row, comment, (name, reason) in random.Random(seed).sample(drops, number):
        yield f"{row} {name}: {reason} | {' '.join(comment.text.split())[:200]}"


def _by_half(comments: Sequence[Comment], found: Sequence[frozenset[str]]) -> dict[str, Quality]:
    halves = {"all": (True, False), "open half": (True,), "held half": (False,)}
    return {
        name: quality(
            [
                (said, SPAM if comment.spam else NONE)
                for comment, said in zip(comments, found, strict=True)
                if comment.opened in half
            ]
        )
        for name, half in halves.items()
    }


def _post(text: str, **values: Any) -> Document:
    return Document("quality", values.pop("channel", "youtube"), "", FETCHED, text=text, **values)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Spam with known truth.")
    parser.add_argument("data", type=Path, help="the folder of real data that holds eval, news")
    parser.add_argument("--failures", action="store_true", help="show the real pieces dropped")
    parser.add_argument("--drops", type=int, metavar="N", help="show N dropped comments to read")
    options = parser.parse_args()
    console = Console(width=140, highlight=False)
    if options.drops:
        for line in drawn_drops(options.data, options.drops):
            console.print(line, markup=False)
        return
    for line in lines(measure(options.data)):
        console.print(line)
    pieces, dropped = Counter[str](), Counter[str]()
    for name, document in real_pieces(options.data):
        pieces[name] += 1
        if verdict := dropped_by(document):
            dropped[name] += 1
            if options.failures:
                said = " ".join(f"{document.title} {document.text}".split())[:160]
                console.print(f"  {name} {verdict[0]}: {verdict[1]} | {said}", markup=False)
    for name, number in pieces.items():
        console.print(f"real, {name}: {dropped[name]} of {number} dropped")


if __name__ == "__main__":
    main()
