"""What of YouTube may not be written, measured or sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import Settings
from ccgcii.crawling.redaction import spellings
from ccgcii.crawling.runs import crawl
from ccgcii.errors import ConfigError
from ccgcii.leave import restricted_sources
from ccgcii.testing.platforms.youtube import TOTAL_RESULTS, YouTubeServer
from ccgcii.workspace import Workspace
from tests.youtube.expected import (
    KEY,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def test_a_missing_key_is_named_before_anything_is_sent(
    study: Any, server: YouTubeServer, tmp_path: Any
) -> None:
    settings = Settings(store={"url": f"sqlite:///{tmp_path}/t.db", "archive": tmp_path / "a"})
    with (
        Workspace(settings, create=True) as workspace,
        pytest.raises(ConfigError, match="CCGCII__SECRETS__YOUTUBE_KEY"),
    ):
        crawl(workspace, ["youtube"])


def test_what_may_not_be_measured_is_withheld_unless_the_configuration_gives_leave(
    study: Any, server: YouTubeServer
) -> None:
    study.crawl(server)
    with study.workspace() as workspace:
        (one,) = restricted_sources(workspace.engine)
        assert (one.source, one.documents, one.withheld) == ("youtube", 0, True)
        assert "left out of every figure" in one.sentence()
    with study.workspace(may_derive_metrics=True) as workspace:
        (one,) = restricted_sources(workspace.engine)
        assert not one.withheld
        assert "on the operator's word" in one.sentence()
    with study.workspace() as workspace:
        assert restricted_sources(workspace.engine)[0].withheld


def files_below(folder: Any) -> Iterable[Any]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_the_key_is_in_no_byte_that_is_written(
    study: Any, server: YouTubeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", logger="scrapy")
    server.fail("5xx")
    server.fail("key echoed", after=2)
    counts = study.crawl(server, comments=1)
    study.crawl(server, comments=1)
    assert counts.stopped
    for spelled in spellings(KEY):
        for path in files_below(study.folder):
            assert spelled.encode() not in path.read_bytes(), path
        assert spelled not in caplog.text
        assert spelled not in repr(counts)


def test_the_estimate_of_results_is_written_nowhere(study: Any, server: YouTubeServer) -> None:
    study.crawl(server)
    for path in study.folder.rglob("*"):
        if path.is_file():
            assert str(TOTAL_RESULTS).encode() not in path.read_bytes()
