"""The page on cleaning: its filters and topics are those of the code, its configuration is one."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii import Study, default_cities
from ccgcii.cleaning.enriching.topics import taxonomy_at
from ccgcii.cleaning.pipeline import Pipeline
from ccgcii.config import load_settings
from ccgcii.documents import LAYERS
from ccgcii.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "cleaning.md"
# What a study fills in itself.
OF_THE_STUDY = ("cities", "outlets", "since", "until")
STUDY = Study("docs", "2020-01-01", "2020-12-31", tuple(default_cities()))


def filters_described() -> str:
    """Write every filter down: layer, name, options with their defaults, what it does."""
    lines = ["| layer | filter | what it does | options |", "|---|---|---|---|"]
    for thing in Pipeline(Plugins.load().filters(STUDY)).filters:
        plain: Any = thing
        options = ", ".join(
            f"`{item.name} = {_toml(item.default)}`"
            for item in fields(plain)
            if item.name not in OF_THE_STUDY and item.default is not MISSING
        )
        said = " ".join((type(thing).__doc__ or "").split("\n\n")[0].split())
        name = f"{thing.layer} {LAYERS[thing.layer]}"
        lines.append(f"| {name} | `{thing.name}` | {said} | {options} |")
    return "\n".join(lines)


def topics_described() -> str:
    """Write every topic down: its power, how many words it has, the first of them."""
    lines = ["| topic | power | words en, zh, others | such as |", "|---|---|---|---|"]
    for topic in taxonomy_at().topics:
        counts = {language: len(words) for language, words in topic.words.items()}
        others = [number for language, number in counts.items() if language not in ("en", "zh")]
        shown = ", ".join((*topic.words["en"][:4], *topic.words["zh"][:3]))
        numbers = f"{counts['en']}, {counts['zh']}, {min(others)}-{max(others)}"
        lines.append(f"| {topic.name} | {topic.power} | {numbers} | {shown} |")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return "[]" if value == () else str(value)


def _parts(page: str, name: str) -> tuple[str, str, str]:
    head, rest = page.split(f"<!-- {name}:", 1)
    note, rest = rest.split("-->\n", 1)
    shown, tail = rest.split(f"<!-- end of {name} -->", 1)
    return f"{head}<!-- {name}:{note}-->\n", shown, f"<!-- end of {name} -->{tail}"


def tables() -> Iterator[tuple[str, str]]:
    yield "filters", filters_described()
    yield "topics", topics_described()


def test_filters_and_topics_on_the_page_are_those_of_the_code() -> None:
    for name, described in tables():
        head, shown, tail = _parts(PAGE.read_text("utf-8"), name)
        if os.environ.get("WRITE_DOCS"):
            PAGE.write_text(f"{head}\n{described}\n\n{tail}", encoding="utf-8")
            shown = described
        assert shown.strip() == described, "run WRITE_DOCS=1 pytest " + __file__


def test_the_configuration_on_the_page_is_one(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for body in blocks:
        (tmp_path / "ccgcii.toml").write_text(body)
        options = {
            name: {key: value for key, value in table.items() if key not in ("model", "backend")}
            for name, table in load_settings(tmp_path).filters.items()
        }
        assert Pipeline.build(STUDY, Plugins.load(), options).filters


def test_the_reading_of_real_drops_adds_up() -> None:
    with (ROOT / "benchmarks/quality/funnel_read.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    drops = Counter((row["layer"], row["verdict"]) for row in rows if row["drawn"] == "drawn drop")
    page = (ROOT / "docs" / "funnel-read.md").read_text("utf-8")
    for layer in "1234":
        right, wrong = drops[layer, "right"], drops[layer, "wrong"]
        read = f"all {right}" if layer == "3" else f"{right + wrong} of"
        assert re.search(rf"^\| {layer} \| {read}.*\| {right} \|", page, re.MULTILINE), layer
    assert all(row["why"] for row in rows if row["filter"])
