"""Events of the world that a document speaks of: one of their words, inside their days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from ccgcii.cleaning.scripts import script_of, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ccgcii.catalogues import Event
    from ccgcii.documents import Document


class EventMatcher:
    """The events of a study, compiled."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = {event.key: event for event in events}
        self._by_day: dict[date, frozenset[str]] = {}
        self._words: list[str] = []
        self._keys: list[str] = []
        for event in self._events.values():
            for word in (*event.words_en, *event.words_zh):
                self._words.append(word.lower())
                self._keys.append(event.key)
        self._scripts = [script_of(word) for word in self._words]
        self._automaton = AhoCorasick(self._words)

    def find(self, document: Document) -> tuple[str, ...]:
        """Return the keys of a document's events; an undated document has none."""
        if document.published_at is None:
            return ()
        day = document.published_at.date()
        current = self._by_day.get(day)
        if current is None:
            under_way = (e.key for e in self._events.values() if e.starts <= day <= e.ends)
            current = self._by_day[day] = frozenset(under_way)
        if not current:
            return ()
        text = f"{document.title}\n{document.text}".lower()
        found = {
            self._keys[index]
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if self._keys[index] in current and stands_alone(text, start, end, self._scripts[index])
        }
        return tuple(sorted(found))
