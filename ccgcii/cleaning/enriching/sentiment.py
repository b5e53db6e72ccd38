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
    from collections.abc import Callable, Iterator, Sequence

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
    silent = _silence_of(document.language) if read is None else None
    read = read or reader_of(document.language)
    if read is None:
        return document
    known: dict[int, float] = {}
    for sentence, named in _sentences(document):
        if silent is not None and silent(sentence):
            known |= dict.fromkeys(named, 0.0)
            continue
        # Two mentions of a city in a sentence share one reading: it is read once.
        tones: dict[Reading, float] = {}
        for number, reading in _readings(sentence, named, document.language or "").items():
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
    for sentence, named in _sentences(document):
        found |= _readings(sentence, named, document.language or "")
    return found


def _sentences(document: Document) -> Iterator[tuple[str, dict[int, Named]]]:
    """Yield each sentence that names cities, with the names in it by their mentions' numbers."""
    for field, text in (("title", document.title), ("text", document.text)):
        within = [(n, m) for n, m in enumerate(document.mentions) if m.field == field]
        if within:
            yield from _named_in(text, within)


def _named_in(
    text: str, mentions: Sequence[tuple[int, Mention]]
) -> Iterator[tuple[str, dict[int, Named]]]:
    sentences = Sentences(text)
    by_sentence: dict[tuple[int, int], dict[int, Named]] = {}
    for number, mention in mentions:
        start, end = sentences.span_at(mention.start)
        first = max(start, min(mention.start - LONGEST // 2, end - LONGEST))
        named = Named(mention.city, mention.start - first, mention.end - first)
        by_sentence.setdefault((first, min(end, first + LONGEST)), {})[number] = named
    for (start, end), within in by_sentence.items():
        yield text[start:end], within


def _readings(sentence: str, named: dict[int, Named], language: str) -> dict[int, Reading]:
    elsewhere = chinese_tones().elsewhere if language == "zh" else None
    said = readings(sentence, language, list(named.values()), elsewhere)
    return {number: said[name.key] for number, name in named.items()}


def _silence_of(language: str | None) -> Callable[[str], bool] | None:
    """Return what tells a sentence that says nothing, without looking who it is said of.

    Chinese has none: there, "not equal to" has a tone of its own.
    """
    return _vader().is_silent if language == "en" else None


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
