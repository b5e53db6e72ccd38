"""Words for the world's texts: sentences with slots, and what fills them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from ccgcii.cities import City

HERE = Path(__file__).parent
FILES = {"en": "english.toml", "zh": "chinese.toml"}
# What a city does, against what it is: the dynamic ones are written about for the former.
ACTIVITY = ("expo", "forum", "festival", "sport")
QUIET = (
    "economy",
    "industry",
    "technology",
    "transport",
    "trade",
    "culture",
    "education",
    "food",
    "healthcare",
    "tourism",
)
REGIONS_ZH = {
    "广西": "广西壮族自治区",
    "内蒙古": "内蒙古自治区",
    "新疆": "新疆维吾尔自治区",
    "宁夏": "宁夏回族自治区",
    "西藏": "西藏自治区",
}


@cache
def read_data(name: str) -> dict[str, Any]:
    """Read a file of words from the folder `data` beside this module."""
    return tomllib.loads((HERE / "data" / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All the words of one language (`en` or `zh`)."""

    language: str

    @property
    def words(self) -> Mapping[str, Any]:
        """The file of words."""
        return read_data(FILES[self.language])

    def topic_name(self, topic: str) -> str:
        """Return how ccgcii's taxonomy calls one of these topics."""
        return str(self.words["topics"][topic].get("name", topic))

    def fill(self, rng: Random, sentence: str, city: City | None = None) -> str:
        """Fill a sentence's slots by chance; `{city}` and `{place}` with the city."""
        values = {slot: rng.choice(choices) for slot, choices in self.words["slots"].items()}
        values["number"] = str(rng.randint(21, 989))
        values["percent"] = f"{rng.randint(2, 19)}.{rng.randint(1, 9)}"
        values["small"] = str(rng.randint(2, 9))
        if city is not None:
            values["city"] = name_of(city, self.language)
            values["place"] = place_of(city, self.language)
        return sentence.format_map(values)

    def some(
        self, rng: Random, sentences: Sequence[str], count: int, city: City | None = None
    ) -> list[str]:
        """Choose and fill different sentences, all of them if there are not enough."""
        chosen = rng.sample(list(sentences), min(count, len(sentences)))
        return [self.fill(rng, sentence, city) for sentence in chosen]

    def join(self, sentences: Sequence[str]) -> str:
        """Put sentences into one paragraph."""
        return (" " if self.language == "en" else "").join(sentences)


def name_of(city: City, language: str) -> str:
    """Write a city's name."""
    return city.name_zh if language == "zh" else city.name_en


def place_of(city: City, language: str) -> str:
    """Write a city's name so that no reader takes it for another place."""
    own_province = city.province_en == city.name_en
    if language == "zh":
        province = REGIONS_ZH.get(city.province_zh, f"{city.province_zh}省")
        return f"{city.name_zh}市" if own_province else f"{province}{city.name_zh}市"
    return f"{city.name_en}, {'' if own_province else city.province_en + ', '}China"
