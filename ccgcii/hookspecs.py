"""What a plugin may add.

Hooks collect objects once a run; they never run per document (a pluggy call with sixty
implementations costs 31 us). No firstresult, no wrappers, no order: collected things are sorted
by an explicit key, and two things with one name are an error that names both owners.
An implementation takes the arguments it wants: `def ccgcii_filters():` is as good as
`def ccgcii_filters(study):`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.cities import Study
    from ccgcii.crawling.bulk.sources import BulkSource
    from ccgcii.crawling.sources import Source
    from ccgcii.documents import Filter, TwinFilter
    from ccgcii.indicators import Indicator
    from ccgcii.methods import Method
    from ccgcii.readers import Reader
    from ccgcii.reports import ReportWriter

hookspec = pluggy.HookspecMarker("ccgcii")
hookimpl = pluggy.HookimplMarker("ccgcii")


@hookspec
def ccgcii_sources() -> Iterable[type[Source | BulkSource] | Reader]:  # type: ignore[empty-body]
    """Give sources: `Source` classes for the web, `BulkSource` classes and `Reader` objects.

    Those two are of files: an archive's are crawled, slice by slice; the user's own are imported.

    Example::

        @hookimpl
        def ccgcii_sources():
            return [HelloNews]
    """


@hookspec
def ccgcii_filters(study: Study) -> Iterable[Filter | TwinFilter]:  # type: ignore[empty-body]
    """Give cleaning filters; they run ordered by (layer, name).

    Example::

        @hookimpl
        def ccgcii_filters(study):
            return [TooShort(), OutsideWindow(since=study.since, until=study.until)]
    """


@hookspec
def ccgcii_indicators() -> Iterable[Indicator]:  # type: ignore[empty-body]
    """Give indicators; their docstrings are their published definitions.

    Example::

        @hookimpl
        def ccgcii_indicators():
            return [night_share]
    """


@hookspec
def ccgcii_methods() -> Iterable[Method]:  # type: ignore[empty-body]
    """Give treatments, imputations, normalisations, weightings and aggregations, found by name.

    Example::

        @hookimpl
        def ccgcii_methods():
            return [Method("weighting", "equal", equal_weights)]
    """


@hookspec
def ccgcii_reports() -> Iterable[ReportWriter]:  # type: ignore[empty-body]
    """Give report writers: `name`, `suffix`, `write(results, path)`.

    Example::

        @hookimpl
        def ccgcii_reports():
            return [CsvReport()]
    """


@hookspec
def ccgcii_run_finished(run: Any) -> None:
    """Hear of a finished run (a `RunSummary`); errors are logged, never fatal.

    Example::

        @hookimpl
        def ccgcii_run_finished(run):
            print(run.kind, run.documents)
    """
