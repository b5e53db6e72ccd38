"""Reading sitemaps as a stream: indexes, plain lists, news sitemaps, and lists of addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from ccgcii import SourceError
from ccgcii_news.feeds import Entry, short_language
from ccgcii_news.markup import MAX_BYTES, parse_moment, refuse_entities, unpack

if TYPE_CHECKING:
    from datetime import date, datetime

MAX_ENTRIES = 50_000  # what the standard allows one sitemap
_OWN = frozenset({"loc", "lastmod"})
PROOF = 20  # entries in falling order, before a sitemap is taken to be sorted


@dataclass(slots=True)
class Sitemap:
    """What a sitemap names: further sitemaps, and articles that may lie in the window.

    `problems` says what was wrong with it; `passed_over` counts what is certainly older.
    """

    children: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    passed_over: int = 0


def read_sitemap(
    body: bytes, since: date, limit: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES
) -> Sitemap:
    """Read a sitemap, packed or not, leaving out what was last changed before `since`.

    Of one that names more than `limit` addresses, or unpacks to more than `max_bytes`, the first
    are returned.
    Of a truncated one, what can be read is returned with a problem. Raises `SourceError` if it is
    no sitemap at all.
    """
    plain, problem = unpack(body, max_bytes)
    sitemap = Sitemap(problems=[problem] if problem else [])
    if plain.lstrip()[:1] not in (b"<", b"\xef"):
        _read_lines(plain, sitemap, limit)
    else:
        refuse_entities(plain)
        _read_xml(plain, since, sitemap, limit)
    if sitemap.problems and not (sitemap.children or sitemap.entries or sitemap.passed_over):
        raise SourceError(f"malformed sitemap: {'; '.join(sitemap.problems)}")
    if sitemap.problems:
        read = len(sitemap.children) + len(sitemap.entries) + sitemap.passed_over
        sitemap.problems.append(f"{read} addresses could be read")
    return sitemap


def robots_sitemaps(body: bytes) -> list[str]:
    """Return the addresses in the `Sitemap:` lines of a robots.txt."""
    lines = (line.partition(":") for line in body.decode("utf-8", "replace").splitlines())
    return [url.strip() for name, _, url in lines if name.strip().lower() == "sitemap"]


def _read_lines(plain: bytes, sitemap: Sitemap, limit: int) -> None:
    lines = [line.strip() for line in plain.decode("utf-8", "replace").splitlines()]
    urls = [line for line in lines if line.startswith(("http://", "https://"))]
    if len(urls) < len([line for line in lines if line]):
        sitemap.problems.append("some lines are no addresses")
    if len(urls) > limit:
        sitemap.problems.append(f"more than {limit} addresses")
    sitemap.entries += [Entry(url) for url in urls[:limit]]


def _read_xml(plain: bytes, since: date, sitemap: Sitemap, limit: int) -> None:
    order = _Falling()
    try:
        for _, node in etree.iterparse(
            BytesIO(plain),
            events=("end",),
            # Only whole entries come to Python: four times as fast as every element.
            tag=("{*}url", "{*}sitemap"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        ):
            kind = _local(node.tag)
            values = _values(node)
            node.clear()
            changed = parse_moment(values.get("lastmod"))
            if changed is not None and changed.date() < since:
                sitemap.passed_over += 1
                if order.falls(changed):
                    return  # sorted from new to old: all that follows is older still
            elif "loc" in values:
                order.falls(changed)
                _keep(kind, values, sitemap)
            if len(sitemap.entries) + len(sitemap.children) >= limit:
                sitemap.problems.append(f"more than {limit} addresses")
                return
    except etree.XMLSyntaxError as error:
        sitemap.problems.append(f"the XML breaks off or is damaged ({error.msg})")


def _keep(kind: str, values: dict[str, str], sitemap: Sitemap) -> None:
    if kind == "sitemap":
        sitemap.children.append(values["loc"])
        return
    entry = Entry(
        values["loc"],
        values.get("title"),
        parse_moment(values.get("publication_date")),
        short_language(values.get("language")),
    )
    sitemap.entries.append(entry)


class _Falling:
    """Whether the moments seen so far go from new to old."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._falling = True
        self._seen = 0

    def falls(self, moment: datetime | None) -> bool:
        """Take the next moment; say whether `PROOF` have come and none rose."""
        if moment is None or (self._last is not None and moment > self._last):
            self._falling = False
        self._last = moment
        self._seen += 1
        return self._falling and self._seen >= PROOF


def _values(node: Any) -> dict[str, str]:
    """Return an entry's own values and those of its news: a picture has a `loc` of its own."""
    values: dict[str, str] = {}
    for child in node:
        name = _local(child.tag)
        if name == "news":
            for part in child.iter():
                if text := (part.text or "").strip():
                    values[_local(part.tag)] = text
        elif name in _OWN and (text := (child.text or "").strip()):
            values.setdefault(name, text)
    return values


@lru_cache(maxsize=1_000)
def _local(tag: Any) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
