from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from ccgcii import CleaningError, Record
from ccgcii.cleaning.reviewing.agreement import filter_agreement, kappa, person_agreement, wilson
from ccgcii.cleaning.reviewing.funnels import plain_reason
from ccgcii.cleaning.reviewing.samples import COLUMNS, SampleRow, draw_sample, write_sample
from ccgcii.cleaning.reviewing.verdicts import read_sheet
from ccgcii.cleaning.runs import clean
from ccgcii.cli.agreement import command as agreement_command
from ccgcii.cli.funnel import command as funnel_command
from ccgcii.cli.invocation import Invocation
from ccgcii.cli.sample import command as sample_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cleaning.conftest import Filling, Open

PAGE = (
    "<html lang='en'><head><title>Lyon opens a bridge</title><meta name='date' "
    "content='2020-05-01'></head><body><article><p>{text}</p></article></body></html>"
)


def fill(filling: Filling) -> None:
    moment = datetime(2020, 5, 1, 12, tzinfo=UTC)
    for number in range(6):
        text = f"Wuhan is a place that I like {'abcdef'[number] * 4}"
        known: dict[str, Any] = {"text": text, "author": f"a{number}", "published_at": moment}
        filling.record(Record(str(number), "x", **known))
    for number in range(4):
        text = f"=No city of yours {'abcd'[number] * 9}"
        filling.record(Record(f"n{number}", "x", text=text, published_at=moment))
    filling.page("https://news.test/lyon", PAGE.format(text="Lyon is large. " * 30).encode())


def run(command: Any, arguments: str) -> Any:
    return CliRunner().invoke(command, arguments.split(), obj=Invocation())


@pytest.fixture
def study(open_study: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Filling:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ccgcii.toml").write_text("[execution]\nworkers = 1\n")
    filling = open_study(tmp_path)
    fill(filling)
    clean(filling.workspace)
    return filling


def test_the_funnel_goes_layer_by_layer_and_source_by_source(study: Filling) -> None:
    shown = json.loads(run(funnel_command, "--json --examples 2").stdout)
    whole, by_source = shown["funnels"]
    assert (whole["source"], by_source["source"]) == (None, "test")
    assert (whole["captures"], whole["kept"], whole["stories"]) == (11, 6, 6)
    assert whole["filters"] == by_source["filters"]
    rows = {row["filter"]: row for row in whole["filters"]}
    assert rows["names-no-city"] == {
        "layer": 2, "filter": "names-no-city", "in": 11, "dropped": 5, "kept": 6,
        "reasons": [
            {"reason": "names no city of the study", "dropped": 4},
            {"reason": "no city's name in the bytes of the page", "dropped": 1},
        ],
    }  # fmt: skip
    assert list(shown["examples"]) == ["2 relevance: names-no-city"]
    assert len(shown["examples"]["2 relevance: names-no-city"]) == 2


def test_reasons_that_differ_in_details_are_one() -> None:
    assert plain_reason("published 2017-08-31, outside 2019-01-01 to 2023-12-31") == (
        "published N, outside N to N"
    )
    assert plain_reason("98% the same as https://x.com/a/1") == "N% the same as …"
    assert plain_reason("copy of A headline, twice") == "copy of …"


def test_the_funnel_is_printed_and_an_unknown_source_named(study: Filling) -> None:
    printed = run(funnel_command, "--source test --examples 1").stdout
    assert "names-no-city" in printed
    assert "6 kept" in printed
    wrong = run(funnel_command, "--source tset")
    assert isinstance(wrong.exception, CleaningError)
    assert "'test'" in str(wrong.exception)


def test_a_sample_is_the_same_for_the_same_seed_and_shows_archived_pages(study: Filling) -> None:
    archive = study.workspace.settings.store.archive

    def draw(**changes: Any) -> Any:
        values: dict[str, Any] = {"dropped": True, "number": 9, "seed": 1} | changes
        return draw_sample(study.workspace.engine, archive, 2, **values)

    rows = draw()
    assert rows == draw()
    assert rows != draw(seed=2)
    assert len(rows) == 5
    assert {(row.filter, row.of) for row in rows} == {("names-no-city", 5)}
    (page,) = [row for row in rows if row.url]
    assert (page.title, page.text[:14]) == ("Lyon opens a bridge", "Lyon is large.")
    kept = draw(dropped=False)
    assert {(row.filter, row.of, row.layer) for row in kept} == {("", 6, 2)}
    shutil.rmtree(archive)
    (page,) = [row for row in draw() if row.url]
    assert page.text.startswith("(unreadable: ")


def test_a_sample_goes_to_a_file_and_comes_back_judged(study: Filling, tmp_path: Path) -> None:
    written = run(sample_command, "--layer 2 --dropped --kept -n 4 --csv s.csv")
    assert written.exit_code == 0
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 8
    assert {row["verdict"] for row in rows} == {""}
    assert not any(row["text"].startswith("=") for row in rows)
    again = run(sample_command, "--layer 2 --dropped --csv s.csv")
    assert again.exit_code == 2
    assert "there already" in again.stderr
    for row in rows:
        row["verdict"] = "right"
    rows[0]["verdict"] = "Wrong"
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as stream:
        # As a spreadsheet of another country saves it.
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    (layer,) = json.loads(run(agreement_command, "s.csv --json").stdout)["layers"]
    assert layer["precision"]["value"] == 0.75
    assert layer["rightly_kept"]["value"] == 1.0
    assert layer["recall"]["value"] == 1.0
    assert 0.2 < layer["recall"]["low"] < 0.9
    printed = run(agreement_command, "s.csv").stdout
    assert "Cohen's kappa" in printed


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n="])
def test_no_cell_of_a_sample_is_a_formula(sign: str) -> None:
    title = f"{sign}HYPERLINK(A1)"
    row = SampleRow(-7, f"{sign}x", title, title, 2, sign, sign, of=-1, verdict="")
    stream = io.StringIO(newline="")
    write_sample([row], stream)
    (read,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    for name in ("url", "title", "text", "filter", "reason"):
        assert read[name].startswith(f"'{sign}" if len(sign) == 1 else f"'{sign[0]}'{sign[1]}")
    assert (read["id"], read["of"]) == ("-7", "-1")


def test_a_sample_wants_to_know_which(study: Filling) -> None:
    assert "--dropped" in run(sample_command, "--layer 2").stderr
    assert "names-no-city" in run(sample_command, "--layer 2 --dropped").stdout
    piped = run(sample_command, "--layer 2 --kept --csv -").stdout
    assert piped.splitlines()[0] == ",".join(COLUMNS)


def sheet(path: Path, rows: list[tuple[Any, ...]], head: str = "id,layer,filter,of,verdict") -> Any:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]))
    return path


