"""The fake YouTube, judged by Google's own client and by Google's own description of its API."""

from __future__ import annotations

import json
from importlib import util
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from ccgcii.errors import ConfigError
from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms import youtube_rules
from ccgcii.testing.platforms.youtube import MOST_RESULTS, TOTAL_RESULTS, YouTubeServer
from ccgcii.testing.platforms.youtube_objects import takes_comments, video_id
from ccgcii.testing.platforms.youtube_rules import Discovery, load_discovery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ccgcii.testing import World

KEY = "PLANTED/key+0123456789=&?%|"
YEAR = {"publishedAfter": "2020-01-01T00:00:00Z", "publishedBefore": "2021-01-01T00:00:00Z"}


@pytest.fixture
def web(server: YouTubeServer) -> Iterator[LoopbackServer]:
    with LoopbackServer(server.answer) as web:
        yield web


@pytest.fixture
def client(web: LoopbackServer) -> Iterator[Any]:
    with connect(web) as client:
        yield client


def connect(web: LoopbackServer) -> Any:
    options = {"api_endpoint": web.url("127.0.0.1", "/")}
    return build("youtube", "v3", developerKey=KEY, static_discovery=True, client_options=options)


def pages(resource: Any, **asked: Any) -> Iterator[dict[str, Any]]:
    request = resource.list(**asked)
    while request is not None:
        answer = request.execute()
        yield answer
        request = resource.list_next(request, answer)


def test_the_official_client_pages_through_a_search(client: Any, world: World) -> None:
    answers = list(
        pages(client.search(), part="snippet", type="video", q="Shanghai", maxResults=50, **YEAR)
    )
    found = [item["id"]["videoId"] for answer in answers for item in answer["items"]]
    expected = {
        video_id(post)
        for post in world.posts
        if post.channel == "youtube" and "Shanghai" in f"{post.title} {post.text}"
    }
    assert len(answers) > 1
    assert sorted(found) == sorted(expected)
    assert {answer["pageInfo"]["totalResults"] for answer in answers} == {TOTAL_RESULTS}


def test_the_official_client_reads_videos_channels_and_comments(client: Any, world: World) -> None:
    post = next(p for p in world.posts if p.channel == "youtube" and takes_comments(p))
    asked = "snippet,statistics,contentDetails,topicDetails"
    (video,) = client.videos().list(part=asked, id=video_id(post)).execute()["items"]
    assert video["snippet"]["description"] == post.text
    assert video["statistics"]["viewCount"] == str(post.views)
    channel = video["snippet"]["channelId"]
    (owner,) = (
        client.channels().list(part=["snippet", "statistics"], id=[channel]).execute()["items"]
    )
    assert owner["snippet"]["title"] == post.author.name
    threads = [
        item
        for answer in pages(client.commentThreads(), part="snippet", videoId=video_id(post))
        for item in answer["items"]
    ]
    assert len({item["id"] for item in threads}) == post.comments


def test_a_search_ends_after_five_hundred_results(crowded: World) -> None:
    server = YouTubeServer(crowded.posts, key=KEY)
    with LoopbackServer(server.answer) as web, connect(web) as client:
        answers = pages(client.search(), part="id", type="video", q="a|e|的", maxResults=50)
        found = [item["id"]["videoId"] for answer in answers for item in answer["items"]]
    assert len(set(found)) == len(found) == MOST_RESULTS


def test_the_official_client_understands_the_errors(server: YouTubeServer, client: Any) -> None:
    server.fail("quota spent")
    with pytest.raises(HttpError) as caught:
        client.search().list(part="snippet", type="video", q="x").execute()
    assert caught.value.status_code == 403
    assert caught.value.error_details[0]["reason"] == "quotaExceeded"
    assert caught.value.error_details[0]["domain"] == "youtube.quota"


def test_comments_that_are_off_and_videos_that_are_gone_say_so(client: Any, world: World) -> None:
    silent = next(p for p in world.posts if p.channel == "youtube" and not takes_comments(p))
    for video, reason in ((video_id(silent), "commentsDisabled"), ("gone", "videoNotFound")):
        with pytest.raises(HttpError) as caught:
            client.commentThreads().list(part="snippet", videoId=video).execute()
        assert caught.value.error_details[0]["reason"] == reason


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("search?q=x", "missingRequiredParameter"),
        ("search?part=snippet&relatedToVideoId=x", "unexpectedParameter"),
        ("search?part=snippet&maxResults=51", "invalidParameter"),
        ("search?part=snippet&maxResults=-1", "invalidParameter"),
        ("search?part=snippet&order=newest", "invalidParameter"),
        ("search?part=snippet&publishedAfter=2020-01-01", "invalidParameter"),
        ("search?part=snippet&forMine=maybe", "invalidParameter"),
        ("search?part=snippet&q=a&q=b", "invalidParameter"),
        ("search?part=statistics&type=video", "unknownPart"),
        ("search?part=snippet&videoDuration=long", "invalidFilters"),
        ("search?part=snippet&type=video&pageToken=mine", "invalidPageToken"),
        ("search?part=snippet&type=video&topicId=x", "notImplemented"),
        ("videos?part=snippet", "missingRequiredParameter"),
        ("videos?part=snippet&id=a&chart=mostPopular", "incompatibleParameters"),
        ("videos?part=snippet&id=a&maxResults=50", "incompatibleParameters"),
        ("videos?part=snippet&id=" + ",".join("abcdefghijklmnopq" * 3), "invalidParameter"),
        ("commentThreads?part=snippet&videoId=a&maxResults=101", "invalidParameter"),
        ("likes?part=snippet", "notFound"),
    ],
)
def test_what_the_description_refuses_is_refused(
    server: YouTubeServer, web: LoopbackServer, asked: str, reason: str
) -> None:
    url = web.url("127.0.0.1", f"/youtube/v3/{asked}")
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(url, headers={"X-goog-api-key": KEY}))
    with caught.value as answer:
        told = json.load(answer)["error"]
    assert told["code"] == answer.code >= 400
    assert [one["reason"] for one in told["errors"]] == [reason]
    assert server.refused
    assert server.accepted == []


def test_no_key_and_a_wrong_key_are_refused(web: LoopbackServer) -> None:
    url = web.url("127.0.0.1", "/youtube/v3/search?part=id&type=video")
    for headers, status in (({}, 403), ({"X-goog-api-key": "another"}, 400)):
        with pytest.raises(HTTPError) as caught:
            urlopen(Request(url, headers=headers))
        with caught.value as answer:
            assert answer.code == status


def test_an_answer_that_the_schemas_do_not_have_cannot_be_built() -> None:
    discovery = Discovery(load_discovery())
    assert discovery.build("VideoStatistics", {"viewCount": 3, "likeCount": None}) == {
        "viewCount": "3"
    }
    for schema, values in (
        ("VideoStatistics", {"shareCount": 3}),
        ("PageInfo", {"totalResults": "3"}),
        ("SearchResultSnippet", {"publishedAt": "yesterday"}),
        ("SearchResultSnippet", {"liveBroadcastContent": "perhaps"}),
    ):
        with pytest.raises(ValueError, match=schema):
            discovery.build(schema, values)


def test_without_the_description_the_fake_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, make_server: Callable[..., YouTubeServer]
) -> None:
    document = load_discovery()
    monkeypatch.setattr(youtube_rules, "PACKAGE", "no_such_package")
    assert util.find_spec("no_such_package") is None
    with pytest.raises(ConfigError, match=r"google-api-python-client.*ccgcii\[dev\]"):
        make_server()
    make_server(discovery=document)
