"""News of the open web: what feeds, sitemaps and section pages name, inside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    """Give the news source; Scrapy loads only when it is asked for."""
    from ccgcii_news.source import News  # noqa: PLC0415 - `ccgcii score` must not load Scrapy

    return [News]
