"""Foreign text made safe to print: titles and names come from the web."""

from __future__ import annotations

from rich.markup import escape


def safe(text: object) -> str:
    """Return text without control or direction characters, its markup escaped for rich."""
    plain = "".join(character if character.isprintable() else " " for character in str(text))
    return escape(plain)


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with thousands separators; a dash for what is unknown."""
    return "–" if value is None else f"{value:,.{digits}f}"
