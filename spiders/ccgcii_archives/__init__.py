"""Archives that are free: GDELT's files, CC-NEWS and other WARC files, Wayback, Media Cloud.

A study without a single key can be rebuilt from them. They are read only where ccgcii.toml has
their table, or the command names them: some are terabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import BulkSource, Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source | BulkSource]]:
    """Give the sources; Scrapy loads only when they are asked for."""
    from ccgcii_archives.ccnews import CcNews  # noqa: PLC0415 - `ccgcii score` must not load Scrapy
    from ccgcii_archives.gdelt import Gdelt  # noqa: PLC0415
    from ccgcii_archives.gdeltdoc import GdeltDoc  # noqa: PLC0415
    from ccgcii_archives.mediacloud import MediaCloud  # noqa: PLC0415
    from ccgcii_archives.warcs import Warcs  # noqa: PLC0415
    from ccgcii_archives.wayback import Wayback  # noqa: PLC0415

    return [CcNews, Gdelt, GdeltDoc, MediaCloud, Warcs, Wayback]
