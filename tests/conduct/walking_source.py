"""A source for tests, as a single-file plugin: pages with links, and answers with posts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import scrapy

from ccgcii import Record, Slice, Source, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrapy.http import Response

    from ccgcii import Plan


class Walking(Source):
    name = "walking"

    class Options(Source.Options):
        """Where to start."""

        start: list[str]

    def slices(self, plan: Plan) -> list[Slice]:
        return [Slice(url) for url in self.options.start]

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        yield scrapy.Request(piece.key)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if response.body.startswith(b"["):
            for post in json.loads(response.body):
                day = datetime.fromisoformat(post.pop("day")).replace(tzinfo=UTC)
                yield Record(channel="x", published_at=day, **post)
            return
        yield self.page(response, title=response.css("title::text").get())
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link)


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    return [Walking]
