"""The planted events of the world, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from ccgcii.testing.world.phrases import read_data

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "planted by ccgcii.testing.world"


@dataclass(frozen=True, slots=True)
class PlantedEvent:
    """An event whose window and words are known; `titles` and `sentences` by language."""

    key: str
    name: str
    category: str
    is_crisis: bool
    starts: date
    ends: date
    words_en: tuple[str, ...]
    words_zh: tuple[str, ...]
    titles: Mapping[str, tuple[str, ...]]
    sentences: Mapping[str, tuple[str, ...]]
    source: str = SOURCE

    @property
    def opening(self) -> datetime:
        """The event's first moment."""
        return datetime.combine(self.starts, time(), UTC)

    @property
    def seconds(self) -> float:
        """How long it lasts, its last day included."""
        return ((self.ends - self.starts).days + 1) * 86400.0


@cache
def planted_events() -> tuple[PlantedEvent, ...]:
    """Return the events of the world in order of time."""
    return tuple(
        PlantedEvent(
            key=entry["key"],
            name=entry["name"],
            category=entry["category"],
            is_crisis=entry["is_crisis"],
            starts=entry["starts"],
            ends=entry["ends"],
            words_en=tuple(entry["words_en"]),
            words_zh=tuple(entry["words_zh"]),
            titles={code: tuple(entry[f"titles_{code}"]) for code in ("en", "zh")},
            sentences={code: tuple(entry[f"sentences_{code}"]) for code in ("en", "zh")},
        )
        for entry in read_data("events.toml")["event"]
    )
