"""Cells as values: what is empty, unreadable or not said is None, never zero."""

from __future__ import annotations

import ast
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ccgcii.documents import CHANNELS

NOTHING = frozenset({"", "nan", "null", "none", "n/a", "na", "nat", "-", "[]", "{}"})
# Not 12.000, which is twelve thousand where the point divides thousands.
WHOLE = re.compile(
    r"[+]?\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+(?:\.0+)?|[+]?\d+(?:\.(?!0{3}$)0+)?|0+\.0+"
)
SEPARATORS = str.maketrans("", "", ",\u00a0\u202f' +")
FLOAT_ID = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
# The number of an account, also as a spreadsheet wrote it; `3e8` is a handle.
NUMBER = re.compile(r"[\d.]+(?:[eE]\+\d+)?", re.ASCII)
# As pandas writes a column of whole numbers in which one is missing.
WHOLE_FLOAT = re.compile(r"(\d{1,40})\.0+", re.ASCII)
LARGEST_WHOLE_FLOAT = 2**53  # above it not every whole number is a float, so one may be rounded
LARGEST = 2**63
LONGEST_COUNT = 40  # with separators; Python refuses to read numbers of thousands of digits
CHANNEL_NAMES = {
    "twitter": "x",
    "tweet": "x",
    "fb": "facebook",
    "ig": "instagram",
    "yt": "youtube",
    "news": "media",
    "web": "media",
}
LANGUAGE_NAMES = {
    "arabic": "ar",
    "bengali": "bn",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "malay": "ms",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
    "vietnamese": "vi",
}
# Codes that exports still write by their old names, or that stand for "unknown" (X's und, qme).
LANGUAGE_CODES = {"iw": "he", "in": "id", "ji": "yi", "und": None, "mul": None, "zxx": None}


def as_text(value: Any) -> str | None:
    """Return text as it stands; None if there is none, or an object or a list in its place."""
    if value is None or value != value or isinstance(value, (dict, list)):  # noqa: PLR0124 - NaN
        return None
    text = value if isinstance(value, str) else str(value)
    if "\0" in text:
        text = text.replace("\0", "")  # PostgreSQL keeps none
    return text if text.strip() else None


def as_id(value: Any) -> str | None:
    """Return an identity as text; None for one that a spreadsheet rounded (1.22799E+18)."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < LARGEST_WHOLE_FLOAT else None
    text = (as_text(value) or "").strip()
    if whole := WHOLE_FLOAT.fullmatch(text):
        text = whole[1] if int(whole[1]) < LARGEST_WHOLE_FLOAT else ""
    return text if text and not FLOAT_ID.fullmatch(text) else None


def as_author(value: Any) -> str | None:
    """Return a handle, a name, or the number of an account, which is read as identities are."""
    name = as_name(value)
    return name if name is None or NUMBER.fullmatch(name) is None else as_id(name)


def as_count(value: Any) -> int | None:
    """Return a whole number, `1,234` and `12.0` included; None for anything else.

    `12.000` is twelve in one country's export and twelve thousand in another's: None.
    """
    if isinstance(value, str):
        text = value.strip()
        if text.isdecimal() and len(text) < 19:
            return int(text)
        if len(text) > LONGEST_COUNT or not WHOLE.fullmatch(text):
            return None
        value = int(text.translate(SEPARATORS).partition(".")[0])
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if not 0 <= value < LARGEST or value != int(value):
        return None
    return int(value)


def as_flag(value: Any) -> bool | None:
    """Return yes or no as exports write it."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in ("true", "1", "yes", "t", "y", "1.0"):
        return True
    return False if word in ("false", "0", "no", "f", "n", "0.0") else None


def as_name(value: Any) -> str | None:
    """Return a name; a list, also one written as Python writes it, becomes `A, B`."""
    if isinstance(value, str) and value.startswith("["):
        value = _list_written_out(value)
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(part).strip() for part in value if part)
    text = as_text(value)
    return None if text is None or text.strip().casefold() in NOTHING else text.strip()


def as_language(value: Any) -> str | None:
    """Return ISO 639-1 for a code, a tag (`en-US`) or an English name; None if unknown."""
    text = as_text(value)
    return None if text is None else _language(text.strip().casefold())


@lru_cache(maxsize=4096)
def _language(word: str) -> str | None:
    if word in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[word]
    code = re.split(r"[-_]", word)[0]
    if code in LANGUAGE_CODES:
        return LANGUAGE_CODES[code]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def as_channel(value: Any) -> str | None:
    """Return the channel that a platform's name means, or the name itself if it means none."""
    text = as_text(value)
    if text is None:
        return None
    word = text.strip().casefold()
    return word if word in CHANNELS else CHANNEL_NAMES.get(word, word)


def shorten(values: Any, limit: int = 200) -> str:
    """Return the beginning of what stood in a refused row."""
    if isinstance(values, str):
        return values[:limit]
    parts = (f"{key}={_plain(value)[:60]}" for key, value in values.items() if value)
    return "; ".join(parts)[:limit]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _list_written_out(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
