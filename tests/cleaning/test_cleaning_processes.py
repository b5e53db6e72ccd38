"""Cleaning in processes of its own: Ctrl-C at any moment, and a script that forgets its guard."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ccgcii.cleaning.workers import FEW

if TYPE_CHECKING:
    from collections.abc import Iterator

# Half a minute on a quiet machine; a busy one is no failure, only what never ends is.
pytestmark = pytest.mark.timeout(600)

POSTS = 1_500
# Says after each cleaning whether the server that workers are forks of runs.
REPEATING = """
from multiprocessing import forkserver
from pathlib import Path
from ccgcii.cleaning.runs import clean
from ccgcii.workspace import Workspace

if __name__ == "__main__":
    for how in ({"again": True}, {"since": 4}, {"since": 1}):
        with Workspace.open(Path("ccgcii.toml")) as workspace:
            clean(workspace, **how)
        print(forkserver._forkserver._forkserver_pid is not None)
"""
SCRIPT = """
from pathlib import Path
from ccgcii.cleaning.runs import clean
from ccgcii.config import Settings
from ccgcii.workspace import Workspace

settings = Settings(
    store={"url": "sqlite:///store.db", "archive": Path("archive")}, execution={"workers": 2}
)
with Workspace(settings) as workspace:
    clean(workspace)
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Return the folder of a study with posts that wait to be cleaned."""
    return with_posts(tmp_path, POSTS)


def with_posts(folder: Path, posts: int) -> Path:
    lines = [
        {
            "id": str(number),
            "text": f"Wuhan has a new bridge, and number {number} walked across it today",
            "url": f"https://x.com/a/status/{number}",
            "published_at": "2020-06-01T00:00:00Z",
        }
        for number in range(posts)
    ]
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "ccgcii.toml").write_text(
        '[store]\nurl = "sqlite:///store.db"\narchive = "archive"\n[execution]\nworkers = 2\n'
    )
    ended = run(folder, "import", "posts.jsonl", "--channel", "x")
    assert ended.returncode == 0, ended.stderr
    return folder


def command(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ccgcii")), *arguments]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=folder, capture_output=True, text=True, check=False, timeout=500
    )


def asked(folder: Path, query: str) -> int:
    store = sqlite3.connect(folder / "store.db", timeout=30)
    try:
        return int(store.execute(query).fetchone()[0])
    finally:
        store.close()


def cleaned(folder: Path) -> tuple[int, int]:
    """Return how many captures are judged, and how many documents there are."""
    judged = asked(folder, "SELECT count(*) FROM capture WHERE cleaned = 1")
    return judged, asked(folder, "SELECT count(*) FROM document")


def cleanings(folder: Path) -> int:
    return asked(folder, "SELECT count(*) FROM run WHERE kind = 'clean'")


@contextmanager
def cleaning(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a cleaning that has begun, with a group of its own, of which nothing is left behind.

    Before it has begun an interpreter that is still importing may answer Ctrl-C by itself. One
    left running would fail another test, later: it warns when it is collected.
    """
    before = cleanings(folder)
    with subprocess.Popen(
        command("clean"),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            while cleanings(folder) == before:
                assert process.poll() is None
                time.sleep(0.01)
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_until_gone(group: int) -> None:
    """Wait until no process of a group is left: workers end a moment after what they work for."""
    with suppress(ProcessLookupError):
        while True:
            os.killpg(group, 0)
            time.sleep(0.05)


def test_ctrl_c_at_any_moment_says_so_in_a_line_and_leaves_no_process(study: Path) -> None:
    for moment in (0.0, 0.3, 0.6, 1.0, 1.5):
        with cleaning(study) as process:
            time.sleep(moment)
            # A terminal sends the signal to every process of the group.
            os.killpg(process.pid, signal.SIGINT)
            said, _ = process.communicate()
            wait_until_gone(process.pid)
        assert "Traceback" not in said
        # Stopped, or done: the signal may also meet an interpreter that is on its way out.
        assert "stopped" in said or "captures cleaned in" in said
    assert run(study, "clean").returncode == 0
    assert cleaned(study) == (POSTS, POSTS)


def test_a_long_path_for_temporary_files_is_no_hindrance(study: Path) -> None:
    folder = study / ("a-long-name-" * 8)
    folder.mkdir()
    ended = subprocess.run(
        command("clean", "--json"),
        cwd=study,
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode == 0, ended.stderr
    assert cleaned(study) == (POSTS, POSTS)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are no forks")
@pytest.mark.parametrize(("posts", "starts"), [(FEW, False), (FEW + 1, True)])
def test_a_small_store_that_is_repeated_starts_no_processes(
    tmp_path: Path,
    posts: int,
    starts: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    with_posts(tmp_path, posts)
    (tmp_path / "repeating.py").write_text(REPEATING)
    ended = subprocess.run(
        [sys.executable, "repeating.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [str(starts)] * 3


def test_a_script_without_a_guard_is_told_so_and_no_post_is_blamed(study: Path) -> None:
    (study / "script.py").write_text(SCRIPT)
    ended = subprocess.run(
        [sys.executable, "script.py"],
        cwd=study,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode == 1
    assert "worker processes die before they have begun; nothing is lost." in ended.stderr
    assert cleaned(study) == (0, 0)
