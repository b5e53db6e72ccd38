from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from ccgcii.reporting.findings import packed, table
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


@pytest.mark.parametrize(("views", "whole"), [("15,738,055", True), ("1,234,567,890", False)])
def test_a_terminal_of_80_cuts_headers_short_and_no_value(
    views: str,
    whole: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    names = ("documents", "share", "cities", "sources", "interactions", "median", "views")
    made = table("Channels", "channel", *names)
    cells = ("instagram", "12,345", "24.72 %", "100", "2,350", "138,150", "1,115", views)
    made.add_row(*cells)
    file = StringIO()
    Console(file=file, width=80).print(packed(made))
    lines = file.getvalue().splitlines()
    assert lines[-1].split() == " ".join(cells).split()
    assert ("interactions" in lines[1]) == whole
    assert max(map(len, lines)) <= 80
