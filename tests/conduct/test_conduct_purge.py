"""Purging: of what is gone, no byte is left in the store, its log or the archive."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import sys
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from ccgcii.archive import read_page
from ccgcii.cleaning.runs import clean
from ccgcii.cleaning.storing import handle_hash
from ccgcii.cli import cli
from ccgcii.conduct.purging import Choice, find_doomed, is_unfinished, purge
from ccgcii.config import Settings
from ccgcii.crawling.locks import source_lock
from ccgcii.crawling.runs import crawl
from ccgcii.errors import ConfigError, SourceError, StoreError
from ccgcii.testing.loopback import LoopbackServer, Reply
from ccgcii.workspace import Workspace

HERE = Path(__file__).parent
PLUGINS = [HERE / "walking_source.py"]
SECRET = "a-secret-of-the-tests"
PLANTED = "zyzzyvaplanted"
WORDS = (
    "Visitors to Shanghai praised the museums, the river and the trains this week. The mayor of "
    "Shanghai said that the city would open more parks, and that the ferries would run at night. "
)


def page(word: str, *links: str) -> Reply:
    anchors = "".join(f'<a href="{link}">more</a>' for link in links)
    date = '<meta property="article:published_time" content="2020-05-04T08:00:00Z">'
    said = f"{WORDS} {' '.join(f'{word}{number} walks by the river' for number in range(40))}."
    body = f"<html><head><title>Shanghai: {word} of the week</title>{date}</head>"
    body += f"<body><article><p>{WORDS}</p><p>{said}</p></article>{anchors}</body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html"})


def post(number: int, author: str, said: str) -> dict[str, Any]:
    url = f"https://social.example/{author}/{number}"
    return {
        "id": f"post-{number}",
        "author": author,
        "url": url,
        "text": f"{WORDS} {said}",
        "day": "2020-05-04",
    }


SITE = {
    "/": page("front", "one"),
    "/one": page("first", f"two-{PLANTED}"),
    f"/two-{PLANTED}": page(PLANTED, "three"),
    "/three": page("third"),
    "/feed": Reply(json.dumps([post(1, PLANTED, PLANTED), post(2, "other", "kept")]).encode()),
    "/again": Reply(json.dumps([post(1, PLANTED, PLANTED), post(3, "third", "kept")]).encode()),
}


@dataclass
class Held:
    """A study that has crawled and cleaned the site above."""

    folder: Path
    base: str

    def workspace(self) -> Workspace:
        settings = Settings(
            store={"url": f"sqlite:///{self.folder}/s.db", "archive": self.folder / "archive"},
            crawl={"delay": 0, "retries": 0, "depth": 9, "hosts": {"a.test": "127.0.0.1"}},
            sources={"walking": {"start": [self.base + path for path in ("/", "/feed", "/again")]}},
            secrets={"account_key": SECRET},
            execution={"workers": 1},
        )
        return Workspace(settings, create=True, files=PLUGINS)

    def rows(self, query: str) -> list[Any]:
        with self.workspace() as workspace, workspace.engine.connect() as connection:
            return list(connection.execute(text(query)))

    def purge(self, **chosen: Any) -> Any:
        with self.workspace() as workspace:
            choice = Choice(**chosen)
            return purge(workspace, choice, find_doomed(workspace, choice))

    def holds(self, said: str) -> list[str]:
        """Return the files that hold a text, in whatever case, also inside gzip."""
        needle = said.casefold().encode()
        found = []
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                raw = path.read_bytes()
                unpacked = gzip.decompress(raw) if path.suffix == ".gz" and raw else b""
                if needle in raw.lower() or needle in unpacked.lower():
                    found.append(path.name)
        return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with LoopbackServer(lambda ask: SITE.get(ask.path) or Reply(b"", 404)) as server:
        one = Held(tmp_path_factory.mktemp("crawled"), server.url("a.test", ""))
        with one.workspace() as workspace:
            crawl(workspace, ["walking"])
            clean(workspace)
        yield one


@pytest.fixture
def held(crawled: Held, tmp_path: Path) -> Held:
    """Copy the study for each test."""
    shutil.copytree(crawled.folder, tmp_path, dirs_exist_ok=True)
    return Held(tmp_path, crawled.base)


def captured(held: Held) -> list[str]:
    return sorted(row.url.rsplit("/", 1)[-1] for row in held.rows("SELECT url FROM capture"))


def test_the_planted_text_is_there_before(held: Held) -> None:
    assert set(held.holds(PLANTED)) & {"s.db", "s.db-wal"}
    assert [name for name in held.holds(PLANTED) if name.endswith(".warc.gz")]
    assert len(captured(held)) == 7


def test_after_a_purge_by_url_its_page_and_rows_are_gone(held: Held) -> None:
    url = f"{held.base}/two-{PLANTED}"
    before = held.rows("SELECT count(*) FROM document_text")[0][0]
    purged = held.purge(url=url)
    assert (purged.captures, purged.documents, purged.responses) == (1, 1, 1)
    assert held.rows("SELECT count(*) FROM document_text")[0][0] == before - 1
    assert not held.rows(f"SELECT 1 FROM capture WHERE url = '{url}'")
    assert not held.rows(f"SELECT 1 FROM request WHERE url LIKE '%two-{PLANTED}%'")
    assert held.rows("PRAGMA foreign_key_check") == []
    assert held.rows("PRAGMA integrity_check") == [("ok",)]


def test_nothing_planted_is_left_in_any_byte(held: Held) -> None:
    """The page that links to the purged one is another's words: it is purged as well here."""
    held.purge(url=f"{held.base}/two-{PLANTED}")
    held.purge(url=f"{held.base}/one")
    held.purge(author=PLANTED)
    assert held.holds(PLANTED) == []
    assert captured(held) == ["", "2", "3", "three"]


