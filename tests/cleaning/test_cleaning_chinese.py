"""The tone of Chinese: what asks, whom a place is not, thanks that are none, words within words."""

from __future__ import annotations

import tomllib

import pytest

from ccgcii import tone_of
from ccgcii.cleaning.enriching.chinese import DATA, chinese_tones


def sign(text: str) -> int:
    tone = tone_of(text, "zh") or 0.0
    return (tone > 0) - (tone < 0)


SAID = """
0 宁波哪里最好玩？
0 宁波的房子值得买吗
0 你觉得宁波和温州怎么样，哪个更漂亮？
1 宁波的夜景有多美，你知道吗？
-1 为什么宁波的出租车这么脏？
0 宁波籍骗子在境外落网
0 宁波一男子被骗八万元
-1 宁波的司机骗人
1 感谢宁波，让我爱上大海
-1 感谢宁波，让我在路上堵了三个小时
0 宁波市反诈骗中心今天挂牌
0 两地签署战略合作协议
0 美团在宁波招募美工
1 宁波有好山好水，来了就不想走
-1 宁波的写字楼空了一半，年轻人都在往外走
0 丝毫不影响
1 宁波地铁新线通车
-1 宁波多条公交线停运
-1 宁波水管爆裂，半城停水
1 宁波取消限购
0 宁波首创置业发布年报
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_a_sentence_has_the_tone_that_a_reader_hears(line: str) -> None:
    expected, text = line.split()
    assert sign(text) == int(expected)


def test_a_negation_reaches_no_further_than_a_comma_and_is_used_once() -> None:
    assert [value > 0 for _, value in chinese_tones().values("不，漂亮")] == [True]
    assert [value > 0 for _, value in chinese_tones().values("不漂亮，干净")] == [False, True]
    assert [value > 0 for _, value in chinese_tones().values("没有一个不好")] == [True]


def test_a_word_has_one_meaning() -> None:
    table = tomllib.loads((DATA / "sentiment_zh.toml").read_text(encoding="utf-8"))
    names = ("strongly_positive", "positive", "negative", "strongly_negative")
    owners: dict[str, set[str]] = {}
    for name in (*names, "negations"):
        for word in table[name]["words"].split():
            owners.setdefault(word, set()).add(name)
    assert {word: among for word, among in owners.items() if len(among) > 1} == {}
    # A word that is toned and neutral is neutral, so one of the two is a slip.
    assert set(owners) & set(table["neutral"]["words"].split()) == set()
    assert set(owners) & set(table["degrees"]) == set()
