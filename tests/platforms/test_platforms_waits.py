"""Waits that a platform asks for, and what estimates say before anything is sent."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.crawling.runs import crawl, estimate
from ccgcii.testing import LoopbackServer, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccgcii.testing import Ask
    from tests.platforms.conftest import Platform

PLATFORMS = ("youtube", "x", "instagram", "facebook")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_wait_that_a_busy_server_names_is_kept(make: Any, platform: str) -> None:
    study: Platform = make(platform)
    asked: list[tuple[str, float]] = []
    real: Callable[[Ask], Reply] = study.server.answer

    def answer(ask: Ask) -> Reply:
        asked.append((ask.path, time.monotonic()))
        return real(ask) if len(asked) > 1 else Reply(b"", 503, {"Retry-After": "3"})

    with LoopbackServer(answer) as web, study.workspace(web.port) as workspace:
        counts = crawl(workspace, [study.name], cities=["shanghai"]).sources[0]
    first, again = (moment for path, moment in asked if path == asked[0][0])
    assert again - first >= 3
    assert counts.retried == 1
    assert study.found() == study.truth()


def test_a_crawl_that_waits_goes_on_by_itself_when_the_limit_is_over(make: Any) -> None:
    study: Platform = make("x")
    study.server._window = 3.0
    with LoopbackServer(study.server.answer, port=study.port) as web:
        for wait, is_done in ((False, False), (True, True)):
            study.server.fail("429", after=1)
            with study.workspace(web.port) as workspace:
                settings = workspace.settings
                impatient = settings.crawl.model_copy(update={"patience": 0.5})
                workspace.settings = settings.model_copy(update={"crawl": impatient})
                crawl(workspace, ["x"], cities=["shanghai"], wait=wait)
            assert (study.found() == study.truth()) == is_done


def test_an_estimate_says_requests_and_days_and_for_x_dollars(make: Any) -> None:
    told = {}
    for name in PLATFORMS:
        with make(name).workspace() as workspace:
            (told[name],) = estimate(workspace, [name], cities=["shanghai"])
    assert all(one.requests and one.days for one in told.values())
    assert {name for name, one in told.items() if one.dollars} == {"x"}
    assert told["facebook"].days == pytest.approx((told["facebook"].requests or 0) / 4_800)


def test_accounts_of_the_studys_own_list_are_asked_for(make: Any, tmp_path: Any) -> None:
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "platform,handle,city,role\n"
        "facebook,PageOfMine,shanghai,official\ninstagram,accountofmine,shanghai,official\n",
        encoding="utf-8",
    )
    for name, handle in (("facebook", "PageOfMine"), ("instagram", "accountofmine")):
        study = make(name, catalogue=True)
        with study.workspace() as workspace:
            own = workspace.settings.study.model_copy(update={"accounts": accounts})
            workspace.settings = workspace.settings.model_copy(update={"study": own})
            kind: Any = workspace.plugins.sources()[name]
            from ccgcii.planning.plans import make_plan

            plan = make_plan(workspace, name, cities=["shanghai"])
            keys = [piece.key for piece in kind(plan).slices(plan)]
            bare = replace(plan, accounts=())
            assert any(handle in key for key in keys)
            assert len(list(kind(bare).slices(bare))) < len(keys)
