"""Counts in sentences: "1 capture waits", "2,000 captures wait"."""

from __future__ import annotations

_ODD_VERBS = {"are": "is", "were": "was", "have": "has", "do": "does"}


def counted(number: int, noun: str, verb: str = "") -> str:
    """Write a number with its noun, given as for one, and with its verb, given as for many."""
    alone = number == 1
    named = noun if alone else _plural(noun)
    if alone and verb:
        verb = _ODD_VERBS.get(verb, f"{verb}s")
    return f"{number:,} {named} {verb}".rstrip()


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
