"""Somebody else's indicator: fifteen lines, one class of tests, and it is everywhere."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ccgcii import ScoreError
from ccgcii.cli import cli
from ccgcii.measuring.handbook import main as write_handbook
from ccgcii.testing import IndicatorSuite

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., Any]

FILE = Path(__file__).with_name("nights.py")


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("nights", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestNights(IndicatorSuite):
    indicator = _load().night_share


@pytest.fixture(scope="module")
def study(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Score a copy of the sample with the plugin; give what calls the command line with it."""
    folder = shutil.copytree(sample, tmp_path_factory.mktemp("third") / "study")

    def call(*arguments: str) -> Any:
        result = CliRunner().invoke(cli, ["-c", str(folder), "--plugin", str(FILE), *arguments])
        assert result.exit_code == 0, result.stderr or result.exception
        return result

    call("score")
    return call


def test_it_is_fifteen_lines() -> None:
    written = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(written) <= 15


def test_it_is_listed_and_scored(study: Call) -> None:
    listed = {row["id"]: row for row in json.loads(study("indicators", "--json").stdout)}
    assert listed["X01"]["definition"].startswith("Share of the city's documents published before")
    units = json.loads(study("score", "--json").stdout)
    assert units["weights"]["X01"] > 0
    assert 0 <= units["units"][0]["nodes"]["X01"] <= 100


def test_it_is_explained_down_to_its_documents(study: Call) -> None:
    rows = json.loads(study("explain", "wuhan", "--json").stdout)["indicators"]
    row = next(row for row in rows if row["indicator"] == "X01")
    assert (row["name"], row["dimension"], row["unit"]) == ("night share", "breadth", "share")
    cell = json.loads(study("explain", "wuhan", "X01", "--documents", "3", "--json").stdout)
    assert cell["value"] == row["value"]
    assert len(cell["documents"]) == 3
    assert cell["documents_read"] >= 3


def test_it_is_audited_and_varied(study: Call) -> None:
    audit = json.loads(study("audit", "--json").stdout)
    assert "X01" in audit["framework"]["pillars"]["breadth: coverage"]
    assert any(row["node"] == "X01" and row["final"] > 0 for row in audit["weights"])
    assert any(row["left_out"] == "X01" for row in audit["without_indicator"])
    assert audit["again"]["cells"] == 61 * 5
    assert audit["again"]["cells_off"] == 0


BY_HAND = """
from ccgcii import hookimpl, indicator

@indicator("X02", dimension="breadth", unit="day", empty=0)
def last_day(corpus):
    'Last day on which a document names the city.'
    frame = corpus.query("SELECT city, max(day) AS day FROM fact GROUP BY city")
    return frame.set_index(frame["city"].astype(str))["day"].astype(float)

@hookimpl
def ccgcii_indicators():
    return [last_day]
"""


def test_an_indicator_that_cannot_be_resampled_is_named_below_the_intervals(
    sample: Path, tmp_path: Path
) -> None:
    folder = str(shutil.copytree(sample, tmp_path / "study"))
    plugin = tmp_path / "by_hand.py"
    plugin.write_text(BY_HAND, encoding="utf-8")
    call = ["-c", folder, "--plugin", str(plugin)]
    assert CliRunner().invoke(cli, [*call, "score"]).exit_code == 0
    asked = [*call, "uncertainty", "--draws", "5", "--samples", "5"]
    shown = CliRunner().invoke(cli, asked)
    assert shown.exit_code == 0, shown.exception
    assert "not resampled, so that the intervals are too narrow: X02" in shown.stdout


def test_where_it_is_missing_its_score_is_not_varied_in_silence(
    sample: Path, tmp_path: Path
) -> None:
    folder = str(shutil.copytree(sample, tmp_path / "study"))
    scored = CliRunner().invoke(cli, ["-c", folder, "--plugin", str(FILE), "score"])
    assert scored.exit_code == 0, scored.exception
    call = ["-c", folder, "uncertainty", "--draws", "5", "--samples", "5"]
    assert CliRunner().invoke(cli, [*call, "--quick"]).exit_code == 0  # its cells are stored
    refused = CliRunner().invoke(cli, call).exception
    assert isinstance(refused, ScoreError)
    assert "X01, which no plugin here gives: name its file with --plugin" in str(refused)


def test_it_is_in_the_handbook(capsys: pytest.CaptureFixture[str]) -> None:
    write_handbook([str(FILE)])
    page = capsys.readouterr().out
    assert "61 indicators in 4 dimensions" in page
    assert "| X01 | night share | Share of the city's documents published before 6" in page
