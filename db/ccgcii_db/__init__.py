"""The store: SQLModel tables, the engine, migrations and bulk helpers. It knows nothing of us."""

from __future__ import annotations

from ccgcii_db.dictionaries import Dictionary
from ccgcii_db.engine import SchemaError, newest_version, open_engine, schema_version
from ccgcii_db.postgres import hold, is_postgres, one_at_a_time
from ccgcii_db.rows import change_rows, insert_missing, insert_row, insert_rows, table_of

__all__ = [
    "Dictionary",
    "SchemaError",
    "change_rows",
    "hold",
    "insert_missing",
    "insert_row",
    "insert_rows",
    "is_postgres",
    "newest_version",
    "one_at_a_time",
    "open_engine",
    "schema_version",
    "table_of",
]
