"""Which hashtags stand for a city."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccgcii import City

_NOT_LETTERS = re.compile(r"[\W_]+")


def hashtag(text: str) -> str:
    """Return a name as a hashtag is written: letters and digits only, in lower case."""
    return _NOT_LETTERS.sub("", text).lower()


def hashtags_of(city: City, number: int) -> list[str]:
    """Return the first `number` hashtags of a city: its English name, then its Chinese one.

    A name that cities share is followed by the province: of `#taizhou` nobody knows which.
    """
    shared = city.label != city.name_en
    english = f"{city.name_en} {city.province_en}" if shared else city.name_en
    return [tag for tag in (hashtag(english), hashtag(city.name_zh)) if tag][:number]
