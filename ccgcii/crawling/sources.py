"""What the author of a source of the web writes: slices, their first requests, and `parse`.

Example::

    class HelloNews(Source):
        name = "hello-news"

        def slices(self, plan):
            return [Slice("front")]

        def start_slice(self, piece):
            yield scrapy.Request("https://hello.example/")

        def parse(self, response):
            for link in response.css("article a::attr(href)").getall():
                yield response.follow(link, self.parse_article)

        def parse_article(self, response):
            yield self.page(response, title=response.css("h1::text").get())
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ccgcii.crawling.apis.values import plain_estimate
from ccgcii.errors import ConfigError, SourceError, suggest
from ccgcii.records import to_iso

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from datetime import datetime

    from scrapy.http import Response

    from ccgcii.crawling.apis.values import Estimate, Quota, Terms
    from ccgcii.crawling.desk import Desk
    from ccgcii.planning.slices import Plan, Slice


# The key of a request's `meta` that says that it asks for a listing.
POLLS = "ccgcii_polls"


@dataclass(frozen=True, slots=True)
class Page:
    """The wish to keep a response's bytes, to be cleaned later, with what is already known of it.

    `published_at` is in UTC, `language` ISO 639-1, `outlet` a registered domain.
    """

    url: str
    title: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    outlet: str | None = None

    def hints(self) -> dict[str, str]:
        """Return what is known, as JSON values."""
        known = {
            "title": self.title,
            "published_at": to_iso(self.published_at) if self.published_at else None,
            "language": self.language,
            "outlet": self.outlet,
        }
        return {name: value for name, value in known.items() if value}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not as it should be, though the response could be used."""

    reason: str


