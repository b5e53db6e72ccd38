"""The lists that ship with ccgcii: cities, outlets, events. Each can be replaced or extended."""

from __future__ import annotations

from ccgcii.catalogues.cities import default_cities, read_cities
from ccgcii.catalogues.events import Event, default_events, read_events
from ccgcii.catalogues.outlets import Outlet, outlets, read_outlets

__all__ = [
    "Event",
    "Outlet",
    "default_cities",
    "default_events",
    "outlets",
    "read_cities",
    "read_events",
    "read_outlets",
]
