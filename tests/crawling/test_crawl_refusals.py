"""What would fail later is refused before a crawl's first request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccgcii import ConfigError, StoreError
from ccgcii.crawling.runs import crawl, estimate
from ccgcii.testing.loopback import LoopbackServer, Reply
from ccgcii.workspace import Workspace

PLUGIN = Path(__file__).with_name("linked_source.py")
EVENTS = "key,name,category,starts,ends,words_en\nfair,A fair,culture,2020-05-03,2020-05-01,fair\n"


@pytest.mark.parametrize("verb", [crawl, estimate])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("[filters.too-shrot]\npage = 1\n", "did you mean 'too-short'"),
        ("[filters.too-short]\npgae = 1\n", "unknown option 'pgae'; did you mean 'page'"),
        ('[study]\nevents = "events.csv"\n', r"events.csv, line 2: 'starts' .* is after 'ends'"),
    ],
)
def test_a_wrong_filter_or_event_is_refused_before_the_first_request(
    tmp_path: Path, verb: Any, wrong: str, message: str
) -> None:
    (tmp_path / "events.csv").write_text(EVENTS)
    with LoopbackServer(lambda _: Reply(b"", 404)) as server:
        (tmp_path / "ccgcii.toml").write_text(
            f'{wrong}\n[crawl.hosts]\n"a.test" = "127.0.0.1"\n'
            f'[sources.linked]\nstart = ["{server.url("a.test")}"]\n'
        )
        with (
            Workspace.open(tmp_path, create=True, files=[PLUGIN]) as workspace,
            pytest.raises(ConfigError, match=message),
        ):
            verb(workspace, ["linked"])
        assert server.hits == []


def test_a_lock_that_cannot_be_had_is_not_called_another_crawl(study: Any) -> None:
    archive = study.folder / "archive"
    archive.mkdir()
    (archive / ".linked.lock").write_text("no database", encoding="utf-8")
    with pytest.raises(StoreError, match=r"archive: cannot be written .*check \[store\] archive"):
        study.crawl("http://a.test/")
