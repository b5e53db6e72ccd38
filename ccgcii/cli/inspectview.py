"""What `ccgcii inspect` prints for people: every decision with its evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ccgcii.cleaning.reviewing.inspecting import Inspection, Inspector
    from ccgcii.documents import Document

# How much of a text, of what is said of a city, and of a list is shown.
TEXT, SAID, MOST = 1_500, 60, 12
CITY, TOPIC, PASSED = "bold black on yellow", "cyan underline", "strike dim"


def show(console: Console, inspector: Inspector, inspection: Inspection) -> None:
    """Print the facts, cities, topics, verdicts and the text with its spans marked."""
    document = inspection.document
    marks = _marks(inspector, document)
    console.print(_facts(inspector, document, marks))
    if document.mentions:
        console.print(_mentions(inspector, document))
    for table in (_passed(inspector, document), _topics(inspector, document)):
        if table is not None:
            console.print(table)
    console.print(_verdicts(inspector, inspection))
    text = _marked(document.text, marks["text"])
    console.print(text[:TEXT], "…" if len(text) > TEXT else "", sep="")


def _facts(inspector: Inspector, document: Document, marks: Mapping[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("title", _marked(document.title, marks["title"]))
    for name, value in _facts_of(inspector, document):
        table.add_row(name, Text(value))
    return table


def _facts_of(inspector: Inspector, document: Document) -> Iterator[tuple[str, str]]:
    from ccgcii.cleaning.reviewing.explaining import author_class

    moment, sure, tone = document.published_at, document.language_confidence, document.sentiment
    yield "published", f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "unknown"
    dated = document.page.date_confidence if document.page else 0.0
    yield "date rule", document.date_rule + (f" ({dated:.2f})" if dated else "")
    known = "declared" if document.language and sure is None else ""
    if document.page is not None and document.page.kind:
        yield "kind of page", document.page.kind
    yield "language", _with(document.language, f"{sure:.2f}" if sure is not None else known)
    yield "outlet", document.outlet or "unknown"
    yield "country", _with(document.country, _country_rule(document))
    yield "tier", "unknown" if document.tier is None else str(document.tier)
    yield "author class", author_class(document, inspector.accounts, inspector.outlets) or "unknown"
    yield "sentiment", "unknown" if tone is None else f"{tone:+.2f}"
    yield "topics", ", ".join(document.topics) or "none"


def _with(value: str | None, rule: str) -> str:
    return "unknown" if value is None else f"{value} ({rule})" if rule else value


def _country_rule(document: Document) -> str:
    return "catalogue of outlets" if document.tier is not None else "source or domain"


def _mentions(inspector: Inspector, document: Document) -> Table:
    from rich.text import Text

    from ccgcii.cleaning.reviewing.explaining import tones_read

    table = _table(
        "city", "as written", "where", "confidence", "rule", "tone", "read as said of it"
    )
    said = tones_read(document)
    for number, mention in enumerate(document.mentions):
        reading = said.get(number)
        heard = "" if mention.sentiment is None or reading is None else reading.text
        rule = "" if not heard or reading is None else f"{reading.rule}: "
        table.add_row(
            inspector.label(mention.city),
            Text(mention.as_written),
            f"{mention.field} {mention.start}-{mention.end}",
            f"{mention.confidence:.2f}",
            mention.rule,
            "" if mention.sentiment is None else f"{mention.sentiment:+.2f}",
            Text(f"{rule}{_short(heard)}"),
        )
    return table


def _passed(inspector: Inspector, document: Document) -> Table | None:
    from rich.text import Text

    from ccgcii.cleaning.reviewing.explaining import passed_over

    names = list(passed_over(document, inspector.cities))[:MOST]
    if not names:
        return None
    table = _table("passed over", "where", "why")
    for name in names:
        text = document.title if name.field == "title" else document.text
        where = f"{name.field} {name.start}-{name.end}"
        table.add_row(Text(text[name.start : name.end]), where, name.reason)
    return table


def _topics(inspector: Inspector, document: Document) -> Table | None:
    from rich.text import Text

    from ccgcii.cleaning.enriching.topics import topic_powers
    from ccgcii.cleaning.reviewing.explaining import topic_words

    words: dict[str, Counter[str]] = {}
    for hit in topic_words(document, inspector.taxonomy):
        for topic in hit.topics:
            words.setdefault(topic, Counter())[hit.word] += 1
    if not words:
        return None
    powers = topic_powers(inspector.taxonomy)
    table = _table("topic", "power", "kept", "words")
    for topic in sorted(words, key=lambda topic: (topic not in document.topics, topic)):
        counted = [
            f"{word} ×{number}" if number > 1 else word
            for word, number in words[topic].most_common(MOST)
        ]
        kept = "yes" if topic in document.topics else "in passing"
        table.add_row(topic, powers[topic], kept, Text(", ".join(counted)))
    return table


def _verdicts(inspector: Inspector, inspection: Inspection) -> Table:
    from rich.text import Text

    from ccgcii.documents import LAYERS

    table = _table("layer", "verdict", "reason")
    for number, name in LAYERS.items():
        found = [verdict for verdict in inspection.verdicts if verdict.layer == number]
        if not found and number not in inspector.judged:
            said = "compares pieces with one another: `ccgcii clean` judges it in a study"
            table.add_row(name, Text("not judged", style="dim"), Text(said, style="dim"))
        elif not found:
            table.add_row(name, Text("passes", style="green"), "")
        for verdict in found:
            table.add_row(name, Text(verdict.filter, style="red"), Text(verdict.reason))
    return table


def _marks(inspector: Inspector, document: Document) -> dict[str, list[tuple[int, int, str]]]:
    """Return what is marked in each field: spans with their style, the strongest last."""
    from ccgcii.cleaning.reviewing.explaining import passed_over, topic_words

    marks: dict[str, list[tuple[int, int, str]]] = {"title": [], "text": []}
    for hit in topic_words(document, inspector.taxonomy):
        if any(topic in document.topics for topic in hit.topics):
            marks[hit.field].append((hit.start, hit.end, TOPIC))
    for name in passed_over(document, inspector.cities):
        marks[name.field].append((name.start, name.end, PASSED))
    for mention in document.mentions:
        if mention.field in marks:
            marks[mention.field].append((mention.start, mention.end, CITY))
    return marks


def _marked(written: str, marks: list[tuple[int, int, str]]) -> Text:
    from rich.text import Text

    # One character for one: control codes must not reach the terminal, and offsets must stay.
    text = Text("".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in written))
    for start, end, style in marks:
        text.stylize(style, start, end)
    return text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SAID else f"{line[: SAID - 1]}…"


def _table(*names: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table
