"""Article pages in the manner of real sites: what surrounds the text, where the date stands."""

from __future__ import annotations

import json
from html import escape
from random import Random
from typing import TYPE_CHECKING, Any

from ccgcii.testing.world.phrases import read_data
from ccgcii.testing.world.resources import Resource, address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.testing.world.sites import Site
    from ccgcii.testing.world.stories import Story


def article_page(story: Story, related: Sequence[Story] = ()) -> Resource:
    """Return the page of a story in the look of its site, with links to others of the site."""
    body = {"classic": _classic, "magazine": _magazine, "portal": _portal}[story.site.look]
    html = frame(story.site, story.title, body(story, related), head=_head(story))
    return Resource(html, _media_type(story.site), encoding=story.site.encoding)


def plain_page(
    site: Site,
    title: str,
    content: str,
    *,
    head: str = "",
    status: int = 200,
    truncate_to: int | None = None,
) -> Resource:
    """Return a page that is no article, in the site's frame; `content` and `head` are HTML."""
    return Resource(
        frame(site, title, content, head=head),
        _media_type(site),
        status,
        encoding=site.encoding,
        truncate_to=truncate_to,
    )


def link_list(stories: Sequence[Story]) -> str:
    """Return a list of links to stories, as HTML."""
    items = [f'<li><a href="{story.path}">{escape(story.title)}</a></li>' for story in stories]
    return "<ul>\n" + "\n".join(items) + "\n</ul>"


def frame(site: Site, title: str, content: str, *, head: str = "") -> str:
    """Return a whole page: head, masthead, menu, the content, footer."""
    words = _labels(site.language)
    menu = "".join(f'<li><a href="/">{word}</a></li>' for word in words["menu"])
    return f"""<!DOCTYPE html>
<html lang="{"zh-Hans" if site.language == "zh" else "en"}">
<head>
<meta charset="{site.encoding}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} | {escape(site.name)}</title>
{head}<style>body{{font-family:serif;margin:0 auto;max-width:70em}}nav ul{{display:flex}}</style>
</head>
<body class="{site.look}">
<header class="masthead"><a href="/" class="logo">{escape(site.name)}</a>
<nav><ul class="menu">{menu}</ul></nav></header>
{content}
<footer class="footer"><ul><li><a href="/about">{words["about"]}</a></li>
<li><a href="/terms">{words["terms"]}</a></li></ul>
<p>&copy; {escape(site.name)}. {words["rights"]}</p></footer>
</body>
</html>
"""


def _labels(language: str) -> dict[str, Any]:
    labels: dict[str, Any] = read_data("labels.toml")[language]
    return labels


def _media_type(site: Site) -> str:
    # A site in an old encoding says so in its page only, as many do.
    return "text/html; charset=utf-8" if site.encoding == "utf-8" else "text/html"


def _head(story: Story) -> str:
    site, url = story.site, address(story.site.domain, story.path)
    summary = escape(story.paragraphs[0])
    lines = [
        f'<link rel="canonical" href="{url}">',
        f'<meta name="description" content="{summary}">',
        f'<meta property="og:title" content="{escape(story.title)}">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:site_name" content="{escape(site.name)}">',
    ]
    if site.dates == "meta":
        moment = story.published_at.isoformat()
        lines.append(f'<meta property="article:published_time" content="{moment}">')
    if site.dates == "jsonld":
        lines.append(f'<script type="application/ld+json">{_json_ld(story, url)}</script>')
    return "\n".join(lines) + "\n"


def _json_ld(story: Story, url: str) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": story.title,
        "datePublished": story.published_at.isoformat().replace("+00:00", "Z"),
        "author": {"@type": "Person", "name": byline(story)},
        "publisher": {"@type": "NewsMediaOrganization", "name": story.site.name},
        "inLanguage": story.site.language,
    }
    return json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")


def byline(story: Story) -> str:
    """Return who signed a story."""
    return str(Random(story.number).choice(_labels(story.site.language)["bylines"]))


def _visible_date(story: Story) -> str:
    moment = story.published_at
    if story.site.dates == "time":
        return f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{moment:%d %b, %H:%M}</time>'
    if story.site.dates != "text":
        return ""
    if story.site.language == "zh":
        return f'<span class="date">{moment.year}年{moment.month}月{moment.day}日</span>'
    return f'<span class="date">Published {moment.day} {moment:%B %Y}</span>'


def _byline(story: Story) -> str:
    signed = f"{_labels(story.site.language)['by']} {byline(story)}"
    return f'<span class="author">{signed}</span> {_visible_date(story)}'


def _text(story: Story) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)


def sidebar(site: Site, related: Sequence[Story] = ()) -> str:
    """Return what stands beside a text, as HTML: links to other stories, a newsletter."""
    words = _labels(site.language)
    links = f"<h3>{words['related']}</h3>{link_list(related)}" if related else ""
    return f'<aside class="sidebar">{links}<p class="newsletter">{words["letters"]}</p></aside>'


def _classic(story: Story, related: Sequence[Story]) -> str:
    return f"""<main><article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escape(story.title)}</h1>
<p class="byline">{_byline(story)}</p>
<div itemprop="articleBody" class="article-body">
{_text(story)}
</div>
<div class="share"><a href="#fb">{_labels(story.site.language)["share"]}</a></div>
</article></main>
{sidebar(story.site, related)}"""


def _magazine(story: Story, related: Sequence[Story]) -> str:
    words = _labels(story.site.language)
    return f"""<div id="wrapper"><div class="breadcrumb"><a href="/">{words["home"]}</a></div>
<article class="story"><header class="story-header"><h1>{escape(story.title)}</h1>
<div class="meta">{_byline(story)}</div></header>
<figure><img src="/img/{story.number}.jpg" alt=""></figure>
<section class="story-body entry-content">
{_text(story)}
</section></article>
{sidebar(story.site, related)}</div>"""


def _portal(story: Story, related: Sequence[Story]) -> str:
    words = _labels(story.site.language)
    return f"""<div class="container"><div class="path"><a href="/">{words["home"]}</a> &gt;
<a href="/news/">{words["menu"][1]}</a></div>
<div class="main-content"><h1 class="main-title">{escape(story.title)}</h1>
<div class="date-source">{_byline(story)}</div>
<div class="article" id="article">
{_text(story)}
</div></div>
<div class="right">{sidebar(story.site, related)}</div></div>"""
