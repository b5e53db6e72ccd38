"""The fake Graph API: what Meta's field lists do not have it refuses, and it fails as told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms.meta import KINDS, MetaServer
from ccgcii.testing.platforms.meta_fields import FieldError, Wish, read_wishes

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "17841400000000001"


@pytest.fixture
def server(posts: list[Any]) -> MetaServer:
    return MetaServer(posts)


@pytest.fixture
def web(server: MetaServer) -> Iterator[LoopbackServer]:
    with LoopbackServer(server.answer) as running:
        yield running


@pytest.fixture
def page(posts: list[Any]) -> str:
    return str(next(post.author.name for post in posts if post.channel == "facebook"))


def ask(web: LoopbackServer, path: str, **given: str) -> tuple[int, Any, Any]:
    url = f"http://127.0.0.1:{web.port}/v25.0/{path}?{urlencode(given)}"
    try:
        with urlopen(Request(url, headers={"Authorization": "Bearer t"})) as reply:
            return reply.status, reply.headers, json.load(reply)
    except HTTPError as error:
        with error:
            data = error.read()
            body = json.loads(data) if data.startswith(b"{") else None
            return error.code, error.headers, body


def test_a_page_and_its_posts_come_with_the_fields_that_are_asked_for(
    web: LoopbackServer, page: str
) -> None:
    assert ask(web, page, fields="followers_count")[2].keys() == {"id", "followers_count"}
    fields = "message,shares,reactions.summary(total_count).limit(0),attachments{media_type,url}"
    told = ask(web, f"{page}/posts", fields=fields, limit="5")[2]
    assert len(told["data"]) == 5
    assert all(one["reactions"]["summary"]["total_count"] > 0 for one in told["data"])
    assert "access_token=t&" in told["paging"]["next"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("PAGE", {"fields": "mood"}),
        ("PAGE/posts", {"fields": "id,likes_total"}),
        ("PAGE/posts", {"fields": "attachments{colour}"}),
        ("PAGE/posts", {"limit": "101"}),
        ("PAGE/posts", {"q": "Wuhan"}),
        ("PAGE/posts", {"after": "made-up"}),
        ("PAGE/posts", {"fields": "id,,message"}),
        ("PAGE/posts", {"fields": "reactions.limit(0"}),
        ("PAGE/visitors", {}),
        ("nobody_here", {}),
        ("ig_hashtag_search", {"user_id": USER, "q": "#Shanghai"}),
        ("ig_hashtag_search", {"user_id": "1", "q": "Shanghai"}),
        ("178/recent_media", {"user_id": USER}),
        (USER, {"fields": "business_discovery.username(x){media.since(1){id}}"}),
    ],
)
def test_what_the_field_lists_do_not_have_is_refused(
    server: MetaServer, web: LoopbackServer, page: str, path: str, given: dict[str, str]
) -> None:
    if path == USER:
        name = next(post.author.name for post in server._instagram)
        given = {"fields": given["fields"].replace("(x)", f"({name})")}
    status, _, body = ask(web, path.replace("PAGE", page), **given)
    assert (status, body["error"]["code"]) == (400, 100)
    assert len(server.refused) == 1


def test_a_hashtag_that_nobody_uses_is_error_24_and_the_31st_error_18(
    server: MetaServer, web: LoopbackServer
) -> None:
    search = "ig_hashtag_search"
    assert ask(web, search, user_id=USER, q="nosuchtag")[2]["error"]["code"] == 24
    server.hashtags = {f"tag{number}": 4e9 for number in range(30)}
    assert ask(web, search, user_id=USER, q="shanghai")[2]["error"]["code"] == 18
    server.hashtags = {f"tag{number}": 4e9 for number in range(29)}
    for _ in range(2):
        assert ask(web, search, user_id=USER, q="shanghai")[2]["data"][0]["id"].startswith("178")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"cut", "broken json"}))
def test_each_failure_comes_once_and_goes(
    server: MetaServer, web: LoopbackServer, page: str, kind: str
) -> None:
    server.fail(kind, after=1)
    good, bad, again = (ask(web, f"{page}/posts", limit="5") for _ in range(3))
    assert good[0] == again[0] == 200
    assert bad[0] >= 400 or kind in ("empty page", "repeated page", "looping cursor")
    if kind == "empty page":
        assert bad[2]["data"] == []
        assert bad[2]["paging"]["next"]


def test_the_usage_of_the_limits_stands_in_the_headers(
    server: MetaServer, web: LoopbackServer, page: str
) -> None:
    server.usage, server.regain = 96, 7
    headers = ask(web, page)[1]
    assert json.loads(headers["X-App-Usage"])["call_count"] == 96
    (case,) = json.loads(headers["X-Business-Use-Case-Usage"])[USER]
    assert case["estimated_time_to_regain_access"] == 7


def test_fields_are_read_with_calls_and_parts() -> None:
    assert read_wishes("id,media.limit(50).after(Q){caption,owner{id}}") == (
        Wish("id"),
        Wish(
            "media",
            {"limit": "50", "after": "Q"},
            (Wish("caption"), Wish("owner", {}, (Wish("id"),))),
        ),
    )
    with pytest.raises(FieldError):
        read_wishes("media{id")
