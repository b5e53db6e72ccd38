from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import ConfigError, Document, Drop, Mention, PageFacts, Record, Study, default_cities
from ccgcii.cleaning.runs import clean
from ccgcii_cleaning import ccgcii_filters
from ccgcii_cleaning.adverts import Spam
from ccgcii_cleaning.phrases import FILE, REPORT, read

if TYPE_CHECKING:
    from tests.cleaning.conftest import Filling, Open

STUDY = Study("t", "2020-01-01", "2020-12-31", default_cities())
BY_NAME: dict[str, Any] = {thing.name: thing for thing in ccgcii_filters(STUDY) if thing.layer == 4}
MOMENT = datetime(2020, 5, 1, 12, tzinfo=UTC)


def piece(text: str, channel: str = "x", **values: Any) -> Document:
    return Document("t", channel, "https://a.test/1", MOMENT, text=text, **values)


def dropped_by(document: Document) -> list[str]:
    return [
        name
        for name, thing in BY_NAME.items()
        if hasattr(thing, "clean") and isinstance(thing.clean(document), Drop)
    ]


CASES = tomllib.loads(Path(__file__).with_name("noise_cases.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["noise"], ids=lambda case: case["filter"])
def test_noise_is_dropped_by_its_own_filter(case: dict[str, str]) -> None:
    result = BY_NAME[case["filter"]].clean(piece(case["text"]))
    assert isinstance(result, Drop)
    assert result.reason


@pytest.mark.parametrize("channel", ["x", "media"])
@pytest.mark.parametrize("case", CASES["real"])
def test_writing_about_the_same_things_is_kept(case: dict[str, str], channel: str) -> None:
    assert dropped_by(piece(case["text"], channel)) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("great, now subscribe", False),
        ("please help me, I love Wuhan http://a.test/x", False),
        ("www.a.test/wuhan", False),
        ('<a href="http://a.test">http://a.test</a> Wuhan', False),
        ("求关注，求订阅，武汉加油", False),
        ("You should check out Chongqing, the food is great and the bridges too", True),
        ("At 2:19 you see the old railway bridge of Wuhan: https://a.test/bridge", True),
        ("这座城市太美了，我想去重庆看夜景", True),
    ],
)
def test_below_a_video_a_call_elsewhere_is_spam(text: str, kept: bool) -> None:  # noqa: FBT001
    assert ("comment-spam" in dropped_by(piece(text, "youtube"))) is not kept
    assert "comment-spam" not in dropped_by(piece(text, "youtube", title="A film of Wuhan"))
    assert "comment-spam" not in dropped_by(piece(text, "x"))


def test_a_page_of_a_medium_is_no_spam_but_may_be_an_advertisement() -> None:
    text = "Sponsored content. Check out my channel and buy now, free shipping from Shanghai."
    assert dropped_by(piece(text, "media", page=PageFacts())) == ["advertising"]


def test_a_list_of_cities_is_no_text_about_them() -> None:
    names = [city.name_en for city in default_cities()[:12]]
    spans = tuple(
        Mention(city.key, "text", 0, 1, city.name_en, 1.0, "plain")
        for city in default_cities()[:12]
    )
    menu = piece("Delivery to " + ", ".join(names), mentions=spans)
    assert dropped_by(menu) == ["city-list"]
    article = piece("A long report on twelve cities. " * 40, mentions=spans)
    assert "city-list" not in dropped_by(article)


def test_phrases_stand_alone_and_overlap_counts_once() -> None:
    assert read("", "the spammer's address").kinds == {}
    reading = read("", "please subscribe to my channel")
    assert reading.kinds["spam"].width <= reading.width == 30
    assert "subscribe to my" in reading.kinds["spam"].certain


def test_every_list_of_words_belongs_to_a_filter_in_fourteen_languages() -> None:
    book = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert set(book) <= {*BY_NAME, REPORT}
    for name, languages in book.items():
        # Comments below videos are labelled in two languages alone.
        assert len(languages) == (2 if name == "comment-spam" else 14), name
        for lists in languages.values():
            phrases = lists["certain"] + lists["signs"]
            assert len(phrases) == len(set(phrases)), name
            assert all(phrase == phrase.lower() and phrase.strip() for phrase in phrases), name


