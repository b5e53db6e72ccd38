"""Hello Wire: what an agency lists, a page of JSON after the other."""

import scrapy

from ccgcii import Record, Slice, Source, hookimpl


class HelloWire(Source):
    """The wire of Hello Agency, from its newest page to its oldest."""

    name = "hello-wire"

    def slices(self, plan):
        return [Slice("wire", polls=True)]

    def start_slice(self, piece):
        yield scrapy.Request("https://wire.example/latest.json")

    def parse(self, response, **known):
        for item in response.json()["items"]:
            yield Record(id=item["id"], channel="media", url=item["link"], title=item["headline"])
        if older := response.json().get("older"):
            yield response.follow(older)


@hookimpl
def ccgcii_sources():
    return [HelloWire]
