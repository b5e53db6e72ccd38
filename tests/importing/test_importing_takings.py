"""Mappings that take a value from several columns, by a pattern, in words, or refuse the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii import BadRow, ImportFileError, Record, Row, find_column, load_mapping, open_table

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "post,kind,retweets,quotes,seen,day,hour,lead,body,of\n"


def made(folder: Path, row: str, mapping: str) -> Record | BadRow:
    (folder / "m.toml").write_text(mapping)
    (folder / "posts.csv").write_text(HEAD + row + "\n")
    table = open_table(folder / "posts.csv")
    make = load_mapping(folder / "m.toml").record_maker(table)
    (only,) = (make(row) for row in table.rows() if isinstance(row, Row))
    return only


MAPPING = """
channel = "x"
[mapping]
id = { from = "post", pattern = '/status/(\\d+)' }
text = { join = ["lead", "body"] }
published_at = { join = ["day", "hour"] }
shares = [{ sum = ["retweets", "quotes"] }, "retweets"]
views = { from = "seen", zero = "unknown" }
is_share = { given = "of" }
[dates]
timezone = "Asia/Shanghai"
[[refuse]]
column = "kind"
is = ["Comment", "ad"]
reason = "no post"
"""


def test_a_value_may_come_from_several_columns(tmp_path: Path) -> None:
    row = "https://x.com/a/status/77?s=1,post,3,2,0,2020-06-01,08:00:00,Wuhan,Wuhan today,5"
    record = made(tmp_path, row, MAPPING)
    assert isinstance(record, Record)
    assert (record.id, record.text, record.shares, record.views) == (
        "77",
        "Wuhan Wuhan today",
        5,
        None,
    )
    assert record.is_share
    assert record.published_at is not None
    assert record.published_at.isoformat() == "2020-06-01T00:00:00+00:00"


def test_a_sum_of_what_is_not_known_is_not_known(tmp_path: Path) -> None:
    one = made(tmp_path, "p,post,3,,1,,,Wuhan today,today,", MAPPING)
    assert isinstance(one, Record)
    assert (one.shares, one.views, one.text, one.is_share) == (3, 1, "Wuhan today", False)
    none = made(tmp_path, "p,post,,2,,,,Wuhan,,", MAPPING)
    assert isinstance(none, Record)
    assert none.shares is None


def test_rows_that_are_no_pieces_are_refused_with_the_mappings_reason(tmp_path: Path) -> None:
    refused = made(tmp_path, "p,COMMENT,,,,,,Wuhan,,", MAPPING)
    assert isinstance(refused, BadRow)
    assert (refused.line, refused.reason) == (2, "no post")


def test_channels_may_have_columns_of_their_own(tmp_path: Path) -> None:
    mapping = """
    own_ids = true
    [mapping]
    id = "post"
    text = "body"
    channel = [{ from = "kind", words = { tweet = "x", "web page" = "media" } }, "kind"]
    [only.x]
    shares = "retweets"
    [only.media]
    title = "lead"
    """
    tweet = made(tmp_path, "1,Tweet,3,,,,,Lead,Wuhan,", mapping)
    page = made(tmp_path, "2,Web Page,3,,,,,Lead,Wuhan,", mapping)
    other = made(tmp_path, "3,fax,3,,,,,Lead,Wuhan,", mapping)
    assert isinstance(tweet, Record)
    assert isinstance(page, Record)
    assert isinstance(other, BadRow)
    assert (tweet.shares, tweet.title, tweet.url) == (3, "", "")
    assert (page.shares, page.title) == (None, "Lead")
    assert "'fax'" in other.reason


def test_a_path_reaches_into_lists(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('channel = "instagram"\n[mapping]\ntext = "edges.0.text"\n')
    (tmp_path / "a.jsonl").write_text('{"edges": [{"text": "Wuhan"}]}\n{"edges": []}\n')
    table = open_table(tmp_path / "a.jsonl")
    make = load_mapping(tmp_path / "m.toml").fitting(table).record_maker(table)
    first, second = (make(row) for row in table.rows() if isinstance(row, Row))
    assert isinstance(first, Record)
    assert first.text == "Wuhan"
    assert isinstance(second, BadRow)


def test_what_only_later_objects_have_is_read_by_a_mapping_that_fits_itself(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('channel = "x"\n[mapping]\ntext = ["note.text", "text"]\n')
    many = '{"text": "cut"}\n' * 100_000
    (tmp_path / "a.jsonl").write_text(many + '{"text": "cut", "note": {"text": "whole"}}\n')
    table = open_table(tmp_path / "a.jsonl")
    make = load_mapping(tmp_path / "m.toml").fitting(table).record_maker(table)
    *_, last = table.rows()
    assert isinstance(last, Row)
    record = make(last)
    assert isinstance(record, Record)
    assert record.text == "whole"


def test_columns_are_found_without_case_and_by_their_beginning() -> None:
    columns = ("URL", "Overperforming Score (weighted - Likes 1x)")
    assert find_column("url", columns) == "URL"
    assert find_column("overperforming*", columns) == columns[1]
    assert find_column("Score", columns) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('text = { form = "body" }', r"'mapping.text.form'; did you mean 'from'\?"),
        ("text = { }", "mapping.text needs one of from, sum, join, given"),
        ('text = { from = "body", sum = ["of"] }', "needs one of"),
        ("text = { from = 3 }", "must name columns, not 3"),
        ('text = { from = "body", pattern = "(" }', "mapping.text.pattern: missing"),
        ('text = { from = "body", pattern = "a" }', r"must have one group \( \)"),
        ('text = { from = "body", zero = "no" }', "'known' or 'unknown'"),
        ('text = "body"\n[only.tiktok]\nid = "post"', "unknown key 'only.tiktok'"),
        ('text = "body"\n[only.x]\nidd = "post"', "unknown key 'only.x.idd'"),
        ('text = "body"\n[[refuse]]\ncolumn = "kind"', r"\[\[refuse\]\] has the keys"),
        ('text = "body"\n[dates]\nformat = [3]', "dates.format must be text"),
        ('text = "body"\n[dates]\nformat = "%Q"', "dates.format '%Q' is no pattern"),
        ('text = "body"\n[dates]\nformat = ["%Y", "today"]', "dates.format 'today' is no pattern"),
        ('text = "body"\n[dates]\nformat = []', "dates.format names no pattern"),
        ('text = "body"\n[dates]\ntimezone = ""', "unknown timezone ''"),
        ('text = { from = "body", words = "x" }', "words must be a table, not 'x'"),
        (
            'text = "body"\n[[refuse]]\ncolumn = 3\nis = "x"\nreason = "r"',
            "column and reason must be text",
        ),
    ],
)
def test_a_wrong_taking_is_told_what_is_wrong(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        made(tmp_path, "p,,,,,,,,Wuhan,", f'channel = "x"\n[mapping]\n{line}\n')


@pytest.mark.parametrize("kind", ['""', "null"])
def test_a_row_may_be_refused_for_what_it_does_not_say(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"body": "Wuhan", "kind": {kind}}}\n{{"body": "Wuhan", "kind": "post"}}\n')
    rule = '[[refuse]]\ncolumn = "kind"\nis = ""\nreason = "no kind"\n'
    (tmp_path / "m.toml").write_text(f'channel = "x"\n{rule}[mapping]\ntext = "body"\n')
    table = open_table(path)
    make = load_mapping(tmp_path / "m.toml").record_maker(table)
    first, second = (make(row) for row in table.rows() if isinstance(row, Row))
    assert isinstance(first, BadRow)
    assert isinstance(second, Record)


def test_ids_of_the_files_own_are_yes_or_no(tmp_path: Path) -> None:
    mapping = 'channel = "x"\nown_ids = "no"\n[mapping]\ntext = "body"'
    with pytest.raises(ImportFileError, match="own_ids must be true or false, not 'no'"):
        made(tmp_path, "p,,,,,,,,Wuhan,", mapping)
