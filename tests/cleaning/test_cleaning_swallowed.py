"""What swallows a city's name, rule by rule; the sentences that measure it are in benchmarks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ccgcii import Document, Drop, default_cities, find_cities
from ccgcii_cleaning.relevance import NamesNoCity


def found(text: str, language: str | None = None) -> list[str]:
    return [mention.city for mention in find_cities(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "Elle enseigne à l'université de Nankin.",
        "He trained at the University of Science and Technology Beijing.",
        "La fragata china Yantai llegó ayer.",
        "The Changzhou type 054A frigate sailed.",
        "The frigates Huanggang and Yangzhou sailed.",
        "Der Viermaster »Peking« liegt im Hafen.",
        "The Tangshan was towed away.",
        "Il a lu « Les nuits de Shanghai », un roman.",
        "O filme A Dama de Xangai passa hoje.",
        "Ristorante Nuova Pechino, chiuso per ferie.",
        "Lanzhou beef noodles are cheap.",
        "Pekin ördeği tarifi",
        "Xiamen Air cancelled forty flights.",
        "A Shenyang J-16 jet crossed the line.",
        "Şanghay adlı romanı yeni çıktı.",
        "Shanghai ist auch ein Stäbchenspiel.",
        "Xangai, o cantor baiano, lança disco.",
        "Wuhan Villarroel, de tres años, recibió su nombre.",
        "《南京！南京！》今晚重映。",
        "导演的新片叫《苏州河》。",
        "武汉理工的学生返校。",
        "青岛海牛客场逼平对手。",
        "上海医药集团有限公司公布年报。",
        "演员吴金华出席。",
        "영화 '상하이'가 개봉했다.",
        "칭다오 네 캔을 샀다.",
        "映画『上海特急』を観た。",
    ],
)
def test_a_noun_beside_the_name_makes_it_another_name(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Qingdao beer festival opens.", ["qingdao"]),
        ("Chengdu World University Games", ["chengdu"]),
        ("The Beijing Auto Show opens.", ["beijing"]),
        ("A Pechino Xi Jinping ha incontrato i ministri.", ["beijing"]),
        ("How can Beijing respond?", ["beijing"]),
        ("Les vols de Paris à Pékin reprennent.", ["beijing"]),
        ("This time Wuhan waits.", ["wuhan"]),
        ("上海证券交易所收盘上涨。", ["shanghai"]),
        ("武汉大学生返校。", ["wuhan"]),
        ("《北京市垃圾分类条例》今天施行。", ["beijing"]),
        ("He said: “Wuhan is safe. Come back.”", ["wuhan"]),
    ],
)
def test_what_speaks_of_the_city_is_left_alone(text: str, cities: list[str]) -> None:
    assert found(text) == cities


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("夜里海上海风刺骨。", []),
        ("环保定时检查。", []),
        ("重大连锁反应。", []),
        ("環保定期檢查。", []),
        ("相信阳光。", []),
        ("打造成都唯一的书院。", ["chengdu"]),
        ("河南新乡村庄受灾。", ["xinxiang"]),
        ("长春节日灯光秀。", ["changchun"]),
        ("江苏南通报告三例。", ["nantong"]),
    ],
)
def test_chinese_words_that_only_touch_are_told_by_how_common_they_are(
    text: str, cities: list[str]
) -> None:
    assert found(text, "zh") == cities


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Сучжоу в провинции Аньхой славится абрикосами.", []),
        ("쑤저우 (안후이성) 지역에 비가 왔다.", []),
        ("Les jardins de Suzhou, au Jiangsu.", ["suzhou"]),
        ("In Wuhu regnet es.", ["wuhu"]),
        ("Jinan, a Syrian seamstress, sings.", []),
        ("Jinan, a city of springs, is cold.", ["jinan"]),
        ("Des esclaves embarquèrent à Canton.", ["guangzhou"]),
        ("Two people in Canton were hurt.", []),
        ("대표팀의 선전을 기원합니다.", []),
        ("선전에서 회의가 열렸다.", ["shenzhen"]),
    ],
)
def test_places_persons_and_words_of_the_same_name_need_evidence(
    text: str, cities: list[str]
) -> None:
    assert found(text) == cities


@pytest.mark.parametrize(
    ("text", "metonym"),
    [
        ("Beijing denied the report.", True),
        ("Pékin dénonce une ingérence.", True),
        ("ties with Beijing", True),
        ("Moscow and Beijing voted against.", True),
        ("北京回应美方威胁。", True),
        ("Beijing's parks reopened.", False),
        ("Flights between Paris and Beijing resume.", False),
        ("Shanghai denied the report.", False),
    ],
)
def test_a_seat_of_government_is_told_from_the_government(text: str, metonym: bool) -> None:  # noqa: FBT001 - a parameter
    (mention,) = find_cities(text)
    assert mention.is_metonym is metonym


def test_a_mention_says_how_much_the_text_is_about_its_city() -> None:
    first, second, last = find_cities("Wuhan, then Hefei. " + "x " * 200 + "Wuhan.")
    assert (first.salience, second.salience, last.salience) == (0.7, 0.7, 0.7)
    (late,) = find_cities("x " * 200 + "Wuhan.")
    assert late.salience == pytest.approx(0.3)


def test_a_study_may_set_the_government_aside() -> None:
    moment = datetime(2020, 6, 1, tzinfo=UTC)
    text = "Beijing denied it. In Beijing it rained. Wuhan is warm."
    document = Document("t", "x", "https://a.test/1", moment, text=text)
    counts = NamesNoCity(default_cities()).clean(document)
    aside = NamesNoCity(default_cities(), metonyms=False).clean(document)
    assert not isinstance(counts, Drop)
    assert not isinstance(aside, Drop)
    assert [mention.city for mention in counts.mentions] == ["beijing", "beijing", "wuhan"]
    assert [mention.city for mention in aside.mentions] == ["beijing", "wuhan"]
    assert aside.mentions[0].start == text.rindex("Beijing")
