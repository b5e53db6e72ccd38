"""The readers that ship with ccgcii keep what every reader promises, on an example each."""

from __future__ import annotations

from pathlib import Path

from ccgcii.testing import ReaderSuite
from ccgcii_imports import GenericReader, Twarc1Reader, format_readers

EXAMPLES = Path(__file__).with_name("examples")


class TestGenericReader(ReaderSuite):
    reader = GenericReader()
    example = EXAMPLES / "generic.csv"


class TestTwarc1Reader(ReaderSuite):
    reader = Twarc1Reader()
    example = EXAMPLES / "twarc1.jsonl"


def _suite(name: str, example: Path) -> type[ReaderSuite]:
    reader = next(reader for reader in format_readers() if reader.name == name)
    return type(f"Test {example.name}", (ReaderSuite,), {"reader": reader, "example": example})


# A profile of instaloader holds no post, so it is no example of a good row.
OF_FORMATS = [
    ("4cat-instagram", "4cat-instagram.csv"),
    ("4cat-x", "4cat-x.csv"),
    ("brandwatch", "brandwatch.csv"),
    ("crowdtangle-facebook", "crowdtangle-facebook.csv"),
    ("crowdtangle-instagram", "crowdtangle-instagram.csv"),
    ("instaloader", "instaloader.json"),
    ("instaloader", "instaloader.json.xz"),
    ("mcl-facebook", "mcl-facebook.csv"),
    ("mcl-instagram", "mcl-instagram.csv"),
    ("mediacloud", "mediacloud.csv"),
    ("meltwater", "meltwater-old.csv"),
    ("meltwater", "meltwater.csv"),
    ("minet-x", "minet-x.csv"),
    ("minet-youtube", "minet-youtube.csv"),
    ("snscrape", "snscrape.jsonl"),
    ("twarc-csv", "twarc-csv.csv"),
    ("twarc2", "twarc2-flat.jsonl"),
    ("twarc2", "twarc2-pages.jsonl"),
    ("youtube-data-tools", "youtube-data-tools.csv"),
    ("yt-dlp", "yt-dlp.info.json"),
    ("yt-dlp", "yt-dlp.jsonl"),
    ("zeeschuimer", "zeeschuimer-instagram.ndjson"),
    ("zeeschuimer", "zeeschuimer-x.ndjson"),
]
for _name, _example in OF_FORMATS:
    globals()[f"Test_{_example}"] = _suite(_name, EXAMPLES / _example)


def test_every_format_has_an_example() -> None:
    assert {reader.name for reader in format_readers()} == {name for name, _ in OF_FORMATS}
