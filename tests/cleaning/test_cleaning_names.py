from __future__ import annotations

import pytest

from ccgcii import City, CityName, default_cities, find_cities
from ccgcii.cleaning.scripts import script_of
from ccgcii.cleaning.toponyms.forms import names_of
from ccgcii.cleaning.toponyms.places import gazetteer


def found(text: str, language: str | None = None) -> list[str]:
    return [mention.city for mention in find_cities(text, language)]


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Wuhan's mayor met Beijing-based firms.", ["wuhan", "beijing"]),
        ("The terracotta army stands near Xi'an; Xi’an is old.", ["xian", "xian"]),
        ("昨天武汉和北京市都下了雨。", ["wuhan", "beijing"]),
        ("В Пекине и Ухане прошёл дождь.", ["beijing", "wuhan"]),
        ("وصل الوفد إلى بكين", ["beijing"]),
        ("سافر ببكين", ["beijing"]),
        ("베이징에서 우한까지", ["beijing", "wuhan"]),
        ("Pekings neue Regeln", ["beijing"]),
        ("WUHAN REOPENS", ["wuhan"]),
        ("我在Shenzhen工作", ["shenzhen"]),
    ],
)
def test_a_name_is_found_as_prose_writes_it(text: str, cities: list[str]) -> None:
    assert found(text) == cities


@pytest.mark.parametrize(
    "text",
    [
        "She studied at Peking University.",
        "Peking duck for dinner, and Peking opera after.",
        "Ministers of the Shanghai Cooperation Organisation met.",
        "The Shanghai Cooperation summit opens in Samarkand.",
        "Members hail the “Shanghai spirit” at their summit.",
        "The Shanghai Spirit guides the bloc.",
        "各方弘扬“上海精神”，加强互信。",
        "上海五国机制是其前身。",
        "Les membres saluent « l’esprit de Shanghai ».",
        "«дух Шанхая» объединяет страны",
        "회원국은 상하이 정신을 강조했다.",
        "「上海精神」を掲げる首脳会議。",
        "货轮驶向长江出海口。",
        "山西安全生产会议召开。",
        "湖南通报了三起案件。",
        "会议在其中山东代表发言后结束。",
        "北京时间八点整。",
        "孙中山先生的故居。",
        "He was shanghaied by harbingers of Wuhanite.",
        "Wang Dongying said China would win.",
        "See https://example.org/Beijing and ask @BeijingWatcher",
    ],
)
def test_a_name_inside_a_name_is_no_mention(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "上海精神卫生中心接诊了首位患者。",
        "上海精神文明建设大会召开。",
        "The spirit of Shanghai lives in its lanes.",
        "Shanghai spirits are high before the fair.",
        "Shanghai Cooperation With Milan Grows",
    ],
)
def test_a_spirit_that_is_the_citys_own_names_it(text: str) -> None:
    assert found(text) == ["shanghai"]


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("休斯顿是德州最大的城市。", []),
        ("德州遭遇暴雪。", []),
        ("山东德州的扒鸡很有名。", ["dezhou"]),
        ("A fire in Canton, Ohio, killed two.", []),
        ("Tea left Canton in China by ship.", ["guangzhou"]),
        ("Taizhou is growing.", []),
        ("Taizhou in Jiangsu is growing.", ["taizhou-jiangsu"]),
        ("Taizhou, Zhejiang, has a port.", ["taizhou-zhejiang"]),
        ("Gardens of Suzhou are famous.", ["suzhou"]),
        ("Suzhou in Anhui has coal.", []),
        ("The festival in Yulin, Guangxi, drew protest.", []),
        ("Yulin in Shaanxi mines coal.", ["yulin"]),
    ],
)
def test_a_doubtful_name_needs_evidence(text: str, cities: list[str]) -> None:
    assert found(text) == cities


def test_a_japanese_family_name_is_not_zhongshan() -> None:
    assert found("中山さんは東京に住んでいる。") == []
    assert found("中山市位于广东省。") == ["zhongshan"]


def test_hashtags_count_where_they_write_the_name_as_a_word() -> None:
    assert found("#VisitWuhan #Beijing2022 #武汉加油") == ["wuhan", "beijing", "wuhan"]
    assert found("#wuhanvirus #nanjingers") == []


def test_a_mention_says_where_it_stands_and_what_decided() -> None:
    text = "After Canton (Guangdong), they sailed to Xiamen."
    first, second = find_cities(text)
    assert text[first.start : first.end] == first.as_written == "Canton"
    assert "province" in first.rule
    assert 0 < first.confidence <= second.confidence == 0.95


def test_any_table_of_cities_can_be_looked_for() -> None:
    bath = City(
        1, "bath", "Bath", "Bath", "巴斯", "Somerset", "", None, "", None, None, None,
        (CityName("Aquae Sulis"),),
    )  # fmt: skip
    mentions = find_cities("Aquae Sulis is today's Bath, not Wuhan.", cities=[bath])
    assert [mention.as_written for mention in mentions] == ["Aquae Sulis", "Bath"]


PLAIN = {
    "alphabet": "A fire in {} killed three.",
    "han": "昨天{}发生火灾。",
    "hangul": "{}에서 불이 났다.",
    "arabic": "اندلع حريق في {} اليوم.",
}


def test_every_name_that_needs_no_evidence_is_found_in_a_plain_sentence() -> None:
    missed = [
        name
        for city in default_cities()
        for name, ambiguous in names_of(city)
        if not ambiguous and not doubtful(city, name)
        if city.key not in found(PLAIN[script_of(name)].format(name))
    ]
    assert missed == []


def doubtful(city: City, name: str) -> bool:
    keys = () if script_of(name) == "han" else (city.key,)
    place = gazetteer().place(name, keys)
    shared = sum(other.name_en == name for other in default_cities()) > 1
    return shared or (place is not None and place.counts != "always")
