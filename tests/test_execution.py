"""Work in processes and on a real Dask cluster: the same store, errors with the next step."""

from __future__ import annotations

import errno
import json
import sys
import time
from dataclasses import replace
from functools import partial
from hashlib import sha256
from multiprocessing import active_children
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
import distributed
import pytest
from sqlalchemy import text

from ccgcii import cluster
from ccgcii.cleaning import runs as cleaning
from ccgcii.config import ExecutionSettings, Settings
from ccgcii.crawling.runs import crawl
from ccgcii.errors import ConfigError, ExecutionError
from ccgcii.execution import Crews
from ccgcii.importing.runs import import_files
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ccgcii.execution import Work

PLUGIN = Path(__file__).with_name("archives") / "counting_source.py"
# All that cleaning writes, by capture: the number of a document tells who was ready first.
RESULTS = (
    (
        "SELECT d.capture_id, published_at, is_share, sentiment, dropped, language_id, tier, "
        "(SELECT l.capture_id FROM document l WHERE l.id = d.story_id), url, title, text "
        "FROM document d JOIN document_text t ON t.document_id = d.id"
    ),
    (
        "SELECT capture_id, city_id, count, salience, in_title, m.sentiment FROM mention m "
        "JOIN document d ON d.id = m.document_id"
    ),
    (
        "SELECT capture_id, field, start, city_id, as_written, confidence, rule FROM mention_span "
        "JOIN document d ON d.id = document_id"
    ),
    (
        "SELECT capture_id, name FROM document_topic JOIN document d ON d.id = document_id "
        "JOIN topic ON topic.id = topic_id"
    ),
    "SELECT capture_id, filter, key FROM document_key JOIN document d ON d.id = document_id",
    'SELECT capture_id, layer, filter, reason FROM "drop"',
)


def adder(first: int, stopped: Callable[[], bool]) -> Work:
    """Make what adds to a number, and says whether it is called off."""
    return lambda second: (first + second, stopped())


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Start a scheduler with two workers, processes of one thread each, on loopback."""
    # One death is enough to tell: by default Dask lets a task kill four workers. Then no worker may
    # hold a second task, for what waits there when it dies counts as a cause too.
    settings = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.scheduler.worker-saturation": 1.0,
    }
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as running,
    ):
        yield running.scheduler_address


def crews_for(tmp_path: Path, **execution: Any) -> Crews:
    with Workspace(Settings(store={"archive": tmp_path / "archive"})) as workspace:
        return replace(Crews.of(workspace), execution=ExecutionSettings(**execution))


def open_study(place: Path, scheduler: str | None, **options: Any) -> Workspace:
    settings = Settings(
        store={"url": f"sqlite:///{place}/s.db", "archive": place / "archive"},
        execution={"workers": 2, "scheduler": scheduler},
        sources={"counting": options} if options else {},
    )
    place.mkdir(exist_ok=True)
    return Workspace(settings, create=True, files=[PLUGIN] if options else [])


def digest_of(workspace: Workspace) -> str:
    """Return a digest of what a store says after cleaning."""
    with workspace.engine.connect() as connection:
        found = [sorted(map(repr, connection.execute(text(query)))) for query in RESULTS]
    assert all(found)
    return sha256(json.dumps(found).encode()).hexdigest()


def walker(stopped: Callable[[], bool]) -> Work:
    """Make what works for ten seconds, and writes into a file how it ended."""

    def walk(path: str) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and not stopped():
            time.sleep(0.05)
        Path(path).write_text("stopped" if stopped() else "finished", encoding="utf-8")

    return walk


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    lines = [
        {
            "id": str(number),
            "text": f"{city} has a new bridge, and number {number} walked across it today",
            "url": f"https://x.com/a/status/{number}",
            "published_at": "2020-06-01T00:00:00Z",
        }
        for number in range(300)
        for city in [("Wuhan", "Chengdu", "a town", "Suzhou")[number % 4]]
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def test_processes_hold_what_was_made_once_and_hear_that_they_are_to_stop(tmp_path: Path) -> None:
    with crews_for(tmp_path, workers=2).open(partial(adder, 40)) as crew:
        assert crew.size == 2
        assert [crew.submit(n).result() for n in (1, 2)] == [(41, False), (42, False)]
        crew.halt()
        assert crew.submit(3).result() == (43, True)


def test_a_cluster_does_the_same(tmp_path: Path, scheduler: str) -> None:
    with crews_for(tmp_path, scheduler=scheduler).open(partial(adder, 40)) as crew:
        assert crew.size == 2
        assert [crew.submit(n).result() for n in (1, 2)] == [(41, False), (42, False)]
    with crews_for(tmp_path, scheduler=scheduler).open(partial(adder, 40)) as crew:
        crew.halt()
        assert crew.submit(3).result() == (43, True)
    assert list((tmp_path / "archive").iterdir()) == []


def test_workers_hear_that_they_are_to_stop_from_who_has_left(
    tmp_path: Path, scheduler: str
) -> None:
    said = tmp_path / "said"
    with crews_for(tmp_path, scheduler=scheduler).open(walker) as crew:
        crew.submit(str(said))
        time.sleep(1)
        crew.halt()
    until = time.monotonic() + 5
    while not said.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert said.read_text(encoding="utf-8") == "stopped"


def test_a_cleaning_that_fails_ends_its_workers_itself(
    tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk: left to the collector, they may be waited for by their own thread."""
    monkeypatch.setattr(cleaning, "WRITTEN_AT_ONCE", 96)
    others = {child.pid for child in active_children()}  # the cluster of other tests

    def ours() -> set[int | None]:
        return {child.pid for child in active_children()} - others

    def fail(*_: int) -> None:
        assert ours()
        raise OSError(errno.ENOSPC, "the disk is full")

    settings = Settings(
        store={"url": f"sqlite:///{tmp_path / 's.db'}", "archive": tmp_path / "archive"},
        execution={"workers": 2},
    )
    with Workspace(settings, create=True) as workspace:
        import_files(workspace, [posts], channel="x")
        with pytest.raises(OSError, match="full") as failed:
            cleaning.clean(workspace, progress=fail)
        # Whoever looks at the error holds all that was under way.
        assert failed.traceback
        assert not ours()


