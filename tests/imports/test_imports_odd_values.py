"""Exports of JSON with anything in the place of anything: rows are refused, files never broken."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from ccgcii import Record, Row, open_table
from ccgcii_imports import ccgcii_sources

EXAMPLES = Path(__file__).with_name("examples")
ODD: list[Any] = [None, [], {}, "", 0, -1, 1.5, True, [None], {"a": None}, "nan", 10**30, [[]]]
FILES = {
    "instaloader.json": "instaloader",
    "snscrape.jsonl": "snscrape",
    "twarc1.jsonl": "twarc1",
    "twarc2-flat.jsonl": "twarc2",
    "twarc2-pages.jsonl": "twarc2",
    "yt-dlp.jsonl": "yt-dlp",
    "zeeschuimer-instagram.ndjson": "zeeschuimer",
    "zeeschuimer-x.ndjson": "zeeschuimer",
}


def changed(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.12:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {key: changed(inner, chance) for key, inner in value.items()}
    return [changed(inner, chance) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("example", FILES)
def test_odd_values_break_no_file(example: str, tmp_path: Path) -> None:
    reader = next(reader for reader in ccgcii_sources() if reader.name == FILES[example])
    rows = [row.values for row in open_table(EXAMPLES / example).rows() if isinstance(row, Row)]
    chance = random.Random(5)
    odd = [{key: changed(v, chance) for key, v in row.items()} for row in rows * 60]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in odd))
    read = list(reader.read(path))
    assert len(read) > len(odd) // 2
    for record in read:
        if isinstance(record, Record):
            named = (record.author, record.language, record.country)
            assert all(isinstance(text, str) for text in (record.id, record.url, record.text))
            assert all(name is None or isinstance(name, str) for name in named)
            assert not record.text.startswith(("{", "["))
