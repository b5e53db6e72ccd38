"""Bytes to text: valid UTF-8 is UTF-8, else what the page declares, else what it looks like."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import is_bad
from w3lib.encoding import html_to_unicode

_REPLACEMENT = "\ufffd"
# The first byte of a character and the next, as Windows-1252, Windows-1251 and DOS show them: ftfy
# takes a microsecond a letter to look closer, and most texts hold no such pair.
_SUSPECT = re.compile(
    "[Â-ô][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[РСГВвгджзийЁШЩ][Ђ-Џђ-џ°±ІіґЎў№…‡†‰‹›€™„“”•]|[├╨╤╪┘]"
)
_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
# No guess at lost bytes that would change what is right.
_REPAIR = TextFixerConfig(replace_lossy_sequences=True, restore_byte_a0=True)


def decode_page(body: bytes, content_type: str | None = None) -> tuple[str, int]:
    """Return the text of a page and how many characters of it could not be decoded.

    UTF-8 comes first because servers declare wrong charsets and no other text of any length is
    valid UTF-8 by chance; then the byte order mark, the header, the meta element, detection.
    """
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = body.decode("utf-8-sig")
            # Parsers throw control characters away, and with them what could be repaired later.
            return (repaired(text) if _CONTROLS.search(body) else text), 0
        except UnicodeDecodeError:
            pass  # then it is declared, or has to be guessed
    _, text = html_to_unicode(content_type, body, auto_detect_fun=_detected)
    return text, text.count(_REPLACEMENT)


def repaired(text: str) -> str:
    """Return a text with what was decoded wrongly once and saved so set right (`ä¸­å›½` -> 中国).

    A line is repaired by itself, for comments and quotations come from elsewhere.
    """
    if text.isascii() or _SUSPECT.search(text) is None:
        return text
    return "\n".join(
        fix_encoding(line, _REPAIR) if _SUSPECT.search(line) and is_bad(line) else line
        for line in text.split("\n")
    )


def _detected(body: bytes) -> str | None:
    best = from_bytes(body[:32_768]).best()
    return best.encoding if best is not None else None
