"""Near copies over the store: one publisher's are dropped, other publishers' form a story.

Pieces are taken in the order in which they came out. One that nearly says what the same publisher
said within the last days is dropped; else it joins the story whose leader it resembles most, or
leads a story of its own. A leader is compared, never a follower, so a story does not drift from
piece to piece. Everything is computed anew, from first to last, so that the order of arrival and
the number of runs change nothing. Memory holds the sketches of one window of days.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sqlalchemy import and_, func, select

from ccgcii.cleaning.copies.sketches import PLACES, sketch_array
from ccgcii.cleaning.copies.twins import first_to_last, name_of_piece, with_order
from ccgcii_db import table_of, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from ccgcii.documents import NearTwinFilter

_READ_AT_ONCE = 2_000
_DAY = 86_400
_BANDS = 16
# Pieces for which a window has room at first.
_SLOTS = 1_024
# After every date: undated pieces are compared with each other alone.
_UNDATED = 1 << 60


class Sketched(NamedTuple):
    """A document to place: `publisher` is what copies to drop share, `before` its story by now.

    `name` is what a reason calls it, its address or title. `published_at` is in seconds.
    """

    document: int
    published_at: int | None
    publisher: bytes | None
    sketch: bytes | None
    name: str = ""
    before: int | None = None


class Placed(NamedTuple):
    """Where a document belongs: copy of another one, or in the story of `leader`.

    `before` is the story that the store names now; `loss` the reason to drop it.
    """

    document: int
    leader: int
    before: int | None
    loss: str | None = None


class _Piece(NamedTuple):
    turn: int
    document: int
    moment: int
    name: str


class _Window:
    """The pieces of the last days, found by what bits of their sketches they share.

    Three places make a band (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4): of
    16 bands, two texts that are half alike share one in 88 % of cases, 60 % alike in 98 %; of
    eight, two that are 80 % alike share one in 99.7 %.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # The slots of pieces from the oldest on, with their bands.
        self._order: deque[tuple[int, list[int]]] = deque()
        self._pieces: list[_Piece] = []
        self._places = np.empty((_SLOTS, PLACES), dtype=np.uint16)
        self._free: list[int] = []
        # Most bands have one piece: its slot stands for it, for a queue takes ten times the memory.
        self._by_band: dict[int, int | deque[int]] = {}

    def forget_before(self, moment: int) -> None:
        """Let go of what is too old to be copied at a moment."""
        oldest = moment - self._seconds
        while self._order and self._pieces[self._order[0][0]].moment < oldest:
            slot, bands = self._order.popleft()
            self._free.append(slot)
            for band in bands:
                held = self._by_band[band]
                if isinstance(held, int):
                    del self._by_band[band]
                else:
                    held.popleft()  # the oldest stands first
                    if not held:
                        del self._by_band[band]

    def add(self, piece: _Piece, places: NDArray[np.uint16], bands: list[int]) -> None:
        """Remember a piece under its bands."""
        slot = self._slot(piece)
        self._places[slot] = places
        self._order.append((slot, bands))
        for band in bands:
            held = self._by_band.get(band)
            if held is None:
                self._by_band[band] = slot
            elif isinstance(held, int):
                self._by_band[band] = deque((held, slot))
            else:
                held.append(slot)

    def most_alike(
        self, places: NDArray[np.uint16], bands: list[int], least: float
    ) -> tuple[float, _Piece] | None:
        """Return the piece that is most alike, of equals the first; None if none is enough."""
        shared = self._by_band.keys() & bands
        if not shared:
            return None
        found: set[int] = set()
        for band in shared:
            held = self._by_band[band]
            found.update((held,) if isinstance(held, int) else held)
        slots = list(found)
        if len(slots) == 1:
            alike = np.count_nonzero(self._places[slots[0]] == places) / PLACES
            return (alike, self._pieces[slots[0]]) if alike >= least else None
        # All at once: one by one they cost as much each as twenty.
        agree = np.add.reduce(self._places[slots] == places, axis=1, dtype=np.intp).tolist()
        most = max(agree)
        if most / PLACES < least:
            return None
        equals = (
            self._pieces[slot] for slot, same in zip(slots, agree, strict=True) if same == most
        )
        return most / PLACES, min(equals, key=lambda piece: piece.turn)

    def _slot(self, piece: _Piece) -> int:
        """Give a piece a place of its own; places double when they run out."""
        if self._free:
            slot = self._free.pop()
            self._pieces[slot] = piece
            return slot
        self._pieces.append(piece)
        if len(self._pieces) > len(self._places):
            self._places = np.concatenate([self._places, np.empty_like(self._places)])
        return len(self._pieces) - 1


