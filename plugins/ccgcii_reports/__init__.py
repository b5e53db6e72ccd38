"""Report writers: results as files that other programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl
from ccgcii_reports.data import CsvReport, JsonReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import ReportWriter


@hookimpl
def ccgcii_reports() -> Iterable[ReportWriter]:
    """Give the writers of plain data."""
    return [CsvReport(), JsonReport()]
