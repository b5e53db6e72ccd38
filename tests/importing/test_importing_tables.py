"""Files as tables: encodings, delimiters, preambles, broken quoting, gzip."""

from __future__ import annotations

import codecs
import gzip
import json
import lzma
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ccgcii import BadRow, ImportFileError, Row, open_table

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = "标题,正文\n武汉的樱花,武汉大学的樱花开了\n上海的夜,外滩的灯亮了\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def values(path: Path) -> list[dict[str, object]]:
    return [dict(row.values) for row in open_table(path).rows() if isinstance(row, Row)]


def bad(path: Path) -> list[BadRow]:
    return [row for row in open_table(path).rows() if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_chinese_text_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.csv", CHINESE.encode(encoding))
    assert values(path)[0] == {"标题": "武汉的樱花", "正文": "武汉大学的樱花开了"}


STORY = {
    "big5": "武漢封城後的第一個春天,武漢大學的櫻花開了，市民可以走出家門，城市慢慢恢復了生氣",
    "gb18030": "武汉封城后的第一个春天,武汉大学的樱花开了，市民可以走出家门，城市慢慢恢复了生气",
    "cp932": "武漢の封鎖解除,武漢では封鎖が解除され、人々が街に戻った。市によると、九日の朝から"
    "列車も走り始めたという。駅では家族を待つ人がカメラの前で手を振り、桜の下ではマスク姿の学生が笑う",
    "cp949": "우한 봉쇄 해제,우한에서 봉쇄가 해제되어 사람들이 거리로 나왔습니다. 벚꽃이 피었다",
    "cp1251": "Ухань открыта,В Ухане сняли карантин и люди снова вышли на улицы города",
    "cp1256": "ووهان,رفع الحجر الصحي في مدينة ووهان وعاد الناس إلى الشوارع",
    "cp1252": "München,Die Straße nach Köln führt über Düsseldorf zurück nach Würzburg",
}


@pytest.mark.parametrize("encoding", STORY)
@pytest.mark.parametrize("others", [0, 300])
def test_other_scripts_are_read_in_their_own_encoding(
    tmp_path: Path, encoding: str, others: int
) -> None:
    rows = ["Wuhan,The city opened again and people went out"] * others
    text = "\n".join(["title,text", *rows, *[STORY[encoding]] * 3, ""])
    path = write(tmp_path / "a.csv", text.encode(encoding))
    assert ",".join(map(str, values(path)[-1].values())) == STORY[encoding]


def test_accented_latin_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    text = "title,text\nÉtude,Le café près de la forêt où l'été s'achève à Genève\n"
    path = write(tmp_path / "a.csv", text.encode("cp1252"))
    assert values(path)[0]["text"] == "Le café près de la forêt où l'été s'achève à Genève"


def test_one_undecodable_byte_does_not_change_the_encoding(tmp_path: Path) -> None:
    content = CHINESE.encode() * 20 + b"a,b\xff\n"
    rows = values(write(tmp_path / "a.csv", content))
    assert rows[0]["标题"] == "武汉的樱花"
    assert rows[-1]["正文"] == "b\ufffd"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["id", "text", "cities"], ["1", "a, b; c", "Wuhan;Beijing"], ["2", "d", "Xi'an"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert open_table(write(tmp_path / "a.csv", quoted)).columns == ("id", "text", "cities")


def test_rows_before_the_header_are_passed_over(tmp_path: Path) -> None:
    text = 'Report:,"Chengdu, 2020"\n\nFrom:,1 January\n\nDate,Title,Url\n2020-01-02,A,http://a/\n'
    table = open_table(write(tmp_path / "a.csv", text))
    assert table.columns == ("Date", "Title", "Url")
    assert [row.line for row in table.rows()] == [6]


def test_an_article_may_run_over_many_lines(tmp_path: Path) -> None:
    text = 'id,text\n1,"first\n\nsecond ""quoted"", third"\n2,b\n'
    rows = values(write(tmp_path / "a.csv", text))
    assert [row["text"] for row in rows] == ['first\n\nsecond "quoted", third', "b"]


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = ["id,text", *(f'{number},"text {number}"' for number in range(2000))]
    lines[5] = '4,"never closed'
    path = write(tmp_path / "a.csv", "\n".join(lines))
    refused = bad(path)
    assert [(row.line, row.reason) for row in refused] == [
        (6, "broken quoting: a quote is not closed")
    ]
    assert len(values(path)) == 1999


def test_two_unclosed_quotes_do_not_make_one_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\n1,"abc\n2,"def\n3,fine\n')
    assert [row.line for row in bad(path)] == [2, 3]
    assert [row["text"] for row in values(path)] == ["fine"]


def test_inches_are_not_quotes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\n1,a 5" screen\n2,b\n3,a 6" screen\n')
    assert [row["text"] for row in values(path)] == ['a 5" screen', "b", 'a 6" screen']


def test_a_row_of_another_width_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a,b,c\n1,2,3\n1,2\n4,5,6\n7,8,9,10\n7,8,9,,\n")
    assert [(row.line, row.reason) for row in bad(path)] == [
        (3, "2 columns, the header has 3"),
        (5, "4 columns, the header has 3"),
    ]
    assert values(path)[-1] == {"a": "7", "b": "8", "c": "9"}


def test_nul_bytes_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"id,text\n" + b"1,Wuhan today\n" * 50 + b"2,Wu\0han\n")
    assert values(path)[-1]["text"] == "Wuhan"


def test_a_field_may_be_a_megabyte_long(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f'id,text\n1,"{"long " * 400_000}"\n2,b\n')
    assert [len(str(row["text"])) for row in values(path)] == [2_000_000, 1]


def test_columns_without_a_name_or_named_twice_keep_apart(tmp_path: Path) -> None:
    assert open_table(write(tmp_path / "a.csv", "a,,a\n1,2,3\n")).columns == (
        "a",
        "column 2",
        "a (3)",
    )


def test_json_lines_give_objects_and_say_what_is_none(tmp_path: Path) -> None:
    text = '{"id": 1, "user": {"name": "x"}}\n\n{broken\n[1]\n' + "[" * 100_000 + '\n{"id": 2}\n'
    path = write(tmp_path / "a.jsonl", text)
    assert [row["id"] for row in values(path)] == [1, 2]
    assert [row.line for row in bad(path)] == [3, 4, 5]
    assert open_table(path).has("user.name")


def test_a_number_of_more_digits_than_python_reads_costs_its_line_only(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": 1}\n{"id": ' + "9" * 5_000 + '}\n{"id": 2}\n')
    assert [row["id"] for row in values(path)] == [1, 2]
    assert [row.line for row in bad(path)] == [2]


@pytest.mark.parametrize("text", ['{\n"id": 1}\n{"id": 2}', '[{"id": 1},{"id": 2}]'])
def test_a_json_document_gives_its_objects_also_packed(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.json.xz", lzma.compress(text.encode()))
    assert open_table(path).layout == "JSON, utf-8"
    assert [row["id"] for row in values(path)] == [1, 2]


def test_an_array_of_json_gives_its_objects_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '[{"id": 1},\n\n{"id": 2,\n "n": [3]}, 4]')
    assert [row["id"] for row in values(path)] == [1, 2]
    assert [row.line for row in open_table(path).rows()] == [1, 3, 4]
    assert bad(path) == [BadRow(4, "not a JSON object", "4")]


def test_a_page_of_posts_longer_than_the_sample_is_one_object(tmp_path: Path) -> None:
    page = json.dumps({"data": [{"text": "Wuhan " * 50} for _ in range(5_000)], "meta": {}})
    assert len(page) > 1 << 20
    table = open_table(write(tmp_path / "a.jsonl", f"{page}\n{page}\n"))
    assert table.columns == ("data", "meta")
    assert [row.line for row in table.rows()] == [1, 2]


def test_parquet_rows_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1, 2], "user": [{"name": "x"}, None]}), path)
    table = open_table(path)
    assert [row.line for row in table.rows()] == [1, 2]
    assert table.has("user.name")


