from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import ConfigError, Record
from ccgcii.cleaning import runs
from ccgcii.cleaning.copies.waiting import waiting_work
from ccgcii.cleaning.rows import Rows
from ccgcii.cleaning.runs import clean
from ccgcii.cleaning.workers import BATCH, clean_in_crew
from ccgcii.config import ExecutionSettings
from ccgcii.execution import Crews

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cleaning.conftest import Filling, Open

STORY = "Wuhan opened its new bridge on Monday, and thousands of people walked across it. "
PLUGIN = """
import os
from dataclasses import dataclass
from typing import ClassVar
from ccgcii import hookimpl

@dataclass(frozen=True)
class Deadly:
    name: ClassVar[str] = "deadly"
    layer: ClassVar[int] = 4

    def clean(self, document):
        if "deadly poison" in document.text:
            os._exit(13)
        if "broken filter" in document.text:
            raise ValueError("no luck")
        return document

@hookimpl
def ccgcii_filters():
    return [Deadly()]
"""


def page(title: str, text: str = STORY * 4, day: str = "2020-05-01") -> bytes:
    return (
        f"<html lang='en'><head><title>{title}</title><meta name='date' content='{day}'></head>"
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    ).encode()


def post(number: int, text: str, author: str = "anna", **values: Any) -> Record:
    moment = datetime(2020, 5, 1, number % 24, tzinfo=UTC)
    known: dict[str, Any] = {"id": str(number), "text": text, "author": author}
    known["published_at"] = moment
    return Record(channel="x", **(known | values))


def captures() -> list[Callable[[Filling], None]]:
    def put_page(url: str, body: bytes) -> Callable[[Filling], None]:
        return lambda filling: filling.page(url, body)

    def put_record(record: Record) -> Callable[[Filling], None]:
        return lambda filling: filling.record(record)

    return [
        put_page("https://news.test/bridge", page("Bridge opens")),
        put_page("https://m.news.test/bridge?utm_source=x", page("Bridge opens", day="2020-05-02")),
        put_page("https://news.test/reprint", page("The bridge again", day="2020-05-03")),
        put_page("https://other.test/bridge", page("Bridge opens")),
        put_page("https://news.test/lyon", page("Lyon", "Lyon opened a bridge. " * 30)),
        put_page("https://news.test/old", page("Old bridge", day="2019-05-01")),
        put_page("https://news.test/empty", b"<html>Wuhan</html>"),
        put_page("https://news.test/list", page("Figures", "Wuhan 123456 789 " * 40)),
        put_record(post(1, "Wuhan is back to life, what a great day for all", author_followers=5)),
        put_record(post(2, "Wuhan is back to life, what a great day for all!", author_followers=9)),
        put_record(post(3, "Wuhan is back to life, what a great day for all", "ben")),
        put_record(post(4, "武汉的美食非常好吃，我很喜欢这座城市。", "chen", likes=3)),
        put_record(post(5, "Nothing about any city here", "dora")),
    ]


LONG = (
    "The bridge over the river was planned for nine years and built in three. Engineers of Wuhan "
    "say that it will carry forty thousand cars a day. Shops on both banks hope for visitors, while"
    " anglers fear for their quiet. A ferry that has crossed here since the fifties will stay for "
    "tourists, the harbour master said, and its crew learn to tell stories about the old town."
)
EDITED = LONG.replace("nine years", "almost nine years").replace(", the harbour master said", "")
CHINESE = (
    "武汉长江大桥经过九年规划、三年建设终于通车。工程师表示，大桥每天可以通行四万辆汽车。两岸商家期待游客到来，"
    "钓鱼爱好者则担心失去宁静。自五十年代起往返两岸的渡轮将作为旅游项目保留，船员们正在学习讲述老城的故事。"
)


def copies() -> list[Callable[[Filling], None]]:
    """Near copies at one and at several publishers, and a campaign of ten accounts."""

    def put(record: Record) -> Callable[[Filling], None]:
        return lambda filling: filling.record(record)

    def piece(number: int, outlet: str, text: str, day: int) -> Callable[[Filling], None]:
        moment = datetime(2020, 5, day, number % 24, tzinfo=UTC)
        url = f"https://{outlet}/{number}"
        return put(Record(str(number), "media", url, "A bridge", text, moment, outlet=outlet))

    slogan = "Wuhan is the most wonderful city of all, everyone should go there right now"
    return [
        piece(101, "one.test", LONG, 1),
        piece(102, "one.test", EDITED, 2),
        piece(103, "two.test", EDITED, 3),
        piece(104, "three.test", LONG.upper(), 1),
        piece(105, "one.test", LONG.replace("forty", "fifty"), 20),
        piece(106, "one.test", CHINESE, 4),
        piece(107, "one.test", CHINESE.replace("终于", "昨日"), 5),
        piece(108, "two.test", CHINESE.replace("四万", "五万"), 5),
        *(put(post(200, slogan, f"fan{number}", id=f"s{number}")) for number in range(10)),
    ]


