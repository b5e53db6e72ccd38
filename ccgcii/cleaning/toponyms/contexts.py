"""Names inside names, told by what stands right before or after: 徐州舰, Pekingente."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "names_inside_context.toml"
# Longer than any head of such a name.
BEFORE = 40
_WORD = r"\b"


def is_inside_a_name(text: str, start: int, end: int, script: str) -> bool:
    """Say whether the words around `text[start:end]` make it a part of another name."""
    before, after = _patterns()[script]
    if after.match(text, end):
        return True
    return before.search(text[max(0, start - BEFORE) : start]) is not None


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    scripts = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _compiled(table) for name, table in scripts.items()}


def _compiled(table: dict[str, list[str]]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # What begins a word is tried only where a word begins: a third of the cost.
    words = [form.removeprefix(_WORD) for form in table["before"] if form.startswith(_WORD)]
    forms = [form for form in table["before"] if not form.startswith(_WORD)]
    if words:
        forms.append(rf"{_WORD}(?:{'|'.join(words)})")
    before = rf"(?:{'|'.join(forms)})[«“\"'‘]?$"
    return re.compile(before, re.IGNORECASE), re.compile("|".join(table["after"]))
