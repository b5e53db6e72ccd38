"""Instagram (Graph API): posts of known accounts, and what hashtags show of the last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    """Give the Instagram source; Scrapy loads only when it is asked for."""
    from ccgcii_instagram.source import Instagram  # noqa: PLC0415 - `ccgcii score` needs no Scrapy

    return [Instagram]
