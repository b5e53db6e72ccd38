"""The tone towards a city, -1 to 1, in the sentences that name it.

English: VADER (Hutto and Gilbert 2014) with our words about cities. Chinese: our own word list.
Other languages: a model of one's own (`ccgcii.cleaning.enriching.models`), else unknown.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from ccgcii.cleaning.enriching.chinese import chinese_tones
from ccgcii.cleaning.enriching.sentences import Sentences
from ccgcii.cleaning.enriching.targets import Named, Reading, readings
from ccgcii.documents import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ccgcii.cleaning.enriching.vader import Vader
    from ccgcii.documents import Document, Mention

    Read = Callable[[str], float]

DATA = Path(__file__).with_name("data")

# A mention's sentence is read up to here: what follows is a list or lacks its full stops.
LONGEST = 600


def tone_of(sentence: str, language: str | None) -> float | None:
    """Return the tone of a sentence in -1..1, None where its language has no list."""
    read = reader_of(language)
    return None if read is None else read(sentence)


def reader_of(language: str | None) -> Read | None:
    """Return what reads the tone of a text in a language, None where there is no list for it."""
    if language == "en":
        return _vader().compound
    if language == "zh":
        return chinese_tones().tone
    return None


def with_sentiment(document: Document, read: Read | None = None) -> Document:
    """Return the document with the tone towards each mention's city, and their mean as its own.

    `read` gives the tone of a text; by default the list of the document's language, and where it
    has none nothing is known. A mention's tone is that of what its sentence says of the city.
    """
    read = read or reader_of(document.language)
    if read is None:
        return document
    # Two mentions of a city in a sentence share one reading: it is read once.
    tones: dict[Reading, float] = {}
    known: dict[int, float] = {}
    for number, reading in said_of_cities(document).items():
        if reading not in tones:
            tones[reading] = reading.tone(read)
        known[number] = tones[reading]
    mentions = tuple(
        # A place that the source gave has no sentence: it stays unknown.
        changed(mention, sentiment=known[number]) if number in known else mention
        for number, mention in enumerate(document.mentions)
    )
    return changed(document, mentions=mentions, sentiment=fmean(known.values()) if known else None)


def said_of_cities(document: Document) -> dict[int, Reading]:
    """Return for each mention, by its number, what its sentence says of the city."""
    found: dict[int, Reading] = {}
    language = document.language or ""
    for name, text in (("title", document.title), ("text", document.text)):
        within = [(n, m) for n, m in enumerate(document.mentions) if m.field == name]
        if within:
            found |= _readings(text, within, language)
    return found


def _readings(
    text: str, mentions: Sequence[tuple[int, Mention]], language: str
) -> dict[int, Reading]:
    sentences = Sentences(text)
    by_sentence: dict[tuple[int, int], list[tuple[int, Mention]]] = {}
    for number, mention in mentions:
        start, end = sentences.span_at(mention.start)
        first = max(start, min(mention.start - LONGEST // 2, end - LONGEST))
        by_sentence.setdefault((first, min(end, first + LONGEST)), []).append((number, mention))
    elsewhere = chinese_tones().elsewhere if language == "zh" else None
    found: dict[int, Reading] = {}
    for (start, end), within in by_sentence.items():
        named = [
            Named(mention.city, mention.start - start, mention.end - start) for _, mention in within
        ]
        said = readings(text[start:end], language, named, elsewhere)
        found |= {number: said[mention.city] for number, mention in within}
    return found


@lru_cache(maxsize=1)
def _vader() -> Vader:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - reads its list

    from ccgcii.cleaning.enriching.vader import Vader  # noqa: PLC0415 - reads the package

    analyzer = SentimentIntensityAnalyzer()
    table: dict[str, Any] = tomllib.loads((DATA / "sentiment_en.toml").read_text(encoding="utf-8"))
    for word in table.pop("neutral")["words"].split():
        analyzer.lexicon.pop(word, None)
    for group in table.values():
        analyzer.lexicon.update(dict.fromkeys(group["words"].split(), float(group["valence"])))
    return Vader(analyzer)
