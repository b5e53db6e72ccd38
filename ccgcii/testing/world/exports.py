"""The world's posts as files, in the forms that platforms and tools export them in."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ccgcii.testing.world.posts import Post

COLUMNS = (
    "id",
    "url",
    "author",
    "followers",
    "published_at",
    "title",
    "text",
    "likes",
    "comments",
    "shares",
    "views",
    "language",
    "country",
)
FIELD_OF = {"followers": "author_followers"}
BAD_LINES = ('{"id_str": "12", "full_text": "cut off in the mid', "[]")
BAD_ROWS = ("this,row,has,four", ",,nobody,10,2020-05-01T00:00:00Z,,,1,1,1,1,en,US")


@dataclass(frozen=True, slots=True)
class Export:
    """A file of posts: where, of which channel, with which mapping (None: a known format).

    `records` good rows, and `bad_rows` that cannot be read.
    """

    path: Path
    channel: str
    mapping: Path | None
    records: int
    bad_rows: int


def write_exports(seed: int, posts: Sequence[Post], folder: Path) -> tuple[Export, ...]:
    """Write a file for each platform that has posts into a folder, and mappings of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(f"{seed} exports")
    by_channel = {
        channel: sorted(
            (post for post in posts if post.channel == channel),
            key=lambda post: (post.published_at, post.id),
        )
        for channel in ("x", "facebook", "instagram", "youtube")
    }
    tweets = by_channel.pop("x")
    exports = [_write_twarc(rng, folder / "x_twarc.jsonl", tweets)] if tweets else []
    exports += [
        _write_csv(rng, folder / f"{channel}.csv", channel, here)
        for channel, here in by_channel.items()
        if here
    ]
    return tuple(exports)


def _write_twarc(rng: Random, path: Path, posts: Sequence[Post]) -> Export:
    by_id = {post.id: post for post in posts}
    lines = [json.dumps(_tweet(post, by_id), ensure_ascii=False) for post in posts]
    for bad in BAD_LINES:
        lines.insert(rng.randint(1, len(lines)), bad)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Export(path, "x", None, len(posts), len(BAD_LINES))


def _tweet(post: Post, by_id: dict[str, Post]) -> dict[str, Any]:
    original = by_id[post.original] if post.original else None
    text = f"RT @{original.author.name}: {post.text}" if original else post.text
    tweet: dict[str, Any] = {
        "created_at": f"{post.published_at:%a %b %d %H:%M:%S +0000 %Y}",
        "id": int(post.id),
        "id_str": post.id,
        "full_text": text,
        "truncated": False,
        "display_text_range": [0, len(text)],
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
        "user": {
            "id": post.author.number,
            "id_str": str(post.author.number),
            "name": post.author.name.replace("_", " ").title(),
            "screen_name": post.author.name,
            "location": "",
            "verified": False,
            "followers_count": post.author.followers,
        },
        "is_quote_status": False,
        "retweet_count": post.shares,
        "favorite_count": 0 if original else post.likes,
        "lang": post.language,
    }
    if original is not None:
        tweet["retweeted_status"] = _tweet(original, by_id)
    return tweet


def _write_csv(rng: Random, path: Path, channel: str, posts: Sequence[Post]) -> Export:
    bad_after = {rng.randrange(len(posts)): row for row in BAD_ROWS} if posts else {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for place, post in enumerate(posts):
            writer.writerow(_row(post))
            if place in bad_after:
                file.write(bad_after[place] + "\n")
    mapping = path.with_suffix(".toml")
    mapping.write_text(_mapping(channel), encoding="utf-8")
    return Export(path, channel, mapping, len(posts), len(bad_after))


def _row(post: Post) -> list[object]:
    values: dict[str, object] = {
        name: getattr(post, name) for name in COLUMNS if hasattr(post, name)
    }
    values["author"] = post.author.name
    values["followers"] = post.author.followers
    values["country"] = post.author.country
    values["published_at"] = post.published_at.isoformat().replace("+00:00", "Z")
    return ["" if values[name] is None else values[name] for name in COLUMNS]


def _mapping(channel: str) -> str:
    lines = [f'{FIELD_OF.get(column, column)} = "{column}"' for column in COLUMNS]
    return "[mapping]\n" + "\n".join(lines) + f'\n\n[constants]\nchannel = "{channel}"\n'
