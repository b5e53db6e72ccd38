"""Evidence that a text is an offer to strangers: several independent kinds of it, added up.

Phrases tell the spam that somebody has read before. What no offer can do without are a way to
answer, a call to do so, and something promised: the classes of `data/evidence_words.toml`, found
with the phrases in one pass, and the shapes below. However often a text speaks for a class, it
counts once, those that say what is offered up to thrice for different words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from ccgcii_cleaning.phrases import read
from ccgcii_cleaning.wording import digits_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccgcii_cleaning.phrases import Reading, Signs

# Where an answer goes: a number to call, an account behind the name of a messenger, an address.
_PHONE = re.compile(
    r"(?<![\d.,/:-])(?:\+\d[\d\s()-]{7,17}\d|1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d[\d\s()/-]{6,14}\d"
    r"|\(\d{2,4}\)\s?\d[\d\s-]{5,10}\d|[48]00-?\d{3}-?\d{3,4}|\d{3,4}-\d{7,8}|\d{3}\s\d{3}\s\d{3,4}"
    r"|1[56]\d\d-\d{4})(?![\d/:%-]|[.,]\d|\s?[年万萬元])"
)
_NAMES = (
    r"whats\s?app|telegram|wechat|weixin|viber|zalo|kakao|skype|snapchat|instagram|tg|vx|wx|qq|line"
    r"|id|[微薇威徽v][信❤♥]|绿泡泡|绿色软件|[微薇]?xin|[+加][v薇微]|扣扣|賴|тг|телеграм|ват?сап|вичат"
    r"|واتساب|تلغرام|텔레|카톡|위챗|登録"
)
_ACCOUNT = re.compile(
    rf"(?:\b|(?<=[\u2e80-\uffff]))(?:{_NAMES})"
    r"(?:\s?[:：→>=@❤♥+是号號]{1,4}\s?@?[a-z0-9][a-z0-9_. -]{3,}"
    r"|\s?(?=[a-z_.-]{0,12}[\d_])[a-z][a-z0-9_.-]{4,})"
)
# A word to be sent to a short number.
_SHORT = re.compile(
    r"(?:\b(?:txt|text|send|sms|reply|rply|envía|envie|envoyez|sende|invia|отправь|kirim|gönder|soạn)\b"
    r"|发送|發送|编辑短信|发短信).{1,30}?(?:\b(?:to|al|para|au|an|ke|gửi|на)\b|到|至)\s?\d{4,6}(?!\d)"
)
# Not where a reply begins: there it is the one spoken to.
_HANDLE = re.compile(r"(?:(?<=\S )|(?<=[:：→>]))@[a-z0-9_]{4,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
# A chat to join, or a house with no name.
_HIDDEN = re.compile(
    r"(?<![a-z0-9])(?:t\.me|wa\.me|linktr\.ee)/|(?<![/@a-z0-9_.-])[a-z][a-z0-9-]+\.(?:help|top|xyz|vip|icu|club|live|bet"
    r"|win|buzz|fun|click|site|online|shop|store|cc|gg)(?![a-z0-9.])"
)
# Written to be typed: media give links that begin with https.
_TYPED = re.compile(r"(?<![/@a-z0-9_.-])[a-z][a-z0-9-]+(?:\.[a-z0-9-]+)?\.[a-z]{2,6}(?![a-z0-9.])")
# Looks before searching: an ending without a space before it, a figure that touches a letter.
_DOTTED = re.compile(r"\.[a-z]{2}")
_TOUCHED = re.compile(r"#[a-z]|[@$][a-z]")
_DIGITS = 7
_SHORTEST = 4
_SPELT = re.compile(r"[零〇○一二三四五六七八九幺壹]{7,}")
# Letters that only look like letters, letters kept apart, figures within words.
_FULL = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{3,}")
_APART = re.compile(r"(?<!\w)(?:\w[ ._*-]){4,}\w(?!\w)")
_LEET = re.compile(r"(?<![\w#])(?=\w*[013457@$])(?:[a-z]+[013457@$]+)+[a-z]+(?!\w)")
_PLAIN = str.maketrans("013457@$", "oleastas")
_LOUD = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]|[!！❗‼]{2,}")
_LOUD_FROM = 3
# An invitation to a museum has an address, a call and a hurry as well.
_CIVIC = 4
_WORTH = (0, 1, 4)
_MASKED = 2
# Who tells of somebody, says who said it or what has risen sells nothing.
TELLS = re.compile(
    r"[“「『«][^”」』»\n]{6,200}[”」』»]|[他她]|男子|女子|网友|記者|记者|据悉|据了解|報道|报道|表示|透露|坦言"
    r"|(?<!好)说[,:“]|[上下]涨|同比|环比|[降涨]到|という|と話|によると|했다|한다"
    r"|\b(?:he|she|his|her|says|said|tells|told|according|a study|researchers|analyst\w*|risen|rose"
    r"|fell|fallen|il|elle|selon (?!profil|exp)|sagt|sagte|laut|dice|dijo|según|diz|disse|segundo"
    r"|secondo|он|она|они|его|её|говорит|рассказ\w+|cho biết|dedi|kata|menurut|قال|قالت)\b"
)
# Who praises or complains has bought already.
OPINES = re.compile(
    r"居然|竟然|结果|不错|[太很真]差|态度|性价比|下次|再也不|失望|觉得|感觉|无语|垃圾|希望|后来|反馈|差评|评价"
    r"|还可以|本来|为什么|怎么|哈哈|呵呵|算了|挺[好不快慢]|[好难]吃|慢|建议|可惜|幸好|终于"
    r"|\b(?:lol|haha\w*|omg|disappoint\w+|worst|terrible|awful|never again|why"
    r"|i (?:think|feel|guess|wish|hope|love|hate))\b"
)
# Shops say "we".
_FIRST = re.compile(
    r"我(?!们|們|司|厂|店|公司)|俺|私|僕|저는|나는|\b(?:i(?! \d)|i'm|i've|my|me|je|j'ai|mon|ma|ich"
    r"|mein\w*|yo|mi|eu|meu|minha|io|mio|я|мой|моя|мне|tôi|mình|aku|saya|ben|benim|أنا)\b"
)
# The classes that an offer to strangers speaks for, and how many different words of each count.
SOLICITS = {
    "ask": 1,
    "ease": 1,
    "press": 1,
    "reader": 1,
    "money": 1,
    "gain": 2,
    "vice": 3,
    "offer": 3,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text says for each class, and how it may be answered.

    `contact` is 2 where a number, account or address stands there, 1 where one is only spoken of.
    """

    written: str
    classes: Mapping[str, Sequence[str]]
    contact: int
    disguised: bool

    @property
    def warns(self) -> bool:
        """Whether words stand there that who commits a fraud does not use."""
        return "warns" in self.classes or "report" in self.classes

    @property
    def tells(self) -> bool:
        """Whether the text reports on somebody, or on what somebody said."""
        return TELLS.search(self.written) is not None

    @property
    def opines(self) -> bool:
        """Whether it judges what others sell."""
        return OPINES.search(self.written) is not None

    @property
    def personal(self) -> bool:
        """Whether it speaks of its writer."""
        return _FIRST.search(self.written) is not None

    @property
    def solicits(self) -> int:
        """Add up what speaks for an offer to strangers, and take off what speaks for a service.

        An address is worth four classes of words, and letters in disguise two.
        """
        points = self.points(**SOLICITS) + _WORTH[self.contact] + _MASKED * self.disguised
        points += len(_LOUD.findall(self.written)) >= _LOUD_FROM
        return points - _CIVIC * ("civic" in self.classes)

    def points(self, **most: int) -> int:
        """Add up the different words of some classes, of each no more than is given."""
        return sum(
            min(most[kind], len(said)) for kind, said in self.classes.items() if kind in most
        )

    def said(self, *classes: str) -> str:
        """Name what was found first in each class."""
        found = [f"{kind} {self.classes[kind][0]!r}" for kind in classes if kind in self.classes]
        return ", ".join(found)


