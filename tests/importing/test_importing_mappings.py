"""Mappings in TOML: what they say, and what they are told when they say it wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii import BadRow, ImportFileError, Record, Row, load_mapping, open_table

if TYPE_CHECKING:
    from pathlib import Path

POSTS = 'post_id,message,lead,created,n\n7,"Wuhan, today",,03.04.2020,"1,234"\n8,,Lead,,\n9,,,,5\n'


def records(folder: Path, mapping: str, posts: str = POSTS) -> list[Record | BadRow]:
    (folder / "m.toml").write_text(mapping)
    (folder / "posts.csv").write_text(posts)
    table = open_table(folder / "posts.csv")
    make = load_mapping(folder / "m.toml").record_maker(table)
    return [make(row) for row in table.rows() if isinstance(row, Row)]


def test_a_mapping_makes_records_and_leaves_unknown_what_is_not_said(tmp_path: Path) -> None:
    first, second, third = records(
        tmp_path,
        """
        channel = "facebook"
        [mapping]
        id = "post_id"
        text = ["message", "lead"]
        published_at = "created"
        likes = "n"
        [dates]
        format = "%d.%m.%Y"
        [constants]
        country = "US"
        """,
    )
    assert first == Record(
        id="7",
        channel="facebook",
        url="https://www.facebook.com/7",
        text="Wuhan, today",
        published_at=datetime(2020, 4, 3, tzinfo=UTC),
        country="US",
        likes=1234,
    )
    assert isinstance(second, Record)
    assert (second.text, second.likes, second.published_at) == ("Lead", None, None)
    assert third == BadRow(4, "no text, no title and no url", "post_id=9; n=5")


def test_the_channel_may_stand_in_a_column(tmp_path: Path) -> None:
    made = records(
        tmp_path,
        '[mapping]\nchannel = "p"\ntext = "t"',
        "p,t\nTwitter,RT @a: Wuhan\nnews,b\ntumblr,c\n",
    )
    assert isinstance(made[0], Record)
    assert (made[0].channel, made[0].is_share) == ("x", True)
    assert isinstance(made[1], Record)
    assert made[1].channel == "media"
    assert isinstance(made[2], BadRow)
    assert "'tumblr'" in made[2].reason


def test_a_dotted_path_reaches_into_objects(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"t": "a", "user": {"n": 5}, "place": null}\n{"t": "b", "user": null}\n')
    (tmp_path / "m.toml").write_text(
        'channel = "x"\n[mapping]\ntext = "t"\nauthor_followers = "user.n"\ncountry = "place.code"'
    )
    table = open_table(path)
    make = load_mapping(tmp_path / "m.toml").record_maker(table)
    made = [make(row) for row in table.rows() if isinstance(row, Row)]
    assert [record.author_followers for record in made if isinstance(record, Record)] == [5, None]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ('[maping]\ntext = "message"', r"unknown key 'maping'; did you mean 'mapping'\?"),
        ('[mapping]\ntxt = "message"', r"unknown key 'mapping.txt'; did you mean 'text'\?"),
        (
            '[mapping]\ntext = "mesage"\nchannel = "n"',
            r"no column 'mesage'.*mean 'message'\?.*lead",
        ),
        ('[mapping]\ntext = "message"', "which channel"),
        ('channel = "facebok"\n[mapping]\ntext = "message"', r"did you mean 'facebook'\?"),
        ("[mapping]\ntext = 3", "mapping.text must be text"),
        ("mapping = 3", r"write \[mapping\]"),
        ('channel = "x"', "no column is mapped"),
        ('channel = "x"\n[mapping]\ntext = "message"\n[constants]\nlikes = "many"', "'many'"),
        ('channel = "x"\n[mapping]\ntext = "n"\n[dates]\ntimezone = "Mars"', "unknown timezone"),
        ("[mapping", "not valid TOML"),
    ],
)
def test_a_wrong_mapping_is_told_what_is_wrong(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        records(tmp_path, mapping)