@pytest.mark.parametrize("wrong", [b"\xff", 1 << 48])
def test_parquet_with_a_cell_that_python_cannot_hold_is_refused_by_name(
    tmp_path: Path, wrong: bytes | int
) -> None:
    column = (
        pa.array([b"Wuhan", wrong]).view(pa.string())
        if isinstance(wrong, bytes)
        else pa.array([0, wrong]).cast(pa.timestamp("ms"))
    )
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": column}), path)
    with pytest.raises(ImportFileError, match=r"a\.parquet: damaged Parquet after row 0"):
        list(open_table(path).rows())
    pq.write_table(pa.table({"text": column.slice(1)}), path)
    with pytest.raises(ImportFileError, match=r"a\.parquet: damaged Parquet"):
        open_table(path)


def test_gzip_is_seen_through(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", gzip.compress(CHINESE.encode()))
    assert len(values(path)) == 2


def test_a_truncated_gzip_gives_its_rows_and_then_an_error(tmp_path: Path) -> None:
    lines = "".join(f"{json.dumps({'id': number})}\n" for number in range(50_000))
    packed = gzip.compress(lines.encode())
    path = write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2])
    seen: list[object] = []
    with pytest.raises(ImportFileError, match="breaks after line"):
        seen.extend(open_table(path).rows())
    assert len(seen) > 1000


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b" \n\n", "empty"),
        ("a.csv", codecs.BOM_UTF8, "empty"),
        ("a.xlsx", b"PK\x03\x04rest", "damaged Excel"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "an old Office file"),
        ("a.csv", bytes(range(256)) * 20, r"no text \(CSV"),
        ("a.parquet", b"PAR1 and then nothing", "damaged Parquet"),
        ("a.json", b'[{"id": 1},\n {"id": 2]', "not valid JSON from line 2 on"),
        ("a.json.xz", b"\xfd7zXZ\x00nothing", "damaged xz"),
        ("a.csv", b"<!DOCTYPE html><p>", "HTML"),
        ("a.csv.gz", b"\x1f\x8bnothing", "damaged gzip"),
    ],
)
def test_what_has_no_rows_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(ImportFileError, match=message) as caught:
        open_table(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="no such file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(ImportFileError, match="a folder"):
        open_table(tmp_path)
