"""The platforms of the world: a fake of each, told apart by host, and the study's tables for them.

What a study of them does by default, and what of the posts its exports hold: the APIs of Facebook
and Instagram are asked for known accounts only, and an export fills in the others, as it does for
years that an API no longer gives. A few accounts are in both, and must be counted once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ccgcii.testing.platforms.meta import MetaServer
from ccgcii.testing.platforms.x import XServer
from ccgcii.testing.platforms.youtube import YouTubeServer

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Sequence

    from ccgcii.testing.http import Ask, Reply
    from ccgcii.testing.world.posts import Post

YOUTUBE, X, GRAPH = "youtube-api.example", "x-api.example", "graph.example"
# Keys of the fakes: nobody's.
SECRETS = {
    "youtube_key": "fake-youtube-key",
    "x_bearer_token": "fake-x-token",
    "meta_token": "fake-meta-token",
}
USER_ID = "17841400000000001"
ASKED = 130  # of the 240 accounts of Facebook and Instagram, those that the APIs are asked for
EXPORTED = range(111, 241)  # those that the exports hold: twenty are in both
TABLES = """
[sources.youtube]
root = "http://{youtube}:{port}"
span = "year"                 # 100 questions instead of 1,200: as many as a key has for one day
pages = 10
# The world's YouTube is ours, so its operator may derive metrics. Of the real one leave this out,
# unless Google has given you leave: then its documents stay out of every figure.
may_derive_metrics = true

[sources.youtube.quota]
search = {searches}

[sources.x]
root = "http://{x}:{port}"
span = "year"
posts_per_slice = 2000
pace = 0

[sources.facebook]
root = "http://{graph}:{port}"
catalogue = false             # the cities' real Pages are not in this world
pages = {pages}

[sources.instagram]
root = "http://{graph}:{port}"
user_id = "{user}"
catalogue = false
accounts = {accounts}
"""


class Platforms:
    """The fakes of YouTube, X and Meta's Graph API over one world's posts.

    `searches` is how many the YouTube key has a day.
    """

    def __init__(self, posts: Sequence[Post], *, searches: int = 400) -> None:
        """Make the servers."""
        self._posts, self._searches = posts, searches
        quota = {"search": searches}
        self.youtube = YouTubeServer(posts, key=SECRETS["youtube_key"], quota=quota)
        self.x = XServer(posts, token=SECRETS["x_bearer_token"], window=1.0, rate=1_000)
        self.meta = MetaServer(posts, token=SECRETS["meta_token"], user_id=USER_ID)
        self.answers: dict[str, Callable[[Ask], Reply]] = {
            YOUTUBE: self.youtube.answer,
            X: self.x.answer,
            GRAPH: self.meta.answer,
        }

    def misbehave(self) -> None:
        """Let each fail a few times, in the ways that a crawl has to survive."""
        for kind in ("empty page", "429", "broken json"):
            self.youtube.fail(kind)
        self.youtube.fail("cut", on="videos")
        self.x.fail("empty page")
        self.x.fail("429", after=10)
        for kind in ("429 without headers", "broken json"):
            self.x.fail(kind, after=5)
        for kind in ("transient", "cut", "broken json"):
            self.meta.fail(kind, after=20)
        self.youtube.fail("expired page", later=True)
        self.youtube.fail("repeated page", later=True)

    @property
    def pending(self) -> int:
        """How many failures are still to be shown."""
        return self.youtube.pending + self.x.pending + self.meta.pending

    @property
    def shown(self) -> dict[str, Counter[str]]:
        """Which failures were shown by each, how often."""
        return {"YouTube": self.youtube.shown, "X": self.x.shown, "Meta": self.meta.shown}

    def tables(self, port: int) -> str:
        """Return the tables of ccgcii.toml for the sources, with these servers on a port."""
        return TABLES.format(
            port=port,
            youtube=YOUTUBE,
            x=X,
            graph=GRAPH,
            user=USER_ID,
            searches=self._searches,
            pages=_list(asked(self._posts, "facebook")),
            accounts=_list(asked(self._posts, "instagram")),
        )


def asked(posts: Iterable[Post], channel: str) -> list[str]:
    """Return the names of the accounts that the API of a platform is asked for."""
    authors = {post.author for post in posts if post.channel == channel}
    return sorted(author.name for author in authors if author.number <= ASKED)


def exported(posts: Iterable[Post]) -> list[Post]:
    """Return the posts that only an export holds, and those of a few accounts that the API has."""
    return [
        post
        for post in posts
        if post.channel in ("facebook", "instagram") and post.author.number in EXPORTED
    ]


def environment() -> str:
    """Return the `.env` file that holds the keys."""
    return "".join(f"CCGCII__SECRETS__{name.upper()}={key}\n" for name, key in SECRETS.items())


def _list(names: Iterable[str]) -> str:
    return "[\n" + "".join(f"  {json.dumps(name)},\n" for name in names) + "]"
