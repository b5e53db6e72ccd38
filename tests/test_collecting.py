from __future__ import annotations

import gc

from ccgcii.collecting import collecting_rarely


def test_the_collector_looks_rarely_and_then_as_before() -> None:
    before = gc.get_threshold()
    with collecting_rarely():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_who_never_collects_goes_on_so() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with collecting_rarely():
            assert gc.get_threshold()[0] == 0
        assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
