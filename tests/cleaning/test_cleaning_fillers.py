"""Text made by machines, and short lists: what is dropped, and the like of it that people write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ccgcii import Document, Drop
from ccgcii_cleaning.fillers import Filler
from ccgcii_cleaning.noise import HashtagStuffing, NumberTable, ScoreList

MOMENT = datetime(2020, 5, 1, 12, tzinfo=UTC)


def post(text: str) -> Document:
    return Document("t", "x", "https://a.test/1", MOMENT, text=text)


def reason(thing: Filler | HashtagStuffing | NumberTable | ScoreList, text: str) -> str:
    result = thing.clean(post(text))
    return result.reason if isinstance(result, Drop) else ""


MACHINES = """
placeholder text | Sure! Here is a short caption for your photo of Ningbo: Harbour lights, harbour nights.
placeholder text | 好的，以下是为您准备的宁波旅游文案：走进宁波，感受海的气息。
a template that nobody filled in | Welcome to {city}! Our {service} in {city} is the best.
placeholder text: lorem ipsum | Ningbo lorem ipsum dolor sit amet, consectetur adipiscing elit
set phrases and little else | Looking for a weekend in Ningbo? Look no further! In this comprehensive guide \
we will explore the hidden gems of this vibrant city. It has something for everyone.
set phrases and little else | 宁波天气怎么样？很多人都想知道。接下来就让我们一起来看看吧，以上就是全部内容，\
希望能帮到大家，欢迎在评论区留言。
comes 6 times | 宁波开锁公司电话，宁波开锁公司价格，宁波开锁公司哪家好，宁波开锁公司推荐，\
宁波开锁公司地址，宁波开锁公司上门。
"""  # noqa: E501

PEOPLE = """
Sure! Here is my dog in front of the drum tower of Ningbo, he was not impressed at all.
A hidden gem: the noodle shop behind the drum tower of Ningbo, nine seats, no menu, and in the \
evening the owner plays the accordion for whoever is still there.
以上就是我在宁波的第一天，腿已经不是自己的了，但三江口的晚风真舒服，明天还想再去走一圈。
宁波加油，宁波加油，宁波加油，宁波加油，宁波加油，宁波加油，宁波加油，宁波加油，宁波加油。
She wrote {sic} behind every name in the register of the old guild of Ningbo.
"""


@pytest.mark.parametrize("line", MACHINES.strip().splitlines())
def test_what_a_machine_wrote_is_dropped_with_its_sign(line: str) -> None:
    sign, text = line.split(" | ")
    assert sign in reason(Filler(), text)


@pytest.mark.parametrize("text", PEOPLE.strip().splitlines())
def test_what_people_write_in_the_same_words_is_kept(text: str) -> None:
    assert reason(Filler(), text) == ""


def test_a_few_hashtags_are_stuffing_where_there_is_nothing_else() -> None:
    tags = "#宁波# #宁波美食# #海鲜# #周末# #探店# #打卡#"
    assert "6 hashtags" in reason(HashtagStuffing(), tags)
    assert (
        reason(HashtagStuffing(), f"{tags} 今天带爸妈去老外滩吃了一顿，妈妈说比家里做的还鲜") == ""
    )
    assert reason(HashtagStuffing(), "#宁波# #海鲜# #周末#") == ""


def test_a_few_results_are_a_list_where_all_else_are_figures_too() -> None:
    results = "女排第3轮 宁波3-1厦门 天津3-0福州 上海3-2北京 南京1-3成都"
    assert "4 results" in reason(ScoreList(), results)
    told = (
        "宁波3-1赢了厦门，第三局一度12-18落后，主帅换上两名替补才扳回来；去年同一对手，她们0-3输得"
        "干脆，前年是2-3，今年总算把这口气出了，看台上有人从头喊到尾。"
    )
    assert reason(ScoreList(), told) == ""


def test_a_short_text_is_a_table_only_if_most_of_it_are_digits() -> None:
    drawn = "宁波站 03 07 11 12 18 22 25 31 34 39 40 46 51 55 58 62 66 70 73 79"
    assert "of the text are digits" in reason(NumberTable(), drawn)
    assert reason(NumberTable(), "2020.01.23 - 2020.04.08 武汉，我们都记得这76天") == ""
