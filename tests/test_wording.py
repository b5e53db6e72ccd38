from __future__ import annotations

import pytest

from ccgcii.wording import counted


@pytest.mark.parametrize(
    ("number", "noun", "verb", "written"),
    [
        (0, "capture", "", "0 captures"),
        (1, "capture", "", "1 capture"),
        (2_000, "capture", "wait", "2,000 captures wait"),
        (1, "capture", "wait", "1 capture waits"),
        (1, "document", "are", "1 document is"),
        (3, "document", "are", "3 documents are"),
        (2, "story", "", "2 stories"),
        (2, "day", "", "2 days"),
        (2, "address", "", "2 addresses"),
        (2, "query", "", "2 queries"),
    ],
)
def test_a_count_agrees_with_its_noun_and_verb(
    number: int, noun: str, verb: str, written: str
) -> None:
    assert counted(number, noun, verb) == written