def at_most(text: str, reading: Reading) -> int:
    """Return how many points a text can have at most: a look before `evidence_of`."""
    kinds = reading.kinds
    points = sum(min(most, len(kinds[k].signs)) for k, most in SOLICITS.items() if k in kinds)
    ascii_only, lowered = text.isascii(), text.lower()
    points += _WORTH[2 * _perhaps_address(lowered, kinds)]
    points += int(not ascii_only or "!!" in text)
    patterns = (_APART,) if ascii_only else (_APART, _FULL, _SPELT)
    masked = _TOUCHED.search(reading.text) or any(p.search(lowered) for p in patterns)
    return points + _MASKED * bool(masked)


def _perhaps_address(text: str, kinds: Mapping[str, Signs]) -> bool:
    return (
        "contact" in kinds
        or "@" in text
        or "零" in text
        or _DOTTED.search(text) is not None
        or digits_in(text) >= _SHORTEST
    )


# Asked by several filters, one after the other.
@lru_cache(maxsize=128)
def evidence_of(title: str, text: str, words: str = "") -> Evidence:
    """Read what a text shows; letters in disguise are read as those they stand for."""
    raw = f"{title}\n{text}"
    written = normalize("NFKC", raw).lower()
    reading, disguised = _unmasked(written, read(title, text, words), words)
    classes = {kind: signs.signs for kind, signs in reading.kinds.items()}
    # Full-width letters are plain ones by now.
    masked = not raw.isascii() and (_FULL.search(raw) or _SPELT.search(written))
    return Evidence(written, classes, _contact(classes, written), disguised or bool(masked))


def _unmasked(written: str, reading: Reading, words: str) -> tuple[Reading, bool]:
    """Read a text again whose letters stand apart or are figures; say whether it is one."""
    touched = _TOUCHED.search(reading.text) is not None
    leet = touched and len(set(_LEET.findall(written))) > 1
    if not (leet or _APART.search(written)):
        return reading, False
    plain = _LEET.sub(lambda found: found[0].translate(_PLAIN), written) if leet else written
    plain = _APART.sub(lambda found: re.sub(r"[ ._*-]", "", found[0]), plain)
    return read("", plain, words), True


def _contact(classes: Mapping[str, Sequence[str]], written: str) -> int:
    """Say how a text may be answered."""
    spoken = "contact" in classes
    dotted = _DOTTED.search(written) is not None
    exact = (
        (spoken and (_ACCOUNT.search(written) or _HANDLE.search(written)))
        or (dotted and (_HIDDEN.search(written) or ("@" in written and _MAIL.search(written))))
        or (digits_in(written) >= _DIGITS and _PHONE.search(written))
        or _SHORT.search(written)
        or (not written.isascii() and _SPELT.search(written))
    )
    if exact:
        return 2
    return int(spoken or (dotted and _TYPED.search(written) is not None))
