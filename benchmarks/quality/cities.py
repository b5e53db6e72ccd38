"""Finding cities in text: ccgcii beside a plain name search and flashgeotext, on `sentences/`.

Counted is the pair (sentence, city): a city named three times in a sentence is one.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality.labels import LANGUAGES, Sentence, labelled_sentences, set_names
from benchmarks.quality.scoring import Quality, quality
from ccgcii import default_cities, find_cities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccgcii import City

    Found = Mapping[str, frozenset[str]]

PEER = Path(__file__).with_name("peer_flashgeotext.py")


def measure(flashgeotext: str | None = None) -> dict[str, dict[str, Quality]]:
    """Return the quality by system, then by group of sentences (overall, each language, ...).

    `flashgeotext` is the Python of an environment that has it; without it that peer is left out.
    """
    sentences = labelled_sentences()
    systems = {
        "ccgcii": by_ccgcii(sentences),
        "ccgcii, language not told": by_ccgcii(sentences, told=False),
        "plain name search": by_plain_search(sentences),
    }
    if flashgeotext:
        systems["flashgeotext"] = by_flashgeotext(sentences, flashgeotext)
    return {name: by_group(sentences, found) for name, found in systems.items()}


def by_group(sentences: Sequence[Sentence], found: Found) -> dict[str, Quality]:
    """Return the quality overall, of (un)ambiguous and (un)read sentences, by set and language."""
    groups = {
        "overall": sentences,
        "ambiguous": [s for s in sentences if s.ambiguous],
        "not ambiguous": [s for s in sentences if not s.ambiguous],
        "read and repaired": [s for s in sentences if s.split == "open"],
        "never read": [s for s in sentences if s.split == "held"],
        **{name: [s for s in sentences if s.set == name] for name in set_names()},
        **{lang: [s for s in sentences if s.language == lang] for lang in LANGUAGES},
    }
    return {
        name: quality([(found[s.id], frozenset(s.cities)) for s in group])
        for name, group in groups.items()
    }


def by_ccgcii(sentences: Sequence[Sentence], *, told: bool = True) -> Found:
    """Return the keys that `ccgcii.find_cities` finds, with or without knowing the language."""
    return {
        s.id: frozenset(m.city for m in find_cities(s.text, s.language if told else None))
        for s in sentences
    }


def by_plain_search(sentences: Sequence[Sentence]) -> Found:
    """Return the keys whose English name is a word of the text, or Chinese name a part of it."""
    return {
        s.id: frozenset(city.key for city in default_cities() if _names(city, s.text))
        for s in sentences
    }


def by_flashgeotext(sentences: Sequence[Sentence], python: str) -> Found:
    """Return the keys behind the names that flashgeotext finds, run by another Python.

    Its names are English; one that several of our cities share counts as the labelled one (a
    courtesy), and a place of the world that is called like one of our cities counts as that city,
    for it does not say which of them it means.
    """
    lines = "".join(json.dumps({"id": s.id, "text": s.text}) + "\n" for s in sentences)
    done = subprocess.run(
        [python, str(PEER)], input=lines, capture_output=True, text=True, check=True
    )
    names: dict[str, list[str]] = json.loads(done.stdout)
    return {s.id: frozenset(_keys(names[s.id], s)) for s in sentences}


def failures(found: Found) -> list[tuple[Sentence, list[str], list[str]]]:
    """Return the sentences of the open split with wrong or missed cities: (it, wrong, missed)."""
    return [
        (s, sorted(found[s.id] - set(s.cities)), sorted(set(s.cities) - found[s.id]))
        for s in labelled_sentences()
        if s.split == "open" and found[s.id] != set(s.cities)
    ]


def _names(city: City, text: str) -> bool:
    return city.name_zh in text or _word(city.name_en).search(text) is not None


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(name)}\b")


def _keys(names: Sequence[str], sentence: Sentence) -> list[str]:
    keys = []
    for name in names:
        candidates = [city.key for city in default_cities() if city.name_en == name]
        keys += [key for key in candidates if key in sentence.cities] or candidates[:1]
    return keys
