"""The world's pages as free archives hold them: WARC files, and rows of GDELT's GKG.

They hold what the sites serve too, under the same addresses, so a study that reads both has every
such page twice and counts it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii.testing.http import Ask
from ccgcii.testing.platforms.archivefiles import WarcPage, gkg_row, warc_of

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.testing.world.stories import Story
    from ccgcii.testing.world.worlds import World

FILES = 6  # of each kind
SHARE = 4  # every so many-th story is in an archive
CHINA = "1#China#CH#CH##35#105#CH#10"
TABLES = """
[sources.warc]
files = ["archives/*.warc.gz"]

[sources.gdelt]
files = ["archives/*.gkg.csv"]
"""


def write_archives(world: World, folder: Path, port: int) -> int:
    """Write the files of both kinds into a folder; return how many stories are in them."""
    folder.mkdir(parents=True, exist_ok=True)
    stories = [story for story in world.stories if story.fate == "kept"][::SHARE]
    for number in range(FILES):
        here = stories[number::FILES]
        pages = [_page(world, story, port) for story in here]
        (folder / f"world-{number:02}.warc.gz").write_bytes(warc_of(pages))
        rows = "".join(f"{_row(story, port, place)}\n" for place, story in enumerate(here))
        (folder / f"202006011200{number:02}.gkg.csv").write_text(rows, encoding="utf-8")
    return len(stories)


def tables(folder: Path) -> str:
    """Return the tables of ccgcii.toml that read the files of a study in a folder."""
    return TABLES.replace("archives/", f"{(folder / 'archives').as_posix()}/")


def _address(story: Story, port: int) -> str:
    return f"http://{story.site.domain}:{port}{story.path}"


def _page(world: World, story: Story, port: int) -> WarcPage:
    host = {"host": f"{story.site.domain}:{port}"}
    reply = world.answer(Ask("GET", story.site.domain, story.path, host))
    return WarcPage(
        _address(story, port),
        reply.body,
        tuple(reply.headers.items()),
        date=f"{story.published_at:%Y-%m-%dT%H:%M:%SZ}",
    )


def _row(story: Story, port: int, number: int) -> str:
    return gkg_row(
        number,
        slot=f"{story.published_at:%Y%m%d%H%M%S}",
        url=_address(story, port),
        outlet=story.site.domain,
        title=story.title,
        published=f"{story.published_at:%Y%m%d%H%M%S}",
        locations=[CHINA],
    )
