"""Bytes to text: valid UTF-8 is UTF-8, else what the page declares, else what it looks like."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes
from w3lib.encoding import html_to_unicode

_REPLACEMENT = "\ufffd"


def decode_page(body: bytes, content_type: str | None = None) -> tuple[str, int]:
    """Return the text of a page and how many characters of it could not be decoded.

    UTF-8 comes first because servers declare wrong charsets and no other text of any length is
    valid UTF-8 by chance; then the byte order mark, the header, the meta element, detection.
    """
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return body.decode("utf-8-sig"), 0
        except UnicodeDecodeError:
            pass  # then it is declared, or has to be guessed
    _, text = html_to_unicode(content_type, body, auto_detect_fun=_detected)
    return text, text.count(_REPLACEMENT)


def _detected(body: bytes) -> str | None:
    best = from_bytes(body[:32_768]).best()
    return best.encoding if best is not None else None
