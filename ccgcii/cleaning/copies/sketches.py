"""Sketches: 256 bytes that tell how alike two texts are, without the texts.

A sketch is the MinHash signature (Broder 1997) of the text's character shingles, 128 places of
which only the low 16 bits are kept (b-bit minwise hashing, Li and König 2010). The share of places
in which two sketches agree estimates the Jaccard similarity of the texts, with a standard error of
at most 0.044. The same text gives the same sketch on every machine and in every order.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from rensa import RMinHash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PLACES = 128
# Sketches of two versions must never be compared: `ccgcii clean` tells when this has changed.
SKETCH_VERSION = f"rensa {RMinHash.ALGORITHM_VERSION}, {PLACES} places, shingles of 8 or 3"
# Characters in a shingle: about a word and a half of English, and of Chinese.
_LATIN, _CHINESE = 8, 3
# A text is Chinese (or Japanese, Korean) if so much of it is; real texts lie far to either side.
_CHINESE_SHARE = 0.3
_SEED = 2020
# FNV's prime for the polynomial, and the finaliser of splitmix64 to spread it over 64 bits.
_PRIME = np.uint64(0x100000001B3)
_POWERS = {length: np.uint64(pow(int(_PRIME), length, 1 << 64)) for length in (1, 2, 4)}
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LINK = re.compile(r"https?://\S+")
_SPACE = np.uint16(32)
_FIRST_WIDE = 0x2E80


def sketch_text(text: str, least: int = 80) -> bytes | None:
    """Return the sketch of a text, None if its words take fewer than `least` columns."""
    return sketch_texts([text], least)[0]


def sketch_texts(texts: Sequence[str], least: int = 80) -> list[bytes | None]:
    """Return the sketches of many texts, in order: together they take half the time."""
    by_size: dict[int, list[tuple[int, NDArray[np.uint16]]]] = {}
    for place, text in enumerate(texts):
        codes = plain_words(text)
        wide = 0 if text.isascii() else _wide(codes)
        if len(codes) and len(codes) + wide >= least:
            size = _CHINESE if wide > _CHINESE_SHARE * len(codes) else _LATIN
            by_size.setdefault(min(size, len(codes)), []).append((place, codes))
    sketches: list[bytes | None] = [None] * len(texts)
    for size, group in by_size.items():
        hashes, ends = _shingles([codes for _, codes in group], size)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            hashes, ends, num_perm=PLACES, seed=_SEED
        )
        rows = np.array(matrix.to_rows(), dtype=np.uint32).astype("<u2")
        for (place, _), row in zip(group, rows, strict=True):
            sketches[place] = row.tobytes()
    return sketches


def plain_words(text: str) -> NDArray[np.uint16]:
    """Return the characters of a text's words (UTF-16), and one space between words.

    Links, punctuation, case, white space and characters beyond the basic plane (emoji) make no
    difference. As an array, for a regular expression takes ten times as long.
    """
    written = (_LINK.sub(" ", text) if "://" in text else text).casefold()
    if written.isascii():
        ascii_words = b" ".join(written.encode().translate(_ascii_letters()).split())
        return np.frombuffer(ascii_words, dtype=np.uint8).astype(np.uint16)
    codes = np.frombuffer(written.encode("utf-16-le", "replace"), dtype="<u2")
    in_word = _letters()[codes]
    # A space is kept after a word alone, and not at the end.
    kept = in_word.copy()
    kept[1:] |= in_word[:-1]
    words: NDArray[np.uint16] = np.where(in_word, codes, _SPACE)[kept]
    return words[:-1] if len(words) and words[-1] == _SPACE else words


def _wide(codes: NDArray[np.uint16]) -> int:
    """Return how many characters take two columns."""
    if len(codes) == 0 or codes.max() < _FIRST_WIDE:
        return 0
    return int(np.count_nonzero((codes >= _FIRST_WIDE) & (codes < 0xFB00)))


@cache
def _ascii_letters() -> bytes:
    """Return the table that leaves of bytes the letters and figures of ASCII, and else spaces."""
    return bytes(code if code < 128 and chr(code).isalnum() else 32 for code in range(256))


@cache
def _letters() -> NDArray[np.bool_]:
    """Return for each character of the basic plane whether it is part of a word."""
    return np.array([chr(code).isalnum() for code in range(0x10000)])


def _shingles(
    texts: Sequence[NDArray[np.uint16]], size: int
) -> tuple[NDArray[np.uint64], list[int]]:
    """Return a 64-bit hash of every run of `size` characters of each text, and where each ends.

    The first end is 0: the hashes of text n stand between ends n and n + 1.
    """
    one = np.concatenate(texts).astype(np.uint64)
    hashes, length = one, 1
    while 2 * length <= size:
        # Two runs side by side are a run of twice the length: three steps make eight.
        hashes = hashes[:-length] * _POWERS[length] + hashes[length:]
        length *= 2
    for at in range(length, size):
        hashes = hashes[: len(one) - at] * _PRIME + one[at:]
    ends = list(accumulate((len(codes) - size + 1 for codes in texts), initial=0))
    if len(texts) > 1:
        # What begins in one text and ends in the next is no run of either.
        within = np.ones(len(hashes), dtype=np.bool_)
        for border in accumulate(len(codes) for codes in texts[:-1]):
            within[border - size + 1 : border] = False
        hashes = hashes[within]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    return hashes ^ (hashes >> np.uint64(29)), ends


def sketch_array(sketch: bytes) -> NDArray[np.uint16]:
    """Return a stored sketch as its places."""
    return np.frombuffer(sketch, dtype="<u2")
