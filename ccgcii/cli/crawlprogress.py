"""Live progress of a crawl: one line a source on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ccgcii.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console
    from rich.progress import TaskID

    from ccgcii.crawling.outcomes import Counts

PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal


@contextmanager
def showing(console: Console) -> Iterator[Callable[[list[Counts]], None]]:
    """Give a function that shows how a crawl stands, for as long as it runs."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[slices]} slices"),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} requests"),
        TextColumn("{task.fields[captures]:,} documents"),
        TextColumn("[red]{task.fields[failed]:,}[/] errors"),
        TextColumn("{task.fields[rate]}/s"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=2) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._started = time.monotonic()

    def __call__(self, sources: list[Counts]) -> None:
        seconds = max(time.monotonic() - self._started, 0.001)
        for counts in sources:
            fields: dict[str, Any] = {
                "slices": f"{counts.slices_done + counts.slices_failed}/{counts.slices}",
                "captures": counts.captures,
                "failed": counts.failed,
                "rate": f"{counts.requests / seconds:.1f}",
            }
            if counts.source not in self._tasks:
                self._tasks[counts.source] = self._bars.add_task(counts.source, total=0, **fields)
            self._bars.update(
                self._tasks[counts.source],
                completed=counts.requests,
                total=counts.requests + counts.queued,
                **fields,
            )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._next = self._started + PLAIN_EVERY

    def __call__(self, sources: list[Counts]) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + PLAIN_EVERY
        for counts in sources:
            rate = counts.requests / (now - self._started)
            left = f"{counts.queued / rate:.0f} s left" if rate else "no answer yet"
            self._console.print(
                f"{counts.source}: {counts.slices_done + counts.slices_failed}/{counts.slices} "
                f"slices, {counted(counts.requests, 'request')}, {counts.queued:,} queued, "
                f"{counted(counts.captures, 'document')}, {counted(counts.failed, 'error')}, "
                f"{rate:.1f}/s, {left}",
                markup=False,
                soft_wrap=True,
            )
