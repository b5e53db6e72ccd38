"""The same documents in any order, in one run or many, give the same store."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccgcii import Record
from ccgcii.cleaning.copies.sketches import sketch_text
from ccgcii.cleaning.copies.stories import Sketched, place
from ccgcii.cleaning.runs import clean
from ccgcii_cleaning.duplication import NearText

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cleaning.conftest import Filling, Open

START = datetime(2020, 3, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
MOMENTS = (
    START,
    START + timedelta(seconds=1),
    START + WEEK - timedelta(seconds=1),
    START + WEEK,
    START + WEEK + timedelta(seconds=1),
    START + 2 * WEEK,
    None,
)
BASES = (
    (
        "Wuhan opened a bridge on Monday, and thousands of people walked across it in the rain. "
        "The mayor cut a ribbon, a band played, and children let balloons rise over the river."
    ),
    (
        "武汉大桥周一通车，数千市民在雨中步行过桥。市长剪彩，乐队奏乐，孩子们在江面上放飞气球，"
        "老人们回忆往事，许多商店当天免费供应热干面。"
    ),
)
# As outlets change what they print: not at all, the end, the beginning, a little of everything.
EDITS = (
    lambda text: text,
    lambda text: text[: len(text) * 4 // 5],
    lambda text: text[len(text) // 5 :] + " Wuhan 武汉.",
    lambda text: text.replace("rain", "snow").replace("雨", "雪").replace("band", "choir"),
)

STORE = """
SELECT hex(c.identity), hex(l.identity), d.dropped, d.published_at, d.is_share, t.title, t.text
FROM document d JOIN capture c ON c.id = d.capture_id JOIN document_text t ON t.document_id = d.id
LEFT JOIN capture l ON l.id = d.story_id ORDER BY 1;
SELECT hex(c.identity), x.layer, x.filter, x.reason FROM "drop" x
JOIN capture c ON c.id = x.capture_id ORDER BY 1
"""


@st.composite
def pieces(draw: st.DrawFn) -> list[Record]:
    """Give up to twelve pieces at the edges of windows, with copies, reposts and no dates."""
    known = []
    for number in range(draw(st.integers(4, 12))):
        text = draw(st.sampled_from(EDITS))(draw(st.sampled_from(BASES)))
        moment = draw(st.sampled_from(MOMENTS))
        values: dict[str, Any] = {"id": str(number), "text": text, "published_at": moment}
        if draw(st.booleans()):
            outlet = draw(st.sampled_from(("one.test", "two.test", "three.test")))
            page = draw(st.integers(0, 5))
            values |= {"channel": "media", "outlet": outlet, "url": f"https://{outlet}/{page}"}
        else:
            share = draw(st.booleans())
            author = draw(st.sampled_from(("ann", "ben", "cat")))
            said = f"RT @ann: {text}" if share else text
            values |= {"channel": "x", "author": author, "is_share": share, "text": said}
        known.append(Record(**values))
    return known


def store_hash(filling: Filling) -> str:
    rows = [filling.rows(query) for query in STORE.split(";")]
    return sha256(repr(rows).encode()).hexdigest()


def filled(filling: Filling, records: list[Record], every: int) -> str:
    """Fill a store, clean after every so many pieces, and return its hash."""
    for number, record in enumerate(records, 1):
        filling.record(record)
        if number % every == 0:
            clean(filling.workspace)
    clean(filling.workspace)
    return store_hash(filling)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(records=pieces(), seed=st.integers(0, 99), every=st.sampled_from((1, 3)))
def test_any_order_and_any_number_of_runs_give_one_store(
    open_study: Open, tmp_path_factory: Any, records: list[Record], seed: int, every: int
) -> None:
    options: dict[str, Any] = {"filters": {"not-dated": {"enabled": False}}}
    first = open_study(tmp_path_factory.mktemp("first"), **options)
    second = open_study(tmp_path_factory.mktemp("second"), **options)
    shuffled = random.Random(seed).sample(records, len(records))
    assert filled(first, records, len(records) + 1) == filled(second, shuffled, every)


def test_a_window_of_days_holds_its_last_second_and_not_the_next(
    open_study: Open, tmp_path: Path
) -> None:
    for name, late, stories in (("in", 0, {1: 1, 2: 1}), ("out", 1, {1: 1, 2: 2})):
        filling = open_study(tmp_path / name)
        for number, moment in enumerate((START, START + WEEK + timedelta(seconds=late))):
            filling.record(
                Record(str(number), "x", text=BASES[0], author=f"a{number}", published_at=moment)
            )
        clean(filling.workspace)
        assert dict(filling.rows("SELECT id, story_id FROM document")) == stories


def test_of_equal_leaders_the_first_is_chosen_whoever_came_first() -> None:
    sketch = sketch_text(BASES[0])
    ordered = [Sketched(number, 0, None, sketch) for number in range(4)]
    assert [placed.leader for placed in place(ordered, NearText())] == [0, 0, 0, 0]
