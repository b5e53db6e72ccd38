"""X (API v2): posts that name a city, found month by month, priced before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    """Give the X source; Scrapy loads only when it is asked for."""
    from ccgcii_x.source import X  # noqa: PLC0415 - `ccgcii score` must not load Scrapy

    return [X]
