"""The cities of a study, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.catalogues import Outlet


@dataclass(frozen=True, slots=True)
class CityName:
    """One way to write a city's name.

    `language` is an ISO 639-1 code or `""` for any; `kind` is `name`, `exonym`, `inflection` or
    `abbreviation`; an `ambiguous` name counts only with evidence beside it (a province, China).
    """

    text: str
    language: str = ""
    kind: str = "name"
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class City:
    """A city that is measured.

    `key` is unique and stable (`wuhan`, `taizhou-zhejiang`); `label` is what tables print
    (`Taizhou (Zhejiang)` where two share a name); `gdp_2019` is in 100 million RMB.
    """

    id: int
    key: str
    label: str
    name_en: str
    name_zh: str
    province_en: str
    province_zh: str
    gdp_2019: float | None
    gdp_source: str
    latitude: float | None
    longitude: float | None
    geonames_id: int | None
    names: tuple[CityName, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What is studied: which cities, in which window (days, both included, UTC).

    `outlets` is the catalogue of media by domain, for filters that judge where a piece is from.
    """

    name: str
    since: str
    until: str
    cities: tuple[City, ...]
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
