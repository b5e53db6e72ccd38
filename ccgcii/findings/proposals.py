"""Proposals: events that the data itself suggests, from bursts of cities and of words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.findings.bursts import LONGEST, Burst, find_bursts, threshold
from ccgcii.findings.words import count_by_day, documents_with, frequent_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from ccgcii.corpus import Corpus
    from ccgcii.findings.words import Piece

# Two bursts are one event if they share half of the smaller's documents.
SHARED = 0.5
# A listed event explains a proposal if it has this share of its documents.
EXPLAINED = 0.2
# A city belongs to a proposal with this share of its documents.
BELONGS = 0.05
MOST_WORDS = 8


@dataclass(slots=True)
class _Group:
    """Bursts that speak of one thing, the strongest first."""

    bursts: list[tuple[str, str, Burst]] = field(default_factory=list)
    documents: set[int] = field(default_factory=set)


def propose_events(
    corpus: Corpus, read_pieces: Callable[[], Iterable[Piece]], names: AbstractSet[str]
) -> list[dict[str, Any]]:
    """Return proposed events, strongest first, as plain data.

    `read_pieces` gives the documents with their texts anew each time it is called; `names` are
    words that name cities, which propose nothing by themselves. Days are counted from the first of
    the window. `known` is the listed event that has most of its documents, and how many, if any has
    a fifth; a proposal without one is news. `is_level` says that it lasted so long (60 days) that
    it is a new level and no event.
    """
    found = [*_of_cities(corpus), *_of_words(corpus, read_pieces, names)]
    groups: list[_Group] = []
    for kind, name, burst, documents in sorted(found, key=_strength):
        home = next((g for g in groups if _belongs(burst, documents, g)), None)
        if home is None:
            home = _Group()
            groups.append(home)
        home.bursts.append((kind, name, burst))
        home.documents |= documents
    cities, events = _links(corpus)
    return [_proposal(group, cities, events) for group in groups]


def _strength(found: tuple[str, str, Burst, set[int]]) -> tuple[float, float, str]:
    _, name, burst, _ = found
    return burst.expected - burst.documents, -burst.z, name


def _of_cities(corpus: Corpus) -> Iterable[tuple[str, str, Burst, set[int]]]:
    frame = corpus.query("SELECT city, day, document FROM fact")
    frame["city"] = frame["city"].astype(str)
    looked = np.zeros(corpus.days)
    looked[frame["day"].unique()] = 1
    at_least = threshold(frame["city"].nunique(), corpus.days)
    for city, rows in frame.groupby("city", sort=True):
        counts = np.bincount(rows["day"], minlength=corpus.days).astype(float)
        for burst in find_bursts(counts, looked, at_least):
            inside = rows["day"].between(burst.first, burst.last)
            yield "city", str(city), burst, set(rows.loc[inside, "document"].tolist())


def _of_words(
    corpus: Corpus, read_pieces: Callable[[], Iterable[Piece]], names: AbstractSet[str]
) -> Iterable[tuple[str, str, Burst, set[int]]]:
    words = [word for word in frequent_words(read_pieces()) if word not in names]
    frame = corpus.query("SELECT day, count(DISTINCT document) AS n FROM fact GROUP BY day")
    total = np.zeros(corpus.days)
    total[frame["day"].to_numpy()] = frame["n"].to_numpy()
    at_least = threshold(len(words), corpus.days)
    table = count_by_day(read_pieces(), words, corpus.days)
    bursts = {
        word: find_bursts(table[place].astype(float), total, at_least)
        for place, word in enumerate(words)
    }
    wanted = {word: [(b.first, b.last) for b in some] for word, some in bursts.items() if some}
    spoken: dict[str, list[tuple[int, int]]] = {word: [] for word in wanted}
    for word, day, document in documents_with(read_pieces(), wanted):
        spoken[word].append((day, document))
    for word in wanted:
        for burst in bursts[word]:
            inside = {d for day, d in spoken[word] if burst.first <= day <= burst.last}
            yield "word", word, burst, inside


def _belongs(burst: Burst, documents: set[int], group: _Group) -> bool:
    first = min(other.first for _, _, other in group.bursts)
    last = max(other.last for _, _, other in group.bursts)
    if burst.last < first or burst.first > last:
        return False
    smaller = min(len(documents), len(group.documents))
    return len(documents & group.documents) >= SHARED * smaller > 0


def _links(corpus: Corpus) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return the cities and the events of each document."""
    links: tuple[dict[int, list[str]], dict[int, list[str]]] = ({}, {})
    for found, column, source in zip(links, ("city", "event"), ("fact", "event_fact"), strict=True):
        frame = corpus.query(f"SELECT DISTINCT document, {column} FROM {source}")  # noqa: S608 - ours
        for document, word in zip(frame["document"], frame[column].astype(str), strict=True):
            found.setdefault(int(document), []).append(word)
    return links


def _proposal(
    group: _Group, cities: Mapping[int, list[str]], events: Mapping[int, list[str]]
) -> dict[str, Any]:
    leader = group.bursts[0][2]
    size = len(group.documents)
    named = Counter(city for d in group.documents for city in cities.get(d, ()))
    tagged = Counter(event for d in group.documents for event in events.get(d, ()))
    known, most = tagged.most_common(1)[0] if tagged else (None, 0)
    words = [name for kind, name, _ in group.bursts if kind == "word"]
    return {
        "first": min(burst.first for _, _, burst in group.bursts),
        "last": max(burst.last for _, _, burst in group.bursts),
        "peak": leader.peak,
        "documents": size,
        "expected": leader.expected,
        "z": max(burst.z for _, _, burst in group.bursts),
        "because": f"{group.bursts[0][0]} {group.bursts[0][1]}",
        "words": words[:MOST_WORDS],
        "cities": [city for city, n in named.most_common() if n >= BELONGS * size],
        "known": known if most >= EXPLAINED * size else None,
        "known_documents": most if most >= EXPLAINED * size else 0,
        "is_level": leader.last - leader.first + 1 >= LONGEST,
        "numbers": sorted(group.documents),
    }