CONTENT = """
SELECT hex(c.identity), hex(l.identity) FROM document d JOIN capture c ON c.id = d.capture_id
LEFT JOIN capture l ON l.id = d.story_id ORDER BY 1;
SELECT hex(c.identity), t.url, t.title, t.text, t.date_rule, d.published_at, d.dropped, d.likes,
    d.sentiment, d.tier, l.code, a.handle, a.followers, o.domain
FROM document d JOIN capture c ON c.id = d.capture_id JOIN document_text t ON t.document_id = d.id
LEFT JOIN language l ON l.id = d.language_id LEFT JOIN account a ON a.id = d.account_id
LEFT JOIN outlet o ON o.id = d.outlet_id ORDER BY 1;
SELECT hex(c.identity), x.layer, x.filter, x.reason FROM "drop" x
JOIN capture c ON c.id = x.capture_id ORDER BY 1;
SELECT hex(c.identity), city_id, count, salience, in_title, sentiment FROM mention m
JOIN capture c ON c.id = m.document_id ORDER BY 1, 2;
SELECT hex(c.identity), field, start, city_id, as_written, rule FROM mention_span m
JOIN capture c ON c.id = m.document_id ORDER BY 1, 2, 3;
SELECT hex(c.identity), x.name, x.power FROM document_topic m JOIN topic x ON x.id = topic_id
JOIN capture c ON c.id = m.document_id ORDER BY 1, 2
"""


def store_hash(filling: Filling) -> str:
    return sha256(repr(content(filling)).encode()).hexdigest()


def content(filling: Filling) -> list[list[tuple[Any, ...]]]:
    return [filling.rows(query) for query in CONTENT.split(";")]


def test_every_capture_ends_as_a_document_or_with_one_reason(filling: Filling) -> None:
    for put in captures():
        put(filling)
    summary = clean(filling.workspace)
    assert summary.captures == len(captures())
    kept = {row[0] for row in filling.rows("SELECT capture_id FROM document WHERE dropped IS NULL")}
    dropped = [row[0] for row in filling.rows('SELECT capture_id FROM "drop"')]
    assert len(dropped) == len(set(dropped))
    assert kept.isdisjoint(dropped)
    assert len(kept) + len(dropped) == summary.captures
    assert summary.kept == len(kept)
    dropped_urls = (
        'SELECT c.url, x.filter FROM "drop" x JOIN capture c ON c.id = capture_id '
        "WHERE c.kind = 'page'"
    )
    reasons = dict(filling.rows(dropped_urls))
    assert reasons == {
        "https://m.news.test/bridge?utm_source=x": "same-address",
        "https://news.test/reprint": "same-text",
        "https://news.test/lyon": "names-no-city",
        "https://news.test/old": "outside-window",
        "https://news.test/empty": "not-dated",
        "https://news.test/list": "number-table",
    }


def test_the_order_and_the_number_of_runs_change_nothing(open_study: Open, tmp_path: Path) -> None:
    hashes = set()
    for seed in range(4):
        shuffled = captures() + copies()
        random.Random(seed).shuffle(shuffled)
        filling = open_study(tmp_path / str(seed))
        for number, put in enumerate(shuffled):
            put(filling)
            # One run, or about ten, or a run after every document.
            if seed and number % (3, 4, 1)[seed - 1] == 0:
                clean(filling.workspace)
        clean(filling.workspace)
        hashes.add(store_hash(filling))
    assert len(hashes) == 1


def test_near_copies_go_at_one_publisher_and_make_a_story_of_several(filling: Filling) -> None:
    for put in copies():
        put(filling)
    summary = clean(filling.workspace)
    dropped = dict(
        filling.rows(
            'SELECT c.url, x.filter FROM "drop" x JOIN capture c ON c.id = capture_id '
            "WHERE c.url <> ''"
        )
    )
    assert dropped == {"https://one.test/102": "near-text", "https://one.test/107": "near-text"}
    stories = dict(
        filling.rows(
            "SELECT c.url, l.url FROM document d JOIN capture c ON c.id = d.capture_id "
            "JOIN capture l ON l.id = d.story_id"
        )
    )
    assert stories == {
        "https://one.test/101": "https://one.test/101",
        "https://two.test/103": "https://one.test/101",
        "https://three.test/104": "https://one.test/101",
        "https://one.test/105": "https://one.test/105",
        "https://one.test/106": "https://one.test/106",
        "https://two.test/108": "https://one.test/106",
    }
    assert (summary.kept, summary.stories) == (6, 3)
    campaign = filling.rows("SELECT count(*) FROM \"drop\" WHERE filter = 'copy-paste'")
    assert campaign == [(10,)]


