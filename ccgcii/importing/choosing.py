"""Which reader a file belongs to."""

from __future__ import annotations

import logging
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from ccgcii.errors import ImportFileError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii.readers import FileHead, Reader

log = logging.getLogger(__name__)


def choose_reader(head: FileHead, readers: Mapping[str, Reader]) -> Reader:
    """Return the reader that is surest of a file; of two as sure, the first by name.

    Raises `ImportFileError` naming the formats there are and the columns of the file.
    """
    if not readers:
        raise ImportFileError("no plugin gives a file format; `ccgcii plugins` shows what is wrong")
    sure = sorted((-_sureness(reader, head), name) for name, reader in readers.items())
    if sure[0][0] >= 0 and not head.columns:
        raise ImportFileError(
            f"{head.path}: no record can be read from it: it does not begin like a table or like "
            "JSON that is whole; look whether it is cut off, or something else"
        )
    if sure[0][0] >= 0:
        columns = ", ".join(column[:40] for column in head.columns[:12])
        raise ImportFileError(
            f"{head.path}: no format fits (formats: {', '.join(sorted(readers))}; "
            f"columns: {columns}); write a mapping and give it with --mapping"
        )
    return readers[sure[0][1]]


def named_reader(name: str, readers: Mapping[str, Reader]) -> Reader:
    """Return the reader of a name; raises `ImportFileError` with the nearest name."""
    if name not in readers:
        raise ImportFileError(f"no format {name!r}{suggest(name, readers)}")
    return readers[name]


def takes(reader: Reader, option: str) -> bool:
    """Say whether a reader has an option: the fields of its dataclass are its options."""
    thing: Any = reader
    return is_dataclass(thing) and option in {field.name for field in fields(thing)}


def with_options(reader: Reader, options: Mapping[str, Any]) -> Reader:
    """Return the reader with those of the options set that it has."""
    known = {name: value for name, value in options.items() if takes(reader, name)}
    thing: Any = reader
    return cast("Reader", replace(thing, **known)) if known else reader


def _sureness(reader: Reader, head: FileHead) -> float:
    try:
        return reader.matches(head)
    except Exception:  # one reader's mistake must not keep the others from the file
        log.exception("reader %r fails on the head of %s", reader.name, head.path)
        return 0.0
