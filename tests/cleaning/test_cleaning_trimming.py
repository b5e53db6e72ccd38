from __future__ import annotations

import tomllib

import pytest

from ccgcii.cleaning.reading.pages import is_fuller
from ccgcii.cleaning.reading.trimming import FILE, trimmed

PROSE = "\n".join(
    f"Sentence number {word} of the report says something about the harbour and its people."
    for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
)


@pytest.mark.parametrize(
    "line",
    [
        "Read more: ten bridges to cross",
        "- 相关阅读：一座城市里的十座桥",
        "ADVERTISEMENT",
        "Читайте также: десять мостов",
        "اقرأ أيضا: عشرة جسور",
    ],
)
def test_a_line_that_leads_elsewhere_goes_wherever_it_stands(line: str) -> None:
    lines = PROSE.splitlines()
    for at in (0, 5, 10):
        text = "\n".join([*lines[:at], line, *lines[at:]])
        assert trimmed(text, "", []) == PROSE


def test_a_headline_that_is_a_link_goes_and_a_linked_name_stays() -> None:
    text = f"{PROSE}\nTen bridges to cross before breakfast\nWuhan"
    links = ["Ten bridges to cross before breakfast", "Wuhan"]
    assert trimmed(text, "", links) == f"{PROSE}\nWuhan"


@pytest.mark.parametrize("line", ["Copyright 2020 The Post", "2020年05月18日 14:05 来源：某报"])
def test_who_when_and_whose_go_at_the_edges_alone(line: str) -> None:
    assert trimmed(f"{line}\n{PROSE}", "", []) == PROSE
    lines = PROSE.splitlines()
    within = "\n".join([*lines[:4], line, *lines[4:], *lines[:4]])
    assert line in trimmed(within, "", [])


def test_a_sentence_with_a_day_in_it_is_no_dateline() -> None:
    text = f"The bridge fell on 2020-05-18 at 14:05. Nobody was hurt.\n{PROSE}"
    assert trimmed(text, "", []) == text


def test_a_menu_is_left_for_the_filters_to_see() -> None:
    links = [f"Headline number {number} of the front page" for number in range(20)]
    text = "\n".join([*links, "One sentence of prose."])
    assert trimmed(text, "", links) == text


def test_every_phrase_stands_once_in_lower_case() -> None:
    for language, lists in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        assert set(lists) == {"labels", "alone", "openings", "calls"}, language
        for phrases in lists.values():
            assert len(set(phrases)) == len(phrases), language
            assert all(phrase == phrase.lower() for phrase in phrases), language


@pytest.mark.parametrize(
    ("body", "text", "fuller"),
    [
        (PROSE, "", True),
        (PROSE, PROSE[:300], True),
        (PROSE, "\n".join(PROSE.splitlines()[:7]), True),
        (PROSE, PROSE, False),
        (PROSE[:200], PROSE, False),
        (
            PROSE,
            "\n".join(f"{n} other things, said at another place by others" for n in range(13)),
            False,
        ),
    ],
)
def test_what_the_page_gives_to_machines_wins_where_it_says_more_of_the_same(
    body: str,
    text: str,
    fuller: bool,  # noqa: FBT001
) -> None:
    assert is_fuller(body, text) is fuller
