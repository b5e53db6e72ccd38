"""Every platform with every fault of issue 3: what the crawl does, and that nothing is lost.

The tables say how each platform words a fault and what has to become of it:

    again     asked again a little later; nobody notices
    waits     put off for as long as the platform says, inside the same crawl
    tomorrow  put off for longer than a crawl waits: the same command goes on when the time has come
    stops     nothing would work before somebody does something: the same command goes on then
    goes on   nothing is amiss that the next page would not mend
    begins again  a listing is read again from its first page (X: from the last post read)
    told      the rest of one listing is not to be had, and the summary says so
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.platforms.conftest import PLATFORMS

if TYPE_CHECKING:
    from tests.platforms.conftest import Platform

# fault: by platform its name and what has to become of it
MATRIX = {
    "the quota is spent": {
        "youtube": ("quota spent", "tomorrow"),
        "x": ("usage capped", "stops"),
        "instagram": ("user limit", "tomorrow"),
        "facebook": ("page limit", "tomorrow"),
    },
    "429 that says when to come back": {
        "youtube": ("429", "again"),
        "x": ("429", "waits"),
        "instagram": ("instagram limit", "waits"),
        "facebook": ("pages limit", "waits"),
    },
    "429 that says nothing": dict.fromkeys(PLATFORMS, ("429 without headers", "again")),
    "the token has expired": dict.fromkeys(PLATFORMS, ("expired token", "stops")),
    "5xx": dict.fromkeys(PLATFORMS, ("5xx", "again")),
    "JSON that ends in the middle": dict.fromkeys(PLATFORMS, ("broken json", "again")),
    "an answer that breaks off": dict.fromkeys(PLATFORMS, ("cut", "again")),
    "an empty page with a next one": dict.fromkeys(PLATFORMS, ("empty page", "goes on")),
    "a page that repeats": dict.fromkeys(PLATFORMS, ("repeated page", "goes on")),
    "a page whose cursor has expired": dict.fromkeys(PLATFORMS, ("expired page", "begins again")),
    "a page that names itself as the next": {
        "youtube": ("looping token", "told"),
        "x": ("looping token", "told"),
        "instagram": ("looping cursor", "told"),
        "facebook": ("looping cursor", "told"),
    },
}
OF_LATER_PAGES = {"repeated page", "expired page", "looping token", "looping cursor"}
CELLS = [
    pytest.param(platform, *cell, id=f"{platform}: {fault}")
    for fault, row in MATRIX.items()
    for platform, cell in row.items()
]


def test_the_matrix_has_a_cell_for_every_platform_and_fault() -> None:
    assert all(set(row) == set(PLATFORMS) for row in MATRIX.values())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_undisturbed_everything_comes_and_nothing_is_refused(make: Any, platform: str) -> None:
    study: Platform = make(platform)
    counts = study.crawl()
    assert study.found() == study.truth()
    assert len(study.truth()) > 50
    assert (counts.retried, counts.failed, counts.notes, counts.stopped) == (0, 0, 0, None)
    assert study.server.refused == []


@pytest.mark.parametrize(("platform", "kind", "becomes"), CELLS)
def test_a_fault_becomes_what_the_matrix_says_and_loses_nothing(
    make: Any, platform: str, kind: str, becomes: str
) -> None:
    study: Platform = make(platform)
    if hasattr(study.server, "regain") and becomes == "waits":
        study.server.regain = 0.02  # minutes
    later = kind in OF_LATER_PAGES
    study.server.fail(kind, after=0 if later else 1, later=later)
    counts = study.crawl()
    assert study.server.pending == 0, "the fault was never shown"
    assert counts.failed == counts.slices_failed == 0
    CHECKS[becomes](study, counts)
    if becomes == "told":
        return
    study.let_days_pass(1)
    study.crawl()
    assert study.found() == study.truth()  # nothing lost, nothing twice
    assert study.server.refused == []
    assert study.crawl().requests == 0  # and then all is done


def asked_again(study: Platform, counts: Any) -> None:
    assert counts.retried == 1
    whole(study, counts)


def waited(study: Platform, counts: Any) -> None:
    assert counts.resumes_at is None
    whole(study, counts)


def put_off(study: Platform, counts: Any) -> None:
    assert counts.stopped is None
    assert counts.slices_deferred > 0
    assert counts.resumes_at is not None
    assert study.found() != study.truth()


def stopped(study: Platform, counts: Any) -> None:
    assert counts.stopped
    assert counts.slices_deferred > 0
    assert study.found() != study.truth()


def went_on(study: Platform, counts: Any) -> None:
    assert (counts.retried, counts.notes) == (0, 0)
    whole(study, counts)


def began_again(study: Platform, counts: Any) -> None:
    assert (counts.retried, counts.notes) == (0, 1)
    assert any("no longer knows" in reason for reason in counts.reasons)
    whole(study, counts)


def told(study: Platform, counts: Any) -> None:
    assert counts.notes == 1
    assert len(set(study.found())) == len(study.found())


def whole(study: Platform, counts: Any) -> None:
    assert (counts.slices_deferred, counts.stopped) == (0, None)
    assert study.found() == study.truth()


CHECKS = {
    "again": asked_again,
    "waits": waited,
    "tomorrow": put_off,
    "stops": stopped,
    "goes on": went_on,
    "begins again": began_again,
    "told": told,
}
