"""Processor time of a measured run, with all processes that work for it."""

from __future__ import annotations

import psutil


def processor_time() -> float:
    """Return the processor seconds of this process and of the workers it has had.

    Workers are children of a child that lives on (`multiprocessing`'s fork server).
    """
    here = psutil.Process()
    return sum(
        sum(process.cpu_times()[:4])  # its own and those of children that ended, user and system
        for process in (here, *here.children())
    )
