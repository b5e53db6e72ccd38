"""The tables of a study, in the order of the story of a number.

Narrow on purpose: what scoring reads (`document`, `mention`) holds small integers only, with
dictionary tables beside it and texts in a table of their own (ten million documents are read in
seconds, not minutes). Times are seconds since 1970 UTC; tone, salience, confidence and sentiment
are thousandths. NULL means unknown, never zero. What others count or date is a BigInteger, because
PostgreSQL's plain integers end at 2^31 (SQLite's never did).
"""

from __future__ import annotations

from ccgcii_db.tables.documents import (
    Document,
    DocumentEvent,
    DocumentKey,
    DocumentSketch,
    DocumentText,
    DocumentTopic,
    Drop,
    Mention,
    MentionSpan,
)
from ccgcii_db.tables.lists import (
    Account,
    Channel,
    City,
    CityName,
    Country,
    Event,
    Language,
    Outlet,
    Source,
    Topic,
)
from ccgcii_db.tables.scores import (
    Adjustment,
    IndicatorValue,
    Recipe,
    Score,
    Weight,
)
from ccgcii_db.tables.work import (
    Capture,
    CaptureRecord,
    Poll,
    Quota,
    RejectedRow,
    Request,
    Run,
    Sighting,
    Slice,
    WarcFile,
)

__all__ = [
    "Account",
    "Adjustment",
    "Capture",
    "CaptureRecord",
    "Channel",
    "City",
    "CityName",
    "Country",
    "Document",
    "DocumentEvent",
    "DocumentKey",
    "DocumentSketch",
    "DocumentText",
    "DocumentTopic",
    "Drop",
    "Event",
    "IndicatorValue",
    "Language",
    "Mention",
    "MentionSpan",
    "Outlet",
    "Poll",
    "Quota",
    "Recipe",
    "RejectedRow",
    "Request",
    "Run",
    "Score",
    "Sighting",
    "Slice",
    "Source",
    "Topic",
    "WarcFile",
    "Weight",
]
