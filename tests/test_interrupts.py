"""Ctrl-C waits where it must, and is not lost."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.interrupts import interrupts_held

if TYPE_CHECKING:
    from collections.abc import Callable


def interrupted(then: Callable[[str], Any]) -> None:
    with interrupts_held():
        signal.raise_signal(signal.SIGINT)
        then("to the end")


def test_an_interrupt_waits_until_the_block_is_over() -> None:
    before = signal.getsignal(signal.SIGINT)
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(done.append)
    assert done == ["to the end"]
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_is_not_lost_to_an_error() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(int)


def test_a_thread_beside_the_main_one_changes_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    found = []

    def work() -> None:
        with interrupts_held():
            found.append(signal.getsignal(signal.SIGINT))

    beside = threading.Thread(target=work)
    beside.start()
    beside.join()
    assert found == [before]
