from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.quality.dates import by_ccgcii, by_htmldate, read_invented, score
from ccgcii import Document, Drop, PageFacts
from ccgcii.cleaning.reading.datelines import day_in, speaks_of_publication
from ccgcii.cleaning.reading.dates import parse_moment
from ccgcii.cleaning.reading.pages import RawPage, read_page
from ccgcii.cleaning.reading.zones import zone_of
from ccgcii_cleaning.validity import AddressDated, NotDated

NOW = datetime(2020, 6, 1, 12, tzinfo=UTC)
STORY = "<p>The harbour of the town was busy again on this bright and windy morning.</p>" * 8


def read(
    head: str = "", body: str = "", url: str = "https://news.test/a", lang: str = ""
) -> Document:
    html = (
        f"<html lang='{lang}'><head>{head}</head><body><h1>Harbour</h1>{body}{STORY}</body></html>"
    )
    return read_page(RawPage("test", "media", url, NOW, html.encode()))


def test_the_days_of_invented_pages_are_found_and_none_is_made_up() -> None:
    pages = read_invented()
    ours = score(pages, {page.url: by_ccgcii(page) for page in pages})
    assert ours.precision.value >= 0.97
    assert ours.recall.value >= 0.97
    theirs = score(pages, {page.url: by_htmldate(page, extensive=True) for page in pages})
    assert ours.f1.low > theirs.f1.high


@pytest.mark.parametrize(
    "line",
    [
        "18 May 2020",
        "May 18th, 2020 at 9",
        "18. Mai 2020",
        "18 de mayo de 2020",
        "1er juin 2019 et 18 mai 2020"[16:],
        "18 maggio 2020",
        "18 мая 2020",
        "١٨ مايو ٢٠٢٠",
        "2020年5月18日",
        "2020년 5월 18일",
        "2020.05.18 14:05",
        "18/05/2020",
        "18.05.2020",
        "Senin, 18 Mei 2020",
        "18 Mayıs 2020",
    ],
)
def test_a_day_is_read_as_newsrooms_write_it(line: str) -> None:
    assert day_in(line) == datetime(2020, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["05/06/2020", "May 2020", "31 February 2020", "2020", "x" * 90 + " 18 May 2020"]
)
def test_what_could_be_another_day_is_none(line: str) -> None:
    assert day_in(line) is None


def test_publication_goes_before_an_update() -> None:
    body = "<p>Updated 20 May 2020</p><p>Published 18 May 2020</p>"
    document = read(body=body)
    assert speaks_of_publication("最后更新：2020-05-20") == -1
    assert document.published_at is not None
    assert document.published_at.day == 18


def test_a_clock_without_a_zone_shows_the_time_of_its_newsroom() -> None:
    meta = "<meta name='publishdate' content='2020-05-18 07:30:00'>"
    chinese = read(meta, url="https://news.example.cn/a")
    assert chinese.published_at == datetime(2020, 5, 17, 23, 30, tzinfo=UTC)
    by_language = read(meta, url="https://news.example.com/a", lang="ja")
    assert by_language.published_at == datetime(2020, 5, 17, 22, 30, tzinfo=UTC)
    german = read(meta, url="https://news.example.de/a", lang="de")
    assert german.published_at == datetime(2020, 5, 18, 7, 30, tzinfo=UTC)
    assert zone_of("https://news.example.fr/a", "zh") is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Mon, 18 May 2020 10:00:00 EDT", 14),
        ("18 May 2020 10:00 HKT", 2),
        ("18 May 2020 10:00 IST", 10),
        ("2020-05-18T10:00:00+0530", 4),
    ],
)
def test_letters_of_a_zone_are_read_where_they_name_one(text: str, hour: int) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert moment.hour == hour


def test_a_moment_of_the_next_hours_is_that_of_the_fetch() -> None:
    document = read("<meta name='date' content='2020-06-02'>")
    assert document.published_at == NOW
    assert read("<meta name='date' content='2020-06-04'>").published_at is None


def test_an_old_address_beats_the_day_of_a_second_publication() -> None:
    again = '<meta property="article:published_time" content="2020-05-20T08:00:00Z">'
    document = read(again, url="https://news.test/2019/03/05/a")
    assert document.published_at == datetime(2019, 3, 5, tzinfo=UTC)
    assert document.date_rule == "url"


def test_a_neighbours_time_is_not_the_pieces_own() -> None:
    body = (
        "<aside><time datetime='2020-02-01'>x</time></aside><ul><li><time class='published' "
        "datetime='2020-02-02'>x</time></li></ul>"
    )
    assert read(body=body).published_at is None
    own = read(body=body + "<div><time datetime='2020-05-18T08:00Z'>x</time></div>")
    assert own.published_at == datetime(2020, 5, 18, 8, tzinfo=UTC)


def test_two_that_agree_are_surer_than_one() -> None:
    meta = '<meta property="article:published_time" content="2020-05-18T08:00:00Z">'
    alone, agreed = read(meta), read(meta, url="https://news.test/2020/05/18/a")
    assert alone.page is not None
    assert agreed.page is not None
    assert 0.9 < alone.page.date_confidence < agreed.page.date_confidence < 1


def test_a_page_says_its_day_where_it_declares_no_article() -> None:
    data = '{"@context":"https://schema.org","@graph":[{"@type":"WebPage","datePublished":"2020-05-18"}]}'
    document = read(f'<script type="application/ld+json">{data}</script>')
    assert document.date_rule == "json-ld"


def test_a_doubtful_day_is_no_day() -> None:
    unsure = Document(
        "t",
        "media",
        "",
        NOW,
        published_at=NOW,
        date_rule="meta",
        page=PageFacts(date_confidence=0.4),
    )
    assert isinstance(NotDated().clean(unsure), Drop)
    assert NotDated(confidence=0.3).clean(unsure) is unsure
    assert NotDated(required=False).clean(unsure) is unsure


def record(url: str) -> Document:
    return Document("t", "media", url, NOW, title="Harbour of Wuhan open", text="It is open.")


def test_a_record_without_a_date_is_dated_by_its_address() -> None:
    dated = AddressDated().clean(record("https://news.test/world/2020/05/12/harbour"))
    assert isinstance(dated, Document)
    assert dated.published_at == datetime(2020, 5, 12, tzinfo=UTC)
    assert dated.date_rule == "url"
    assert NotDated().clean(dated) is dated


def test_a_day_that_the_source_gives_is_not_touched_by_the_address() -> None:
    given = replace(record("https://news.test/2019/05/12/a"), published_at=NOW)
    assert AddressDated().clean(given) is given


@pytest.mark.parametrize(
    "path", ["2031/05/12/a", "1812/05/12/a", "20200231/a", "item/20200512123", "a?back=/2020/05/"]
)
def test_a_number_that_only_looks_like_a_date_dates_no_record(path: str) -> None:
    undated = record(f"https://news.test/{path}")
    assert AddressDated(months=True).clean(undated) is undated


def test_a_month_alone_is_no_day_unless_the_study_takes_it_for_one() -> None:
    monthly = record("https://news.test/articles/2020/04/harbour.html")
    assert AddressDated().clean(monthly) is monthly
    dropped = NotDated().clean(monthly)
    assert isinstance(dropped, Drop)
    assert "2020-04" in dropped.reason
    taken = AddressDated(months=True).clean(monthly)
    assert isinstance(taken, Document)
    assert taken.published_at == datetime(2020, 4, 15, tzinfo=UTC)
    assert taken.date_rule == "url, month"
    assert NotDated().clean(taken) is taken
