"""Opening a file of records: gzip and xz seen through, bytes counted, what is no text refused."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from typing import IO, TYPE_CHECKING, Any

from ccgcii.errors import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Watch = Callable[[int], None]

SAMPLE_BYTES = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
XZ_MAGIC = b"\xfd7"
ZIP_MAGIC = b"PK\x03\x04"
BINARY = {
    b"%PDF": "a PDF",
    b"SQLite format 3": "a SQLite database: export the table as CSV",
    b"\xd0\xcf\x11\xe0": "an old Office file or one with a password: save it as plain .xlsx",
    b"BZh": "a bzip2 archive: unpack it first",
    b"(\xb5/\xfd": "a zstd archive: unpack it first",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}
# What a damaged packed stream raises, in the words of the layers of the standard library.
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError)


class _Counted(io.RawIOBase):
    """A file that tells how many of its bytes have been read."""

    def __init__(self, inner: IO[bytes], watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._inner.readinto(buffer)  # type: ignore[attr-defined]
        self._watch(count)
        return count

    def close(self) -> None:
        self._inner.close()
        super().close()


class _Unpacked(gzip.GzipFile):
    """A gzip stream that closes the file below it, which the standard one leaves open."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__(fileobj=inner)
        self._inner = inner

    def close(self) -> None:
        super().close()
        self._inner.close()


class _UnpackedXz(lzma.LZMAFile):
    """An xz stream that closes the file below it, which the standard one leaves open."""

    def __init__(self, inner: IO[bytes]) -> None:
        super().__init__(inner)
        self._inner = inner

    def close(self) -> None:
        super().close()
        self._inner.close()


def open_bytes(path: Path, watch: Watch | None = None) -> IO[bytes]:
    """Open a file for reading, unpacking gzip and xz; `watch` hears of its bytes as they are read.

    Raises `ImportFileError` where there is no file or it may not be read.
    """
    try:
        raw: IO[bytes] = path.open("rb", buffering=0)
    except FileNotFoundError:
        raise ImportFileError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise ImportFileError(f"{path}: a folder, not a file") from None
    except OSError as error:
        raise ImportFileError(f"{path}: cannot be read ({error.strerror})") from error
    magic = raw.read(2)
    raw.seek(0)
    counted: Any = io.BufferedReader(_Counted(raw, watch or (lambda _: None)), SAMPLE_BYTES)
    unpack: Any = {GZIP_MAGIC: _Unpacked, XZ_MAGIC: _UnpackedXz}.get(magic)
    return unpack(counted) if unpack else counted  # type: ignore[no-any-return]


def read_sample(path: Path) -> bytes:
    """Return the first MiB of a file, unpacked; raises `ImportFileError` if it is no text."""
    try:
        with open_bytes(path) as stream:
            sample = stream.read(SAMPLE_BYTES)
    except DAMAGED:
        sample = _salvage(path)
    if not sample.strip():
        raise ImportFileError(f"{path}: the file is empty")
    for magic, what in BINARY.items():
        if sample.startswith(magic):
            raise ImportFileError(f"{path}: this is {what}")
    return sample


def _salvage(path: Path) -> bytes:
    """Return what can be unpacked of the beginning of a damaged packed file."""
    with path.open("rb") as stream:
        head = stream.read(SAMPLE_BYTES)
    try:
        if head.startswith(XZ_MAGIC):
            return lzma.LZMADecompressor().decompress(head)
        return zlib.decompressobj(wbits=31).decompress(head)
    except (zlib.error, lzma.LZMAError) as error:
        kind = "xz" if head.startswith(XZ_MAGIC) else "gzip"
        raise ImportFileError(f"{path}: damaged {kind} ({error}); fetch the file again") from None


def plain_suffix(path: Path) -> str:
    """Return the suffix that says what a file holds: `.csv` for `posts.csv.gz`."""
    suffix = path.suffix.lower()
    return path.with_suffix("").suffix.lower() if suffix in (".gz", ".xz") else suffix
