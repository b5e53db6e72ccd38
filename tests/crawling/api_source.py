"""A source of an API for tests, as a single-file plugin: `/start` says what else to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii import Abort, ApiSource, Defer, Quota, Record, Skip, Slice, Terms, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import scrapy
    from scrapy.http import Response

    from ccgcii import Plan, Source, Trouble


class Notes(ApiSource):
    name = "notes"
    channel = "x"
    needs = ("notes_key",)
    terms = Terms("Notes", "7", keep_days=10)

    class Options(ApiSource.Options):
        """How many slices, and how big the bucket."""

        root: str
        slices: int = 1
        limit: int = 1_000
        bucket: str = "reads"
        units: int = 1

    def credentials(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.secret('notes_key')}"}

    def quotas(self) -> list[Quota]:
        return [Quota("reads", self.options.limit, "America/Los_Angeles")]

    def judge(self, status: int, headers: Mapping[str, str], body: Any) -> Trouble | None:
        told = body.get("trouble") if isinstance(body, dict) else None
        kinds: dict[str, Trouble] = {
            "defer": Defer(self.now() + float(headers.get("x-seconds", "0")), "later"),
            "skip": Skip("not there"),
            "abort": Abort(f"no entry: {headers.get('x-said', '')}"),
        }
        return kinds.get(told or "")

    def slices(self, plan: Plan) -> Iterator[Slice]:
        for number in range(self.options.slices):
            yield Slice(f"slice {number}", requests_estimated=250)

    def start_slice(self, piece: Slice) -> Iterator[scrapy.Request]:
        yield self.ask("/start", {}, self.parse, spends={self.options.bucket: self.options.units})

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        body = self.read(response)
        for name in body.get("notes", ()):
            yield Record(id=name, channel="x", text=name)
        yield self.saw(body.get("notes", ()))
        if "extra" in body:
            yield self.spend("reads", body["extra"])
        if "hold" in body:
            self.hold(body["hold"])
        for path in body.get("more", ()):
            yield self.ask(path, {}, self.parse)
        for url in body.get("urls", ()):
            yield response.follow(url, self.parse)


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    return [Notes]
