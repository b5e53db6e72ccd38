"""The words of a text as twins share them: no case, spacing, punctuation, links or handles."""

from __future__ import annotations

import re
from functools import lru_cache

LINK = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"@\w+")
_WORD = re.compile(r"[^\W_]+")
# The same for plain letters, at a quarter of the cost.
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def without_links(text: str) -> str:
    """Return a text with a space for each link."""
    return LINK.sub(" ", text) if "://" in text else text


# The filters of one document ask for the same text one after the other.
@lru_cache(maxsize=8)
def words_of(text: str) -> str:
    """Return the words of a text without its links, in small letters, a space between them."""
    said = without_links(text)
    if said.isascii():
        return " ".join(said.translate(_ASCII_WORDS).split())
    return " ".join(_WORD.findall(said)).casefold()


def words_without_handles(text: str) -> str:
    """Return the words of a text without its links and the accounts that it names."""
    if "@" not in text:
        return words_of(text)
    return words_of(_HANDLE.sub(" ", without_links(text)))


def joined(*parts: str) -> str:
    """Return some parts as one key; the engine keeps a hash of it."""
    return "\0".join(parts)


def digits_in(text: str) -> int:
    """Return how many digits (0-9) a text has; all ten at once, for one by one takes thrice."""
    written = text.encode("utf-8", "replace")
    return len(written) - len(written.translate(None, b"0123456789"))