def test_cleaning_on_a_cluster_makes_the_same_store(
    tmp_path: Path, posts: Path, scheduler: str
) -> None:
    digests = []
    for name, address in (("here", None), ("there", scheduler)):
        with open_study(tmp_path / name, address) as workspace:
            import_files(workspace, [posts], channel="x")
            summary = cleaning.clean(workspace)
            assert summary.captures == 300
            assert summary.kept == 225
            digests.append(digest_of(workspace))
    assert digests[0] == digests[1]


def test_files_read_on_a_cluster_make_the_same_store_and_one_that_kills_costs_itself(
    tmp_path: Path, scheduler: str
) -> None:
    (tmp_path / "files").mkdir()
    for number in range(6):
        words = [f"{number}-{line}" for line in range(8)]
        words[2] = "die" if number == 4 else words[2]
        (tmp_path / "files" / f"f{number}").write_text("\n".join(words), encoding="utf-8")
    kept = []
    for name, address in (("here", None), ("there", scheduler)):
        with open_study(tmp_path / name, address, folder=str(tmp_path / "files")) as workspace:
            counts = crawl(workspace, ["counting"]).sources[0]
            assert (counts.slices_done, counts.slices_failed) == (5, 1)
            assert any("f4: the worker process died on it" in said for said in counts.reasons)
            query = "SELECT kind, url, state FROM capture JOIN slice ON slice.id = slice_id"
            with workspace.engine.connect() as connection:
                kept.append(sorted(map(tuple, connection.execute(text(query)))))
    assert kept[0] == kept[1]
    assert len(kept[0]) == 5 * 8 * 2


def test_without_the_extra_the_error_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "ccgcii.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'ccgcii\[cluster\]'"):
        crews_for(tmp_path, scheduler="tcp://127.0.0.1:1").open(partial(adder, 1))


def test_a_scheduler_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)
    with pytest.raises(ExecutionError, match=r"tcp://127\.0\.0\.1:1 does not answer"):
        crews_for(tmp_path, scheduler="tcp://127.0.0.1:1").open(partial(adder, 1))


def test_a_cluster_that_is_not_there_costs_no_results(
    tmp_path: Path, posts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)
    with open_study(tmp_path / "study", None) as workspace:
        import_files(workspace, [posts], channel="x")
        cleaning.clean(workspace)
        before = digest_of(workspace)
    with open_study(tmp_path / "study", "tcp://127.0.0.1:1") as workspace:
        with pytest.raises(ExecutionError, match="does not answer"):
            cleaning.clean(workspace, again=True)
        assert digest_of(workspace) == before


def test_a_worker_with_other_plugins_or_without_the_archive_is_named(
    tmp_path: Path, scheduler: str
) -> None:
    crews = crews_for(tmp_path, scheduler=scheduler)
    with pytest.raises(ExecutionError, match=r"worker tcp://127.* the study needs .*'9\.9'"):
        replace(crews, versions={"ccgcii": "9.9"}).open(partial(adder, 1))


def test_a_scheduler_without_workers_is_told_how_to_get_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with (
        distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as empty,
        pytest.raises(ExecutionError, match="has no workers; start some: dask worker tcp://127"),
    ):
        crews_for(tmp_path, scheduler=empty.scheduler_address).open(partial(adder, 1))


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5"])
def test_an_address_that_is_none_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="scheduler"):
        ExecutionSettings(scheduler=address)
