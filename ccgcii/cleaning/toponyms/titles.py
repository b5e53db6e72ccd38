"""Cities inside the titles of works and the names of houses: „Das Lied von Schanghai“."""

from __future__ import annotations

import re

from ccgcii.cleaning.toponyms.heads import is_named_thing
from ccgcii.cleaning.toponyms.surroundings import words_of

# A title is short; what is longer between quotation marks is speech.
LONGEST, MOST_WORDS, MOST_HAN = 48, 7, 14
# Words after a title of several words within which its noun may stand.
FAR = 6
# With these marks, for others hold speech as often.
_LONG_MARKS = frozenset("«»„“‹")

_OPENING = {
    "«": "»",
    "»": "«",
    "“": "”",
    "„": "“”",
    "‹": "›",
    '"': '"',
    "‘": "’",
    "'": "'",
    "「": "」",
    "『": "』",
}
_OPENS = re.compile(r"(?:(?<!\w)[«»“„‹\"‘']|[「『])(?=[^\s,.])|«[ \u00a0\u202f]")
_MARK = re.compile("[«»“„‹\"‘'「『]")
_CLOSES = re.compile(r"(?<=[ \u00a0\u202f])»|(?<=[^\s,])(?:[»«“”›\"’'](?!\w)|[」』])")
_SPEECH = re.compile(r"[.;:?]\s|[。；：，]")
_HAN_WORKS = re.compile(
    r"(?:电影|電影|影片|纪录片|紀錄片|小说|小說|歌曲|专辑|專輯|话剧|話劇|舞剧|电视剧|電視劇|油画|油畫|新书|新書|散文|诗集|游戏|映画|小説|曲|ドラマ|アルバム|作品|番組|漫画|アニメ|"
    r"店名|店|餐厅|餐館|餐馆|饭店|酒吧|咖啡馆|居酒屋|中華料理店|レストラン|バー|喫茶店|ホテル)[^，。、]{0,3}$"
)
# Papers of a city, which speak of it: 《北京市垃圾分类条例》.
_PAPERS = re.compile(
    r"(?:条例|條例|规定|規定|办法|辦法|方案|规划|規劃|纲要|綱要|意见|意見|通知|公告|通告|通报|决定|細則|细则|指南|报告|報告|计划|計畫|白皮书|年鉴|章程|协议|協議|措施|标准|清单|指引|政策)(?:（[^）]*）)?$"
)


def is_in_a_title(text: str, start: int, end: int) -> bool:
    """Say whether the name stands inside the title of a work or the name of a house or a ship.

    Chinese book marks always hold a title; other quotation marks do where they are short and such a
    noun stands beside them.
    """
    head = text[max(0, start - LONGEST) : start]
    if "《" in head and "》" not in head[head.rindex("《") :]:
        return _is_a_work(text, start, end, head)
    if _MARK.search(head) is None:
        return False
    opened = next(reversed(list(_OPENS.finditer(f"{head}x"))), None)
    if opened is None:
        return False
    closing = _OPENING[opened.group()[0]]
    marks = _CLOSES.finditer(text, end, end + LONGEST)
    closed = next((mark for mark in marks if mark.group() in closing), None)
    if closed is None or _closed_before(head[opened.end() :], closing):
        return False
    inside = head[opened.end() :] + text[start : closed.start()]
    if len(inside.split()) > MOST_WORDS or _SPEECH.search(inside):
        return False
    return _has_a_noun(
        opened.group()[0],
        head[: opened.start()],
        text[closed.end() : closed.end() + LONGEST],
        inside,
    )


def _closed_before(inside: str, closing: str) -> bool:
    return any(mark.group() in closing for mark in _CLOSES.finditer(inside))


def _is_a_work(text: str, start: int, end: int, head: str) -> bool:
    close = text.find("》", end, end + LONGEST)
    if close < 0:
        return False
    title = head[head.rindex("《") + 1 :] + text[start:close]
    return _PAPERS.search(title) is None


def _has_a_noun(mark: str, before: str, after: str, inside: str) -> bool:
    if len(inside) <= MOST_HAN and _HAN_WORKS.search(before):
        return True
    near = words_of(before)[-2:]
    if any(word in ".:;" for word in near):
        near = near[:1] if near[-1] == ":" else []  # Cine: 'El último tren a Shanghái'
    far = " " in inside and mark in _LONG_MARKS
    following = words_of(after)[: FAR if far else 2]
    return any(is_named_thing(word) for word in (*near, *following))
