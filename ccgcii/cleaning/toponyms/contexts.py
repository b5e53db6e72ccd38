"""Names inside names, told by what stands right before or after: 徐州舰, Pekingente."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "names_inside_context.toml"
# Longer than any head of such a name.
BEFORE = 40
_WORD, _AS_WRITTEN = r"\b", "(?-i:"
_ESCAPED = re.compile(r"\\.")


def is_inside_a_name(text: str, start: int, end: int, script: str) -> bool:
    """Say whether the words around `text[start:end]` make it a part of another name."""
    before, as_written, after = _patterns()[script]
    if after.match(text, end):
        return True
    head = text[max(0, start - BEFORE) : start]
    if as_written is not None and as_written.search(head):
        return True
    return before.search(head.lower()) is not None


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]]:
    scripts = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _compiled(table) for name, table in scripts.items()}


def _compiled(
    table: dict[str, list[str]],
) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]:
    """Return what finds the forms before a name in small letters, as written, and those after."""
    as_written = [form for form in table["before"] if form.startswith(_AS_WRITTEN)]
    small = [form for form in table["before"] if not form.startswith(_AS_WRITTEN)]
    for form in small:
        # Sought in small letters, at half the cost of sought in any.
        if any(map(str.isupper, _ESCAPED.sub("", form))):
            raise ValueError(f"{FILE}: {form!r} would never be found: write it in small letters")
    return (
        _ending_at_the_name(small),
        _ending_at_the_name(as_written) if as_written else None,
        re.compile("|".join(table["after"])),
    )


def _ending_at_the_name(forms: list[str]) -> re.Pattern[str]:
    # What begins a word is tried only where a word begins: a third of the cost.
    words = [form.removeprefix(_WORD) for form in forms if form.startswith(_WORD)]
    others = [form for form in forms if not form.startswith(_WORD)]
    if words:
        others.append(rf"{_WORD}(?:{'|'.join(words)})")
    return re.compile(rf"(?:{'|'.join(others)})[«“\"'‘]?$")
