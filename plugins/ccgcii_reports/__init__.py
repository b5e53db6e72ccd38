"""Report writers: results as files for readers and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccgcii import hookimpl
from ccgcii_reports.data import CsvReport, JsonReport
from ccgcii_reports.html import HtmlReport
from ccgcii_reports.xlsx import XlsxReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii import ReportWriter


@hookimpl
def ccgcii_reports() -> Iterable[ReportWriter]:
    """Give the writers of plain data, of the page and of the workbook."""
    return [CsvReport(), HtmlReport(), JsonReport(), XlsxReport()]
