"""The funnel of real articles, tweets, headlines and GDELT rows, and drops of each layer to read.

    .venv/bin/python examples/real_funnel.py ../shared --folder /tmp/funnel

Prints the funnel layer by layer and source by source, and writes `layer1.csv` to `layer4.csv` into
the folder: ten drops of each layer, and ten pieces that passed it, drawn at random, with an empty
column for a verdict (`ccgcii agreement FILE` then counts). What was found in ours is in
docs/funnel-read.md. Nothing of the folder is copied into the project.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from real_data import HOST, Pages, ccgcii

from ccgcii.testing import LoopbackServer

# Each file is a source of its own, so that the funnel shows them one by one.
FILES = {
    "articles": ("data/news/recovery_2020_city_sample.csv", "media"),
    "articles-no-city": ("data/news/recovery_2020_negatives.csv", "media"),
    "headlines": ("data/news/state_media_headlines_2022_with_city.csv", "media"),
    "wikinews-2019": ("data/news/wikinews_2019.csv", "media"),
    "wikinews-2020": ("data/news/wikinews_2020.csv", "media"),
    "tweets": ("data/social/tweets_media_2020_2021_with_city.csv", "x"),
    "tweets-v11": ("data/social/tweets_v11_full_40.jsonl", None),
    "facebook-posts": ("data/social/fb_news_posts_2017_china.csv", "facebook"),
    "videos": ("data/social/youtube_trending_GB_2020-08.csv", "youtube"),
}
GDELT = "data/news/gkg_20230702153000_china.csv"
# The layers that can drop: layer 5 learns.
LAYERS = (1, 2, 3, 4)
CONFIG = """\
[study]
name = "real-funnel"
since = 2017-01-01
until = 2024-12-31

[crawl]
delay = 0.0

[crawl.hosts]
"{host}" = "127.0.0.1"

[sources.news]
sitemaps = ["http://{host}:{port}/sitemap.xml"]

[sources.gdelt]
files = ["{gdelt}"]
"""
# A headline is all there is of these pieces, and its date is written in five ways.
HEADLINES = """\
[mapping]
title = "headline"
outlet = "outlet"
published_at = "published"
"""


def main() -> None:
    """Import, clean, print the funnel and draw what is to be read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="the folder that holds data/news, data/social")
    parser.add_argument("--folder", type=Path, default=Path("demo/funnel"))
    parser.add_argument("--number", type=int, default=10, help="how many drops of each layer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not (options.shared / GDELT).is_file():
        parser.error(f"{options.shared}: no {GDELT} in it; name the folder of real data")
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    (options.folder / "headlines.toml").write_text(HEADLINES, encoding="utf-8")
    pages = Pages(options.shared / "data" / "news" / "html")
    with LoopbackServer(pages.answer) as server:
        pages.port = server.port
        gdelt = (options.shared / GDELT).resolve()
        config = CONFIG.format(gdelt=gdelt, host=HOST, port=server.port)
        (options.folder / "ccgcii.toml").write_text(config, encoding="utf-8")
        ccgcii(options.folder, "crawl", "news", "gdelt")
    for source, (name, channel) in FILES.items():
        told = ["--channel", channel] if channel else []
        if source == "headlines":
            told += ["--mapping", str(options.folder / "headlines.toml")]
        ccgcii(options.folder, "import", str(options.shared / name), "--source", source, *told)
    ccgcii(options.folder, "clean")
    ccgcii(options.folder, "funnel", "--examples", "2")
    for layer in LAYERS:
        file = options.folder / f"layer{layer}.csv"
        drawn = ("-n", str(options.number), "--seed", str(options.seed), "--csv", str(file))
        ccgcii(options.folder, "sample", "--layer", str(layer), "--dropped", "--kept", *drawn)


if __name__ == "__main__":
    main()
