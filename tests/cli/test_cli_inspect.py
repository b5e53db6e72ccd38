"""The view of `ccgcii inspect` for people, and odd lines through --ndjson."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ccgcii import CleaningError
from ccgcii.cleaning.reviewing.explaining import author_class
from ccgcii.cleaning.reviewing.inspecting import looks_like_html
from ccgcii.cli.inspect import command
from ccgcii.cli.invocation import Invocation

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "Hangzhou is lovely, while Wuxi is ugly. Tourists eat hotpot in the museum. Analysts in "
    "Shanghai fear a crisis. Suzhou in Anhui is another place; @BeijingReview is a handle. \x1b[31m"
)
PAGE = (
    "<html lang='en'><head><title>Bridge</title></head><body><article><p>Wuhan opened a bridge."
    "</p></article></body></html>"
)
FIELDS = [
    *("id", "title", "text", "published_at", "date_rule", "language", "cities", "sentiment"),
    *("topics", "dropped"),
]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")


def inspect(*arguments: str, given: str | bytes = "") -> Any:
    return CliRunner().invoke(command, list(arguments), input=given, obj=Invocation())


def answers(given: str | bytes) -> tuple[list[dict[str, Any]], Any]:
    result = inspect("-", "--ndjson", given=given)
    return [json.loads(line) for line in result.stdout.splitlines()], result


def test_every_decision_is_shown_with_its_evidence() -> None:
    shown = " ".join(inspect("-", "--url", "https://www.bbc.co.uk/a", given=TEXT).stdout.split())
    for said in (
        "country GB (catalogue of outlets)",
        "author class foreign",
        "clauses: Hangzhou is lovely,",
        "clauses: while Wuxi is ugly.",
        "where somebody speaks: Analysts in Shanghai",
        "in a link, address or handle",
        "Suzhou text",
        "culture soft yes museum",
        "duplication not judged compares pieces",
        "validity",
    ):
        assert said in shown
    assert "\x1b[31m" not in shown


def test_a_handle_of_a_city_is_its_voice() -> None:
    from datetime import UTC, datetime

    from ccgcii import Document, default_accounts, outlets

    def speaks(**known: Any) -> str | None:
        document = Document("t", known.pop("channel", "x"), "", datetime.now(UTC), **known)
        return author_class(document, default_accounts(), outlets())

    own = next(a for a in default_accounts() if a.role == "official")
    assert speaks(channel=own.platform, author=f"@{own.handle.upper()}") == "official"
    unsure = next(a for a in default_accounts() if a.role is None)
    assert speaks(channel=unsure.platform, author=unsure.handle) is None
    assert speaks(author="somebody", country="FR") == "foreign"
    assert speaks(author="somebody", country="CN") == "other"
    assert speaks(channel="media", outlet="eguangzhou.gov.cn", country="CN") == "official"
    assert speaks(channel="media", outlet="thebeijinger.com", country="CN") == "other"


def test_odd_lines_are_answered_in_order_each_by_its_number() -> None:
    lines: list[Any] = [
        {"id": 1, "text": ""},
        "",
        "{bad",
        "[1]",
        {"id": "html", "html": PAGE},
        {"id": "odd", "html": "<<<>>> Wuhan </p"},
        {"id": "nobody's", "text": "blarg zzkrt vvnm Wuhan qqpl"},
        {"id": "told", "text": "Wuhan", "language": "xx"},
        {"id": "null", "text": None},
        {"id": "date", "text": "Wuhan", "published_at": "yesterday"},
        {"id": "number", "text": 7},
        {"id": "big", "text": "The river is wide. " * 550_000 + "Wuhan lies on it."},
        {"id": "last", "text": "武汉很美。"},
    ]
    given = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    found, result = answers(given)
    # A blank line asks nothing; every other has one answer, and is named by its own number.
    asked = [number for number, line in enumerate(lines, 1) if line]
    by_line = dict(zip(asked, found, strict=True))
    assert [answer["id"] for answer in found] == [
        1, None, None, "html", "odd", "nobody's", "told", "null", "date", "number", "big", "last",
    ]  # fmt: skip
    wrong = {number for number, answer in by_line.items() if "error" in answer}
    assert wrong == {3, 4, 9, 10}
    for number, answer in by_line.items():
        if number in wrong:
            assert answer["error"].startswith(f"line {number}: ")
            assert f"line {number}: " in result.stderr
        else:
            assert list(answer) == FIELDS
    assert by_line[1]["dropped"]["layer"] == 1
    assert (by_line[6]["text"], by_line[6]["dropped"]["layer"]) == ("<<<>>> Wuhan", 1)
    assert by_line[8]["language"] == "xx"
    assert by_line[11]["text"] == "7"
    assert len(by_line[12]["text"]) > 10_000_000
    assert len(by_line[12]["cities"]) == 1
    assert by_line[13]["cities"][0]["start"] == 0
    assert result.exit_code == 1


def test_what_looks_like_a_page_is_one() -> None:
    for page in (PAGE, "\ufeff\n<p class='lead'>Wuhan", "<!-- x --><b>Wuhan</b>", "<br/>Wuhan"):
        assert looks_like_html(page.encode()), page
    for text in (TEXT, "<3 Wuhan", "<https://a.example> Wuhan", "< p > Wuhan", "a <b>b</b>"):
        assert not looks_like_html(text.encode()), text


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("piece.html", "<p>Wuhan opened a <b>great</b> bridge &amp; a park.</p>", "great bridge &"),
        ("PIECE.HTM", "Wuhan opened a bridge &amp; a park.", "a bridge & a park."),
        ("piece.txt", "<div>Wuhan opened a bridge.</div>", "Wuhan opened a bridge."),
        ("piece.txt", "Wuhan &amp; <b>me</b>", "Wuhan &amp; <b>me</b>"),
    ],
)
def test_a_piece_of_a_page_is_read_as_a_page(
    tmp_path: Path, name: str, content: str, text: str
) -> None:
    (tmp_path / name).write_text(content)
    shown = json.loads(inspect(name, "--json").stdout)
    assert text in shown["text"]
    assert ("<" in shown["text"]) == (content == text)


def test_bytes_that_are_no_text_are_one_line_all_the_same() -> None:
    given = b'{"id": 1, "text": "Wuhan \xff\xfe"}\n\xff\xfe\x00\n{"id": 3, "text": "Wuhan"}\n'
    found, _ = answers(given)
    assert [answer["id"] for answer in found] == [1, None, 3]


def test_a_packed_file_that_breaks_off_is_said_to_be_damaged() -> None:
    whole = gzip.compress(b"Wuhan today is open again. " * 100)
    for broken in (whole[:-20], whole[:3], whole[:20] + b"\xff" * 20):
        result = inspect("-", given=broken)
        assert isinstance(result.exception, CleaningError)
        assert "damaged gzip" in str(result.exception)


def test_half_a_character_of_json_is_printed_as_what_it_is() -> None:
    (answer,), _ = answers('{"id": 1, "text": "Wuhan \\ud800 opens"}\n')
    assert answer["cities"][0]["city"] == "wuhan"
