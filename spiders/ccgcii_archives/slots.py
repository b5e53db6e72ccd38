"""GDELT's quarter hours: their names, which of them are read, and what its lists say of them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

A_DAY = 96
FIRST = date(2015, 2, 18)  # the first day of GKG 2.1
STREAMS = {"english": "gkg.csv.zip", "translation": "translation.gkg.csv.zip"}
LISTS = {"english": "masterfilelist.txt", "translation": "masterfilelist-translation.txt"}
_LINE = re.compile(rb"^(\d+) ([0-9a-f]{32}) \S*?/(\d{14})\.(translation\.)?gkg\.csv\.zip\s*$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as a list of GDELT's names it: `slot` is its time, `size` in bytes."""

    slot: str
    stream: str
    size: int
    md5: str


def chosen_slots(since: date, until: date, per_day: int, seed: int) -> Iterator[str]:
    """Yield the slots to read, `YYYYMMDDHHMMSS`, in order.

    A systematic sample: each day's slots are evenly apart from a start drawn for that day, so
    every slot has the same chance (`per_day` of 96) and no hour is favoured. Both streams share
    the sample.
    """
    day = max(since, FIRST)
    while day <= until:
        start = random.Random(f"{seed}/{day.isoformat()}").random() * A_DAY / per_day
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a name, not a moment
        for number in range(per_day):
            slot = int(start + number * A_DAY / per_day)
            yield f"{midnight + timedelta(minutes=15 * slot):%Y%m%d%H%M%S}"
        day += timedelta(days=1)


def file_name(slot: str, stream: str) -> str:
    """Return the name of a slot's file."""
    return f"{slot}.{STREAMS[stream]}"


def read_list(lines: Iterable[bytes]) -> Iterator[Listed]:
    """Yield the GKG files that a master file list names; all else in it is passed over."""
    for line in lines:
        told = _LINE.match(line)
        if told:
            stream = "translation" if told[4] else "english"
            yield Listed(told[3].decode(), stream, int(told[1]), told[2].decode())
