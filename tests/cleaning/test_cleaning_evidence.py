"""Offers to strangers are told by kinds of evidence, and who reports on them is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ccgcii import Document, Drop, Study, default_cities
from ccgcii_cleaning import ccgcii_filters
from ccgcii_cleaning.evidence import at_most, evidence_of
from ccgcii_cleaning.phrases import read

STUDY = Study("t", "2020-01-01", "2020-12-31", default_cities())
BY_NAME: dict[str, Any] = {thing.name: thing for thing in ccgcii_filters(STUDY) if thing.layer == 4}
MOMENT = datetime(2020, 5, 1, 12, tzinfo=UTC)


def post(text: str, channel: str = "x") -> Document:
    return Document("t", channel, "https://a.test/1", MOMENT, text=text)


def dropped_by(text: str) -> list[str]:
    things = ((name, thing) for name, thing in BY_NAME.items() if hasattr(thing, "clean"))
    return [name for name, thing in things if isinstance(thing.clean(post(text)), Drop)]


def reason(name: str, text: str) -> str:
    result = BY_NAME[name].clean(post(text))
    assert isinstance(result, Drop), text
    return result.reason


# No phrase of noise_words.toml is enough for any of these.
SPAM = [
    "Dear friend in Jinan, our bank pays a daily bonus, nothing to deposit, TG: bonus_jinan7",
    "各位老板，本人代办车牌，当天出，先看后付，武汉可面谈，电话13800138000",
    "Нужны деньги? Займ без залога за 15 минут, Харбин, пишите в вичат zaim_hb1",
    "Butuh uang di Wuhan? Pinjaman tanpa jaminan, cair cepat, hubungi WA: 081200000000",
]
ADVERTS = [
    "Custom valves made to order in Wenzhou, certified, catalogues on request: info@valves.test",
    "本店承接无锡办公室装修，免费量尺，包工包料，报价优惠，联系电话13800138000",
    "Кухни на заказ из Фошаня, доставка, гарантия, цены от производителя, звоните +7 900 000 00 00",
]


@pytest.mark.parametrize("text", SPAM)
def test_spam_of_no_known_phrase_is_told_by_what_it_cannot_do_without(text: str) -> None:
    assert "points of evidence" in reason("spam", text)


@pytest.mark.parametrize("text", ADVERTS)
def test_goods_with_a_way_to_order_are_an_advertisement(text: str) -> None:
    assert "points of evidence" in reason("advertising", text)


KEPT = [
    "Police in Jinan: a fake bank paid a daily bonus and wrote from TG: bonus_jinan7",
    'Beware: "daily bonus, nothing to deposit", they write to Jinan from TG: bonus_jinan7',
    "The consulate in Jinan: free legal advice, no fee, call +86 531 0000 0000 to book now",
    "寻人：奶奶在武汉走失，当天穿红衣，请看到的各位电话13800138000，家属必有重谢",
    "记者暗访武汉代办车牌的小店，老板说“先看后付，当天出”，电话却是空号",
    "Does anyone in Jinan know a legit bank that pays a bonus? Please DM me",
    "酒店前台态度太差，说好的免费宽带没有，电话打了三次，预订的优惠也不认",
    "Lovely noodles for 7 yuan at the station in Jinan, call it a bargain",
]


@pytest.mark.parametrize("text", KEPT)
def test_who_warns_helps_asks_or_complains_is_kept(text: str) -> None:
    assert dropped_by(text) == []


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("all of it stands in the library", 0),
        ("send me a message on WhatsApp", 1),
        ("see jinan-tours.com for more", 1),
        ("登录wap.jn-jf.com领取", 1),
        ("WhatsApp: jinan_77", 2),
        ("加微信jinan2020", 2),
        ("点开jn-jf.top看看", 2),
        ("text WIN to 83355 now", 2),
        ("发送LQ到10086领取", 2),
        ("call 0531-88888888", 2),
        ("一三八零零一三八零零零", 2),
        ("in 1937-1945 and 2,020,000 people since 2020-05-01", 0),
        ("@mayor, message me on WhatsApp", 1),
        ("line 2 and line 10 meet there", 0),
    ],
)
def test_how_a_text_may_be_answered(text: str, contact: int) -> None:
    assert evidence_of("", text).contact == contact


def test_letters_in_disguise_are_read_as_what_they_stand_for() -> None:
    apart = evidence_of("", "c o n t a c t  on W.h.a.t.s.A.p.p for a b0nus and ca$h in Jinan")
    assert {"contact", "gain"} <= set(apart.classes)
    assert apart.disguised
    assert evidence_of("", "加Ｖ信ｊｎ２０２０").disguised
    assert not evidence_of("", "4K film of G20 in B2B mode, I am 5 ft 7").disguised
    for unseen in "\u200b\u2060\ufeff\u00ad":
        assert "whatsapp" in read("", f"whats{unseen}app").kinds["contact"].signs


@pytest.mark.parametrize("text", [*SPAM, *ADVERTS, *KEPT])
def test_the_look_before_never_promises_too_little(text: str) -> None:
    reading = read("", text)
    assert at_most(text, reading) >= evidence_of("", text).solicits


def test_evidence_can_be_switched_off_and_long_texts_are_no_offers() -> None:
    spam = BY_NAME["spam"]
    off = replace(spam, evidence=0)
    assert off.clean(post(SPAM[0])) == post(SPAM[0])
    long = f"{SPAM[0]} {'A walk along the river of Jinan in the rain. ' * 10}"
    assert spam.clean(post(long)) == post(long)
    assert spam.clean(post(SPAM[0], "media")) == post(SPAM[0], "media")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("job-listing", "Cook wanted in Jinan: 9-11k, own room, 2 years exp, cv to cook@jn.test"),
        ("job-listing", "济南某厂急招，时薪22，管吃管住，18-40岁，有意者带身份证来面试"),
        ("property-listing", "济南泉城路整套转租，92㎡两居，4200/月，押一付三，电话13800138000"),
        ("property-listing", "Jinan flat to let: 2 rooms, 80 m2, 3900/month, call 0531-88888888"),
        ("timetable", "Jinan-Qingdao 07:10 08:40 09:55 11:20, back 13:00 14:30"),
        ("market-table", "Xangai: cobre +1,2%; níquel -0,8%; zinco +2,4%; chumbo -1,1%"),
        ("weather-bulletin", "Jinan: 31°/22°, 40%, 3 m/s; 29°/21°, 70%"),
    ],
)
def test_fields_and_figures_tell_a_listing_in_any_wording(name: str, text: str) -> None:
    assert name in dropped_by(text)


@pytest.mark.parametrize(
    "text",
    [
        "A flat of 80 m2 in Jinan costs 2 million yuan, and rent has risen to 3900 a month",
        "我的房东把济南两居涨到4200一个月，押一付三，92㎡而已",
        "At 07:10 police came, 08:40 the road closed, at 09:55 he said it was over, 11:20 rain",
        "Shares fell: copper -1.2%, nickel -0.8%, zinc -2.4%, traders in Jinan said",
        "暴雨中济南气温从31℃降到22℃，阵风9级，降水80毫米，两人被困后获救，无人伤亡",
        "Of the dumplings 40% leek, 30% egg, 20% pork, 10% luck",
    ],
)
def test_who_tells_of_flats_trains_and_storms_is_kept(text: str) -> None:
    assert dropped_by(text) == []


def test_two_long_words_in_every_sentence_are_bait() -> None:
    said = ("Why a Jinan locksmith? ", "Our Jinan locksmith is near. ", "Call a Jinan locksmith. ")
    assert "filler" in dropped_by("".join(said * 3))
    assert dropped_by("The old town of the city is the heart of the city and the joy of it.") == []


def test_a_list_of_results_may_have_a_heading_of_two_parts() -> None:
    assert "score-list" in dropped_by(
        "羽毛球团体赛 济南 中国3-0丹麦 日本3-1印尼 泰国2-3韩国 印度0-5中国台北"
    )