def test_recall_weighs_each_row_by_what_it_stands_for(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [
        (n, 4, "spam", 100, "drop" if n < 9 else "keep") for n in range(10)
    ]
    rows += [(n, 4, "", 900, "keep" if n < 29 else "drop") for n in range(10, 30)]
    (layer,) = filter_agreement(read_sheet(sheet(tmp_path / "s.csv", rows)))
    assert layer.precision == wilson(9, 10)
    assert layer.by_filter == {"spam": wilson(9, 10)}
    assert layer.recall is not None
    # 90 % of 100 drops were right; 5 % of 900 kept pieces should have gone.
    assert layer.recall.value == pytest.approx(90 / (90 + 45))
    assert layer.recall.low < layer.recall.value < layer.recall.high
    assert layer.kappa is not None
    # Of the 1,000 pieces 90 and 855 are agreed on; chance: 0.1 x 0.135 + 0.9 x 0.865.
    chance = 0.1 * 0.135 + 0.9 * 0.865
    assert layer.kappa.value == pytest.approx((0.945 - chance) / (1 - chance))
    assert layer.kappa.low < layer.kappa.value < layer.kappa.high


@pytest.mark.parametrize("split", [";", "\t", "\n", "\r\n"])
def test_a_title_is_no_formula_where_another_separator_cuts_it(split: str) -> None:
    title = f"Wuhan{split}=HYPERLINK(A1); 3-1; e-mail; -5 °C"
    row = SampleRow(7, "https://a/b-c;d", title, "", 2, "spam", "why", of=1)
    out = io.StringIO(newline="")
    write_sample([row], out)
    assert f"Wuhan{split}'=HYPERLINK(A1); 3-1; e-mail; -5 °C" in out.getvalue()
    assert "https://a/b-c;d" in out.getvalue()


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0c", "\x1d"])
def test_a_title_may_hold_what_only_looks_like_the_end_of_a_line(
    tmp_path: Path, separator: str
) -> None:
    path = tmp_path / "s.csv"
    row = SampleRow(7, "https://a", f"Wuhan{separator}today", "", 2, "spam", "why", of=1)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write_sample([replace(row, verdict="drop"), replace(row, id=8, verdict="keep")], stream)
    assert [verdict.id for verdict in read_sheet(path).verdicts] == ["7", "8"]


def test_kappa_is_of_the_rows_where_nothing_says_what_they_stand_for(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [(n, 4, "spam", "drop" if n < 9 else "keep") for n in range(10)]
    rows += [(n, 4, "", "keep" if n < 29 else "drop") for n in range(10, 30)]
    path = sheet(tmp_path / "s.csv", rows, "id,layer,filter,verdict")
    (layer,) = filter_agreement(read_sheet(path))
    assert layer.kappa is not None
    # 28 of 30 agreed on; chance: 1/3 of 1/3, and 2/3 of 2/3.
    assert layer.kappa.value == pytest.approx((28 / 30 - 5 / 9) / (4 / 9))
    assert layer.recall is None


def test_what_cannot_be_computed_says_why(tmp_path: Path) -> None:
    rows = [(1, 2, "names-no-city", 5, "drop"), (2, 2, "names-no-city", 5, "?")]
    (layer,) = filter_agreement(read_sheet(sheet(tmp_path / "s.csv", rows)))
    assert (layer.recall, layer.kappa, layer.rightly_kept) == (None, None, None)
    assert [reason.split(":")[0] for reason in layer.why] == ["recall", "kappa"]


def test_two_persons_are_compared_on_what_both_judged(tmp_path: Path) -> None:
    first = [(n, 1, "x", 50, "drop" if n < 20 else "keep") for n in range(40)]
    second = [(n, 1, "x", 50, "drop" if n < 16 or n >= 36 else "keep") for n in range(45)]
    both = person_agreement(
        read_sheet(sheet(tmp_path / "a.csv", first)), read_sheet(sheet(tmp_path / "b.csv", second))
    )
    assert both.common == 40
    assert both.agreement.value == 0.8
    assert both.kappa is not None
    assert both.kappa.value == pytest.approx(0.6)
    assert len(both.differ) == 8
    one = read_sheet(tmp_path / "a.csv")
    other = read_sheet(sheet(tmp_path / "c.csv", [(99, 1, "x", 5, "drop")]))
    with pytest.raises(CleaningError, match="no judged piece in common"):
        person_agreement(one, other)


def test_known_values_of_wilson_and_kappa() -> None:
    # Newcombe (1998), table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263).low == pytest.approx(0.2553, abs=5e-5)
    assert wilson(81, 263).high == pytest.approx(0.3662, abs=5e-5)
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)
    # The textbook case of 50 grant proposals: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert kappa(np.array(pairs, dtype=bool)) == pytest.approx(0.4)
    assert np.isnan(kappa(np.ones((4, 2), dtype=bool)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,title\n1,a\n", "no column layer, filter, verdict"),
        ("id,layer,filter,verdict\n1,2,x,dorp\n", "line 2: verdict 'dorp'; did you mean 'drop'"),
        ("id,layer,filter,verdict\n1,9,x,drop\n", "line 2: layer '9' is not 1 to 5"),
        ("id,layer,filter,verdict\n,2,x,drop\n", "line 2: no id"),
        ("id,layer,filter,of,verdict\n1,2,x,many,drop\n", "line 2: of 'many' is not a number"),
        ("id,layer,filter,of,verdict\n1,2,x,0,drop\n", "line 2: of '0' is not a number"),
        ("id,layer,filter,verdict\n1,2,x,drop\n1,2,x,keep\n", "id 1 of layer 2 stands there 2"),
        ("id,layer,filter,verdict\n1,2,x,\n", "no row has a verdict"),
        ("", "no column"),
    ],
)
def test_a_bad_sheet_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    with pytest.raises(CleaningError, match=said) as error:
        read_sheet(path)
    assert str(path) in str(error.value)


def test_a_sheet_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes("id,layer,filter,verdict\n1,2,武汉,drop".encode("utf-16"))
    with pytest.raises(CleaningError, match="CSV UTF-8"):
        read_sheet(path)
    with pytest.raises(CleaningError, match="cannot be read"):
        read_sheet(tmp_path / "nothing.csv")
