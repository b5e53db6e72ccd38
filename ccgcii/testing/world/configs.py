"""The files that let ccgcii study the world: ccgcii.toml, outlets, events."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from ccgcii.testing.world.events import planted_events
from ccgcii.testing.world.feeds import feed_path
from ccgcii.testing.world.sites import SITES
from ccgcii.testing.world.traps import BROKEN_FEED
from ccgcii.testing.world.web import entry_sitemaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ccgcii.cities import City
    from ccgcii.testing.world.platforms import Platforms
    from ccgcii.testing.world.sites import Site

SOURCE = "ccgcii.testing.world"
CITY_COLUMNS = (
    "id",
    "key",
    "label",
    "name_en",
    "name_zh",
    "province_en",
    "province_zh",
    "gdp_2019",
    "gdp_source",
)
CONFIG = """\
# A study of the synthetic world that ccgcii.testing.world serves on port {port} of this machine.

[study]
name = "world"
since = 2020-01-01
until = 2020-12-31
outlets = "outlets.csv"
events = "events.csv"
from_scratch = ["events"]     # those of the real world did not happen here
{cities}
[store]
url = "sqlite:///ccgcii.db"
archive = "archive"

[crawl]
contact = "nobody@herald.example"
concurrency = 16
concurrency_per_host = 16
delay = 0                     # loopback: nobody is disturbed
timeout = 10
retries = 1

[crawl.hosts]                 # the world's hosts are this machine
{hosts}

[sources.news]
feeds = {feeds}
sitemaps = {sitemaps}
sections = {sections}
{tables}"""


def write_config(
    folder: Path,
    port: int,
    cities: Sequence[City] | None = None,
    platforms: Platforms | None = None,
) -> Path:
    """Write ccgcii.toml, outlets.csv, events.csv, and cities.csv for cities of one's own.

    With `platforms` the study crawls those too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "outlets.csv", _outlet_rows(port))
    _write_table(folder / "events.csv", _event_rows())
    if cities is not None:
        _write_table(folder / "cities.csv", _city_rows(cities))
    config = folder / "ccgcii.toml"
    hosts = [*(site.domain for site in SITES), *(platforms.answers if platforms else ())]
    config.write_text(
        CONFIG.format(
            port=port,
            cities='cities = "cities.csv"\n' if cities is not None else "",
            hosts="\n".join(f'"{host}" = "127.0.0.1"' for host in hosts),
            tables="" if platforms is None else platforms.tables(port),
            feeds=_list(url for site in SITES for url in feeds_of(site, port)),
            sitemaps=_list(url for site in SITES for url in sitemaps_of(site, port)),
            sections=_list(url for site in SITES for url in sections_of(site, port)),
        ),
        encoding="utf-8",
    )
    return config


def feeds_of(site: Site, port: int) -> list[str]:
    """Return the addresses of a site's feeds, broken ones too."""
    paths = [path for path in (feed_path(site),) if path]
    paths += [BROKEN_FEED] if site.domain == "courier.example" else []
    return [_url(site, port, path) for path in paths]


def sitemaps_of(site: Site, port: int) -> list[str]:
    """Return the addresses of a site's sitemaps to start from, broken ones too."""
    return [_url(site, port, path) for path in entry_sitemaps(site)]


def sections_of(site: Site, port: int) -> list[str]:
    """Return the addresses of a site's section pages, empty for a site with sitemaps or feeds."""
    return [_url(site, port, path) for path in site.sections]


def _url(site: Site, port: int, path: str) -> str:
    return f"http://{site.domain}:{port}{path}"


def _list(urls: Iterable[str]) -> str:
    lines = "".join(f"  {json.dumps(url)},\n" for url in urls)
    return f"[\n{lines}]"


def _outlet_rows(port: int) -> list[dict[str, object]]:
    return [
        {
            "domain": site.domain,
            "name": site.name,
            "country": site.country,
            "language": site.language,
            "tier": site.tier,
            "feeds": ";".join(feeds_of(site, port)),
            "sitemaps": ";".join(sitemaps_of(site, port)),
            "source": SOURCE,
        }
        for site in SITES
    ]


def _event_rows() -> list[dict[str, object]]:
    return [
        {
            "key": event.key,
            "name": event.name,
            "category": event.category,
            "is_crisis": int(event.is_crisis),
            "starts": event.starts.isoformat(),
            "ends": event.ends.isoformat(),
            "words_en": ";".join(event.words_en),
            "words_zh": ";".join(event.words_zh),
            "source": event.source,
        }
        for event in planted_events()
    ]


def _city_rows(cities: Sequence[City]) -> list[dict[str, object]]:
    return [
        {name: "" if getattr(city, name) is None else getattr(city, name) for name in CITY_COLUMNS}
        for city in cities
    ]


def _write_table(path: Path, rows: Sequence[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
