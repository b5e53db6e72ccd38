from __future__ import annotations

from rich.text import Text

from ccgcii.reporting.texts import number, safe


def test_control_and_direction_characters_become_spaces() -> None:
    assert safe("a\x1b[31mb\u202ec\nd") == r"a \[31mb c d".replace("\\[31m", "[31m")


def test_markup_of_foreign_text_stays_text() -> None:
    title = "[bold red]Breaking[/] [link=file:///etc]武汉[/link]"
    assert Text.from_markup(safe(title)).plain == title


def test_numbers_have_separators_and_unknown_is_a_dash() -> None:
    assert number(1234567.891) == "1,234,567.89"
    assert number(28582.4, 0) == "28,582"
    assert number(None) == "–"
