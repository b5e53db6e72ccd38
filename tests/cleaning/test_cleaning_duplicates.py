from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ccgcii import Document, Mention, Record, canonical_url, sketch_text
from ccgcii.cleaning.copies.crowds import find_crowds
from ccgcii.cleaning.copies.sketches import PLACES, plain_words, sketch_array
from ccgcii.cleaning.reviewing.funnels import stories_by_city, volumes
from ccgcii.cleaning.runs import clean
from ccgcii_cleaning.duplication import NearText, SameText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.documents import Member
    from tests.cleaning.conftest import Filling, Open

ENGLISH = (
    "Wuhan opened a bridge on Monday, and thousands of people walked across it in the rain. The "
    "mayor cut a ribbon, a band played, and children let balloons rise over the river. "
)
CHINESE = (
    "武汉大桥周一通车，数千市民在雨中步行过桥。市长剪彩，乐队奏乐，"
    "孩子们在江面上放飞气球，老人们回忆往事。"
)


def alike(one: str, other: str) -> float:
    first, second = sketch_text(one), sketch_text(other)
    assert first is not None
    assert second is not None
    return int((sketch_array(first) == sketch_array(second)).sum()) / PLACES


def plain(text: str) -> str:
    return "".join(map(chr, plain_words(text)))


def jaccard(one: str, other: str, size: int) -> float:
    first, second = (
        {words[at : at + size] for at in range(len(words) - size + 1)}
        for words in (plain(one), plain(other))
    )
    return len(first & second) / len(first | second)


