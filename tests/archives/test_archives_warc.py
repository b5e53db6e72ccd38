"""WARC files and CC-NEWS: pages that name a city become captures, all others are passed over."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.crawling.runs import crawl
from ccgcii.errors import ConfigError
from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms.archivefiles import WarcPage, path_list, warc_of
from ccgcii.testing.platforms.fileservers import FileServer
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

LOREM = " ".join(f"Item {n} tells of rivers, harvests and {n * n} trains." for n in range(80))
ROOT = "crawl-data/CC-NEWS"


def page(number: int, text: str = "", **given: Any) -> WarcPage:
    body = (
        f"<html><head><title>Report {number}</title></head>"
        f"<body><article><h1>Report {number}</h1><p>{text} {LOREM}</p></article></body></html>"
    )
    return WarcPage(f"https://news.example/2020/06/{number}", body.encode(), **given)


def some(number: int, every: int) -> list[WarcPage]:
    """Return pages of which each `every`th names a city."""
    return [page(one, "" if one % every else "The mayor of Wuhan spoke.") for one in range(number)]


def write(path: Path, pages: Iterable[WarcPage], *, packed: bool = True) -> str:
    path.write_bytes(warc_of(pages, packed=packed))
    return str(path)


def test_pages_that_name_a_city_are_kept_with_their_address_and_date(
    study: Any, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.warc.gz", some(40, 10))
    counts = study.crawl("warc", files=[file])
    assert (counts.slices_done, counts.captures) == (1, 4)
    pages = study.pages()
    assert set(pages) == {f"https://news.example/2020/06/{one}" for one in (0, 10, 20, 30)}
    assert b"mayor of Wuhan" in pages["https://news.example/2020/06/10"].body
    rows = study.rows("SELECT DISTINCT fetched_at, status, content_type, hints FROM capture")
    assert [tuple(row) for row in rows] == [
        (1591012800, 200, "text/html; charset=utf-8", '{"outlet": "news.example"}')
    ]


def test_files_are_found_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "dumps").mkdir()
    write(tmp_path / "dumps" / "a.warc.gz", some(20, 10))
    tables = '[sources.warc]\nfiles = ["dumps/*.warc.gz"]\n'
    (tmp_path / "ccgcii.toml").write_text(tables, encoding="utf-8")
    assert not Path("dumps").exists()
    with Workspace.open(tmp_path, create=True) as workspace:
        assert crawl(workspace, ["warc"]).sources[0].captures == 2
    (tmp_path / "ccgcii.toml").write_text(tables.replace("/*.warc.gz", ""), encoding="utf-8")
    with (
        Workspace.open(tmp_path) as workspace,
        pytest.raises(ConfigError, match=r"'dumps' names no file .*say which: dumps/\*"),
    ):
        crawl(workspace, ["warc"])


def test_kept_pages_are_cleaned_like_fetched_ones(study: Any, tmp_path: Path) -> None:
    dated = page(1, '<time datetime="2020-06-01">1 June 2020</time> Wuhan opens its museums.')
    study.crawl("warc", files=[write(tmp_path / "a.warc.gz", [dated, page(2)])])
    summary = study.clean("warc")
    assert (summary.captures, summary.kept, summary.problems) == (1, 1, {})


def test_the_same_file_twice_keeps_nothing_twice(study: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc.gz", some(20, 10))
    assert study.crawl("warc", files=[file]).captures == 2
    copy = tmp_path / "b.warc.gz"
    copy.write_bytes(Path(file).read_bytes())
    assert study.crawl("warc", files=[file, str(copy)]).captures == 0


def test_a_large_file_is_read_in_parts_that_miss_and_repeat_nothing(
    study: Any, tmp_path: Path
) -> None:
    import random

    dice = random.Random(1)
    noise = [dice.randbytes(4_000).hex() for _ in range(800)]
    pages = [page(n, f"Wuhan {noise[n]}" if n % 8 == 0 else noise[n]) for n in range(800)]
    file = write(tmp_path / "a.warc.gz", pages)
    assert Path(file).stat().st_size > 3_000_000
    counts = study.crawl("warc", files=[file], part_megabytes=1)
    assert counts.slices_done >= 3
    assert counts.captures == 100
    assert len(study.pages()) == 100


@pytest.mark.parametrize("encoding", ["gzip", "chunked", "both"])
def test_encoded_bodies_are_unpacked_before_they_are_judged(
    study: Any, tmp_path: Path, encoding: str
) -> None:
    plain = page(1, "The mayor of Wuhan spoke.")
    body, headers = plain.body, [("Content-Type", "text/html")]
    if encoding != "chunked":
        body = gzip.compress(body)
        headers.append(("Content-Encoding", "gzip"))
    if encoding != "gzip":
        half = len(body) // 2
        parts = (body[:half], body[half:], b"")
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
        headers.append(("Transfer-Encoding", "chunked"))
    encoded = WarcPage(plain.url, body, tuple(headers))
    study.crawl("warc", files=[write(tmp_path / "a.warc.gz", [encoded])])
    assert study.pages()[plain.url].body == plain.body
    assert "content-encoding" not in study.pages()[plain.url].headers


def test_what_is_no_page_is_passed_over(study: Any, tmp_path: Path) -> None:
    city = "The mayor of Wuhan spoke."
    pages = [
        page(1, city, status="404 Not Found"),
        page(2, city, headers=(("Content-Type", "application/pdf"),)),
        page(3, city, headers=()),
        page(4, city, headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"))),
        page(5, city),
        page(6, "Russian, Asian and Malaysian papers"),
    ]
    counts = study.crawl("warc", files=[write(tmp_path / "a.warc.gz", pages)])
    assert set(study.pages()) == {"https://news.example/2020/06/5"}
    assert counts.reasons == {"pages whose encoding is broken are left out: 1": 1}


def test_a_file_without_packing_is_read_as_well(study: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc", some(20, 10), packed=False)
    assert study.crawl("warc", files=[file]).captures == 2


@pytest.mark.parametrize("harm", ["cut", "overwritten"])
def test_a_damaged_file_keeps_nothing_and_says_so(study: Any, tmp_path: Path, harm: str) -> None:
    file = Path(write(tmp_path / "a.warc.gz", some(200, 2)))
    data = bytearray(file.read_bytes())
    half = len(data) // 2
    if harm == "cut":
        del data[half + 100 :]
    else:
        data[half : half + 300] = b"x" * 300
    file.write_bytes(data)
    counts = study.crawl("warc", files=[str(file)])
    assert (counts.slices_failed, counts.captures) == (1, 0)
    assert any("a.warc.gz" in reason for reason in counts.reasons)
    assert list((study.folder / "archive").rglob("*.warc.gz")) == []
    write(file, some(200, 2))
    assert study.crawl("warc", files=[str(file)]).captures == 100


def test_two_workers_read_what_one_reads(study: Any, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{number}.warc.gz", some(30, 3)) for number in range(4)]
    study.workers = 2
    counts = study.crawl("warc", files=files)
    assert (counts.slices_done, counts.captures) == (4, 40)
    assert len(study.rows("SELECT DISTINCT warc_id FROM capture")) == 4


def test_what_a_killed_crawl_left_in_the_archive_is_swept_away(study: Any, tmp_path: Path) -> None:
    left = study.folder / "archive/warc/slice-9-9.warc.gz"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a page")
    study.crawl("warc", files=[write(tmp_path / "a.warc.gz", some(20, 10))])
    assert not left.exists()
    assert len(study.pages()) == 2


def ccnews(*days: str) -> FileServer:
    names = [f"{ROOT}/2020/06/CC-NEWS-{day}120000-0000{n}.warc.gz" for n, day in enumerate(days)]
    files = {f"files.test/{name}": warc_of([page(n, "Wuhan")]) for n, name in enumerate(names)}
    files[f"files.test/{ROOT}/2020/06/warc.paths.gz"] = path_list(names)
    return FileServer(files)


def test_cc_news_is_read_by_its_lists_within_the_window(study: Any) -> None:
    server = ccnews("20200531", "20200601", "20200602", "20200604", "20200605")
    with LoopbackServer(server.answer) as web:
        counts = study.crawl("ccnews", base=web.url("files.test"))
        assert counts.captures == 3  # two days after the window are read as well
        again = study.crawl("ccnews", base=web.url("files.test"))
    assert (again.requests, again.captures) == (0, 0)
    assert "slice-" in study.rows("SELECT path FROM warc_file")[0].path


def test_a_share_of_cc_news_is_drawn_by_name(study: Any) -> None:
    server = ccnews(*["20200601"] * 40)
    with LoopbackServer(server.answer) as web:
        counts = study.crawl("ccnews", base=web.url("files.test"), share=0.25)
    assert counts.share_read == 0.25
    assert 4 <= counts.captures <= 18


def test_a_month_without_a_list_is_noted(study: Any) -> None:
    study.since = study.until = date(2020, 6, 29)
    with LoopbackServer(FileServer({}).answer) as web:
        counts = study.crawl("ccnews", base=web.url("files.test"))
    assert (counts.slices_done, counts.notes) == (2, 2)  # June, and two days of July
