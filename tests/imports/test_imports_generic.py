"""The generic reader: columns known by their usual names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ccgcii import BadRow, FileHead, ImportFileError, Record
from ccgcii_imports import GenericReader

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path, content: str, **options: str) -> list[Record]:
    path.write_text(content)
    rows = GenericReader(**options).read(path)  # type: ignore[arg-type]
    return [row for row in rows if isinstance(row, Record)]


def test_names_are_compared_without_case_spaces_and_signs(tmp_path: Path) -> None:
    (post,) = read(
        tmp_path / "a.csv",
        "Page Id,Post Created,Message,Followers at Posting,Likes,Shares\n"
        '5,2020-03-08 21:00:00 EDT,Chengdu,"1,000",7,\n',
    )
    assert (post.channel, post.author, post.author_followers) == ("facebook", "5", 1000)
    assert (post.likes, post.shares) == (7, None)
    assert post.published_at is not None
    assert post.published_at.isoformat() == "2020-03-09T01:00:00+00:00"


def test_a_tweet_that_begins_with_rt_is_a_share(tmp_path: Path) -> None:
    first, second = read(
        tmp_path / "a.csv",
        "id_str,screen,full,retweet_count,source\n"
        '8,AJ,"RT @AP: Wuhan",3,<a>web</a>\n9,AJ,Not an RT @AP: Wuhan,1,b\n',
    )
    assert (first.is_share, second.is_share) == (True, False)
    assert first.url == "https://x.com/AJ/status/8"
    assert first.outlet is None


def test_what_a_facebook_post_links_to_is_not_where_it_stands(tmp_path: Path) -> None:
    first, second = read(
        tmp_path / "a.csv",
        "post_id,page_id,link,message,description\n1_2,1,http://bbc.in/x,Wuhan,d\n1_3,1,,,Lead\n",
    )
    assert (first.url, first.text) == ("https://www.facebook.com/1_2", "Wuhan")
    assert second.text == "Lead"


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://twitter.com/a/status/1", "x"),
        ("https://www.youtube.com/watch?v=1", "youtube"),
        ("https://m.facebook.com/1", "facebook"),
        ("https://www.instagram.com/p/1", "instagram"),
        ("https://apnews.com/1", "media"),
    ],
)
def test_the_url_says_the_channel(tmp_path: Path, url: str, channel: str) -> None:
    (record,) = read(tmp_path / "a.csv", f"url,text\n{url},Wuhan\n")
    assert record.channel == channel


def test_a_column_of_channels_says_each_rows_own(tmp_path: Path) -> None:
    rows = [
        *("Platform,text", "Twitter,Wuhan", "facebook,Chengdu", "News,Xi'an"),
        "reddit,Harbin",
    ]
    path = tmp_path / "a.csv"
    found = read(path, "\n".join(rows))
    assert [record.channel for record in found] == ["x", "facebook", "media"]
    (refused,) = [row for row in GenericReader().read(path) if isinstance(row, BadRow)]
    assert refused.line == 5
    assert GenericReader().explain(path) == "channel of column Platform; text = text"


def test_addresses_say_each_rows_channel(tmp_path: Path) -> None:
    urls = ("https://apnews.com/1", "https://x.com/a/status/1", "https://youtu.be/1", "")
    found = read(tmp_path / "a.csv", "\n".join(["url,text", *(f"{url},Wuhan" for url in urls)]))
    assert [record.channel for record in found] == ["media", "x", "youtube", "media"]


def test_headlines_have_the_outlet_they_name(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path / "a.csv", "outlet,published,headline\nglobaltimes,2022-01-01,Tianjin\n"
    )
    assert (record.channel, record.outlet, record.title) == ("media", "globaltimes.cn", "Tianjin")


def test_the_command_line_wins_over_the_guess(tmp_path: Path) -> None:
    (record,) = read(tmp_path / "a.csv", "url,text\nhttps://a.com,Wuhan\n", channel="instagram")
    assert record.channel == "instagram"


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"tweet_id": [1227992251252559878], "text": ["Wuhan"], "likes": [None]}), path
    )
    (record,) = GenericReader().read(path)
    assert isinstance(record, Record)
    assert (record.id, record.channel, record.likes) == ("1227992251252559878", "x", None)


def test_a_reader_says_what_it_understood(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("url,date,body\nhttps://a.com,2020-01-01,Wuhan\n")
    assert GenericReader().explain(path) == (
        "channel of column url, else media; url = url, text = body, published_at = date"
    )


def test_a_table_of_something_else_is_not_taken(tmp_path: Path) -> None:
    head = FileHead(tmp_path / "a.csv", ".csv", "utf-8", ("country", "gdp"))
    assert GenericReader().matches(head) == 0
    (tmp_path / "a.csv").write_text("country,gdp\nCN,1\n")
    with pytest.raises(ImportFileError, match=r"no column looks like a text.*country, gdp"):
        list(GenericReader().read(tmp_path / "a.csv"))


def test_rows_without_anything_to_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("url,text,likes\n,,5\n")
    (row,) = GenericReader(channel="media").read(tmp_path / "a.csv")
    assert row == BadRow(2, "no text, no title and no url", "likes=5")
