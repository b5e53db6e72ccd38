from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii.cleaning.reading.addresses import canonical_url, country_of_domain, outlet_domain
from ccgcii.cleaning.reading.dates import parse_moment
from ccgcii.cleaning.reading.decoding import decode_page, repaired
from ccgcii.cleaning.reading.pages import RawPage, link_density, read_page

if TYPE_CHECKING:
    from ccgcii.documents import Document

NOW = datetime(2020, 6, 1, tzinfo=UTC)
STORY = " ".join(["The harbour of the town was busy again on this bright and windy morning."] * 8)


def page(
    head: str = "", body: str = "", url: str = "https://news.test/a", **hints: str
) -> Document:
    article = f"<article><h1>Harbour busy</h1><p>{STORY}</p>{body}</article>"
    html = f"<html lang='en-GB'><head>{head}</head><body>{article}</body></html>"
    return read_page(RawPage("test", "media", url, NOW, html.encode(), hints=hints))


def test_an_article_gives_title_text_language_and_outlet() -> None:
    document = page("<title>Harbour busy | News Test</title>")
    assert document.title == "Harbour busy"
    assert "bright and windy" in document.text
    assert (document.declared_language, document.outlet) == ("en", "news.test")


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\x01\x02", b"<", b"\xff\xfe", b"<html></html>"]
)
def test_a_page_without_anything_gives_an_empty_document(body: bytes) -> None:
    assert read_page(RawPage("test", "media", "https://news.test/", NOW, body)).text == ""


JSON_LD = (
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","datePublished":"2020-03-01T08:00:00+08:00"}</script>'
)
META = '<meta property="article:published_time" content="2020-03-02">'
TIME = "<time datetime='2020-03-04T10:30Z'>x</time>"
DATED, UNDATED = "https://news.test/2020/03/05/a", "https://news.test/a"


@pytest.mark.parametrize(
    ("given", "moment", "rule"),
    [
        ((JSON_LD + META, TIME, DATED, "2020-03-03"), "2020-03-01T00:00", "json-ld"),
        ((META, TIME, DATED, "2020-03-03"), "2020-03-02T00:00", "meta"),
        (("", TIME, DATED, "2020-03-03"), "2020-03-03T00:00", "feed"),
        (("", TIME, DATED, ""), "2020-03-04T10:30", "time"),
        (("", "", DATED, ""), "2020-03-05T00:00", "url"),
        (("", "<p>Published 6 March 2020</p>", UNDATED, ""), "2020-03-06T00:00", "dateline"),
    ],
)
def test_the_most_trusted_date_wins(
    given: tuple[str, str, str, str], moment: str, rule: str
) -> None:
    head, body, url, hint = given
    document = page(head, body, url, published_at=hint)
    assert document.published_at == datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert document.date_rule.startswith(rule)


@pytest.mark.parametrize(
    "dateline", ["2020年5月6日", "发布时间：2020年05月06日 08:30 来源：某报", "2020년 5월 6일"]
)
def test_an_east_asian_dateline_is_read_to_the_day(dateline: str) -> None:
    document = page(body=f"<p class='info'>{dateline}</p>")
    assert document.published_at is not None
    assert document.published_at.date().isoformat() == "2020-05-06"


def test_a_bare_year_is_no_date() -> None:
    document = page(body="<p>The quay was built in 2019 and has been busy ever since then.</p>")
    assert document.published_at is None


def test_a_date_in_the_future_or_in_a_script_is_no_date() -> None:
    future = '<meta name="date" content="2031-01-01">'
    script = '<script>var updated = "2020-02-02"; // published 2020-02-02</script>'
    document = page(future + script, script)
    assert (document.published_at, document.date_rule) == (None, "none")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-05-01", "2020-05-01T00:00"),
        ("2020-05-01T10:00:00+08:00", "2020-05-01T02:00"),
        ("Fri, 01 May 2020 10:00:00 GMT", "2020-05-01T10:00"),
        ("2020年5月1日 10:20", "2020-05-01T10:20"),
        ("May 2020", None),
        ("yesterday", None),
        ("12345678901234567890", None),
    ],
)
def test_moments_are_read_into_utc(text: str, moment: str | None) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None
    assert parse_moment(text) == expected


def test_a_wrongly_declared_charset_does_no_harm() -> None:
    assert decode_page("武汉".encode(), "text/html; charset=iso-8859-1") == ("武汉", 0)
    assert (
        decode_page("武汉今天下雨".encode("gbk"), "text/html; charset=gb2312")[0] == "武汉今天下雨"
    )
    head = '<meta charset="big5">武漢'
    assert decode_page(head.encode("big5"))[0] == head


def test_the_canonical_address_of_another_site_is_not_believed() -> None:
    own = page("<link rel='canonical' href='https://www.news.test/story?utm_source=x'>")
    other = page("<link rel='canonical' href='https://agency.example/story'>")
    assert own.canonical_url == "https://news.test/story"
    assert other.canonical_url == "https://news.test/a"


@pytest.mark.parametrize(
    "twin",
    [
        "https://www.news.test/story/?utm_source=feed#top",
        "http://m.news.test/story",
        "https://news.test/story/amp/",
        "https://amp.news.test/story?amp=1",
        "https://news.test/story/index.html",
    ],
)
def test_the_ways_to_write_an_address_are_one(twin: str) -> None:
    assert canonical_url(twin) == "https://news.test/story"
    assert canonical_url("https://news.test/story?id=2") != "https://news.test/story"


def test_domains_tell_outlet_and_country() -> None:
    assert outlet_domain("https://news.bbc.co.uk/x") == "bbc.co.uk"
    assert outlet_domain("nonsense") is None
    assert [country_of_domain(d) for d in ("bbc.co.uk", "x.cn", "x.com", "x.io")] == [
        "GB",
        "CN",
        None,
        None,
    ]


def test_link_density_counts_lines_that_are_links() -> None:
    text = "One headline here\nAnother headline here\nA sentence of prose stands here."
    links, share = link_density(text, ["One headline here", "Another headline here", "a"])
    assert links == 2
    assert 0.4 < share < 0.7


@pytest.mark.parametrize(
    "right",
    [
        "武汉今天下雨，市民出门都带着伞。",
        "Größe und Façade — “quotes”",
        "Пекин — столица",
        "بكين عاصمة الصين",
    ],
)
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252", "cp437"])
def test_what_was_decoded_wrongly_once_is_set_right(right: str, wrong: str) -> None:
    try:
        broken = right.encode().decode(wrong)
    except UnicodeDecodeError:
        return  # this encoding cannot have done it
    assert repaired(f"{right}\n{broken}") == f"{right}\n{right}"


@pytest.mark.parametrize(
    "text",
    ["Ça va? À bientôt, voilà” — été", "ÅÄÖ, São Paulo", "Ελλάδα", "日本語", "В РФ и в СССР…"],
)
def test_what_is_right_is_not_repaired(text: str) -> None:
    assert repaired(text) == text


def test_a_page_with_mojibake_in_it_is_read_as_it_was_meant() -> None:
    broken = "武汉的桥今天开通".encode().decode("latin-1")
    document = page(body=f"<p>{broken}</p>")
    assert "武汉的桥今天开通" in document.text
