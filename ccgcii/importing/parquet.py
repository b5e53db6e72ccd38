"""Parquet as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ccgcii.errors import ImportFileError
from ccgcii.importing.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ccgcii.importing.files import Watch

BATCH_ROWS = 2_000
# Also cells that Python cannot hold: text that is no UTF-8, a moment after the year 9999.
DAMAGED = (pa.ArrowException, OSError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file; nested structs are objects, a row's line is its number from 1."""

    path: Path
    columns: tuple[str, ...]
    paths: frozenset[str]
    sample: Mapping[str, Any]
    encoding: str = "parquet"
    layout: str = "Parquet"

    @property
    def is_rigid(self) -> bool:
        """The schema names every field there is."""
        return True

    def has(self, column: str) -> bool:
        """Say whether the schema has a column or a path into a struct."""
        return column in self.paths

    def rows(self, watch: Watch | None = None) -> Iterator[Row]:
        """Yield every row; `watch` hears of bytes in proportion to the rows read."""
        number = 0
        try:
            with pq.ParquetFile(self.path) as file:
                share = self.path.stat().st_size / max(file.metadata.num_rows, 1)
                for batch in file.iter_batches(BATCH_ROWS):
                    for values in batch.to_pylist():
                        number += 1
                        yield Row(number, values)
                    if watch is not None:
                        watch(round(share * batch.num_rows))
        except DAMAGED as error:
            raise ImportFileError(
                f"{self.path}: damaged Parquet after row {number} ({error})"
            ) from error


def open_parquet(path: Path) -> ParquetTable:
    """Open a Parquet file; raises `ImportFileError` if its footer cannot be read."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            batch = next(file.iter_batches(1), None)
            rows = batch.to_pylist() if batch is not None else []
    except DAMAGED as error:
        raise ImportFileError(f"{path}: damaged Parquet ({error}); write it again") from error
    paths = frozenset(place for field in schema for place in _paths(field, ""))
    return ParquetTable(path, tuple(schema.names), paths, rows[0] if rows else {})


def _paths(field: Any, prefix: str) -> Iterator[str]:
    place = f"{prefix}{field.name}"
    yield place
    if pa.types.is_struct(field.type):
        for number in range(field.type.num_fields):
            yield from _paths(field.type.field(number), f"{place}.")