def test_a_file_of_ones_own_words_is_used_and_a_wrong_one_refused(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('[spam.en]\ncertain = ["golden tea"]\nsigns = []\n')
    assert isinstance(Spam(words=str(own)).clean(piece("Golden tea from Fuzhou")), Drop)
    assert not isinstance(Spam(words=str(own)).clean(piece("check out my channel")), Drop)
    with pytest.raises(ConfigError, match="nowhere"):
        Spam(words=str(tmp_path / "nowhere.toml")).clean(piece("Wuhan"))
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[spam]\ncertain = ["x"]\n')
    with pytest.raises(ConfigError, match="certain"):
        Spam(words=str(wrong)).clean(piece("Wuhan is large"))


SLOGAN = "Wuhan is the most wonderful city of all and everyone should go there right now"


def post(number: int, minute: int, text: str = SLOGAN, **values: Any) -> Record:
    known: dict[str, Any] = {"author": f"fan{number}", "text": text}
    known["published_at"] = MOMENT + timedelta(minutes=minute)
    return Record(str(number), "x", **(known | values))


def drops(filling: Filling) -> dict[str, int]:
    return dict(filling.rows('SELECT filter, count(*) FROM "drop" GROUP BY filter'))


def test_the_same_words_by_many_accounts_within_the_hour_are_a_campaign(filling: Filling) -> None:
    for number in range(10):
        filling.record(post(number, number * 6, f"@user{number} {SLOGAN.upper()}!!!"))
    filling.record(post(10, 600))
    clean(filling.workspace)
    assert drops(filling) == {"copy-paste": 10}


@pytest.mark.parametrize(
    ("step", "values"),
    [
        (10, {}),  # ten accounts, but over an hour and a half
        (1, {"is_share": True}),
        (1, {"text": f"RT @anna: {SLOGAN}"}),
        (1, {"text": f"{SLOGAN} https://news.test/a"}),
        (1, {"text": "Good morning, Wuhan!"}),
    ],
)
def test_what_many_say_is_not_always_a_campaign(
    filling: Filling, step: int, values: dict[str, Any]
) -> None:
    for number in range(10):
        filling.record(post(number, number * step, **values))
    clean(filling.workspace)
    assert "copy-paste" not in drops(filling)


def test_an_account_that_floods_loses_the_day_and_a_medium_does_not(
    open_study: Open, tmp_path: Path
) -> None:
    filling = open_study(tmp_path, filters={"flood": {"least": 5}})
    for number in range(5):
        text = f"Wuhan, part {'abcde'[number] * 5} of a long thread"
        filling.record(post(number, number, text, author="bot"))
        filling.record(post(10 + number, number, text, author="cgtn", author_followers=500_000))
    filling.record(post(20, 24 * 60, "Wuhan on another day, by the same", author="bot"))
    clean(filling.workspace)
    assert drops(filling) == {"flood": 5}


def test_a_crowd_filter_that_raises_costs_itself(open_study: Open, tmp_path: Path) -> None:
    plugin = tmp_path / "broken_crowd.py"
    plugin.write_text(
        "from dataclasses import dataclass\nfrom typing import ClassVar\n"
        "from ccgcii import hookimpl\n\n"
        "@dataclass(frozen=True)\nclass Broken:\n"
        "    name: ClassVar[str] = 'broken'\n    layer: ClassVar[int] = 4\n    least: int = 2\n\n"
        "    def key(self, document):\n        return 'all'\n\n"
        "    def judge(self, crowd):\n        return ['too few']\n\n"
        "@hookimpl\ndef ccgcii_filters():\n    return [Broken()]\n"
    )
    filling = open_study(tmp_path / "study", plugins={"files": [plugin]})
    for number in range(3):
        filling.record(post(number, 0, f"Wuhan number {'abc'[number] * 9} here"))
    summary = clean(filling.workspace)
    assert summary.kept == 3
    assert summary.problems["broken"][0] == 1


PLAN = (
    "Walk for twenty minutes along the lake before breakfast. "
    "Drink two glasses of green tea from the hills. "
    "Stretch for ten minutes before you go to bed. "
)
DISHES = ("noodles", "dumplings", "fish", "soup", "tofu", "rice", "eggs", "greens", "porridge")


def test_a_plan_that_repeats_its_steps_each_day_is_writing() -> None:
    days = [
        f"Day {number} in Wuhan: {dish} with {other} at noon, as the cook of the canteen makes it "
        f"when {dish} comes fresh from the market. {PLAN * 2}"
        for number, dish in enumerate(DISHES)
        for other in DISHES[:3]
        if dish != other
    ]
    assert dropped_by(piece(" ".join(days), "media")) == []
    # The same steps with nothing besides are a page filled by a machine.
    assert dropped_by(piece(PLAN * 9, "media")) == ["filler"]


def test_a_report_on_spam_is_none() -> None:
    bait = "Follow me back, link in bio, check my page: easy money in Wuhan"
    assert isinstance(Spam().clean(piece(bait)), Drop)
    assert not isinstance(Spam().clean(piece(f"{bait}. Police arrested two for such posts")), Drop)
    assert not isinstance(Spam().clean(piece(f"{bait} 武汉警方查获")), Drop)
