"""Pieces a second through `ccgcii clean`, store included: short posts, irrelevant pages, articles.

    .venv/bin/python benchmarks/cleaning.py [--posts N] [--irrelevant N] [--articles N]
        [--pages FOLDER]

Articles are compared with trafilatura's fast extraction and its metadata alone, on the same pages
in the same run, on as many processes; `--pages` adds a folder of real pages. A rate is given by the
clock and by processor time: what the machine would do with both cores to itself. Workers start
inside of what is measured, so a rate over few pieces says less than it could.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from hashlib import sha1
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from processors import processor_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ccgcii.testing.world.posts import Post
    from ccgcii.workspace import Workspace

# Nothing of ours is imported up here: every worker imports this file first.
WORKERS = 2
FETCHED = 1_793_491_200  # 2026-11-01, so that nothing is dated in the future
WORDS = " ".join(f"Quiet word{number % 977} and so on." for number in range(1_500))
AIMS = {"posts": 6_000, "irrelevant pages": 2_000}
AIM_OF_PEER = 0.85


def main() -> None:
    """Measure all three and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=60_000)
    parser.add_argument("--irrelevant", type=int, default=8_000)
    parser.add_argument("--articles", type=int, default=1_500)
    parser.add_argument("--pages", type=Path, help="a folder of real pages")
    asked = parser.parse_args()
    print(f"{'what':34} {'pieces':>7} {'a second':>9} {'by processor':>13}")
    if asked.posts:
        posts = posts_of_world(asked.posts)
        with_study("posts", lambda workspace: add_posts(workspace, posts))
    if asked.irrelevant:
        irrelevant = [empty_page(number) for number in range(asked.irrelevant)]
        with_study("irrelevant pages", lambda workspace: add_pages(workspace, irrelevant))
    if asked.articles:
        beside_trafilatura("articles of the world", pages_of_world(asked.articles))
    if asked.pages and asked.articles:
        real = pages_of(asked.pages)
        beside_trafilatura(
            "real articles", (real * (asked.articles // len(real) + 1))[: asked.articles]
        )


def beside_trafilatura(name: str, pages: list[bytes]) -> None:
    """Clean pages, extract them with trafilatura alone, and print the ratio of the two."""
    ours = with_study(name, lambda workspace: add_pages(workspace, pages))
    peer = "trafilatura fast, with metadata"
    with measured() as spent, ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        list(pool.map(extract, pages, chunksize=16))
    theirs = line(peer, len(pages), spent)
    print(
        f"{name} / {peer}: {ours[0] / theirs[0]:.2f}, by processor time {ours[1] / theirs[1]:.2f} "
        f"(aim: {AIM_OF_PEER})"
    )


def extract(page: bytes) -> None:
    """Do what the peer does with a page."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - a worker's

    bare_extraction(page, fast=True, with_metadata=True)


def with_study(name: str, fill: Callable[[Workspace], int]) -> tuple[float, float]:
    """Fill a study, clean it, and print and return the two rates."""
    from ccgcii.cleaning.runs import clean  # noqa: PLC0415 - not in workers
    from ccgcii.config import Settings  # noqa: PLC0415
    from ccgcii.workspace import Workspace  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            store={"url": f"sqlite:///{folder}/store.db", "archive": Path(folder) / "archive"},
            execution={"workers": WORKERS},
            study={"since": date(2000, 1, 1), "until": date(2026, 12, 31)},
        )
        with Workspace(settings, create=True) as workspace:
            number = fill(workspace)
            with measured() as spent:
                summary = clean(workspace)
    if summary.captures != number or summary.problems:
        raise RuntimeError(f"{name}: {summary.captures} of {number} judged; {summary.problems}")
    return line(name, number, spent, f"{summary.kept:,} kept")


def line(name: str, number: int, spent: list[float], note: str = "") -> tuple[float, float]:
    """Print pieces a second, by the clock and by processor time."""
    rates = number / spent[0], number / (spent[1] / WORKERS)
    print(f"{name:34} {number:7,} {rates[0]:9,.0f} {rates[1]:13,.0f}  {note}", flush=True)
    if name in AIMS:
        said = f"{rates[0]:,.0f} a second, by processor time {rates[1]:,.0f}"
        print(f"{name} through the whole cleaning: {said} (aim: {AIMS[name]:,})")
    return rates


@contextmanager
def measured() -> Iterator[list[float]]:
    """Give a list that holds, afterwards, seconds by the clock and of processors."""
    spent: list[float] = []
    clock, busy = time.perf_counter(), processor_time()
    yield spent
    spent += [time.perf_counter() - clock, processor_time() - busy]


def posts_of_world(number: int) -> Sequence[Post]:
    """Return about so many posts of the embedded world."""
    from ccgcii.testing import World  # noqa: PLC0415 - not in workers

    return World(articles=10, posts=number).posts


def add_posts(workspace: Workspace, posts: Sequence[Post]) -> int:
    """Put posts into a study, as an import would."""
    from ccgcii import Record  # noqa: PLC0415 - not in workers
    from ccgcii.records import record_to_json  # noqa: PLC0415

    captures, payloads = [], []
    for place, post in enumerate(posts, next_capture(workspace)):
        record = Record(
            post.id,
            post.channel,
            post.url,
            post.title,
            post.text,
            post.published_at,
            author=post.author.name,
            author_followers=post.author.followers,
            language=post.language,
            likes=post.likes,
            is_share=post.is_share,
        )
        captures.append({"id": place, "kind": "record", "url": post.url, "channel": post.channel})
        payloads.append({"capture_id": place, "payload": record_to_json(record)})
    add_captures(workspace, captures, payloads)
    return len(posts)


def add_pages(workspace: Workspace, pages: Iterable[bytes]) -> int:
    """Put pages into a study's archive, each under an address of its own, as a crawl would."""
    archive = workspace.settings.store.archive
    archive.mkdir()
    captures = []
    with (archive / "bench.warc.gz").open("wb") as stream:
        for place, body in enumerate(pages, next_capture(workspace)):
            url = f"https://site{place % 40}.example/2020/05/{place}"
            captures.append(
                {
                    "id": place,
                    "kind": "page",
                    "url": url,
                    "channel": "media",
                    "status": 200,
                    "content_type": "text/html",
                    "warc_offset": stream.tell(),
                }
            )
            stream.write(gzip.compress(response(url, place, body), 1))
    add_captures(workspace, captures, [])
    return len(captures)


def next_capture(workspace: Workspace) -> int:
    """Return the id that the next capture gets."""
    from sqlalchemy import func, select  # noqa: PLC0415 - not in workers

    from ccgcii_db import table_of, tables  # noqa: PLC0415

    with workspace.engine.connect() as connection:
        last = connection.execute(select(func.max(table_of(tables.Capture).c.id))).scalar_one()
    return int(last or 0) + 1


def add_captures(
    workspace: Workspace, captures: list[dict[str, Any]], payloads: list[dict[str, Any]]
) -> None:
    """Write captures that wait to be cleaned."""
    from sqlalchemy import insert  # noqa: PLC0415 - not in workers

    from ccgcii_db import Dictionary, table_of, tables  # noqa: PLC0415

    with workspace.engine.begin() as connection:
        source = Dictionary(connection, tables.Source).id("bench")
        channels = Dictionary(connection, tables.Channel)
        warc = Dictionary(connection, tables.WarcFile, "path").id("bench.warc.gz")
        rows = [
            {
                **row,
                "channel_id": channels.id(row.pop("channel")),
                "source_id": source,
                "warc_id": warc if row["kind"] == "page" else None,
                "identity": sha1(f"{row['id']}".encode()).digest(),
                "fetched_at": FETCHED,
                "hints": json.dumps({}),
                "cleaned": 0,
            }
            for row in captures
        ]
        connection.execute(insert(table_of(tables.Capture)), rows)
        if payloads:
            connection.execute(insert(table_of(tables.CaptureRecord)), payloads)


def response(url: str, number: int, body: bytes) -> bytes:
    """Write a response as a WARC record."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2020-06-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def empty_page(number: int) -> bytes:
    """Return a page of forty kilobytes that names no city."""
    words = "".join(f"<p class='story'>{part}</p>" for part in WORDS.split(". "))
    head = f"<title>Story {number}</title><meta name='date' content='2020-05-06'>"
    return f"<html><head>{head}</head><body>{words}</body></html>".encode()


def pages_of_world(number: int) -> list[bytes]:
    """Return article pages of the embedded world, each another one."""
    from ccgcii.testing import Ask, World  # noqa: PLC0415 - not in workers

    world = World(articles=number, posts=0)
    replies = (world.answer(Ask("GET", host, path, {}, b"")) for host, path in world.paths())
    pages = (r.body for r in replies if r.body.startswith(b"<!") and r.status == 200)
    return list(islice(pages, number))


def pages_of(folder: Path) -> list[bytes]:
    """Return the pages of a folder, unpacked."""
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in sorted(folder.glob("*.htm*"))
    ]


if __name__ == "__main__":
    main()
