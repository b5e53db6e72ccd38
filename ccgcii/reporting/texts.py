"""Foreign text made safe to print: titles and names come from the web."""

from __future__ import annotations

from rich.markup import escape


def printable(text: object, keep: str = "") -> str:
    """Return text with a blank for each control or direction character that is not to be kept."""
    return "".join(c if c.isprintable() or c in keep else " " for c in str(text))


def safe(text: object) -> str:
    """Return text without control or direction characters, its markup escaped for rich."""
    return escape(printable(text))


def number(value: float | None, digits: int = 2) -> str:
    """Write a number with thousands separators; a dash for what is unknown."""
    return "–" if value is None else f"{value:,.{digits}f}"


def amount(value: float | None, digits: int = 3) -> str:
    """Write a figure of any unit: a whole number without decimals, a dash for what is unknown."""
    if value is None or float(value).is_integer():
        return number(value, 0)
    # What is not zero must not look like it.
    return f"{value:.1g}" if abs(value) < 10**-digits else number(value, digits)
