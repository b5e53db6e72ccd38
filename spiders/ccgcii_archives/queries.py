"""A city as full-text searches of news are asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccgcii import City


def phrase_of(city: City) -> str:
    """Return the English name as a phrase, with the province where two cities share it."""
    if city.label != city.name_en:
        return f'"{city.name_en}" AND "{city.province_en}"'
    return f'"{city.name_en}"'
