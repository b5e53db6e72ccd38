"""The fake X: the official client pages through it; what the documentation forbids, it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from ccgcii.testing import LoopbackServer, World
from ccgcii.testing.platforms.x import KINDS, XServer
from ccgcii.testing.platforms.x_queries import QueryError, read_query

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = {"query": "Shanghai", "start_time": "2020-01-01T00:00:00Z", "max_results": "100"}
POST = {"text": "Spring in Wuhan, 武汉", "lang": "en", "retweet": False, "country": None}


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, cities=3, articles=6, posts=600)


@pytest.fixture
def server(world: World) -> XServer:
    return XServer(world.posts)


@pytest.fixture
def web(server: XServer) -> Iterator[LoopbackServer]:
    with LoopbackServer(server.answer) as running:
        yield running


def ask(web: LoopbackServer, path: str, given: dict[str, str]) -> tuple[int, Any, Any]:
    url = f"http://127.0.0.1:{web.port}{path}?{urlencode(given)}"
    try:
        with urlopen(Request(url, headers={"Authorization": "Bearer t"})) as reply:
            return reply.status, reply.headers, json.load(reply)
    except HTTPError as error:
        with error:
            return error.code, error.headers, json.load(error)


def test_the_official_client_pages_through_search_unmodified(
    server: XServer, web: LoopbackServer, world: World
) -> None:
    import xdk

    client = xdk.Client(base_url=f"http://127.0.0.1:{web.port}", bearer_token="t")
    pages = client.posts.search_all(
        query="(Shanghai OR 上海) -is:retweet",
        start_time="2020-01-01T00:00:00Z",
        end_time="2021-01-01T00:00:00Z",
        max_results=10,
        post_fields=["created_at", "public_metrics", "lang", "geo"],
        expansions=["author_id", "geo.place_id"],
        user_fields=["public_metrics"],
        place_fields=["country_code"],
    )
    found = [post.id for page in pages for post in page.data or []]
    wanted = {
        post.id
        for post in world.posts
        if post.channel == "x"
        and not post.is_share
        and ("shanghai" in post.text.lower() or "上海" in post.text)
    }
    assert len(found) == len(set(found)) > 10
    assert set(found) == wanted
    assert server.refused == []


def test_the_official_client_reads_counts(web: LoopbackServer, world: World) -> None:
    import xdk

    new = XServer(world.posts, styles=("post",))
    with LoopbackServer(new.answer) as running:
        client = xdk.Client(base_url=f"http://127.0.0.1:{running.port}", bearer_token="t")
        pages = list(
            client.posts.get_counts_all(
                query="Shanghai",
                start_time="2020-01-01T00:00:00Z",
                end_time="2021-01-01T00:00:00Z",
                granularity="day",
            )
        )
    days = [day for page in pages for day in page.data]
    assert len(pages) == 12
    assert len(days) == 366
    assert sum(day.post_count for day in days) == sum(page.meta.total_post_count for page in pages)


@pytest.mark.parametrize("style", ["tweet", "post"])
def test_both_spellings_are_answered_in_kind(web: LoopbackServer, style: str) -> None:
    shares = {"tweet": "retweet_count", "post": "repost_count"}[style]
    status, _, body = ask(
        web,
        "/2/tweets/search/all",
        {**GOOD, f"{style}.fields": "public_metrics,lang", "expansions": "author_id"},
    )
    assert status == 200
    assert {shares, "like_count"} <= body["data"][0]["public_metrics"].keys()
    assert body["data"][0]["author_id"] in {user["id"] for user in body["includes"]["users"]}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"max_results": "501"}, "max_results"),
        ({"max_results": "9"}, "max_results"),
        ({"query": ""}, "query"),
        ({"query": "x" * 1025}, "query"),
        ({"query": "lang:en"}, "query"),
        ({"query": "(Wuhan"}, "query"),
        ({"query": "Wuhan near:here"}, "query"),
        ({"start_time": "2020-01-01"}, "start_time"),
        ({"end_time": "2019-01-01T00:00:00Z"}, "end_time"),
        ({"end_time": "2999-01-01T00:00:00Z"}, "end_time"),
        ({"next_token": "made-up"}, "next_token"),
        ({"tweet.fields": "lang,nonsense"}, "tweet.fields"),
        ({"tweet.fields": "lang,lang"}, "tweet.fields"),
        ({"post.fields": "author_id"}, "post.fields"),
        ({"media.size": "1"}, "media.size"),
    ],
)
def test_what_the_documentation_forbids_is_refused(
    server: XServer, web: LoopbackServer, change: dict[str, str], name: str
) -> None:
    status, _, body = ask(web, "/2/tweets/search/all", GOOD | change)
    assert (status, body["title"]) == (400, "Invalid Request")
    assert body["type"].endswith("/invalid-request")
    assert list(body["errors"][0]["parameters"]) == [name]
    assert len(server.refused) == 1


def test_recent_search_reaches_back_seven_days_and_512_characters(web: LoopbackServer) -> None:
    old = ask(web, "/2/tweets/search/recent", GOOD)
    long = ask(web, "/2/tweets/search/recent", {"query": "x" * 513})
    assert (old[0], long[0]) == (400, 400)


def test_another_token_is_refused(web: LoopbackServer) -> None:
    with pytest.raises(HTTPError) as caught:
        urlopen(f"http://127.0.0.1:{web.port}/2/tweets/search/all?query=x")
    assert caught.value.code == 401
    caught.value.close()


def test_after_so_many_requests_the_window_must_pass(world: World) -> None:
    server = XServer(world.posts, rate=2, window=60)
    with LoopbackServer(server.answer) as web:
        answers = [ask(web, "/2/tweets/search/all", GOOD) for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    left = [headers["x-rate-limit-remaining"] for _, headers, _ in answers]
    assert left == ["1", "0", "0"]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"cut", "broken json"}))
def test_each_failure_comes_once_and_goes(web: LoopbackServer, server: XServer, kind: str) -> None:
    server.fail(kind, after=1)
    good, bad, again = (ask(web, "/2/tweets/search/all", GOOD) for _ in range(3))
    assert good[0] == again[0] == 200
    assert bad[0] >= 400 or kind in ("empty page", "repeated page", "looping token", "partial")
    if kind == "empty page":
        assert "data" not in bad[2]
        assert bad[2]["meta"]["result_count"] == 0
        assert bad[2]["meta"]["next_token"]


def test_an_unknown_failure_is_named_with_the_nearest(server: XServer) -> None:
    with pytest.raises(ValueError, match="did you mean 'empty page'"):
        server.fail("empty pages")


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("wuhan", True),
        ("Wuh", False),
        ('"in Wuhan"', True),
        ('(Beijing OR "武汉") lang:en -is:retweet', True),
        ("Wuhan -Spring", False),
        ("Wuhan -(lang:en OR lang:fr)", False),
        ("Beijing OR Wuhan lang:de", False),
        ("Wuhan has:geo", False),
    ],
)
def test_a_query_means_what_the_documentation_says(query: str, *, matches: bool) -> None:
    assert read_query(query)(POST) is matches


@pytest.mark.parametrize("query", ["", "Wuhan OR", "()", ")", '"', "is:quote Wuhan", '""'])
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        read_query(query)
