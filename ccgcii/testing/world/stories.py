"""A story: an article of the world and everything that is true of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Literal

from ccgcii.testing.world.phrases import Phrasebook

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from ccgcii.cities import City
    from ccgcii.testing.world.events import PlantedEvent
    from ccgcii.testing.world.sites import Site

Fate = Literal["kept", "irrelevant", "duplicate", "outside window", "never fetched"]
TONES = {1: "positive", 0: "neutral", -1: "negative"}


@dataclass(frozen=True, slots=True)
class Story:
    """An article, its place on the web, and what a perfect reader would make of it.

    `cities` are the keys of the cities it speaks of, `tone` is +1, 0 or -1 (of the sentences that
    name the first city), `kind` is `city`, `elsewhere`, or the trap name it stands for. `fate` is
    what must become of it. `original` is the number of the story it is a copy of.
    """

    number: int
    site: Site
    path: str
    title: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    cities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tone: int = 0
    event: str | None = None
    kind: str = "city"
    fate: Fate = "kept"
    original: int | None = None

    @property
    def text(self) -> str:
        """The article's text, a paragraph a line."""
        return "\n".join(self.paragraphs)

    @property
    def key(self) -> str:
        """The host and path it is served at."""
        return self.site.domain + self.path


@dataclass(frozen=True, slots=True)
class Draft:
    """What a story will be about, before it is written."""

    site: Site
    day: date
    city: City | None = None
    also: City | None = None
    topic: str | None = None
    tone: int = 0
    event: PlantedEvent | None = None
    kind: str = "city"
    fate: Fate = "kept"


def write_story(rng: Random, number: int, draft: Draft) -> Story:
    """Write a story out of a draft."""
    book = Phrasebook(draft.site.language)
    title = book.fill(rng, rng.choice(_titles(book, draft)), draft.city)
    paragraphs = _paragraphs(rng, book, _sentences(rng, book, draft))
    # Between 02:00 and 14:00 UTC a day is the same day from Vancouver to Sydney, nearly always.
    moment = datetime.combine(draft.day, time(rng.randint(2, 13), rng.randint(0, 59)), UTC)
    return Story(
        number=number,
        site=draft.site,
        path=path_of(draft.site, draft.day, title, number),
        title=title,
        paragraphs=paragraphs,
        published_at=moment,
        cities=tuple(city.key for city in (draft.city, draft.also) if city is not None),
        topics=(book.topic_name(draft.topic),) if draft.topic and draft.city else (),
        tone=draft.tone,
        event=draft.event.key if draft.event else None,
        kind=draft.kind,
        fate=draft.fate,
    )


def path_of(site: Site, day: date, title: str, number: int) -> str:
    """Return the path of a story in the manner of its site."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "story"
    return site.path.format(
        year=day.year, month=day.month, day=day.day, slug=slug, number=f"{number:06}"
    )


def _titles(book: Phrasebook, draft: Draft) -> tuple[str, ...]:
    if draft.event is not None:
        return draft.event.titles[book.language]
    titles: tuple[str, ...] = tuple(_words_about(book, draft)["titles"])
    return titles


def _words_about(book: Phrasebook, draft: Draft) -> dict[str, list[str]]:
    words = book.words
    group = {"city": "topics", "elsewhere": "elsewhere"}.get(draft.kind, "traps")
    found: dict[str, list[str]] = words[group][draft.topic or draft.kind]
    return found


def _sentences(rng: Random, book: Phrasebook, draft: Draft) -> list[str]:
    words, city = book.words, draft.city
    lead = book.some(rng, words["lead" if city else "elsewhere_lead"], 1, city)
    body = book.some(rng, words["general"], 5 if city is None else 3)
    body += book.some(rng, _words_about(book, draft)["sentences"], 4, city)
    if city is not None:
        body += book.some(rng, words["tones"][TONES[draft.tone]], 2, city)
    if draft.also is not None:
        body += book.some(rng, words["also"], 1, draft.also)
    rng.shuffle(body)
    if draft.event is not None:
        lead += book.some(rng, draft.event.sentences[book.language], 3, city)
    return lead + body


def _paragraphs(rng: Random, book: Phrasebook, sentences: list[str]) -> tuple[str, ...]:
    paragraphs, rest = [], sentences
    while rest:
        size = rng.choice((1, 2, 2, 3))
        paragraphs.append(book.join(rest[:size]))
        rest = rest[size:]
    return tuple(paragraphs)
