"""The store: SQLModel tables, the engine, migrations and bulk helpers. It knows nothing of us."""

from __future__ import annotations

from ccgcii_db.dictionaries import Dictionary
from ccgcii_db.engine import SchemaError, newest_version, open_engine, schema_version
from ccgcii_db.rows import insert_row, table_of

__all__ = [
    "Dictionary",
    "SchemaError",
    "insert_row",
    "newest_version",
    "open_engine",
    "schema_version",
    "table_of",
]
