"""Records as JSON: how a piece that is not a page is kept in the store."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

from ccgcii.documents import Record

_FIELDS = tuple(field.name for field in fields(Record))


def record_to_json(record: Record) -> str:
    """Write a record as JSON; what is unknown (None) or empty is left out."""
    values: dict[str, object] = {}
    for name in _FIELDS:
        value = getattr(record, name)
        if value is None or value == "" or value is False:
            continue
        values[name] = to_iso(value) if isinstance(value, datetime) else value
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def record_from_json(text: str) -> Record:
    """Read back what `record_to_json` wrote."""
    values = json.loads(text)
    values.setdefault("id", "")  # a row of a file need not have one
    if "published_at" in values:
        values["published_at"] = datetime.fromisoformat(values["published_at"])
    return Record(**values)


def to_iso(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC; a moment without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
