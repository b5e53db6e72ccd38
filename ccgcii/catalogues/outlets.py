"""Media outlets of the world: where a page comes from, how much it weighs, which city's it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.catalogues.cities import default_cities, find_city
from ccgcii.catalogues.countries import checked_country
from ccgcii.catalogues.tables import Row, read_rows
from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ccgcii.cities import City

HERE = Path(__file__).parent
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
REQUIRED = ("domain",)
OPTIONAL = ("name", "country", "language", "tier", "feeds", "sitemaps", "city", "role", "source")
ROLES = ("official", "affiliated")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A medium by its registered domain.

    `country` ISO 3166-1 alpha-2, `language` ISO 639-1, `tier` 1 (world) to 3 (local or niche);
    None is unknown. `city` is the key of the city that it is local to, `role` whose voice it is
    there: official (government, party, tourism board) or affiliated (the city's own media); None
    where it is neither or that is unknown. `source` is where the facts come from.
    """

    domain: str
    name: str = ""
    country: str | None = None
    language: str | None = None
    tier: int | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    city: str | None = None
    role: str | None = None
    source: str = ""


@cache
def outlets() -> dict[str, Outlet]:
    """Return the catalogue that ships with ccgcii, by domain."""
    catalogue = read_outlets(HERE / "outlets.csv")
    # Which are local to a city stands in a list of its own, with a source of its own.
    for domain, local in read_outlets(HERE / "city_outlets.csv").items():
        known = catalogue[domain]
        source = f"{known.source}; city: {local.source}"
        catalogue[domain] = replace(known, city=local.city, role=local.role, source=source)
    return catalogue


def lay_outlets_over(ours: Mapping[str, Outlet], theirs: Iterable[Outlet]) -> dict[str, Outlet]:
    """Return a catalogue with other outlets laid over it; what they leave unknown stays known."""
    merged = dict(ours)
    for outlet in theirs:
        told = {
            field.name: value
            for field in fields(outlet)
            if (value := getattr(outlet, field.name)) not in (None, "", ())
        }
        known = merged.get(outlet.domain, Outlet(outlet.domain))
        merged[outlet.domain] = replace(known, **told)
    return merged


def told_outlets(
    catalogue: Mapping[str, Outlet], tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, Outlet]:
    """Return a catalogue with the tables `[outlets."DOMAIN"]` of ccgcii.toml over it.

    An empty list there means that there is none: it takes our feeds away.
    """
    merged = dict(catalogue)
    for name, table in tables.items():
        domain = name.strip().lower()
        if not _DOMAIN.fullmatch(domain):
            raise ConfigError(
                f'[outlets."{name}"] is no domain; write the registered one, like "bbc.co.uk"'
            )
        told = {key: _spelled(key, value) for key, value in table.items() if value is not None}
        merged[domain] = replace(merged.get(domain, Outlet(domain)), **told)
    return merged


def _spelled(key: str, value: Any) -> Any:
    if key == "language":
        return value.lower()
    return tuple(value) if isinstance(value, list) else value


def read_outlets(path: Path, cities: Collection[City] = ()) -> dict[str, Outlet]:
    """Read outlets from a CSV file, the cities of local ones (empty: ours) by key or by name.

    Raises `ConfigError` naming file, line and column.
    """
    catalogue: dict[str, Outlet] = {}
    for row in read_rows(path, REQUIRED, OPTIONAL):
        domain = row.required("domain").lower()
        if domain in catalogue:
            raise row.error(f"outlet {domain!r} stands there twice")
        tier = row.whole("tier")
        if tier not in (None, 1, 2, 3):
            raise row.error(f"'tier' must be 1, 2 or 3, not {tier}")
        catalogue[domain] = Outlet(
            domain=domain,
            name=row.text("name"),
            country=_country(row),
            language=row.text("language").lower() or None,
            tier=tier,
            feeds=row.words("feeds"),
            sitemaps=row.words("sitemaps"),
            city=_city(row, cities or default_cities()),
            role=_role(row),
            source=row.text("source"),
        )
    return catalogue


def _country(row: Row) -> str | None:
    word = row.text("country")
    try:
        return checked_country(word) if word else None
    except ValueError as error:
        raise row.error(f"'country': {error}") from None


def _city(row: Row, cities: Collection[City]) -> str | None:
    name = row.text("city")
    try:
        return find_city(name, cities).key if name else None
    except ConfigError as error:
        raise row.error(str(error)) from None


def _role(row: Row) -> str | None:
    role = row.text("role").lower()
    if role and role not in ROLES:
        raise row.error(f"'role' must be {' or '.join(ROLES)}, not {role!r}")
    if role and not row.text("city"):
        raise row.error("'role' is that of a city's outlet: give 'city' too")
    return role or None
