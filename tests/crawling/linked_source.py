"""A source for tests, as a single-file plugin: keeps every page and follows every link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import scrapy

from ccgcii import Slice, Source, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrapy.http import Response

    from ccgcii import Plan


class Linked(Source):
    name = "linked"

    class Options(Source.Options):
        """A start, and how much of it."""

        start: list[str]
        budget: int = 5_000
        polls: bool = False

    def __init__(self, plan: Plan, desk: Any = None) -> None:
        super().__init__(plan, desk)
        self.budget = self.options.budget

    def slices(self, plan: Plan) -> list[Slice]:
        return [
            Slice(url, requests_estimated=self.budget, polls=self.options.polls)
            for url in self.options.start
        ]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        yield scrapy.Request(piece.key)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if b"raise-here" in response.body:
            raise ValueError("the page is not as expected")
        yield self.page(response, title=response.css("title::text").get())
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link)


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    return [Linked]
