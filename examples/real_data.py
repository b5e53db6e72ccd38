"""The main job on real input: articles and tweets of 2020 imported, real pages crawled, scored.

    CCGCII_REAL_DATA=../shared make real
    .venv/bin/python examples/real_data.py ../shared --folder /tmp/real

Nothing of the folder is copied into the project; the study is made in `--folder`.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import sys
from pathlib import Path

from ccgcii.testing import Ask, LoopbackServer, Reply

HOST = "pages.example"
EXPORTS = (
    ("data/news/recovery_2020_city_sample.csv", "media"),
    ("data/news/recovery_2020_negatives.csv", "media"),
    ("data/social/tweets_media_2020_2021_with_city.csv", "x"),
    ("data/social/tweets_v11_full_40.jsonl", None),
)
CONFIG = """\
[study]
name = "real-2020"
since = 2020-01-01
until = 2020-12-31

[crawl]
delay = 0.0
contact = "https://example.org/ccgcii"

[crawl.hosts]
"{host}" = "127.0.0.1"

[sources.news]
sitemaps = ["http://{host}:{port}/sitemap.xml"]
"""


class Pages:
    """The real pages of a folder, as a site with a sitemap."""

    def __init__(self, folder: Path) -> None:
        self._bodies = {f"/{path.name.removesuffix('.gz')}": path for path in folder.glob("*.htm*")}
        self.port = 0

    def answer(self, ask: Ask) -> Reply:
        """Answer as a plain web server would."""
        if ask.path == "/sitemap.xml":
            return Reply(self._sitemap().encode(), headers={"Content-Type": "application/xml"})
        path = self._bodies.get(ask.path)
        if path is None:
            return Reply(b"not here", status=404)
        body = path.read_bytes()
        html = gzip.decompress(body) if path.suffix == ".gz" else body
        return Reply(html, headers={"Content-Type": "text/html"})

    def _sitemap(self) -> str:
        links = "".join(
            f"<url><loc>http://{HOST}:{self.port}{path}</loc></url>"
            for path in sorted(self._bodies)
        )
        return (
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"{links}</urlset>"
        )


def ccgcii(folder: Path, *arguments: str) -> None:
    """Run one command of the study as a user would, and show it."""
    print(f"\n$ ccgcii {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", "ccgcii", "-c", str(folder), *arguments], check=True)


def main() -> None:
    """Import, crawl, clean, score and report the real data of a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="the folder that holds data/news, data/social")
    parser.add_argument("--folder", type=Path, default=Path("demo/real"))
    options = parser.parse_args()
    if not (options.shared / "data" / "news").is_dir():
        parser.error(f"{options.shared}: no data/news in it; name the folder of real data")
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    pages = Pages(options.shared / "data" / "news" / "html")
    with LoopbackServer(pages.answer) as server:
        pages.port = server.port
        config = CONFIG.format(host=HOST, port=server.port)
        (options.folder / "ccgcii.toml").write_text(config, encoding="utf-8")
        ccgcii(options.folder, "crawl", "news")
    for name, channel in EXPORTS:
        told = ("--channel", channel) if channel else ()
        ccgcii(options.folder, "import", str(options.shared / name), *told)
    ccgcii(options.folder, "clean")
    ccgcii(options.folder, "score")
    ccgcii(options.folder, "report", "--top", "15")
    ccgcii(options.folder, "explain", "wuhan")


if __name__ == "__main__":
    main()
