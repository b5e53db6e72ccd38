"""The events that ship: enough of them, dated, and found only where a text speaks of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ccgcii import Document
from ccgcii.catalogues import default_events
from ccgcii.cleaning.enriching.events import EventMatcher
from ccgcii.errors import ConfigError
from ccgcii.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = {
    "culture",
    "disaster",
    "economy",
    "health",
    "politics",
    "science",
    "sport",
    "travel",
}
MATCHER = EventMatcher(default_events())


def found(day: str, text: str) -> tuple[str, ...]:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return MATCHER.find(
        Document(
            source="test",
            channel="news",
            url="https://news.test/",
            fetched_at=moment,
            text=text,
            published_at=moment,
        )
    )


def test_there_are_40_events_in_2019_and_2020_of_every_category() -> None:
    events = default_events()
    assert len(events) >= 40
    assert {event.starts.year for event in events} == {2019, 2020}
    assert {event.category for event in events} == CATEGORIES
    assert {event.is_crisis for event in events} == {True, False}


def test_events_stand_in_order_and_last_less_than_a_year() -> None:
    events = default_events()
    assert [e.starts for e in events] == sorted(e.starts for e in events)
    assert all((event.ends - event.starts).days < 250 for event in events)


def test_no_english_word_of_an_event_is_an_everyday_word() -> None:
    everyday = {"who", "npc", "market", "outbreak", "anniversary", "testing", "origin", "plague"}
    for event in default_events():
        assert not everyday & {word.lower() for word in event.words_en}, event.key
        assert all(len(word) >= 3 for word in event.words_en), event.key
        assert all(len(word) >= 2 for word in event.words_zh), event.key


def test_words_stand_with_both_apostrophes_and_in_both_chinese_scripts() -> None:
    events = {event.key: event for event in default_events()}
    assert {"Singles' Day", "Singles’ Day"} <= set(events["singles-day-2020"].words_en)
    assert {"广交会", "廣交會"} <= set(events["canton-fair-127"].words_zh)


@pytest.mark.parametrize(
    ("day", "text", "events"),
    [
        ("2020-01-24", "Wuhan, a city of 11 million, is under lockdown.", ("wuhan-lockdown",)),
        ("2020-01-24", "武漢封城，交通停擺。", ("wuhan-lockdown",)),
        (
            "2019-10-20",
            "The Military World Games opened in Wuhan.",
            ("military-games",),
        ),
        ("2020-10-13", "Qingdao will test nine million people.", ("qingdao-outbreak",)),
        ("2020-06-14", "北京新发地市场出现病例", ("xinfadi",)),
        ("2020-11-06", "Shanghai hosts the third Import Expo.", ("ciie-2020",)),
        ("2019-11-06", "Shanghai hosts the second Import Expo.", ("ciie-2019",)),
        ("2020-07-25", "Dalian: cases tied to a seafood company.", ("dalian-outbreak",)),
        ("2020-02-05", "Those who stay in Suzhou pay more for pork.", ()),
        ("2020-11-10", "Trump tweeted about steel from Tangshan.", ()),
        ("2020-07-10", "A Xiamen factory is swamped with orders.", ()),
        ("2018-01-24", "Wuhan under lockdown.", ()),
    ],
)
def test_a_text_joins_the_events_it_speaks_of(day: str, text: str, events: tuple[str, ...]) -> None:
    assert found(day, text) == events


OWN = (
    "key,name,category,starts,ends,words_en\n"
    "lantern,Lantern fair,culture,2020-03-01,2020-03-05,lantern fair\n"
    "xinfadi,Ours told otherwise,health,2020-06-12,2020-06-20,Xinfadi\n"
)


def study_with(folder: Path, *lines: str) -> Workspace:
    (folder / "mine.csv").write_text(OWN, encoding="utf-8")
    text = "\n".join(("[study]", 'events = "mine.csv"', *lines))
    (folder / "ccgcii.toml").write_text(text, encoding="utf-8")
    return Workspace.open(folder)


def test_events_of_a_study_are_laid_over_ours(tmp_path: Path) -> None:
    events = study_with(tmp_path).events
    by_key = {event.key: event for event in events}
    assert len(events) == len(default_events()) + 1
    assert by_key["lantern"].words_en == ("lantern fair",)
    assert by_key["xinfadi"].name == "Ours told otherwise"
    assert [e.starts for e in events] == sorted(e.starts for e in events)


def test_a_study_may_begin_its_events_from_scratch(tmp_path: Path) -> None:
    events = study_with(tmp_path, 'from_scratch = ["events"]').events
    assert {event.key for event in events} == {"lantern", "xinfadi"}


def test_a_list_from_scratch_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'accounts', 'events' or 'outlets' .got 'event'"):
        study_with(tmp_path, 'from_scratch = ["event"]')


def test_most_dates_name_their_source_in_both_years() -> None:
    sourced = [e for e in default_events() if "general knowledge" not in e.source]
    for year in (2019, 2020):
        assert sum(event.starts.year == year for event in sourced) >= 40
