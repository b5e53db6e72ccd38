"""Imports into a real store: nothing twice, nothing lost, every refusal kept."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ccgcii import ConfigError, FileHead, ImportFileError, Record
from ccgcii.importing.choosing import choose_reader
from ccgcii.importing.runs import import_files
from ccgcii.importing.storing import rejected_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ccgcii.workspace import Workspace

    Ask = Callable[[str], list[tuple[Any, ...]]]

NEWS = """url,publish_date,title,body_text,publisher,country
https://www.bbc.co.uk/a,2020-04-20,Wuhan reopens,The city reopens.,BBC,UK
https://in.reuters.com/b,soon,Chengdu grows,Text.,Reuters,USA
,,,,,
short,row
"""


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "news.csv"
    path.write_text(NEWS)
    return path


def test_a_file_comes_into_the_store_with_its_bad_rows_kept(
    workspace: Workspace, stored: Ask, news: Path
) -> None:
    summary = import_files(workspace, [news])
    (file,) = summary.files
    assert (file.format, file.layout) == ("generic", "CSV, utf-8, comma")
    assert (file.rows, file.new, file.known, file.refused, file.undated) == (4, 2, 0, 2, 1)
    payloads = [json.loads(text) for (text,) in stored("SELECT payload FROM capture_record")]
    assert [(p["outlet"], p.get("country")) for p in payloads] == [
        ("bbc.co.uk", "GB"),
        ("reuters.com", "US"),
    ]
    assert payloads[0]["published_at"] == "2020-04-20T00:00:00Z"
    assert "likes" not in payloads[0]
    refused = rejected_rows(workspace.engine, str(news))
    assert [(row["line"], row["reason"]) for row in refused] == [
        (4, "no text, no title and no url"),
        (5, "2 columns, the header has 6"),
    ]
    assert stored("SELECT kind, state FROM run") == [("import", "done")]


def test_a_file_imported_twice_adds_nothing(
    workspace: Workspace, stored: Ask, news: Path, tmp_path: Path
) -> None:
    import_files(workspace, [news])
    copy = tmp_path / "copy.csv.gz"
    copy.write_bytes(gzip.compress(NEWS.encode()))
    again = import_files(workspace, [news, copy])
    assert [(file.new, file.known, file.refused) for file in again.files] == [(0, 2, 2)] * 2
    assert stored("SELECT count(*) FROM capture") == [(2,)]
    assert stored("SELECT count(*) FROM rejected_row WHERE file LIKE '%news.csv'") == [(2,)]


def test_numbers_of_rows_are_no_identity_of_articles(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"id,url,title\n1,https://bbc.com/{name},{name}\n")
    summary = import_files(workspace, [tmp_path / "a.csv", tmp_path / "b.csv"])
    assert summary.new == 2


def test_a_post_is_known_by_its_platform_id(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id_str,full,favorite_count\n7,Wuhan,5\n7,Wuhan edited,6\n")
    (file,) = import_files(workspace, [path]).files
    assert (file.new, file.known) == (1, 1)


def test_halves_of_characters_do_not_stop_an_import(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"tweet_id": "1", "text": "Wuhan \\ud83d"}\n{"tweet_id": "2\\udc00", "text": "b"}\n'
    )
    (file,) = import_files(workspace, [path]).files
    assert (file.new, file.error) == (2, "")


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(
    workspace: Workspace, news: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").write_text("")
    paths = [tmp_path / "none.csv", tmp_path / "empty.csv", news]
    summary = import_files(workspace, paths)
    assert [bool(file.error) for file in summary.files] == [True, True, False]
    assert "no such file" in summary.files[0].error
    assert (summary.new, summary.failed, summary.state) == (2, True, "failed")


@pytest.mark.parametrize(("name", "text"), [("a.jsonl", "no JSON"), ("a.json", "[1,2")])
def test_what_no_record_can_be_read_from_is_not_said_to_lack_a_mapping(
    workspace: Workspace, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    (file,) = import_files(workspace, [tmp_path / name]).files
    assert f"{name}: no record can be read from it" in (file.error or "")


def test_a_damaged_archive_keeps_what_stands_before_the_damage(
    workspace: Workspace, stored: Ask, tmp_path: Path
) -> None:
    lines = "".join(json.dumps({"tweet_id": n, "text": f"Wuhan {n}"}) + "\n" for n in range(20_000))
    packed = gzip.compress(lines.encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    (file,) = import_files(workspace, [path]).files
    assert "breaks after line" in file.error
    assert file.new > 5_000
    assert stored("SELECT count(*) FROM capture_record") == [(file.new,)]


def test_a_folder_gives_its_files_and_readers_give_their_formats(
    workspace: Workspace, news: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    news.rename(tmp_path / "folder" / "deep" / "news.csv")
    (tmp_path / "folder" / "notes.md").write_text("no table")
    tweet = {"id_str": "1", "created_at": "Thu Feb 13 16:25:42 +0000 2020", "text": "Wuhan"}
    tweet |= {"user": {"id_str": "9", "screen_name": "a", "followers_count": 3}}  # type: ignore[dict-item]
    (tmp_path / "folder" / "tweets.jsonl").write_text(json.dumps(tweet))
    summary = import_files(workspace, [tmp_path / "folder"], channel="media")
    assert [file.format for file in summary.files] == ["generic", "twarc1"]
    assert "--channel is not used" in summary.files[1].notes[0]


def test_a_table_without_a_channel_says_which_there_are(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,text\nWuhan,text\n")
    (file,) = import_files(workspace, [path]).files
    assert "media, facebook, x, instagram, youtube" in file.error
    (file,) = import_files(workspace, [path], channel="media", source="held").files
    assert (file.new, file.source) == (1, "held")


def test_wrong_options_are_told_before_anything_is_read(
    workspace: Workspace, news: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="did you mean 'facebook'"):
        import_files(workspace, [news], channel="facebok")
    with pytest.raises(ImportFileError, match="did you mean 'generic'"):
        import_files(workspace, [news], format="generik")
    with pytest.raises(ImportFileError, match="no such mapping file"):
        import_files(workspace, [news], mapping=tmp_path / "none.toml")
    (tmp_path / "m.toml").write_text('channel = "x"\n[mapping]\ntext = "body_text"')
    with pytest.raises(ImportFileError, match="takes no mapping"):
        import_files(workspace, [news], format="twarc1", mapping=tmp_path / "m.toml")


def test_no_run_is_left_running_by_what_goes_wrong(
    workspace: Workspace, stored: Ask, news: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ImportFileError, match="no file in it ends in"):
        import_files(workspace, [empty])
    assert stored("SELECT count(*) FROM run") == [(0,)]
    with workspace.engine.begin() as connection:
        connection.execute(text("DROP TABLE capture_record"))
    with pytest.raises(OperationalError, match="capture_record"):
        import_files(workspace, [news], channel="media")
    assert stored("SELECT state FROM run") == [("failed",)]


def test_progress_ends_at_the_size_of_the_file(workspace: Workspace, news: Path) -> None:
    seen: list[tuple[int, int]] = []
    import_files(workspace, [news], progress=lambda _, done, total: seen.append((done, total)))
    assert seen[-1] == (len(NEWS), len(NEWS))


def test_stopping_keeps_what_is_committed(
    workspace: Workspace, stored: Ask, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    line = "".join(json.dumps({"tweet_id": n, "text": "Wuhan " * 40}) + "\n" for n in range(20_000))
    path.write_text(line)

    def stop(_: Path, done: int, total: int) -> None:
        if done > total * 0.7:
            raise KeyboardInterrupt

    summary = import_files(workspace, [path], progress=stop)
    assert summary.interrupted
    assert 0 < summary.new < 20_000
    assert stored("SELECT count(*) FROM capture_record") == [(summary.new,)]
    assert stored("SELECT state FROM run") == [("stopped",)]
    (file,) = import_files(workspace, [path]).files
    assert (file.new, file.known) == (20_000 - summary.new, summary.new)


@dataclass(frozen=True, slots=True)
class Sure:
    name: ClassVar[str] = "sure"
    answer: float | None = 0.5

    def matches(self, head: FileHead) -> float:
        if self.answer is None:
            raise KeyError(head.suffix)
        return self.answer

    def read(self, path: Path) -> Iterator[Record]:
        yield Record(id=path.name, channel="x")


def test_the_surest_reader_wins_and_a_broken_one_does_no_harm(tmp_path: Path) -> None:
    head = FileHead(tmp_path / "a.csv", ".csv", "utf-8", ("text",))
    readers = {"a": Sure(0.2), "b": Sure(0.9), "broken": Sure(None)}
    assert choose_reader(head, readers) is readers["b"]
    with pytest.raises(ImportFileError, match="formats: broken; columns: text"):
        choose_reader(head, {"broken": Sure(None)})
