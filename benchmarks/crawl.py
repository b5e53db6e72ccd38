"""Pages per second of a crawl with archive, store and cleaning, against bare Scrapy on one site.

    python benchmarks/crawl.py [rounds]

Three pages in a hundred name a city. Every crawl has a process of its own, the server another.
Bare Scrapy parses and follows the same links and keeps nothing; it runs with our settings, and with
Scrapy's defaults. A crawl is bound by one core of Python, so the ratio of processor times says the
same as that of pages per second, and says it on a busy machine too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from processors import processor_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ccgcii.testing.loopback import Ask, Reply

# Scrapy and ccgcii are imported where they are used: every worker that cleans imports this file
# first, as it imports the small `ccgcii` command in a real run.
HERE = Path(__file__).parent
LISTINGS = 75
STORIES = 20
PAGES = 1 + LISTINGS + LISTINGS * STORIES
WORDS = " ".join(f"Quiet word{number % 977} and so on." for number in range(1_000))
RELEVANT = 33  # every so many pages, one names a city
CONCURRENCY = 32
OURS = ("ours, crawl alone", "ours, crawl and clean")
SAME = "bare, our settings"
PEERS = {SAME: 0.8, "bare, Scrapy's defaults": 1.0}
MODES = (*OURS, *PEERS)


def answer(ask: Ask) -> Reply:
    """Serve a page by its number."""
    from ccgcii.testing.loopback import Reply  # noqa: PLC0415 - the server's

    if ask.path == "/robots.txt":
        return Reply(b"", 404)
    number = int(ask.path.strip("/") or 0)
    named: range | tuple[int, ...] = ()
    if number == 0:
        named = range(1, 1 + LISTINGS)
    elif number <= LISTINGS:
        first = 1 + LISTINGS + (number - 1) * STORIES
        named = range(first, first + STORIES)
    links = "".join(f'<a href="/{other}">story {other}</a>' for other in named)
    words = WORDS if number % RELEVANT else WORDS.replace("Quiet", "Wuhan", 5)
    head = f'<title>Story {number}</title><meta name="date" content="2020-05-06">'
    body = f"<html><head>{head}</head><body>{links}<p>{words}</p></body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def main() -> None:
    """Print the median of some rounds, and the two ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    server = subprocess.Popen(
        [sys.executable, "-m", "ccgcii.testing.loopback", "crawl:answer"],
        cwd=HERE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout is None:
            raise RuntimeError("the server has no output to read its address from")
        port = urlsplit(server.stdout.readline().split()[-1]).port
        times: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
        for _ in range(rounds):
            for mode in MODES:
                times[mode].append(run_in_a_process(mode, f"http://127.0.0.1:{port}/0"))
    finally:
        server.kill()
        server.communicate()
    report(times)


def report(times: dict[str, list[tuple[float, float]]]) -> None:
    """Print pages per second, and ours as a share of the others."""
    wall = {mode: statistics.median(one[0] for one in many) for mode, many in times.items()}
    busy = {mode: statistics.median(one[1] for one in many) for mode, many in times.items()}
    for mode in MODES:
        print(f"{mode:24} {PAGES / wall[mode]:6.0f} pages/s, {busy[mode]:5.2f} s of processor time")
    for ours in OURS:
        for peer, aim in PEERS.items():
            ratio = (
                f"{wall[peer] / wall[ours]:.2f}, by processor time {busy[peer] / busy[ours]:.2f}"
            )
            print(f"{ours} / {peer}: {ratio} (aim: {aim})")


def run_in_a_process(mode: str, start: str) -> tuple[float, float]:
    """Return the seconds and processor seconds of one crawl, imports not counted."""
    command = [sys.executable, __file__, "--run", mode, start]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    if told["pages"] != PAGES:
        raise RuntimeError(f"{mode}: {told['pages']} pages instead of {PAGES}\n{done.stderr}")
    return float(told["seconds"]), float(told["busy"])


def run_here(mode: str, start: str) -> None:
    """Crawl in this process; print pages and seconds as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        if mode in OURS:
            told = ours(Path(folder), start, cleaned=mode == OURS[1])
        else:
            told = bare(mode, start)
    print(json.dumps(dict(zip(("pages", "seconds", "busy"), told, strict=True))))


def crawl_settings() -> dict[str, Any]:
    """Return the `[crawl]` table of the benchmark."""
    return {
        "delay": 0,
        "depth": 10,
        "concurrency": CONCURRENCY,
        "concurrency_per_host": CONCURRENCY,
        "hosts": {"127.0.0.1": "127.0.0.1"},
    }


def ours(folder: Path, start: str, *, cleaned: bool) -> tuple[int, float, float]:
    """Crawl with ccgcii: robots.txt, archive, store; then perhaps the five layers over it."""
    # Imported here: what they load would slow the garbage collection of the bare spiders.
    from ccgcii.config import Settings  # noqa: PLC0415
    from ccgcii.crawling.runs import crawl  # noqa: PLC0415
    from ccgcii.workspace import Workspace  # noqa: PLC0415

    settings = Settings(
        store={"url": f"sqlite:///{folder}/store.db", "archive": folder / "archive"},
        crawl=crawl_settings(),
        sources={"bench": {"start": start}},
    )
    with Workspace(settings, create=True, files=[HERE / "crawlsource.py"]) as workspace:
        workspace.engine.connect().close()
        workspace.plugins.sources()
        begun, busy = time.perf_counter(), processor_time()
        pages = crawl(workspace, ["bench"]).sources[0].captures
        if cleaned:
            # Imported here: what it loads would slow the garbage collection of the bare spiders.
            from ccgcii.cleaning.runs import clean  # noqa: PLC0415

            clean(workspace)
        return pages, time.perf_counter() - begun, processor_time() - busy


def bare(mode: str, start: str) -> tuple[int, float, float]:
    """Crawl with Scrapy alone: memory queue, nothing kept."""
    import scrapy  # noqa: PLC0415 - not in workers
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415

    seen: list[str] = []

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = [start]  # noqa: RUF012 - as every Scrapy spider has it

        def parse(self, response: Any, **_: Any) -> Iterator[Any]:
            seen.append(response.url)
            yield {"url": response.url, "title": response.css("title::text").get()}
            for link in response.css("a::attr(href)").getall():
                yield response.follow(link)

    process = AsyncCrawlerProcess(bare_settings(mode))
    process.crawl(Bare)
    begun, busy = time.perf_counter(), processor_time()
    process.start()
    return len(seen), time.perf_counter() - begun, processor_time() - busy


def bare_settings(mode: str) -> dict[str, Any]:
    """Return ours without our parts, or Scrapy's defaults with the same concurrency."""
    concurrency = {
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "LOG_LEVEL": "ERROR",
    }
    if mode != SAME:
        return concurrency
    from ccgcii.config import CrawlSettings  # noqa: PLC0415 - not in workers
    from ccgcii.crawling.scrapysettings import scrapy_settings  # noqa: PLC0415

    own: Iterable[str] = ("SCHEDULER", "DUPEFILTER_CLASS", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS")
    settings = scrapy_settings(CrawlSettings(**crawl_settings()))
    kept = {name: value for name, value in settings.items() if name not in own}
    return {**kept, "SPIDER_MIDDLEWARES": {}, **concurrency}


if __name__ == "__main__":
    if "--run" in sys.argv:
        run_here(*sys.argv[2:])
    else:
        main()
