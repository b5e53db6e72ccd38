"""`ccgcii refresh youtube`: what has few days left is asked for again, fifty at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii.cleaning.runs import clean
from ccgcii.crawling.refreshing import refresh
from ccgcii.errors import SourceError
from ccgcii.testing import LoopbackServer

if TYPE_CHECKING:
    from tests.platforms.conftest import Platform


def rows(study: Platform, query: str) -> list[Any]:
    with study.workspace() as workspace, workspace.engine.connect() as connection:
        return list(connection.execute(text(query)))


def run(study: Platform, **options: Any) -> Any:
    with (
        LoopbackServer(study.server.answer, port=study.port) as web,
        study.workspace(web.port) as workspace,
    ):
        return refresh(workspace, "youtube", **options)


def test_what_expires_in_five_days_is_renewed_and_judged_anew(make: Any) -> None:
    study: Platform = make("youtube")
    study.crawl()
    with study.workspace() as workspace:
        kept = clean(workspace).kept
    assert run(study).due == 0  # thirty days are left
    study.let_days_pass(26)
    before = study.server.spent.copy()
    searched = before["search"]
    found = run(study)
    assert found.due == found.renewed == len(study.truth())
    assert study.server.spent["search"] == searched  # no search: the ids are known
    assert study.server.spent["default"] - before["default"] == 2 * -(-found.due // 50)
    assert study.found() == study.truth()  # still each once
    with study.workspace() as workspace:
        assert clean(workspace).kept == kept
    days = rows(study, "SELECT DISTINCT (expires_at - fetched_at) / 86400 FROM capture")
    assert [tuple(row) for row in days] == [(30,)]
    assert run(study).due == 0
    assert study.server.refused == []


def test_figures_are_the_new_ones_and_what_is_gone_waits_to_be_purged(make: Any) -> None:
    study: Platform = make("youtube")
    study.crawl()
    gone = study.truth()[0]
    del study.server._videos[gone]
    study.let_days_pass(29)
    found = run(study)
    assert found.due - found.renewed == 1
    assert gone in study.found()
    (left,) = rows(study, "SELECT count(*) FROM capture WHERE expires_at < strftime('%s') + 172800")
    assert left[0] == 1


def test_no_quota_is_spent_on_comments_which_cannot_be_asked_for_again(make: Any) -> None:
    study: Platform = make("youtube", comments=1)
    study.crawl()
    study.let_days_pass(26)
    before = study.server.spent["default"]
    found = run(study)
    videos = len(study.truth())
    assert found.due > found.renewed == videos
    assert study.server.spent["default"] - before == 2 * -(-videos // 50)


def test_a_source_that_cannot_refresh_says_so(make: Any) -> None:
    study: Platform = make("x")
    with study.workspace() as workspace, pytest.raises(SourceError, match="purge --expired"):
        refresh(workspace, "x")
