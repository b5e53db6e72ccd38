"""What a source is asked for, and the pieces into which it cuts the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pydantic import SecretStr

    from ccgcii.catalogues import CityAccount, Outlet
    from ccgcii.cities import City, Study


@dataclass(frozen=True, slots=True)
class Slice:
    """A unit of work: one feed, one city and month of a search, one file.

    `key` is unique within the source and stable from run to run. `payload` is what the source
    needs to start it (JSON). `city` is a city's key. `requests_estimated` is the most it may
    send, None where nobody knows. A slice that `polls` (a feed, a sitemap) is read again by
    later crawls, its listings when they are due; any other is done once.
    """

    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    city: str | None = None
    requests_estimated: int | None = None
    polls: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a source is asked to plan: whom, when (days, both included, UTC), how much.

    `limit` is the most documents wanted, `options` the table `[sources.NAME]` of ccgcii.toml,
    `outlets` the study's catalogue of media by domain, `accounts` the cities' own, `secrets` the
    keys by name, `patience` the longest wait in seconds that the crawl sits out (None: the
    source's own), `folder` that of ccgcii.toml, from which paths in `options` are told.
    """

    study: Study
    since: date
    until: date
    cities: tuple[City, ...]
    limit: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    accounts: tuple[CityAccount, ...] = ()
    secrets: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)
    patience: float | None = None
    folder: Path = Path()
