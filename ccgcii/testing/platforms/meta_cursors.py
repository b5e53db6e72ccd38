"""Pages by cursor, whole or strange as a fault says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from ccgcii.testing.platforms.meta_errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.testing.world.posts import Post


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page of a listing is asked for, and what is to be wrong with it."""

    limit: int
    after: str | None
    fault: str | None


class Cursors:
    """Gives cursors, each good for the listing it was made for."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int]] = {}
        self._numbers = count(1)

    def page(self, posts: Sequence[Post], turn: Turn) -> tuple[Sequence[Post], str | None]:
        """Return the posts of a page, and the cursor of the next (None after the last)."""
        listing = f"{posts[0].channel} {posts[0].id} {len(posts)}" if posts else ""
        offset = self._offset(listing, turn.after)
        if turn.fault == "repeated page":
            offset = max(0, offset - turn.limit)
        here = [] if turn.fault == "empty page" else posts[offset : offset + turn.limit]
        following = offset + len(here)
        if following >= len(posts):
            return here, None
        if turn.fault == "looping cursor" and turn.after:
            return here, turn.after
        cursor = f"QVFIUm{next(self._numbers):08}ZD"
        self._places[cursor] = (listing, following)
        return here, cursor

    def _offset(self, listing: str, cursor: str | None) -> int:
        if cursor is None:
            return 0
        asked, offset = self._places.get(cursor, ("", 0))
        if asked != listing:
            raise GraphError(f"Invalid cursor {cursor}")
        return offset
