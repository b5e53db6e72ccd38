"""`ccgcii import --formats`, and the options that say how dates are meant."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from ccgcii_imports import ccgcii_sources

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def ccgcii(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ccgcii", "import", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def test_the_formats_are_listed_without_a_study(tmp_path: Path) -> None:
    run = ccgcii("--formats", "--json", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    listed = {fact["name"]: fact for fact in json.loads(run.stdout)}
    assert {reader.name for reader in ccgcii_sources()} <= set(listed)
    assert all(fact["title"] and fact["detected_by"] and fact["gives"] for fact in listed.values())
    assert "own_ids" not in listed["meltwater"]
    assert "Estimated Views" in listed["meltwater"]["notes"]
    assert not (tmp_path / "ccgcii.db").exists()


def test_the_table_names_formats_columns_and_fields(tmp_path: Path) -> None:
    run = ccgcii("--formats", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "crowdtangle-facebook" in run.stdout
    assert "thread_id" in run.stdout
    assert "author_followers" in run.stdout


def test_no_file_is_no_import(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("")
    run = ccgcii(cwd=tmp_path)
    assert run.returncode == 2
    assert "name the FILES to import, or see --formats" in run.stderr


def test_dates_are_read_as_the_command_line_says(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("")
    (tmp_path / "a.csv").write_text("id_str,full,created_at\n1,Wuhan,03/04/2020 08:00\n")
    (tmp_path / "b.jsonl").write_text(
        '{"id_str": "2", "text": "Wuhan", "created_at": "Thu Feb 13 16:25:42 +0000 2020", '
        '"user": {"screen_name": "a"}}\n'
    )
    options = ("--date-format", "%d/%m/%Y %H:%M", "--timezone", "Asia/Shanghai", "--json")
    run = ccgcii(*options, "a.csv", "b.jsonl", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert [file["undated"] for file in json.loads(run.stdout)["files"]] == [0, 0]
    assert "twarc1 files say their dates: --timezone is not used" in run.stderr
    wrong = ccgcii("--timezone", "Mars", "a.csv", cwd=tmp_path)
    assert wrong.returncode != 0
    assert "--timezone Mars: no such zone; write it like Asia/Shanghai" in wrong.stderr
    for pattern in ("%Q", "tomorrow", "%"):
        wrong = ccgcii("a.csv", "--date-format", pattern, cwd=tmp_path)
        assert f"--date-format {pattern}: no pattern as strptime takes it" in wrong.stderr


def test_a_folder_of_many_files_is_one_line_and_what_is_said_of_all_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "ccgcii.toml").write_text("")
    folder = tmp_path / "videos"
    folder.mkdir()
    for number in range(40):
        video = {
            "id": f"video{number:06}",
            "title": f"A walk in Wuhan, part {number}",
            "extractor_key": "Youtube",
            "webpage_url": f"https://www.youtube.com/watch?v=video{number:06}",
            "timestamp": 1_590_000_000 + number,
            "channel_id": "UC0123456789012345678901",
            "uploader_id": "@walker",
        }
        (folder / f"{number}.info.json").write_text(json.dumps(video), encoding="utf-8")
    (folder / "39.info.json").write_text('{"id": "x", "tit', encoding="utf-8")
    run = ccgcii(folder, cwd=tmp_path)
    assert run.returncode == 1
    assert "39 files of videos" in run.stdout
    assert "39.info.json" in run.stdout
    assert len(run.stdout.strip().splitlines()) == 3
    assert run.stderr.count("and 38 more: yt-dlp") == 1
    assert "39.info.json: not valid JSON" in run.stderr
