"""Media outlets of the world: where a page comes from, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ccgcii.catalogues.tables import read_rows

HERE = Path(__file__).parent
REQUIRED = ("domain",)
OPTIONAL = ("name", "country", "language", "tier", "feeds", "sitemaps", "source")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A medium by its registered domain.

    `country` ISO 3166-1 alpha-2, `language` ISO 639-1, `tier` 1 (world) to 3 (local or niche);
    None is unknown. `source` is where the facts come from.
    """

    domain: str
    name: str = ""
    country: str | None = None
    language: str | None = None
    tier: int | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    source: str = ""


@cache
def outlets() -> dict[str, Outlet]:
    """Return the catalogue that ships with ccgcii, by domain."""
    return read_outlets(HERE / "outlets.csv")


def read_outlets(path: Path) -> dict[str, Outlet]:
    """Read outlets from a CSV file; raises `ConfigError` naming file, line and column."""
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
            country=row.text("country").upper() or None,
            language=row.text("language").lower() or None,
            tier=tier,
            feeds=row.words("feeds"),
            sitemaps=row.words("sitemaps"),
            source=row.text("source"),
        )
    return catalogue