class Source(scrapy.Spider):
    """A source of the web: a Scrapy spider whose work is planned, kept and resumed for it.

    Give `name`, perhaps `channel` and `Options`, and write `slices`, `start_slice` and `parse`.
    Callbacks yield requests, `self.page(...)`, `ccgcii.Record`s and `self.note(...)`; all that one
    response gave is stored at once, or not at all. `budget` is the most requests that one slice
    may send in a run: what stops an endless calendar.
    """

    channel: ClassVar[str] = "media"
    budget: int = 5_000
    # Names of `[secrets]` that a crawl cannot do without.
    needs: ClassVar[tuple[str, ...]] = ()
    # Under which terms its rows may be held, None for the open web.
    terms: ClassVar[Terms | None] = None
    # Whether its answers are archived as they came; what must be forgotten is better not.
    archives: ClassVar[bool] = True
    # The longest wait (seconds) for a request's turn that a crawl sits out.
    patience: float = 300.0
    # Whether a request that failed spends of the buckets of an API all the same.
    errors_cost: ClassVar[bool] = True
    # Whether `start_slice` understands slices whose payload is `{"refresh": [{"id", "author"}]}`.
    refreshes: ClassVar[bool] = False
    # Whether a slice is done only if every one of its requests is, not just its first ones.
    complete: ClassVar[bool] = False
    _nothing: ClassVar[tuple[Any, ...]] = ()

    class Options(BaseModel):
        """The table `[sources.NAME]` of ccgcii.toml; a source with options subclasses it.

        `max_requests`, `max_minutes`, `max_megabytes` (of bodies, as they come) and `max_failures`
        in a row are the budget of a crawl of the source; those of `[crawl]` hold for what is left
        open. A crawl that has spent one ends in order, and the next goes on.
        """

        model_config = ConfigDict(extra="forbid", frozen=True)

        max_requests: int | None = Field(None, ge=1)
        max_minutes: float | None = Field(None, gt=0)
        max_megabytes: float | None = Field(None, gt=0)
        max_failures: int | None = Field(None, ge=1)

    def __init__(self, plan: Plan, desk: Desk | None = None) -> None:
        super().__init__()
        self.plan = plan
        self.desk = desk
        self.options: Any = read_options(self.name, self.Options, plan.options)
        if plan.patience is not None:
            self.patience = plan.patience

    def slices(self, plan: Plan) -> Iterable[Slice]:  # noqa: ARG002 - for subclasses
        """Cut the work of a plan into slices."""
        raise SourceError(f"source {self.name!r} plans nothing: it must define slices(plan)")

    def start_slice(self, piece: Slice) -> Iterable[scrapy.Request]:  # noqa: ARG002
        """Give the first requests of a slice."""
        raise SourceError(f"source {self.name!r} must define start_slice(piece)")

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Any]:  # noqa: ARG002
        """Yield what a response holds."""
        raise SourceError(f"source {self.name!r} must define parse(response)")

    def quotas(self) -> Iterable[Quota]:
        """Return the buckets that requests spend of: none on the open web."""
        return ()

    def estimate(self, plan: Plan) -> Estimate:
        """Return what the plan would take, without sending anything."""
        return plain_estimate(self.slices(plan))

    @classmethod
    def is_refreshed(cls, record: Mapping[str, Any]) -> bool:  # noqa: ARG003 - for subclasses
        """Say of a record (its fields as kept) whether a source that `refreshes` can ask again."""
        return cls.refreshes

    def secret(self, name: str) -> str:
        """Return a secret; raises `ConfigError` naming the environment variable if it is missing.

        It comes from the environment or the .env file beside ccgcii.toml, and is never written.
        """
        kept = self.plan.secrets.get(name)
        value = kept.get_secret_value().strip() if kept is not None else ""
        if not value:
            raise ConfigError(
                f"[sources.{self.name}] needs a key: set the environment variable "
                f"CCGCII__SECRETS__{name.upper()}, or put it into the .env file beside ccgcii.toml"
            )
        return value

    def fingerprint(self, request: scrapy.Request, slice_id: int) -> bytes:  # noqa: ARG002
        """Return what is the same for the same request; slices share requests by default."""
        return bytes(self.crawler.request_fingerprinter.fingerprint(request))

    def listing(self, url: str, callback: Callable[..., Any], **options: Any) -> scrapy.Request:
        """Ask for a page that names others and is read again by later crawls of its slice.

        It is asked for only when it is due and sent only if it has changed: what it names depends
        on the response and on `reads_by` alone. `options` are those of `scrapy.Request`.
        """
        meta = {**options.pop("meta", {}), POLLS: True}
        return scrapy.Request(url, callback, meta=meta, **options)

    def reads_by(self) -> dict[str, Any]:
        """Return what decides, beside the response, what a listing names (JSON values).

        When it changes, listings are read again, whether or not they have changed.
        """
        return {
            "since": self.plan.since.isoformat(),
            "until": self.plan.until.isoformat(),
            "cities": [city.key for city in self.plan.cities],
            "options": self.options.model_dump(
                mode="json", exclude=set(Source.Options.model_fields)
            ),
        }

    def page(
        self,
        response: Response,
        *,
        title: str | None = None,
        published_at: datetime | None = None,
        language: str | None = None,
        outlet: str | None = None,
    ) -> Page:
        """Keep this response as a page to be cleaned, with what the source knows of it."""
        return Page(response.url, title, published_at, language, outlet)

    def note(self, reason: str) -> Note:
        """Say that a response was damaged though some of it could be used."""
        return Note(reason)

    async def start(self) -> AsyncIterator[Any]:
        """Give Scrapy nothing: the slices of the store start the crawl."""
        for nothing in self._nothing:
            yield nothing


def read_options(source: str, model: type[BaseModel], table: Mapping[str, Any]) -> BaseModel:
    """Check the table `[sources.NAME]`; raises `ConfigError` naming the key and the nearest."""
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            hint = suggest(key, model.model_fields) or "; it has no options"
            raise ConfigError(f"[sources.{source}] unknown key {key!r}{hint}") from None
        if problem["type"] == "missing":
            raise ConfigError(
                f"[sources.{source}] needs `{key}`: add it to that table of ccgcii.toml"
            ) from None
        raise ConfigError(f"[sources.{source}] {key}: {problem['msg']}") from None