@pytest.mark.parametrize(("text", "size"), [(ENGLISH * 3, 8), (CHINESE * 3, 3)])
def test_a_sketch_estimates_the_shared_shingles(text: str, size: int) -> None:
    other = text[: len(text) * 2 // 3] + text[::-1][: len(text) // 3]
    assert alike(text, text) == 1.0
    assert alike(text, other) == pytest.approx(jaccard(text, other, size), abs=0.13)
    assert alike(text, text[::-1]) < 0.1


def test_case_links_and_punctuation_leave_no_trace_in_a_sketch() -> None:
    shouted = ENGLISH.upper().replace(",", " -") + "https://t.co/abc"
    assert sketch_text(ENGLISH) == sketch_text(shouted)


def test_only_words_are_left_of_a_text() -> None:
    said = "  Wuhan's “new” BRIDGE —\n#武汉加油！ 🎉 https://t.co/x 12.5 %"
    assert plain(said) == "wuhan s new bridge 武汉加油 12 5"
    assert plain("") == plain("…!") == ""


def test_a_sketch_is_the_same_in_every_process() -> None:
    code = "import sys; from ccgcii import sketch_text; print(sketch_text(sys.argv[1]).hex())"
    other = subprocess.run(
        [sys.executable, "-c", code, CHINESE], capture_output=True, text=True, check=True
    )
    sketch = sketch_text(CHINESE)
    assert sketch is not None
    assert other.stdout.strip() == sketch.hex()
    assert len(sketch) == 256


def test_short_texts_have_no_sketch() -> None:
    assert sketch_text("Good morning, Wuhan!") is None
    assert sketch_text("") is None
    assert sketch_text("武汉" * 20) is not None


def near_key(**changes: Any) -> str | None:
    values: dict[str, Any] = {"text": ENGLISH, "outlet": "one.test"}
    values["mentions"] = (Mention("wuhan", "text", 0, 5, "Wuhan", 1.0, "plain"),)
    moment = datetime(2020, 5, 1, tzinfo=UTC)
    channel = changes.pop("channel", "media")
    return NearText().key(Document("test", channel, "", moment, **(values | changes)))


def test_other_cities_or_figures_make_another_piece() -> None:
    dalian = (Mention("dalian", "text", 0, 6, "Dalian", 1.0, "plain"),)
    assert near_key() == near_key(text=ENGLISH + "More.")
    assert near_key() != near_key(mentions=dalian)
    assert near_key(text=ENGLISH + "33 cases") != near_key(text=ENGLISH + "46 cases")
    assert near_key(text=ENGLISH * 9 + "33") == near_key(text=ENGLISH * 9 + "46")


def test_an_author_who_writes_for_two_outlets_copies_neither() -> None:
    assert near_key(author="Ann") != near_key(author="Ann", outlet="two.test")
    assert near_key(author="ann", channel="x") == near_key(
        author="ann", channel="x", outlet="two.test"
    )
    one = Document("t", "media", "", datetime.now(UTC), text=ENGLISH, outlet="a.test", author="Ann")
    assert SameText().key(one) != SameText().key(replace(one, outlet="b.test"))


def post(number: int, text: str, **values: Any) -> Record:
    moment = datetime(2020, 5, 1 + number, 12, tzinfo=UTC)
    known: dict[str, Any] = {"id": str(number), "channel": "x", "text": text, "author": "ann"}
    return Record(**(known | {"published_at": moment} | values))


def stories(filling: Filling) -> dict[int, int]:
    return dict(filling.rows("SELECT id, story_id FROM document WHERE dropped IS NULL"))


def test_a_story_does_not_drift_from_piece_to_piece(filling: Filling) -> None:
    letters = random.Random(1)
    words = ["".join(letters.choices("abcdefghij", k=7)) for _ in range(300)]
    for number, start in enumerate((0, 30, 60, 90)):
        text = "Wuhan " + " ".join(words[start : start + 150])
        filling.record(post(number, text, author=f"a{number}"))
    clean(filling.workspace)
    # Each is two thirds like the one before; the third is like the first no more.
    assert stories(filling) == {1: 1, 2: 1, 3: 3, 4: 3}


def test_a_story_ends_with_its_days(open_study: Open, tmp_path: Any) -> None:
    filling = open_study(tmp_path, filters={"near-text": {"days": 2}})
    for number in (0, 1, 2, 5):
        filling.record(post(number, ENGLISH, author=f"a{number}"))
    summary = clean(filling.workspace)
    assert stories(filling) == {1: 1, 2: 1, 3: 1, 4: 4}
    assert (summary.kept, summary.stories) == (4, 2)


def test_without_the_filter_stories_are_unknown(open_study: Open, tmp_path: Any) -> None:
    filling = open_study(tmp_path)
    for number in range(3):
        filling.record(post(number, ENGLISH, author=f"a{number}"))
    assert clean(filling.workspace).stories == 1
    without = open_study(tmp_path, filters={"near-text": {"enabled": False}})
    assert clean(without.workspace).stories is None
    assert stories(without) == {1: None, 2: None, 3: None}


def test_volume_counts_pieces_and_stories_by_city(filling: Filling) -> None:
    for number in range(3):
        filling.record(post(number, ENGLISH, author=f"a{number}"))
    filling.record(post(4, "Wuhan and Shanghai are both large, and both lie on one river, I know"))
    clean(filling.workspace)
    names = dict(filling.rows("SELECT id, key FROM city"))
    with filling.workspace.engine.connect() as connection:
        assert volumes(connection) == (4, 2)
        by_city = {names[city]: both for city, both in stories_by_city(connection).items()}
    assert by_city == {"wuhan": (4, 2), "shanghai": (1, 1)}


def test_an_undated_piece_is_compared_with_undated_ones_alone(
    open_study: Open, tmp_path: Any
) -> None:
    filling = open_study(tmp_path, filters={"not-dated": {"enabled": False}})
    filling.record(post(0, ENGLISH, author="a"))
    filling.record(post(1, ENGLISH, author="b", published_at=None))
    filling.record(post(2, ENGLISH, author="c", published_at=None))
    clean(filling.workspace)
    leaders = stories(filling)
    assert leaders[1] == 1
    assert leaders[2] == leaders[3] != 1


def test_one_post_in_two_exports_counts_once(filling: Filling) -> None:
    text = "Wuhan is back to life, what a great day for all of us here"
    filling.record(post(0, text, id="77", url="https://x.com/Ann/status/77", likes=3))
    filling.record(post(0, text, id="77b", url="https://x.com/i/web/status/77", author="Ann A."))
    assert clean(filling.workspace).kept == 1
    assert filling.rows('SELECT filter FROM "drop"') == [("same-address",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.google.com/amp/s/www.news.test/a", "https://news.test/a"),
        ("https://www-news-test.cdn.ampproject.org/c/s/www.news.test/a", "https://news.test/a"),
        ("https://amp.news.test/a", "http://www.news.test/a/"),
        ("https://news.test/world/amp/a", "https://news.test/world/a"),
        ("https://news.test/a.amp.html?CMP=share", "https://news.test/a.html"),
        ("https://en.m.wiki.test/Wuhan", "https://en.wiki.test/Wuhan"),
        ("https://3g.news.test/a", "https://m.news.test/a?outputType=amp"),
        ("https://twitter.com/Ann/status/77?s=20", "https://x.com/i/web/status/77"),
        ("https://mobile.twitter.com/ann/status/77/photo/1", "https://x.com/Ann/status/77"),
        ("https://youtu.be/abcdefghijk?t=9", "https://m.youtube.com/watch?v=abcdefghijk&list=x"),
        ("https://www.youtube.com/shorts/abcdefghijk", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://www.instagram.com/ann/p/CODE/", "https://instagram.com/p/CODE/?igsh=1"),
        ("https://www.facebook.com/12_34", "https://m.facebook.com/story.php?story_fbid=34&id=12"),
    ],
)
def test_twins_have_one_address(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/ann/status/77", "https://x.com/ann/status/78"),
        ("https://youtube.com/watch?v=abcdefghijk", "https://youtube.com/watch?v=abcdefghij_"),
        ("https://youtube.com/watch?v=abcdefghijk&lc=a", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://news.test/campaign/a", "https://news.test/a"),
        ("https://x.com/ann", "https://x.com/ben"),
    ],
)
def test_different_pieces_have_different_addresses(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_reposts_are_shares_of_the_post_they_repeat(filling: Filling) -> None:
    filling.record(post(2, f"RT @ann: {ENGLISH[:110]}…", author="ben", is_share=True))
    filling.record(post(1, ENGLISH, author="ann", url="https://x.com/ann/status/1"))
    filling.record(post(3, f"RT @ann: {ENGLISH[:110]}…", author="cat", is_share=True))
    # Two reposts of what is not there: the first stands for it. A quotation is a post of its own.
    for number, author in ((4, "dan"), (5, "eve")):
        said = f"RT @zoe: {CHINESE}"
        filling.record(post(number, said, author=author, is_share=True))
    filling.record(post(6, f"I was there! {ENGLISH}", author="fay"))
    clean(filling.workspace)
    dropped = filling.rows(
        'SELECT d.id, x.filter, x.reason FROM document d JOIN "drop" x USING (capture_id)'
    )
    reason = "a share of https://x.com/ann/status/1 that is there"
    assert [row for row in dropped if row[0] != 5] == [(1, "repost", reason), (3, "repost", reason)]
    assert [row[:2] for row in dropped if row[0] == 5] == [(5, "repost")]


@dataclass
class Onlooker:
    """A crowd filter that drops nothing and remembers what it was shown."""

    of_shares: bool
    seen: list[int] = field(default_factory=list)
    name: str = "onlooker"
    layer: int = 3
    least: int = 2

    def key(self, document: Document) -> str | None:
        raise NotImplementedError

    def judge(self, crowd: Sequence[Member]) -> list[str | None]:
        self.seen.append(len(crowd))
        return [None] * len(crowd)


def test_a_filter_of_shares_is_shown_no_crowd_without_one(filling: Filling) -> None:
    filling.record(post(1, ENGLISH, author="ann"))
    filling.record(post(2, f"RT @ann: {ENGLISH[:110]}…", author="ben", is_share=True))
    for number in range(3):
        filling.record(post(10 + number, CHINESE, author=f"a{number}"))
    clean(filling.workspace)
    with filling.workspace.engine.begin() as connection:
        connection.execute(
            text("UPDATE document_key SET filter = 'onlooker' WHERE filter = 'repost'")
        )
        connection.execute(text("UPDATE document SET dropped = NULL"))
        for of_shares, seen in ((True, [2]), (False, [2, 3])):
            judge: Any = Onlooker(of_shares)
            problems: list[tuple[str, str]] = []
            assert not list(find_crowds(connection, judge, problems))
            assert not problems
            assert sorted(judge.seen) == seen
