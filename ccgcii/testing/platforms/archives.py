"""Fake archives that answer searches: Wayback's index and pages, Media Cloud, GDELT DOC.

Each refuses what the real one is known to refuse, and can be told to fail. Facts: the CDX server's
README, the client `mediacloud` 5.2.0, GDELT's announcement of DOC 2.0.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.platforms.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Sequence

JSON = {"Content-Type": "application/json"}
KINDS = ("throttled", "busy", "cut", "refused")
THROTTLED = b"Please limit requests to one every 5 seconds or contact someone for larger queries.\n"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page as the Wayback Machine holds it; `timestamp` as `YYYYMMDDHHMMSS`."""

    timestamp: str
    original: str
    body: bytes
    status: str = "200"
    mimetype: str = "text/html"


class WaybackServer:
    """The CDX index (matchType prefix) and the pages behind it."""

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        """Hold these snapshots."""
        self.snapshots = sorted(snapshots, key=lambda one: (one.original, one.timestamp))
        self.faults = Faults(KINDS)
        self.refused: list[str] = []

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        if ask.path == "/robots.txt":
            return Reply(b"", 404)
        fault = self.faults.next()
        if fault == "busy":
            return Reply(b"", 503, {"Retry-After": "0"})
        if fault == "throttled":
            return Reply(b"Too Many Requests", 429, {"Retry-After": "0"})
        split = urlsplit(ask.path)
        if split.path == "/cdx/search/cdx":
            return self._index(parse_qs(split.query), cut=fault == "cut")
        return self._page(ask.path)

    def _index(self, asked: dict[str, list[str]], *, cut: bool) -> Reply:
        if asked.get("output") != ["json"] or asked.get("matchType") != ["prefix"]:
            self.refused.append(str(asked))
            return Reply(b"unsupported", 400)
        found = [one for one in self.snapshots if _is_listed(one, asked)]
        first = {one.original: one for one in reversed(found)}  # collapse=urlkey
        rows = sorted(first.values(), key=lambda one: one.original)
        start = int(asked.get("resumeKey", ["0"])[0])
        end = start + int(asked["limit"][0])
        lines: list[list[str]] = [
            ["timestamp", "original", "statuscode", "mimetype", "digest"],
            *(
                [one.timestamp, one.original, one.status, one.mimetype, "X"]
                for one in rows[start:end]
            ),
        ]
        if end < len(rows):
            lines += [[], [str(end)]]
        body = json.dumps(lines if len(lines) > 1 else []).encode()
        return Reply(body[: len(body) // 2] if cut else body, headers=JSON)

    def _page(self, path: str) -> Reply:
        told = re.match(r"/web/(\d{14})id_/(.+)$", path)
        for one in self.snapshots:
            if told and (one.timestamp, one.original) == (told[1], told[2]):
                return Reply(one.body, headers={"Content-Type": one.mimetype})
        return Reply(b"", 404)


def _is_listed(one: Snapshot, asked: dict[str, list[str]]) -> bool:
    wanted = {name: value for name, _, value in (f.partition(":") for f in asked["filter"])}
    bare = one.original.partition("://")[2]
    return (
        bare.startswith(asked["url"][0])
        and asked["from"][0] <= one.timestamp[:8] <= asked["to"][0]
        and wanted.get("statuscode", one.status) == one.status
        and wanted.get("mimetype", one.mimetype) == one.mimetype
    )


class MediaCloudServer:
    """The story list: a token in a header, pages by token; `stories` are as it gives them."""

    def __init__(self, stories: Sequence[dict[str, Any]], token: str) -> None:
        """Hold these stories for whoever has this token."""
        self.stories = list(stories)
        self.faults = Faults(KINDS)
        self.refused: list[str] = []
        self._token = token

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        split = urlsplit(ask.path)
        asked = {name: values[0] for name, values in parse_qs(split.query).items()}
        fault = self.faults.next()
        if ask.headers.get("authorization") != f"Token {self._token}" or fault == "refused":
            return _json({"detail": "Invalid token."}, 403)
        if fault == "throttled":
            return Reply(b"", 429)  # older servers send it empty
        if fault == "busy":
            return Reply(b"<html>bad gateway</html>", 502)
        needed = {"q", "start", "end", "platform", "page_size"}
        if split.path != "/api/search/story-list" or not needed <= set(asked):
            self.refused.append(ask.path)
            return _json({"status": "error", "note": "missing parameter"}, 400)
        return self._page(asked, cut=fault == "cut")

    def _page(self, asked: dict[str, str], *, cut: bool) -> Reply:
        phrase = asked["q"].split('"')[1].lower()
        found = [
            one
            for one in self.stories
            if phrase in str(one.get("_text", one.get("title", ""))).lower()
            and asked["start"] <= str(one.get("publish_date"))[:10] <= asked["end"]
        ]
        start, size = int(asked.get("pagination_token", 0)), int(asked["page_size"])
        page = [
            {k: v for k, v in one.items() if k != "_text"} for one in found[start : start + size]
        ]
        more = str(start + size) if start + size < len(found) else None
        reply = _json({"stories": page, "pagination_token": more})
        return Reply(reply.body[:-5], headers=JSON) if cut else reply


class DocServer:
    """DOC 2.0's article list: 250 at most; it throttles with status 200 and in plain words."""

    def __init__(self, articles: Sequence[dict[str, str]]) -> None:
        """Hold these articles (`url`, `title`, `seendate`, ...)."""
        self.articles = sorted(articles, key=lambda one: one["seendate"])
        self.faults = Faults(KINDS)
        self.refused: list[str] = []
        self.bad_escapes = False

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        split = urlsplit(ask.path)
        asked = {name: values[0] for name, values in parse_qs(split.query).items()}
        fault = self.faults.next()
        if fault == "throttled":
            return Reply(THROTTLED, headers={"Content-Type": "text/html"})
        if fault == "busy":
            return Reply(THROTTLED, 429)
        if split.path != "/api/v2/doc/doc" or int(asked.get("maxrecords", 75)) > 250:
            self.refused.append(ask.path)
            return Reply(
                b"Your query was too long or malformed.", headers={"Content-Type": "text/html"}
            )
        if fault == "refused":
            return Reply(
                b"The specified phrase is too short.", headers={"Content-Type": "text/html"}
            )
        return self._list(asked, cut=fault == "cut")

    def _list(self, asked: dict[str, str], *, cut: bool) -> Reply:
        phrase = asked["query"].split('"')[1].lower()
        found = [
            one
            for one in self.articles
            if asked["startdatetime"] <= re.sub(r"\D", "", one["seendate"]) < asked["enddatetime"]
            and phrase in one.get("title", "").lower()
        ][: int(asked["maxrecords"])]
        body = json.dumps({"articles": found}, ensure_ascii=False).encode() if found else b"{}"
        if self.bad_escapes:
            body = body.replace(b"'", b"\\'")
        return Reply(body[: len(body) // 2] if cut else body, headers=JSON)


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(json.dumps(value).encode(), status, JSON)
