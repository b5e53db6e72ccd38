"""How much a piece is about a city, 0-1, from where and how often it names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccgcii.documents import Mention

# The first characters of a text: what an agency puts before the fold.
LEAD = 300
IN_TITLE, IN_LEAD, MOST_IN_BODY = 1.0, 0.7, 0.6


def salience(mentions: Sequence[Mention]) -> float:
    """Return the salience of one city's mentions in one piece.

    1.0 if the title names it, 0.7 if the first 300 characters do; in the body alone 0.2 and 0.1
    for each mention, at most 0.6. Where a place of the source stands in the text is unknown, so it
    counts as the body.
    """
    if any(mention.field == "title" for mention in mentions):
        return IN_TITLE
    # A place of the source begins nowhere.
    return salience_in_text([m.start if m.field == "text" else LEAD for m in mentions])


def salience_in_text(starts: Sequence[int]) -> float:
    """Return the salience of a city whose names begin at these offsets of a text."""
    if min(starts) < LEAD:
        return IN_LEAD
    return min(MOST_IN_BODY, 0.2 + 0.1 * len(starts))
