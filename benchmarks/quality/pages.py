"""Invented news pages with known article: `articles.toml` in the layouts of seven kinds of site."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).with_name("articles.toml")


@dataclass(frozen=True, slots=True)
class Article:
    """A piece as its newsroom wrote it, and the words that its site prints around it."""

    language: str
    title: str
    byline: str
    paragraphs: tuple[str, ...]
    teasers: tuple[str, ...]
    related: str
    newsletter: str
    tags: str
    rights: str
    caption: str
    dateline: str


@dataclass(frozen=True, slots=True)
class InventedPage:
    """An article in a layout; `article` is what a reader calls its text."""

    id: str
    language: str
    url: str
    html: str
    article: str


@cache
def articles() -> tuple[Article, ...]:
    """Return every article of `articles.toml`."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_article(language, facts) for language, facts in table.items())


def _article(language: str, facts: dict[str, Any]) -> Article:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()
    }
    return Article(language=language, **values)


def invented_pages() -> list[InventedPage]:
    """Return every article in every layout."""
    return [
        InventedPage(
            f"{layout.__name__.strip('_')}-{article.language}",
            article.language[:2],
            f"https://news.test/{article.language}/{layout.__name__.strip('_')}",
            layout(article),
            "\n".join(article.paragraphs),
        )
        for layout in LAYOUTS
        for article in articles()
    ]


def _semantic(a: Article) -> str:
    """Print HTML5 as it should be, with a figure, a related list and a footer."""
    half = len(a.paragraphs) // 2
    return _html(
        a,
        f"<header><nav>{_links(a.teasers)}</nav></header><main><article><h1>{escape(a.title)}</h1>"
        f"<p class='byline'>{escape(a.byline)}</p><time>{escape(a.dateline)}</time>"
        f"{_paragraphs(a.paragraphs[:half])}<figure><img src='a.jpg' alt=''>"
        f"<figcaption>{escape(a.caption)}</figcaption></figure>{_paragraphs(a.paragraphs[half:])}"
        f"</article><aside><h2>{escape(a.related)}</h2><ul>{_links(a.teasers)}</ul></aside></main>"
        f"<footer><p>{escape(a.rights)}</p></footer>",
    )


def _portal(a: Article) -> str:
    """Print as a portal does: no article element, `TRS_Editor`, ideographic indents."""
    body = "".join(f"<p>　　{escape(text)}</p>" for text in a.paragraphs)
    return _html(
        a,
        f"<div class='topbar'>{_links(a.teasers[:2])}</div><div class='crumbs'><a href='/'>1</a> "
        f"<a href='/n'>2</a></div><div class='main'><h2 class='tit'>{escape(a.title)}</h2>"
        f"<div class='info'>{escape(a.dateline)}</div><div class='TRS_Editor'>{body}</div>"
        f"<div class='editor'>{escape(a.rights)}</div><div class='xgxw'><b>{escape(a.related)}</b>"
        f"<ul>{_links(a.teasers)}</ul></div></div><div class='foot'>{escape(a.rights)}</div>",
    )


def _breaks(a: Article) -> str:
    """Print the text in one cell of a table, its paragraphs parted by line breaks only."""
    body = "<br><br>\n".join(escape(text) for text in a.paragraphs)
    return _html(
        a,
        f"<table><tr><td width='160'>{_links(a.teasers)}</td><td><font size='5'>{escape(a.title)}"
        f"</font><br><i>{escape(a.dateline)}</i><br><div id='content'>{body}</div></td></tr>"
        f"<tr><td colspan='2'>{escape(a.rights)}</td></tr></table>",
    )


def _between(a: Article) -> str:
    """Print teasers between the paragraphs and a call for subscribers, as tabloids do."""
    parts = []
    for number, text in enumerate(a.paragraphs):
        parts.append(f"<p>{escape(text)}</p>")
        if number < len(a.paragraphs) - 1:
            teaser = escape(a.teasers[number])
            parts.append(f"<p><strong><a href='/t/{number}'>{teaser}</a></strong></p>")
    return _html(
        a,
        f"<div class='story'><h1>{escape(a.title)}</h1><div class='story-body'>{''.join(parts)}"
        f"<p>{escape(a.newsletter)}</p><p>{escape(a.rights)}</p></div></div>",
    )


def _blog(a: Article) -> str:
    """Print as a weblog does: entry content, buttons, tags, a list of posts like it."""
    return _html(
        a,
        f"<div id='page'><div class='post hentry'><h1 class='entry-title'>{escape(a.title)}</h1>"
        f"<div class='entry-meta'>{escape(a.dateline)} {escape(a.byline)}</div>"
        f"<div class='entry-content'>{_paragraphs(a.paragraphs)}<div class='sharedaddy'>"
        f"<a href='/f'>Facebook</a> <a href='/x'>X</a></div><p>{escape(a.tags)}</p>"
        f"<p>{escape(a.related)}</p><ul>{_links(a.teasers)}</ul></div></div>"
        f"<div id='secondary'><p>{escape(a.newsletter)}</p></div></div>",
    )


def _scripted(a: Article) -> str:
    """Print the first paragraph alone, and give the whole article to machines."""
    facts = {"@type": "NewsArticle", "headline": a.title, "articleBody": "\n\n".join(a.paragraphs)}
    data = f"<script type='application/ld+json'>{json.dumps(facts)}</script>"
    return _html(
        a,
        f"<div id='app'><h1>{escape(a.title)}</h1><p class='lead'>{escape(a.paragraphs[0])}</p>"
        f"<div class='loading'></div></div><footer>{escape(a.rights)}</footer>",
        head=data,
    )


def _summary(a: Article) -> str:
    """Print the article, and give machines a summary alone and another piece."""
    facts = [
        {"@type": "NewsArticle", "headline": a.title, "articleBody": a.paragraphs[0]},
        {"@type": "WebSite", "name": a.teasers[0]},
    ]
    data = f"<script type='application/ld+json'>{json.dumps(facts)}</script>"
    return _html(
        a,
        f"<section><h1>{escape(a.title)}</h1><div><span>{escape(a.byline)}</span></div>"
        f"<div class='content'>{_paragraphs(a.paragraphs)}</div><div class='more'><h3>"
        f"{escape(a.related)}</h3>{_links(a.teasers)}</div><p class='legal'>{escape(a.rights)}</p>"
        "</section>",
        head=data,
    )


LAYOUTS: tuple[Callable[[Article], str], ...] = (
    _semantic,
    _portal,
    _breaks,
    _between,
    _blog,
    _scripted,
    _summary,
)


def _html(a: Article, body: str, *, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='{a.language}'><head><meta charset='utf-8'>"
        f"<title>{escape(a.title)}</title>{head}</head><body>{body}</body></html>"
    )


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _links(texts: tuple[str, ...]) -> str:
    return "".join(
        f"<li><a href='/t/{number}'>{escape(text)}</a></li>" for number, text in enumerate(texts)
    )
