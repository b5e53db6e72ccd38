"""Guessing the encoding of a text file from its first bytes."""

from __future__ import annotations

import codecs
import re
from itertools import islice, pairwise

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings of scripts other than Latin, as they are found and by what they are read: the wider one.
SCRIPTS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "shift_jisx0213": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "cp1251": "cp1251",
    "koi8_r": "koi8_r",
    "cp1256": "cp1256",
}
# Fewer bytes beyond ASCII than this show a script, but not which of its encodings.
TELLING = 60
MOST_TELLING = 32_768
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def guess_encoding(sample: bytes) -> str | None:
    """Return the name of the encoding, None if the bytes are no text.

    A byte order mark decides; then zeros in every other byte (UTF-16); then UTF-8, forgiving one
    bad character in fifty; then Windows-1252 if what is not ASCII stands alone, as accented letters
    do; then Chinese, Japanese, Korean, Russian or Arabic by the frequency of characters
    (charset-normalizer); then GB18030 if it gives Chinese words; else Windows-1252.
    """
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    unmarked = _utf16_without_mark(sample)
    if unmarked is not None:
        return unmarked
    if _looks_binary(sample):
        return None
    if _is_nearly_utf8(sample):
        return "utf-8"
    found = None if _stands_alone(sample) else _by_frequency(sample)
    return found or ("gb18030" if _is_chinese(sample) else "cp1252")


def decode_sample(sample: bytes, encoding: str) -> str:
    """Decode a sample that may end inside a character."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(sample, final=False).replace("\0", "")


def _utf16_without_mark(sample: bytes) -> str | None:
    """Return UTF-16 in one of its two orders, if zeros and ends of lines stand as it has them."""
    even, odd = sample[0:8192:2].count(0), sample[1:8192:2].count(0)
    if odd > max(1, 3 * even) and "\n" in decode_sample(sample, "utf-16-le"):
        return "utf-16-le"
    if even > max(1, 3 * odd) and "\n" in decode_sample(sample, "utf-16-be"):
        return "utf-16-be"
    return None


def _looks_binary(sample: bytes) -> bool:
    head = sample[:65536]
    odd_ones = len(CONTROLS.findall(head.decode("latin-1"))) + head.count(0)
    return odd_ones > 0.02 * len(head)


def _is_nearly_utf8(sample: bytes) -> bool:
    text = decode_sample(sample, "utf-8")
    bad = text.count("\ufffd")
    foreign = sum(not character.isascii() for character in text) if bad else 0
    return bad == 0 or bad * 50 < foreign


def _stands_alone(sample: bytes) -> bool:
    runs = BEYOND_ASCII.findall(sample[: 4 * MOST_TELLING])
    return sum(len(run) == 1 for run in runs) > 0.8 * len(runs)


def _by_frequency(sample: bytes) -> str | None:
    """Return the encoding of another script than Latin, None if it is none or too short to tell."""
    lines = (line for line in sample.split(b"\n") if not line.isascii())
    telling = b"\n".join(islice(lines, 2_000))[:MOST_TELLING]
    if sum(map(len, BEYOND_ASCII.findall(telling))) < TELLING:
        return None
    best = from_bytes(telling).best()
    return None if best is None else SCRIPTS.get(best.encoding)


def _is_chinese(sample: bytes) -> bool:
    """Tell Chinese from accented letters read as Chinese: its characters stand side by side."""
    text = decode_sample(sample, "gb18030")
    if text.count("\ufffd") * 50 > len(text):
        return False
    han = ["\u4e00" <= character <= "\u9fff" for character in text]
    together = sum(left and right for left, right in pairwise(han))
    return together * 2 > sum(han)
