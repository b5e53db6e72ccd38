"""Files as free archives publish them, made up: GKG rows and slots, WARC files and their lists."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMNS = 27


def gkg_row(
    number: int = 1,
    *,
    slot: str = "20200601120000",
    url: str = "",
    outlet: str = "news.example",
    title: str = "",
    published: str = "",
    locations: Iterable[str] = (),
    all_names: str = "",
    organisations: str = "",
    language: str = "",
    tone: str = "-1.25,2.10,3.35,5.45,20.1,0.4,480",
) -> str:
    """Return a row of GKG 2.1; `locations` are parts of V2Locations, `language` as `zho`."""
    row = [""] * COLUMNS
    row[0] = f"{slot}-{'T' if language else ''}{number}"
    row[1:5] = [slot, "1", outlet, url or f"https://{outlet}/{slot}/{number}"]
    row[10] = ";".join(locations)
    row[14] = organisations
    row[15] = tone
    row[23] = all_names
    row[25] = f"srclc:{language};eng:GT-{language.upper()} 1.0" if language else ""
    row[26] = f"<PAGE_TITLE>{title}</PAGE_TITLE>" if title else ""
    if published:
        row[26] += f"<PAGE_PRECISEPUBTIMESTAMP>{published}</PAGE_PRECISEPUBTIMESTAMP>"
    return "\t".join(row)


def zipped(name: str, rows: Iterable[str]) -> bytes:
    """Return rows as the one member of a zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # A date of its own would make other bytes, and another MD5, every two seconds.
        member = zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, "\n".join(rows) + "\n")
    return packed.getvalue()


def master_list(files: Mapping[str, bytes]) -> bytes:
    """Return GDELT's list of files (name to bytes), among lines of its other products."""
    lines = ["150383 297a16b493de7cf6ca809a7cc31d0b93 http://data.example/20200601.export.CSV.zip"]
    lines += [
        f"{len(data)} {hashlib.md5(data, usedforsecurity=False).hexdigest()} "
        f"http://data.gdeltproject.org/gdeltv2/{name}"
        for name, data in files.items()
    ]
    return ("\n".join(lines) + "\n").encode()


@dataclass(frozen=True, slots=True)
class WarcPage:
    """A response for a WARC file; `body` as `headers` say it is encoded."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    status: str = "200 OK"
    date: str = "2020-06-01T12:00:00Z"


def warc_of(pages: Iterable[WarcPage], *, packed: bool = True) -> bytes:
    """Return a WARC file: a warcinfo record, then each page, a gzip member each if `packed`."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.0")
    writer.write_record(writer.create_warcinfo_record("made-up.warc.gz", {"software": "ccgcii"}))
    for page in pages:
        head = StatusAndHeaders(page.status, list(page.headers), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            page.url,
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": page.date},
        )
        writer.write_record(record)
    return out.getvalue()


def path_list(paths: Iterable[str]) -> bytes:
    """Return a list of paths as Common Crawl publishes it."""
    return gzip.compress("".join(f"{path}\n" for path in paths).encode())
