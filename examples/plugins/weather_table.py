"""Weather reports that name many cities and say nothing of any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from ccgcii import Document, Drop, hookimpl

TEMPERATURE = re.compile(r"-?\d+\s?(?:°\s?[CF]|℃)")


@dataclass(frozen=True, slots=True)
class WeatherTable:
    """Drop a text with more than `limit` temperatures."""

    name: ClassVar[str] = "weather-table"
    layer: ClassVar[int] = 4
    limit: int = 5

    def clean(self, document: Document) -> Document | Drop:
        """Count temperatures."""
        found = len(TEMPERATURE.findall(document.text))
        if found > self.limit:
            return Drop(f"{found} temperatures: a weather report")
        return document


@hookimpl
def ccgcii_filters() -> list[WeatherTable]:
    """Give the filter."""
    return [WeatherTable()]
