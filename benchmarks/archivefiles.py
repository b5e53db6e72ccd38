"""Files for the benchmark of archives: GKG slots and a WARC, generated or made from real ones."""

from __future__ import annotations

import gzip
import io
import random
import zlib
from functools import cache
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ccgcii import default_cities, find_cities, prefilter_for
from ccgcii.testing.platforms.archivefiles import gkg_row, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 950  # of a slot of 2023
ABOUT_CHINA = 0.06
GCAM = 650  # pairs of a row
WORDS = (  # noqa: SIM905 - as prose
    "the a Russian Asian Malaysian of report market minister people river harvest trade city train "
    "school water energy spring museum figure police council farmers region growth board and in to"
).split()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Server", "made-up")]


def slot_of(real: Path | None, seed: int) -> tuple[bytes, int]:
    """Return a zipped slot and its size inflated (bytes): 950 rows, one in 17 about China."""
    dice = random.Random(seed)
    about, others = (_real_rows(real) if real else _rows(CITY)), _rows(FRANCE)
    rows = []
    for number in range(ROWS):
        row = dice.choice(about if dice.random() < ABOUT_CHINA else others)
        rows.append(f"2020{seed:06}-{number}\t{row.partition(chr(9))[2]}")
    return zipped("slot.gkg.csv", rows), sum(len(row.encode()) + 1 for row in rows)


@cache
def _real_rows(real: Path) -> list[str]:
    path = real / "data/news/gkg_20230702153000_china.csv"
    return path.read_text(encoding="utf-8", errors="replace").rstrip("\n").split("\n")


@cache
def _rows(location: str) -> list[str]:
    dice = random.Random(location)
    return [_row(dice, number, location) for number in range(60)]


def _row(dice: random.Random, number: int, location: str) -> str:
    row = gkg_row(number, title=_sentence(dice), locations=[location]).split("\t")
    row[17] = ",".join(f"c{dice.randrange(20)}.{dice.randrange(400)}:{dice.randrange(90)}"
                       for _ in range(GCAM))  # fmt: skip
    row[23] = ";".join(f"{dice.choice(WORDS).title()} Name,{dice.randrange(9000)}"
                       for _ in range(60))  # fmt: skip
    return "\t".join(row)


def write_warc(path: Path, number: int, share: float, real: Path | None) -> int:
    """Write a WARC of pages, `share` of which name a city; return their bytes unpacked."""
    size = 0
    with path.open("wb") as stream:
        for place, body in enumerate(_bodies(number, share, real)):
            size += len(body)
            stream.write(_member(f"https://www.foxnews.com/world/{place}", body))
    return size


def _bodies(number: int, share: float, real: Path | None) -> Iterator[bytes]:
    dice = random.Random(1)
    frames = _real_frames(real) if real else [_frame(dice) for _ in range(40)]
    for place in range(number):
        named = place % round(1 / share) == 0
        said = (
            f"The mayor of {dice.choice(('Wuhan', 'Chengdu', 'Xiamen'))} spoke. " if named else ""
        )
        text = f"<p>{said}{' '.join(_sentence(dice) for _ in range(8))}</p>".encode()
        yield frames[place % len(frames)].replace(b"</body>", text + b"</body>", 1)


def _member(url: str, body: bytes) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    head = StatusAndHeaders("200 OK", HEADERS, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head,
        warc_headers_dict={"WARC-Date": "2020-06-01T12:00:00Z"},
    )  # fmt: skip
    writer.write_record(record)
    return zlib.compress(out.getvalue(), 6, 31)


def _frame(dice: random.Random) -> bytes:
    """Return a page of about 80 kB: scripts, a menu, an article, links to others."""
    script = "".join(f"var a{n}={dice.randrange(10**9)};" for n in range(2_000))
    menu = "".join(f'<li><a href="/{n}">{_sentence(dice)}</a></li>' for n in range(150))
    article = "".join(f"<p>{' '.join(_sentence(dice) for _ in range(4))}</p>" for _ in range(25))
    return (
        "<!DOCTYPE html><html><head>"
        f"<title>{_sentence(dice)}</title><script>{script}</script></head>"
        f"<body><nav><ul>{menu}</ul></nav><article><h1>{_sentence(dice)}</h1>{article}</article>"
        "</body></html>"
    ).encode()


def _real_frames(real: Path) -> list[bytes]:
    """Return real pages with every city's name taken out of them."""
    frames = []
    for path in sorted((real / "data/news/html").iterdir()):
        body = path.read_bytes()
        text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8", "replace")
        bare = _without_names(text).encode()
        if b"</body>" in bare and not prefilter_for(default_cities()).names_a_city(bare):
            frames.append(bare)
    return frames


def _without_names(text: str) -> str:
    names = {name.text for city in default_cities() for name in city.names}
    names |= {word for city in default_cities() for word in (city.name_en, city.name_zh)}
    names |= {mention.as_written for mention in find_cities(text)}
    for name in sorted(names, key=len, reverse=True):
        for written in (name, name.upper(), name.lower()):
            if written in text:
                text = text.replace(written, "Elsewhere")
    return text


CITY = (
    "4#Wuhan, Hubei, China#CH#CH12#13124#30.5833#114.267#-1930776#726;1#China#CH#CH##35#105#CH#12"
)
FRANCE = "1#France#FR#FR##46#2#FR#90"


def _sentence(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(12)).capitalize() + "."
