"""The source of the crawl benchmark, as a single-file plugin: keeps every page, follows links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import scrapy

from ccgcii import Plan, Slice, Source, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response


class Bench(Source):
    """Every page of one site."""

    name = "bench"

    class Options(Source.Options):
        """Where to begin."""

        start: str

    def slices(self, plan: Plan) -> list[Slice]:  # noqa: ARG002 - the whole site, always
        """Give the site as one slice."""
        return [Slice("site")]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:  # noqa: ARG002
        """Ask for the front page."""
        yield scrapy.Request(self.options.start)

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Keep the page and follow its links."""
        yield self.page(response, title=response.css("title::text").get())
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link)


@hookimpl
def ccgcii_sources() -> list[type[Source]]:
    """Give the source."""
    return [Bench]
