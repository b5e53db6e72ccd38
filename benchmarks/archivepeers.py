"""CC-NEWS code of fundus and news-please on a WARC of ours, offline; for an environment of theirs.

    PYTHON benchmarks/archivepeers.py FILE.warc.gz PAGES

A line each: its name, pages a second of one processor (- if it was not measured), a remark.
Nothing of ccgcii is imported.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

logging.disable(logging.CRITICAL)


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def measure_fundus(path: Path) -> int:
    """Read the WARC as fundus reads one of CC-NEWS: served over HTTP, parsed by its publisher."""
    from fundus import (  # noqa: PLC0415 - only where it is installed
        PublisherCollection,
    )
    from fundus.scraping.html import (  # noqa: PLC0415 - only where it is installed
        CCNewsSource,
    )

    publisher = PublisherCollection.us.FoxNews
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(path.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{path.name}"
    pages = 0
    for html in CCNewsSource(publisher, warc_path=address).fetch():
        publisher.parser(html.crawl_date).parse(html.content, "suppress")
        pages += 1
    server.shutdown()
    return pages


def measure_news_please(path: Path) -> int:
    """Read the WARC as news-please reads one of CC-NEWS that it has downloaded."""
    # By this module first: the two import one another.
    from newsplease.crawler.commoncrawl_crawler import (  # noqa: PLC0415 - only where it is installed
        CommonCrawlExtractor,
    )

    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    copy = path.with_name(quote_plus(path.name))
    if copy != path:
        copy.hardlink_to(path)
    pages: list[Any] = []
    extractor = CommonCrawlExtractor()
    run = extractor._CommonCrawlExtractor__process_warc_gz_file  # noqa: SLF001 - past its S3 client
    for name, value in {
        "warc_path": path.name,
        "callback_on_article_extracted": pages.append,
        "callback_on_warc_completed": lambda *_: None,
        "filter_valid_hosts": [],
        "filter_start_date": None,
        "filter_end_date": None,
        "continue_after_error": True,
        "delete_warc_after_extraction": False,
        "log_pathname_fully_extracted_warcs": None,
    }.items():
        setattr(extractor, f"_CommonCrawlExtractor__{name}", value)
    run(str(copy))
    return len(pages)


PEERS = {"fundus": measure_fundus, "news-please": measure_news_please}
# What pip is to install. fundus 0.5.7 allows every curl_cffi below 1, but from 0.16 on the function
# that it imports is gone (`normalize_browser_type`): alone in a fresh environment it fails as well.
WANTED = {"fundus": "fundus 'curl_cffi<0.16'", "news-please": "news-please"}


def why_not(name: str, error: Exception) -> str:
    """Say why a peer was not measured and what to do about it."""
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    if not isinstance(error, ImportError):
        return f"it failed: {reason}"
    try:
        there = f"{name} {metadata.version(name)} does not import here: {reason}"
    except metadata.PackageNotFoundError:
        there = f"not installed for {sys.executable}"
    return f"{there}; {sys.executable} -m pip install {WANTED[name]}"


def main() -> None:
    """Measure what is installed."""
    path, pages = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    for name, measure in PEERS.items():
        began = time.process_time()
        try:
            kept = measure(path)
        except Exception as error:  # noqa: BLE001 - the other peer may still run
            print(f"{name}\t-\t{why_not(name, error)}")
            continue
        rate = pages / (time.process_time() - began)
        print(
            f"{name} {metadata.version(name)}\t{rate:.2f}\t{kept} of {pages} pages became articles"
        )


if __name__ == "__main__":
    main()