def place_stored(connection: Connection, near: NearTwinFilter) -> Iterator[Placed]:
    """Yield where every kept document of a store belongs, from the first published to the last."""
    yield from place((Sketched(*row) for row in _kept(connection, near)), near)


def place(pieces: Iterable[Sketched], near: NearTwinFilter) -> Iterator[Placed]:
    """Yield where each piece belongs; they come in the order of publication, undated ones last."""
    leaders, published = _Window(near.days * _DAY), _Window(near.days * _DAY)
    for turn, (sketched, bands) in enumerate(_with_bands(pieces)):
        number, before = sketched.document, sketched.before
        if sketched.sketch is None:
            yield Placed(number, number, before)
            continue
        moment = _UNDATED if sketched.published_at is None else sketched.published_at
        piece, places = _Piece(turn, number, moment, sketched.name), sketch_array(sketched.sketch)
        # Each publisher has bands of its own: what others say is no copy to drop.
        own = _owned(bands, sketched.publisher)
        if own:
            published.forget_before(moment)
            if (copied := published.most_alike(places, own, near.same)) is not None:
                share, first = copied
                yield Placed(number, number, before, f"{share:.0%} the same as {first.name}")
                continue
        leaders.forget_before(moment)
        joined = leaders.most_alike(places, bands, near.story)
        if joined is None:
            leaders.add(piece, places, bands)
        if own:
            published.add(piece, places, own)
        yield Placed(number, joined[1].document if joined else number, before)


def _with_bands(pieces: Iterable[Sketched]) -> Iterator[tuple[Sketched, list[int]]]:
    """Give each piece a number for each band of its sketch: many at once cost a tenth."""
    waiting = iter(pieces)
    while batch := list(islice(waiting, _READ_AT_ONCE)):
        bands = iter(_bands([piece.sketch for piece in batch if piece.sketch is not None]))
        for piece in batch:
            yield piece, next(bands) if piece.sketch is not None else []


def _bands(sketches: Sequence[bytes]) -> list[list[int]]:
    """Return the numbers of bands: the three places of each, and which band it is."""
    places = np.frombuffer(b"".join(sketches), dtype="<u2").reshape(-1, PLACES)
    first, second, third = places[:, : 3 * _BANDS].reshape(-1, _BANDS, 3).astype(np.uint64).T
    joined = (first << np.uint64(32)) | (second << np.uint64(16)) | third
    numbers: list[list[int]] = (
        joined.T * np.uint64(_BANDS) + np.arange(_BANDS, dtype=np.uint64)
    ).tolist()
    return numbers


def _owned(bands: list[int], publisher: bytes | None) -> list[int]:
    """Return bands that a publisher shares with itself alone; half of them find what is copied."""
    if publisher is None:
        return []
    base = int.from_bytes(publisher) << 52
    return [base | band for band in bands[: _BANDS // 2]]


def _kept(connection: Connection, near: NearTwinFilter) -> Iterator[Sequence[Any]]:
    """Yield what `Sketched` holds, without keys that no other document has: they find no copy."""
    document = table_of(tables.Document)
    key, sketch = table_of(tables.DocumentKey), table_of(tables.DocumentSketch)
    shared = (
        select(key.c.key)
        .where(key.c.filter == near.name)
        .group_by(key.c.key)
        .having(func.count() > 1)
        .subquery()
    )
    query = (
        select(
            document.c.id,
            document.c.published_at,
            shared.c.key,
            sketch.c.sketch,
            name_of_piece().label("name"),
            document.c.story_id,
        )
        .outerjoin(key, and_(key.c.document_id == document.c.id, key.c.filter == near.name))
        .outerjoin(shared, shared.c.key == key.c.key)
        .outerjoin(sketch, sketch.c.document_id == document.c.id)
    )
    query = with_order(query).where(document.c.dropped.is_(None)).order_by(*first_to_last())
    yield from connection.execute(query, execution_options={"yield_per": _READ_AT_ONCE})
