"""Files of records: any table by its columns, and exports that are known by their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl
from ccgcii_imports.generic import GenericReader
from ccgcii_imports.twarc import Twarc1Reader

if TYPE_CHECKING:
    from ccgcii import Reader

__all__ = ["GenericReader", "Twarc1Reader", "ccgcii_sources"]


@hookimpl
def ccgcii_sources() -> list[Reader]:
    """Give the readers."""
    return [GenericReader(), Twarc1Reader()]
