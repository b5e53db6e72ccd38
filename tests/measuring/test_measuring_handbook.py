from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import ccgcii_indicators
from ccgcii.errors import PluginError
from ccgcii.measuring.handbook import main, write_handbook

if TYPE_CHECKING:
    from ccgcii import Indicator

INDICATORS = [*ccgcii_indicators.ccgcii_indicators()]
PAGE = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_the_page_is_what_the_registry_says() -> None:
    hint = "run `python -m ccgcii.measuring.handbook > docs/indicators.md`"
    assert PAGE.read_text(encoding="utf-8") == write_handbook(INDICATORS), hint


def test_an_indicator_of_anyone_is_on_the_page_without_other_changes() -> None:
    own = replace(INDICATORS[0], id="X01", dimension="nightlife", definition="Bars | clubs open.")
    page = write_handbook([*INDICATORS, own])
    assert "## Nightlife" in page
    assert "| X01 |" in page
    assert "Bars \\| clubs open." in page


def test_a_plugin_file_is_on_the_page_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(PAGE.parents[1] / "examples" / "plugins" / "weekend.py")])
    assert "| weekend_share |" in capsys.readouterr().out


@pytest.mark.parametrize("thing", INDICATORS, ids=lambda thing: thing.id)
def test_the_least_number_of_documents_is_that_of_the_definition(thing: Indicator) -> None:
    said = re.search(r"(?:^|; |\. )(\d+) or more (?:documents|posts)", thing.definition)
    assert thing.minimum == (int(said.group(1)) if said else 0)


def test_a_minimum_below_zero_is_refused() -> None:
    with pytest.raises(PluginError, match="minimum"):
        replace(INDICATORS[0], minimum=-1)
