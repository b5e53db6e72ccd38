"""Words that say a name is a place, whatever place: in Wuhu, à Canton, Harbin'de, 시안에서."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ccgcii.cleaning.toponyms.small_words import small_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from ccgcii.cleaning.toponyms.surroundings import Surroundings

_KOREAN = re.compile(
    r"(?:에서|에 있|에 위치|행 |발 |시(?![가-힣])|시에|시는|공항|역(?![가-힣])|시장|까지|으로 가"
    r"| (?:한국 |주재 |일본 |미국 )?(?:총)?영사관| 주재 )"
)


def is_located(text: str, end: int, around: Surroundings, but: Collection[str] = ()) -> bool:
    """Say whether words beside a name make it a place; those of `but` do not count."""
    before = around.before[0].lower() if around.before else ""
    after = around.after[0] if around.after else ""
    if before in small_words("place_before") and before not in but and not _goes_on(around.after):
        return True
    if (
        before == "of"
        and len(around.before) > 1
        and around.before[1].lower() in small_words("town_of")
    ):
        return not but
    if after.lower() in small_words("place_after"):
        return True
    if (
        after in ("’", "'")
        and len(around.after) > 1
        and around.after[1] in small_words("turkish_endings")
    ):
        return True
    return _KOREAN.match(text, end) is not None


def follows_a_place_word(around: Surroundings) -> bool:
    """Say whether "in", "from" or the like stands right before the name."""
    return bool(around.before) and around.before[0].lower() in small_words("place_before")


def _goes_on(after: tuple[str, ...]) -> bool:
    """Say whether the name goes on (Kanton Uri, cantón de Zarcero): then another place is meant."""
    return bool(after) and (after[0][:1].isupper() or after[0].lower() in {"de", "du", "do", "d"})
