"""A crawl that ends before its time: Ctrl-C, a full disk."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ccgcii.crawling.runs import crawl
from ccgcii.errors import SourceError, StoreError
from ccgcii.testing.loopback import Ask, LoopbackServer, Reply
from ccgcii.workspace import Workspace

PLUGIN = Path(__file__).with_name("linked_source.py")
PAGES = 300
BROKEN = """
from ccgcii import Slice, Source, hookimpl

class Broken(Source):
    name = "broken"

    def slices(self, plan):
        return [Slice("one")]

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        raise ValueError("no such thing here")

@hookimpl
def ccgcii_sources():
    return [Broken]
"""

# Interrupts itself while Scrapy opens the crawl.
EARLY = """
import signal
import scrapy
from ccgcii import Slice, Source, hookimpl

class Early(Source):
    name = "early"

    class Options(Source.Options):
        at: str
        start: str

    def slices(self, plan):
        return [Slice(self.options.start)]

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        source = super().from_crawler(crawler, *args, **kwargs)
        source.interrupt("from_crawler")
        return source

    def start_slice(self, piece):
        self.interrupt("start_slice")
        yield scrapy.Request(piece.key)

    def parse(self, response):
        yield self.page(response, title="")

    def interrupt(self, at):
        if self.options.at == at:
            signal.raise_signal(signal.SIGINT)

@hookimpl
def ccgcii_sources():
    return [Early]
"""


def answer(ask: Ask) -> Reply:
    if ask.path == "/robots.txt":
        return Reply(b"", 404)
    links = "".join(f'<a href="/{n}">x</a>' for n in range(1, PAGES)) if ask.path == "/0" else ""
    noise = "".join(chr(97 + (hash((ask.path, n)) % 26)) for n in range(2_000))
    return Reply(f"<title>t</title>{links}{noise}".encode(), headers={"Content-Type": "text/html"})


def start_crawl(folder: Path, url: str, **more: Any) -> subprocess.Popen[str]:
    (folder / "ccgcii.toml").write_text(
        f'[crawl]\ndelay = 0\n[crawl.hosts]\n"a.test" = "127.0.0.1"\n'
        f'[sources.linked]\nstart = ["{url}"]\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-c", "from ccgcii.cli import main; main()", "-c", str(folder)]
    return subprocess.Popen(
        [*command, "--plugin", str(PLUGIN), "crawl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def assert_the_rest_follows(folder: Path, url: str, study: Any) -> None:
    process = start_crawl(folder, url)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert len(study.archived()) == PAGES


def test_ctrl_c_ends_in_order_and_says_how_to_go_on(study: Any) -> None:
    with LoopbackServer(answer, latency=0.02) as server:
        url = server.url("a.test", "/0")
        process = start_crawl(study.folder, url)
        while len(server.hits) < 60:
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
        assert process.returncode == 130, errors
        assert "stopped" in out
        assert "crawl" in errors.splitlines()[-1]
        states = {row.state for row in study.rows("SELECT state FROM request")}
        assert states == {"done", "queued"}
        assert_the_rest_follows(study.folder, url, study)
        assert len(server.hits) == PAGES + 2  # robots.txt is asked for by each crawl


@pytest.mark.parametrize("at", ["from_crawler", "start_slice"])
def test_ctrl_c_while_a_crawl_is_being_opened_is_not_lost(tmp_path: Path, at: str) -> None:
    (tmp_path / "early.py").write_text(EARLY)
    command = [sys.executable, "-m", "ccgcii", "--plugin", "early.py", "crawl"]
    with LoopbackServer(answer) as server:
        config = '[crawl]\ndelay = 0\n[crawl.hosts]\n"a.test" = "127.0.0.1"\n[sources.early]\n'
        config += f'start = "{server.url("a.test", "/1")}"\nat = '
        for interrupted, code, hits in ((at, 130, 0), ("never", 0, 2)):
            (tmp_path / "ccgcii.toml").write_text(f'{config}"{interrupted}"\n')
            ended = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
            )
            assert ended.returncode == code, ended.stderr
            # robots.txt and the page: what was not sent waits for the next crawl.
            assert len(server.hits) == hits


@pytest.mark.parametrize("size", [500_000, 120_000, 80_000])
def test_a_full_disk_is_said_and_costs_nothing_that_is_stored(study: Any, size: int) -> None:
    def full() -> None:
        # The smaller ones are full before the first slice has been started.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    with LoopbackServer(answer) as server:
        url = server.url("a.test", "/0")
        study.rows("SELECT 1")
        process = start_crawl(study.folder, url, preexec_fn=full)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "error: source 'linked': the store or archive cannot be written" in errors
        assert "Traceback" not in errors
        assert_the_rest_follows(study.folder, url, study)


def test_a_disk_without_room_for_a_lock_is_told_from_a_wrong_archive(tmp_path: Path) -> None:
    script = (
        "import resource; from pathlib import Path; from ccgcii.crawling.locks import source_lock\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "with source_lock(Path('archive'), 'linked'): pass"
    )
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    last = "StoreError: archive: cannot be written (disk I/O error); free some room on its disk"
    assert last in ended.stderr


def test_a_source_that_cannot_begin_is_named_and_the_others_are_crawled_to_their_end(
    study: Any, tmp_path: Path
) -> None:
    plugin = tmp_path / "broken_source.py"
    plugin.write_text(BROKEN, encoding="utf-8")
    with LoopbackServer(answer, latency=0.02) as server:
        start = server.url("a.test", "/0")
        settings = study.workspace(start).settings
        tables = {"linked": {"start": [start]}, "broken": {}}
        settings = settings.model_copy(update={"sources": tables})
        with (
            Workspace(settings, create=True, files=[PLUGIN, plugin]) as workspace,
            pytest.raises(SourceError, match="source 'broken' cannot be crawled: ValueError: no"),
        ):
            crawl(workspace)
    assert len(study.archived()) == PAGES
    (run,) = study.rows("SELECT state FROM run")
    assert run.state == "failed"


def test_a_store_that_fails_as_a_crawl_takes_up_is_one_line_that_names_the_source(
    study: Any, caplog: Any
) -> None:
    with LoopbackServer(answer) as server:
        start = server.url("a.test", "/1")
        study.crawl(start)
        with study.workspace(start) as workspace, workspace.engine.begin() as connection:
            connection.execute(text("UPDATE request SET state = 'leased'"))
            refusal = "BEGIN SELECT RAISE(ABORT, 'database is locked'); END"
            # Not even that the run has failed can be written.
            for table in ("request", "run"):
                held = f"CREATE TRIGGER held_{table} BEFORE UPDATE ON {table} {refusal}"
                connection.execute(text(held))
        with pytest.raises(StoreError, match=r"'linked'.*locked.*wait for it and run the same"):
            study.crawl(start)
    assert "Traceback" not in caplog.text
