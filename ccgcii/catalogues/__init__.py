"""The lists that ship with ccgcii: cities, outlets, accounts, events; one's own can take over."""

from __future__ import annotations

from ccgcii.catalogues.accounts import CityAccount, default_accounts, read_accounts
from ccgcii.catalogues.cities import default_cities, find_city, read_cities
from ccgcii.catalogues.events import Event, default_events, lay_over, read_events
from ccgcii.catalogues.outlets import (
    Outlet,
    lay_outlets_over,
    outlets,
    read_outlets,
    told_outlets,
)

__all__ = [
    "CityAccount",
    "Event",
    "Outlet",
    "default_accounts",
    "default_cities",
    "default_events",
    "find_city",
    "lay_outlets_over",
    "lay_over",
    "outlets",
    "read_accounts",
    "read_cities",
    "read_events",
    "read_outlets",
    "told_outlets",
]
