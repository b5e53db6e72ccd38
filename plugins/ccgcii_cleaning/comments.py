"""Layer 4, comments below videos that advertise their writer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar
from unicodedata import normalize

from ccgcii import Document, Drop, display_width
from ccgcii_cleaning.worded import Worded

# Also without its beginning, and in the markup that YouTube gives.
_ANY_LINK = re.compile(
    r"<a\b[^>]*>.*?</a>|(?:https?://|www\.|/?watch\?v=)\S+"
    r"|\b[\w-]+\.(?:com|net|org|info|tv|ly|me|co|br|pl|nl)\b\S*",
    re.IGNORECASE | re.DOTALL,
)
_YOUTUBE = re.compile(r"youtube\.com|youtu\.be|watch\?v=", re.IGNORECASE)
# Not www.
_STRETCHED = re.compile(r"([A-VX-Za-vx-z])\1{2,}")
# "Hey guys, go check out ..." at the beginning of a comment.
_CHECK_OUT = re.compile(
    r"\W*(?:(?:hey|hi|guys|girls|everyone|everybody|dude|also|please|pls|so|and|go)\W+)*"
    r"check(?:\W+\w{2,5})?\W+out\b",
    re.IGNORECASE,
)
_SOON = 40


@dataclass(frozen=True, slots=True)
class CommentSpam(Worded):
    """Drop comments below videos that lead readers elsewhere, or are a link and nothing else.

    A comment is a piece of the channel youtube without a title. With a link one sign is enough;
    `bare` is the columns of words that a link to YouTube itself needs beside it to be more than a
    link, `away` those that a link to anywhere else needs.
    """

    name: ClassVar[str] = "comment-spam"
    signs: int = 4
    share: float = 0.03
    longest: int = 1_500
    bare: int = 20
    away: int = 45

    def clean(self, document: Document) -> Document | Drop:
        """Judge comments alone, those with a link more strictly."""
        if document.channel != "youtube" or document.title:
            return document
        # SUBSCRIBEEEE!!! is no other word.
        said = replace(document, text=_STRETCHED.sub(r"\1", normalize("NFKC", document.text)))
        if (match := _CHECK_OUT.match(document.text)) and not _named(document, match.end()):
            return Drop(f"sends readers elsewhere: {match.group(0).strip()!r}")
        links = _ANY_LINK.findall(said.text)
        if not links:
            return _as_it_was(Worded.clean(self, said), document)
        words = display_width(_ANY_LINK.sub(" ", said.text))
        own = all(_YOUTUBE.search(link) for link in links)
        if words < (self.bare if own else self.away):
            return Drop(f"a link and {words} columns of words")
        return _as_it_was(Worded.clean(replace(self, signs=1), said), document)


def _named(document: Document, start: int) -> bool:
    """Say whether readers are sent to a city: "Check out Chongqing!" is no advertisement."""
    return any(start <= mention.start <= start + _SOON for mention in document.mentions)


def _as_it_was(judged: Document | Drop, document: Document) -> Document | Drop:
    return judged if isinstance(judged, Drop) else document
