"""Hello News: a front page that links to articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import scrapy

from ccgcii import Slice, Source, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from ccgcii import Plan


class HelloNews(Source):
    """The news of hello.example, from its front page."""

    name = "hello-news"

    class Options(Source.Options):
        """The table `[sources.hello-news]`."""

        front: str = "https://hello.example/"

    def slices(self, plan: Plan) -> list[Slice]:  # noqa: ARG002 - one front page, whatever is asked
        """Plan one slice, read again by every crawl."""
        return [Slice("front", polls=True)]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:  # noqa: ARG002
        """Begin with the front page."""
        yield scrapy.Request(self.options.front)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002
        """Follow the links to articles."""
        for link in response.css("article a::attr(href)").getall():
            yield response.follow(link, self.parse_article)

    def parse_article(self, response: Response) -> Iterator[Any]:
        """Keep the page; cleaning finds text, date, language and cities by itself."""
        yield self.page(response, title=response.css("h1::text").get())


@hookimpl
def ccgcii_sources() -> list[type[Source]]:
    """Give the source."""
    return [HelloNews]