def test_an_author_is_found_by_hash_and_by_handle(held: Held) -> None:
    hashed = handle_hash(PLANTED, SECRET.encode())
    assert held.rows(f"SELECT 1 FROM account WHERE handle = '{hashed}'")
    purged = held.purge(author=f"@{PLANTED.upper()}")
    assert purged.captures == 1
    assert not held.rows(f"SELECT 1 FROM account WHERE handle = '{hashed}'")
    assert held.holds(hashed) == []
    assert held.rows("SELECT count(*) FROM account")[0][0] == 2


def test_records_that_shared_an_answer_stay_without_it(held: Held) -> None:
    held.purge(author=PLANTED)
    kept = held.rows(
        "SELECT c.warc_id, c.warc_offset, r.payload FROM capture c "
        "JOIN capture_record r ON r.capture_id = c.id"
    )
    assert sorted(json.loads(row.payload)["author"] for row in kept) == ["other", "third"]
    # Both answers held the purged post, though one brought it only again.
    assert all(row.warc_id is None and row.warc_offset is None for row in kept)


def test_what_stays_in_the_archive_can_be_read_and_cleaned_again(held: Held) -> None:
    held.purge(url=f"{held.base}/one")
    query = "SELECT url, path, warc_offset FROM capture JOIN warc_file w ON w.id = warc_id"
    for row in held.rows(f"{query} WHERE kind = 'page'"):
        assert read_page(held.folder / "archive" / row.path, row.warc_offset).url == row.url
    with held.workspace() as workspace:
        assert not clean(workspace, again=True).problems
        assert crawl(workspace, ["walking"]).state == "done"
    assert "one" not in captured(held)


