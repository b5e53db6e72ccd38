"""Guessing the encoding of a text file from its first bytes."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def guess_encoding(sample: bytes) -> str | None:
    """Return the name of the encoding, None if the bytes are no text.

    A byte order mark decides; then zeros in every other byte (UTF-16); then UTF-8, forgiving one
    bad character in fifty; then GB18030 if it gives Chinese words; else Windows-1252.
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
    return "gb18030" if _is_chinese(sample) else "cp1252"


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


def _is_chinese(sample: bytes) -> bool:
    """Tell Chinese from accented letters read as Chinese: its characters stand side by side."""
    text = decode_sample(sample, "gb18030")
    if text.count("\ufffd") * 50 > len(text):
        return False
    han = ["\u4e00" <= character <= "\u9fff" for character in text]
    together = sum(left and right for left, right in pairwise(han))
    return together * 2 > sum(han)
