"""What is left out of a corpus: documents on a topic or event, or of some sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccgcii.errors import ConfigError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.measuring.raw import Dictionaries, Window


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Documents that count nowhere, as if they had never been.

    Those that have one of the `topics` and those that speak of one of the `events` (keys or
    categories) in its days. An event that is left out is no event to join either.
    """

    topics: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is left out."""
        return self != LeftOut()

    def apply(self, dictionaries: Dictionaries, window: Window) -> tuple[Dictionaries, Window]:
        """Return the lists without what is left out, and the window with the condition for it.

        Raises `ConfigError` for a topic, event or category that the study does not have.
        """
        if not self:
            return dictionaries, window
        numbers = self._events(dictionaries, window)
        conditions = [self._topics(dictionaries)] if self.topics else []
        if numbers:
            spoken = f"SELECT document_id FROM raw_event WHERE event_id IN ({_listed(numbers)})"  # noqa: S608 - numbers
            conditions.append(f"d.id NOT IN ({spoken})")
        left = [event for event in dictionaries.events if event.id not in numbers]
        condition = " AND ".join(conditions) or "TRUE"
        return replace(dictionaries, events=left), replace(window, condition=condition)

    def _topics(self, dictionaries: Dictionaries) -> str:
        places = {topic.name: place for place, topic in enumerate(dictionaries.topics)}
        for topic in self.topics:
            if topic not in places:
                raise ConfigError(f"no document has the topic {topic!r}{suggest(topic, places)}")
        bits = sum(1 << places[topic] for topic in set(self.topics))
        return f"(coalesce(topic.bits, 0) & {bits}) = 0"

    def _events(self, dictionaries: Dictionaries, window: Window) -> set[int]:
        inside = {event.id for event in dictionaries.events_in(window)}
        found: set[int] = set()
        for name in self.events:
            named = {e.id for e in dictionaries.events if name in (e.key, e.category)}
            if not named:
                words = {word for e in dictionaries.events for word in (e.key, e.category)}
                hint = suggest(name, words)
                # A hundred events are no hint.
                hint = hint if "did you mean" in hint else "; `ccgcii events` lists them"
                raise ConfigError(f"no event or category {name!r} in this study{hint}")
            found |= named & inside
        return found


@dataclass(frozen=True, slots=True)
class Absent:
    """Where documents come from that are taken to have never come in.

    Those that came through `sources` or are by `outlets` and `accounts` (numbers in the store), and
    those of `channels`.
    """

    sources: tuple[int, ...] = ()
    outlets: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """The SQL condition on facts that come from elsewhere; what is unknown does."""
        columns = {
            "source": _listed(self.sources),
            "outlet": _listed(self.outlets),
            "account": _listed(self.accounts),
            "channel": ", ".join(f"'{name}'" for name in self.channels),
        }
        conditions = [
            f"({column} IS NULL OR {column} NOT IN ({values}))"
            for column, values in columns.items()
            if values
        ]
        return " AND ".join(conditions) or "TRUE"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in sorted(numbers))
