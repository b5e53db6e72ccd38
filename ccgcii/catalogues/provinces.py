"""Provinces by their names in other languages: evidence for a city beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii.catalogues.russian import case_forms
from ccgcii.catalogues.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("provinces.csv")


@cache
def province_names() -> Mapping[str, tuple[str, ...]]:
    """Return further names of provinces by English name: traditional, Japanese, Хубэе, Hồ Bắc ...

    Shanxi and Shaanxi are one word in Korean (산시).
    """
    names: dict[str, list[str]] = {}
    for row in read_rows(FILE, ("province", "text", "language"), ()):
        name = row.required("text")
        declined = case_forms(name) if row.text("language") == "ru" and " " not in name else ()
        names.setdefault(row.required("province"), []).extend((name, *declined))
    return {province: tuple(values) for province, values in names.items()}
