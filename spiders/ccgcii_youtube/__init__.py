"""YouTube: what its search finds of each city in each month, with figures, through Data API v3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    """Give the source; Scrapy loads only when it is asked for."""
    from ccgcii_youtube.source import YouTube  # noqa: PLC0415 - `ccgcii score` must not load Scrapy

    return [YouTube]
