"""A fake Graph API: Instagram hashtags and Business Discovery, Facebook Pages and their posts.

    server = MetaServer(World().posts, token="t")
    with LoopbackServer(server.answer) as web: ...

Each author of the world is a professional account and a Page of the same name. What Meta's field
lists do not have is answered with error 100 and told in `refused`.
"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from ccgcii.testing.http import Ask, Reply
from ccgcii.testing.platforms import meta_objects as objects
from ccgcii.testing.platforms.faults import Faults
from ccgcii.testing.platforms.meta_cursors import Cursors, Turn
from ccgcii.testing.platforms.meta_errors import (
    TROUBLES,
    WITH_REGAIN,
    GraphError,
    error_reply,
    json_reply,
)
from ccgcii.testing.platforms.meta_fields import (
    ATTACHMENT,
    DISCOVERED_MEDIA,
    DISCOVERED_USER,
    HASHTAG_MEDIA,
    PAGE,
    PAGE_POST,
    FieldError,
    Wish,
    check,
    limit_of,
    read_wishes,
)

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Sequence

    from ccgcii.testing.world.authors import Author
    from ccgcii.testing.world.posts import Post

_PAGES = ("empty page", "repeated page", "looping cursor", "cut", "broken json")
_BARE = ("5xx", "429 without headers")
KINDS = (*TROUBLES, *_BARE, *_PAGES)
_PATH = re.compile(r"/v\d+\.\d+/([\w.]+)(?:/(\w+))?")
_LISTS = ("posts", "feed", "published_posts")
_LATER = re.compile(r"\bafter(?:=|%28)")
_HASHTAG = re.compile(r"[^\W]+")
BUDGET = 30  # unique hashtags in
WEEK = 7 * 86_400  # seconds
_USER_ID = "17841400000000001"


class MetaServer:
    """Answers as graph.facebook.com does; `fail` orders a failure of `KINDS`.

    `user_id` is the Instagram account of whoever asks. `usage` is the percentage of the limits
    that answers report, `regain` the minutes until access comes back. `accepted` holds the paths
    of good requests, `refused` why others were not; `hashtags` when each was first asked for.
    """

    def __init__(
        self,
        posts: Iterable[Post],
        *,
        token: str = "t",  # noqa: S107 - the fake's own
        user_id: str = _USER_ID,
    ) -> None:
        ordered = sorted(posts, key=lambda post: (post.published_at, post.id), reverse=True)
        self._instagram = [post for post in ordered if post.channel == "instagram"]
        self._facebook = [post for post in ordered if post.channel == "facebook"]
        self._token, self._user_id = token, user_id
        self._faults = Faults(KINDS)
        self._cursors = Cursors()
        self.hashtags: dict[str, float] = {}
        self.usage = 1
        self.regain = 0.0
        self.accepted: list[str] = []
        self.refused: list[str] = []

    def fail(self, kind: str, times: int = 1, after: int = 0, *, later: bool = False) -> None:
        """Show a failure `times` times, after so many good answers (`later`: of later pages)."""
        self._faults.add(kind, times, after, later=later)

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return self._faults.pending

    @property
    def shown(self) -> Counter[str]:
        """Which failures were shown, how often."""
        return self._faults.shown

    def answer(self, ask: Ask) -> Reply:
        """Answer a request."""
        if ask.headers.get("authorization") != f"Bearer {self._token}":
            self.refused.append("no or another access token")
            return error_reply(401, 190, None, "Invalid OAuth access token.", {})
        path, _, query = ask.path.partition("?")
        fault = self._faults.next(later=_LATER.search(query) is not None)
        if fault in TROUBLES or fault in _BARE:
            return self._trouble(fault)
        try:
            told = self._route(ask, path, dict(parse_qsl(query, keep_blank_values=True)), fault)
        except FieldError as error:
            return self._refuse(GraphError(str(error)))
        except GraphError as error:
            return self._refuse(error)
        self.accepted.append(ask.path)
        return json_reply(told, self._usage_headers(), fault)

    def _route(
        self, ask: Ask, path: str, given: dict[str, str], fault: str | None
    ) -> dict[str, Any]:
        found = _PATH.fullmatch(path)
        if found is None or ask.method != "GET":
            raise GraphError(f"Unknown path components: {path}", 2500)
        node, edge = found.groups()
        if node == "ig_hashtag_search" and edge is None:
            return self._hashtag_search(given)
        if edge in ("recent_media", "top_media"):
            return self._hashtag_media(ask, node, edge, given, fault)
        if node == self._user_id and edge is None:
            return self._discovery(given, fault)
        return self._page(ask, node, edge, given, fault)

    def _hashtag_search(self, given: dict[str, str]) -> dict[str, Any]:
        self._only(given, {"user_id", "q"})
        self._check_user(given)
        word = given.get("q", "")
        if not _HASHTAG.fullmatch(word):
            raise GraphError(f"Param q must be a hashtag without # and blanks: {word!r}")
        now = time.time()
        spent = [tag for tag, at in self.hashtags.items() if at > now - WEEK]
        if word not in spent and len(spent) >= BUDGET:
            raise GraphError(TROUBLES["hashtag budget"][3], 18, 2207034)
        if not self._tagged(word):
            raise GraphError("The requested resource does not exist", 24, 2207024)
        self.hashtags.setdefault(word, now)
        return {"data": [{"id": _hashtag_id(word)}]}

    def _hashtag_media(
        self, ask: Ask, node: str, edge: str, given: dict[str, str], fault: str | None
    ) -> dict[str, Any]:
        self._only(given, {"user_id", "fields", "limit", "after"})
        self._check_user(given)
        wishes = self._wishes(given, HASHTAG_MEDIA, "ShadowIGHashtagMedia")
        word = next((word for word in self.hashtags if _hashtag_id(word) == node), None)
        if word is None:
            raise GraphError(f"Object with ID {node!r} does not exist", 100, 33)
        posts = self._tagged(word)
        if edge == "recent_media":
            since = datetime.now(UTC) - timedelta(hours=24)
            posts = [post for post in posts if post.published_at >= since]
        else:
            posts = sorted(posts, key=lambda post: -post.likes)[:100]
        turn = Turn(limit_of(given.get("limit"), 50), given.get("after"), fault)
        return self._linked(self._listing(posts, lambda one: objects.media(one, wishes), turn), ask)

    def _discovery(self, given: dict[str, str], fault: str | None) -> dict[str, Any]:
        self._only(given, {"fields"})
        wishes = self._wishes(given, frozenset({"business_discovery", "id"}), "IGUser")
        (wish,) = [one for one in wishes if one.name == "business_discovery"]
        name = wish.calls.get("username", "")
        posts = [post for post in self._instagram if post.author.name == name]
        if not posts:
            # The code and subcode of an unknown or private account are hearsay.
            raise GraphError(f"Cannot find User with username: {name}", 110, 2207013)
        check(wish.parts, DISCOVERED_USER, "IGUser")
        told = objects.account(posts[0].author, len(posts), wish.parts)
        for part in wish.parts:
            if part.name == "media":
                check(part.parts, DISCOVERED_MEDIA, "IGMedia")
                told["media"] = self._media_of(posts, part, fault)
        return {"business_discovery": told, "id": self._user_id}

    def _media_of(self, posts: Sequence[Post], wish: Wish, fault: str | None) -> dict[str, Any]:
        for call in wish.calls:
            if call not in ("limit", "after", "before"):
                raise FieldError(f"Unknown modifier {call} on media")
        turn = Turn(limit_of(wish.calls.get("limit"), 50), wish.calls.get("after"), fault)
        return self._listing(posts, lambda post: objects.media(post, wish.parts), turn)

    def _page(
        self, ask: Ask, node: str, edge: str | None, given: dict[str, str], fault: str | None
    ) -> dict[str, Any]:
        authors = {post.author.number: post.author for post in self._facebook}
        names = {author.name.lower(): author for author in authors.values()}
        ids = {objects.page_id(author): author for author in authors.values()}
        author: Author | None = names.get(node.lower()) or ids.get(node)
        if author is None:
            raise GraphError(f"Object with ID {node!r} does not exist", 100, 33)
        if edge is None:
            self._only(given, {"fields"})
            return objects.page(author, self._wishes(given, PAGE, "Page"))
        if edge not in _LISTS:
            raise FieldError(f"Tried accessing nonexisting field ({edge}) on node type Page")
        self._only(given, {"fields", "limit", "after", "since", "until"})
        wishes = self._wishes(given, PAGE_POST, "PagePost")
        for wish in wishes:
            if wish.name == "attachments":
                check(wish.parts, ATTACHMENT, "StoryAttachment")
        posts = [post for post in self._facebook if post.author.number == author.number]
        turn = Turn(limit_of(given.get("limit"), 100), given.get("after"), fault)
        told = self._listing(posts, lambda post: objects.page_post(post, wishes), turn)
        return self._linked(told, ask)

    def _listing(
        self, posts: Sequence[Post], make: Callable[[Post], dict[str, Any]], turn: Turn
    ) -> dict[str, Any]:
        here, cursor = self._cursors.page(posts, turn)
        told: dict[str, Any] = {"data": [make(post) for post in here]}
        return told | ({"paging": {"cursors": {"after": cursor}}} if cursor else {})

    def _linked(self, told: dict[str, Any], ask: Ask) -> dict[str, Any]:
        """Add the address of the next page to a listing."""
        if "paging" in told:
            told["paging"]["next"] = self._next_url(ask, told["paging"]["cursors"]["after"])
        return told

    def _next_url(self, ask: Ask, cursor: str) -> str:
        path, _, query = ask.path.partition("?")
        given = {name: value for name, value in parse_qsl(query) if name != "after"}
        # As the API does: the token of whoever asks stands in the address.
        asked = urlencode({"access_token": self._token, **given, "after": cursor})
        return f"http://{ask.headers['host']}{path}?{asked}"

    def _tagged(self, word: str) -> list[Post]:
        plain = word.casefold()
        return [
            post
            for post in self._instagram
            if plain in re.sub(r"[^\w]|_", "", post.text).casefold()
        ]

    def _wishes(self, given: dict[str, str], known: frozenset[str], node: str) -> tuple[Wish, ...]:
        wishes = read_wishes(given.get("fields", "id"))
        check(wishes, known, node)
        return wishes

    def _only(self, given: dict[str, str], known: set[str]) -> None:
        for name, value in given.items():
            if name not in known or not value:
                raise GraphError(f"Unexpected or empty parameter {name!r}={value!r}")

    def _check_user(self, given: dict[str, str]) -> None:
        if given.get("user_id") != self._user_id:
            raise GraphError("The parameter user_id is required and must be your account's")

    def _refuse(self, error: GraphError) -> Reply:
        if error.code in {100, 2500}:
            self.refused.append(error.message)
        return error_reply(400, error.code, error.subcode, error.message, self._usage_headers())

    def _trouble(self, kind: str) -> Reply:
        if kind == "5xx":
            return Reply(b"<html>Sorry, something went wrong.</html>", 503)
        if kind == "429 without headers":
            return Reply(b"", 429)
        status, code, subcode, message = TROUBLES[kind]
        headers = self._usage_headers(100, self.regain or 5) if kind in WITH_REGAIN else {}
        return error_reply(status, code, subcode, message, headers)

    def _usage_headers(
        self, usage: int | None = None, regain: float | None = None
    ) -> dict[str, str]:
        percent = self.usage if usage is None else usage
        part = {"call_count": percent, "total_cputime": 1, "total_time": 1}
        case = {"type": "instagram", **part}
        case["estimated_time_to_regain_access"] = self.regain if regain is None else regain
        return {
            "X-App-Usage": json.dumps(part),
            "X-Business-Use-Case-Usage": json.dumps({self._user_id: [case]}),
        }


def _hashtag_id(word: str) -> str:
    return f"178{sum(ord(letter) * 31**place for place, letter in enumerate(word)) % 10**14:014}"