@pytest.mark.skipif(sys.platform != "linux", reason="the names of open files are read from /proc")
def test_a_file_that_is_written_anew_has_its_name_on_the_disk_before_the_rows_name_it(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[str] = []
    sync = os.fsync

    def noting(number: int) -> None:
        sync(number)
        forced.append(str(Path(f"/proc/self/fd/{number}").readlink()))

    monkeypatch.setattr(os, "fsync", noting)
    held.purge(url=f"{held.base}/three")
    (file,) = (held.folder / "archive" / "walking").glob("*.warc.gz")
    assert forced[:2] == [str(file), str(file.parent)]


def test_the_log_names_no_person_and_no_address(held: Held) -> None:
    held.purge(author=PLANTED, source="walking")
    kind, arguments, state = held.rows(
        "SELECT kind, arguments, state FROM run ORDER BY id DESC LIMIT 1"
    )[0]
    assert (kind, state) == ("purge", "done")
    assert json.loads(arguments) == {"by": ["author", "source"], "source": "walking"}


def test_expired_rows_go_and_others_stay(held: Held) -> None:
    with sqlite3.connect(held.folder / "s.db") as connection:
        connection.execute("UPDATE capture SET expires_at = 1 WHERE url LIKE '%/three'")
        connection.execute("UPDATE capture SET expires_at = 1 << 40 WHERE url LIKE '%/one'")
    connection.close()
    assert held.purge(expired=True).captures == 1
    assert "three" not in captured(held)


def test_before_a_day_and_by_source_everything_goes(held: Held) -> None:
    with held.workspace() as workspace:
        assert not find_doomed(workspace, Choice(before=date(2001, 1, 1))).captures
    assert held.purge(source="walking", before=date(2999, 1, 1)).captures == 7
    assert held.holds(WORDS[:40]) == []
    assert held.rows("SELECT count(*) FROM mention") == [(0,)]


def test_earlier_scores_say_that_they_counted_it(held: Held) -> None:
    with held.workspace() as workspace:
        score = workspace.start_run("score", {})
        workspace.finish_run(score)
    purged = held.purge(url=f"{held.base}/three")
    summary = held.rows(f"SELECT summary FROM run WHERE id = {score}")[0][0]
    assert (purged.scores, json.loads(summary)) == (1, {"before_purge": purged.run})


def test_a_story_gets_a_new_leader(held: Held) -> None:
    with sqlite3.connect(held.folder / "s.db") as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM document ORDER BY id")]
        connection.execute("UPDATE document SET story_id = ?", (ids[0],))
        query = "SELECT url FROM capture WHERE id = ?"
        url = connection.execute(query, (ids[0],)).fetchone()[0]
    connection.close()
    held.purge(url=url)
    assert {row.story_id for row in held.rows("SELECT story_id FROM document")} == {ids[1]}


def test_a_source_that_is_being_crawled_is_left_alone(held: Held) -> None:
    with source_lock(held.folder / "archive", "walking"), pytest.raises(SourceError):
        held.purge(source="walking")
    assert len(captured(held)) == 7


def test_a_damaged_archive_leaves_everything_as_it_was(held: Held) -> None:
    file = next(held.folder.rglob("*.warc.gz"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-3] + b"???")
    with pytest.raises((StoreError, zlib.error), match="offset"):
        held.purge(url=f"{held.base}/three")
    assert len(captured(held)) == 7
    assert [path.name for path in held.folder.rglob("*.warc.gz")] == [file.name]
    assert held.rows("SELECT state FROM run ORDER BY id DESC LIMIT 1") == [("failed",)]
    file.write_bytes(whole)
    assert held.purge(url=f"{held.base}/three").captures == 1


def test_a_reader_that_holds_the_log_is_told_of_and_the_next_purge_finishes(held: Held) -> None:
    reader = sqlite3.connect(held.folder / "s.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM capture").fetchone()
    with held.workspace() as workspace:
        choice = Choice(author=PLANTED)
        with pytest.raises(StoreError, match="same command again"):
            purge(workspace, choice, find_doomed(workspace, choice))
        reader.close()
        assert is_unfinished(workspace.engine)
        purge(workspace, choice, find_doomed(workspace, choice))
        assert not is_unfinished(workspace.engine)
    assert held.holds(f"{PLANTED}/1") == []


def test_choosing_by_nothing_or_an_unknown_source_is_refused(held: Held) -> None:
    with held.workspace() as workspace:
        with pytest.raises(ConfigError, match="say what to purge"):
            find_doomed(workspace, Choice())
        with pytest.raises(SourceError, match="did you mean 'walking'"):
            find_doomed(workspace, Choice(source="walkin"))


def test_the_command_shows_counts_and_asks(held: Held) -> None:
    config = held.folder / "ccgcii.toml"
    config.write_text('[store]\nurl = "sqlite:///s.db"\n', encoding="utf-8")
    asked = ["-c", str(config), "purge", "--url", f"{held.base}/three"]
    refused = CliRunner().invoke(cli, asked, input="n\n")
    assert refused.exit_code == 1
    assert "1 capture (1 page, 0 records), 1 document: walking 1" in refused.stderr
    assert "three" in captured(held)
    shown = json.loads(CliRunner().invoke(cli, [*asked, "--json"]).stdout)
    assert (shown["found"]["captures"], shown["purged"]) == (1, None)
    done = json.loads(CliRunner().invoke(cli, [*asked, "--json", "--yes"]).stdout)
    assert done["purged"]["captures"] == 1
    assert "three" not in captured(held)