def test_cleaning_again_from_the_archive_gives_the_same(filling: Filling) -> None:
    for put in captures():
        put(filling)
    clean(filling.workspace)
    before = content(filling)
    assert clean(filling.workspace).captures == 0
    again = clean(filling.workspace, again=True)
    assert again.captures == len(captures())
    assert content(filling) == before


def test_a_reason_names_the_twin_that_is_kept(filling: Filling) -> None:
    for put in captures():
        put(filling)
    clean(filling.workspace)
    ((reason,),) = filling.rows("SELECT reason FROM \"drop\" WHERE filter = 'same-address'")
    assert reason == "copy of https://news.test/bridge"


def test_authors_stay_out_of_the_store(filling: Filling) -> None:
    filling.record(post(1, "Wuhan is back to life", "Anna.Author"))
    clean(filling.workspace)
    ((handle,),) = filling.rows("SELECT handle FROM account")
    assert "anna" not in handle


def test_a_page_missing_from_the_archive_costs_itself(filling: Filling) -> None:
    filling.page("https://news.test/a", page("A bridge"))
    filling.page("https://news.test/b", page("B bridge", STORY.upper() * 4))
    archive = filling.workspace.settings.store.archive / "test.warc.gz"
    with archive.open("r+b") as stream:
        stream.truncate(archive.stat().st_size - 60)
    summary = clean(filling.workspace)
    assert summary.captures == 2
    assert summary.kept >= 1


def test_a_page_that_kills_its_worker_and_a_filter_that_raises_cost_themselves(
    open_study: Open, tmp_path: Path
) -> None:
    plugin = tmp_path / "deadly_plugin.py"
    plugin.write_text(PLUGIN)
    filling = open_study(tmp_path / "study", plugins={"files": [plugin]})
    filling.record(post(1, "Wuhan is back to life, what a great day for all of us"))
    filling.record(post(2, "Wuhan and a deadly poison in one and the same line"))
    filling.record(post(3, "Wuhan and a broken filter in one and the same line"))
    plan = runs.plan_of(filling.workspace)
    batches = waiting_work(filling.workspace.engine, plan.study.cities)
    crews = replace(Crews.of(filling.workspace), execution=ExecutionSettings(workers=2))
    rows = Rows()
    for batch in clean_in_crew(plan, batches, crews):
        rows.extend(batch)
    assert sorted(rows.captures) == [1, 2, 3]
    assert [row[:3] for row in rows.tables["drop"]] == [(2, 1, "crash")]
    assert sorted(row[0] for row in rows.tables["document"]) == [1, 3]
    assert rows.problems == [("deadly", "ValueError: no luck")]


def test_an_interrupted_cleaning_keeps_what_is_finished_and_goes_on(
    filling: Filling, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(BATCH + 12):
        filling.record(post(number, f"Wuhan is back to life, day {number} of the new bridge"))
    monkeypatch.setattr(runs, "WRITTEN_AT_ONCE", BATCH)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    stopped = clean(filling.workspace, progress=interrupt)
    assert stopped.interrupted
    assert stopped.captures == BATCH
    assert clean(filling.workspace).captures == 12
    assert filling.rows("SELECT count(*) FROM document") == [(BATCH + 12,)]


def test_a_wrong_option_is_refused_before_anything_is_forgotten(
    open_study: Open, tmp_path: Path
) -> None:
    filling = open_study(tmp_path)
    filling.record(post(1, "Wuhan is back to life"))
    clean(filling.workspace)
    wrong = open_study(tmp_path, filters={"too-shrot": {"page": 1}})
    with pytest.raises(ConfigError, match="too-short"):
        clean(wrong.workspace, again=True)
    assert filling.rows("SELECT count(*) FROM document") == [(1,)]


def test_a_switched_off_filter_drops_nothing(open_study: Open, tmp_path: Path) -> None:
    filling = open_study(tmp_path, filters={"outside-window": {"enabled": False}})
    filling.page("https://news.test/old", page("Old bridge", day="2019-05-01"))
    assert clean(filling.workspace).kept == 1
