"""Facebook (Graph API): the posts of known Pages; there is no search by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import Source


@hookimpl
def ccgcii_sources() -> Iterable[type[Source]]:
    """Give the Facebook source; Scrapy loads only when it is asked for."""
    from ccgcii_facebook.source import Facebook  # noqa: PLC0415 - `ccgcii score` needs no Scrapy

    return [Facebook]
