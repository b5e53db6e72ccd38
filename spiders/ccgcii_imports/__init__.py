"""Files of records: any table by its columns, and exports that are known by their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl
from ccgcii_imports.formats import FormatReader, load_formats
from ccgcii_imports.generic import GenericReader
from ccgcii_imports.nested import entries, tweets
from ccgcii_imports.twarc import Twarc1Reader
from ccgcii_imports.zeeschuimer import posts

if TYPE_CHECKING:
    from ccgcii import Reader
    from ccgcii_imports.formats import Prepare

__all__ = ["FormatReader", "GenericReader", "Twarc1Reader", "ccgcii_sources", "format_readers"]

PREPARED: dict[str, Prepare] = {"twarc2": tweets, "yt-dlp": entries, "zeeschuimer": posts}


def format_readers() -> list[FormatReader]:
    """Return a reader for every format of the folder `formats`."""
    return [FormatReader(format_, PREPARED.get(format_.name)) for format_ in load_formats()]


@hookimpl
def ccgcii_sources() -> list[Reader]:
    """Give the readers."""
    return [GenericReader(), Twarc1Reader(), *format_readers()]
