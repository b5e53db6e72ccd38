"""A person's verdicts: samples as they come back from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccgcii.errors import CleaningError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DROP, KEEP, UNSURE = "drop", "keep", "?"
_NEEDED = ("id", "layer", "filter", "verdict")
_WORDS = {
    DROP: (DROP, "dropped", "d", "noise", "删", "删除", "刪除"),
    KEEP: (KEEP, "kept", "k", "real", "留", "保留"),
    UNSURE: (UNSURE, "unsure", "？", "不确定", "不確定"),
}
_MEANING = {word: verdict for verdict, words in _WORDS.items() for word in words}
# A verdict on the filter's decision instead of the piece.
_ON_THE_FILTER = {"right": True, "对": True, "對": True, "wrong": False, "错": False, "錯": False}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged piece: what the filter did, what the person would do (drop, keep or ?).

    `of` is how many pieces the row stands for together with the others of its kind; None: unknown.
    """

    id: str
    layer: int
    filter: str
    answer: str
    of: int | None

    @property
    def decision(self) -> str:
        """What the layer did with it."""
        return DROP if self.filter else KEEP


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of verdicts; `empty` rows have no answer yet, `unsure` ones a question mark."""

    path: Path
    verdicts: tuple[Verdict, ...]
    empty: int
    unsure: int


def read_sheet(path: Path) -> Sheet:
    """Read a judged sample; raises `CleaningError` naming every line that cannot be understood."""
    rows: list[Verdict] = []
    problems: list[str] = []
    empty = 0
    for line, row in _rows(path):
        try:
            verdict = _verdict(row)
        except ValueError as error:
            problems.append(f"line {line}: {error}")
            continue
        if verdict is None:
            empty += 1
        else:
            rows.append(verdict)
    problems += _twice(rows)
    if problems:
        more = f"\n  and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        shown = "\n  ".join(problems[:_SHOWN])
        raise CleaningError(
            f"{path}: repair these lines and run the command again:\n  {shown}{more}"
        )
    if not rows:
        raise CleaningError(f"{path}: no row has a verdict; write keep, drop or ? into that column")
    sure = tuple(row for row in rows if row.answer != UNSURE)
    return Sheet(path, sure, empty, len(rows) - len(sure))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CleaningError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise CleaningError(f"{path}: not UTF-8; save it as CSV UTF-8 and try again") from None
    head = text.partition("\n")[0]
    # A spreadsheet of another country saves with semicolons or tabs.
    delimiter = max(",;\t", key=head.count)
    # Not `splitlines`: it ends a line at characters that stand inside titles.
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise CleaningError(
            f"{path}: no column {', '.join(missing)} (it has {', '.join(names) or 'none'}); "
            "give a file that `ccgcii sample --csv` wrote"
        )
    reader.fieldnames = names
    for row in reader:
        yield reader.line_num, {name: (row.get(name) or "").strip() for name in names}


def _verdict(row: dict[str, str]) -> Verdict | None:
    """Return a row's verdict, None if it has none yet; `ValueError` says what is wrong with it."""
    said = row["verdict"].lower()
    if not row["id"]:
        raise ValueError("no id")
    if row["layer"] not in ("1", "2", "3", "4", "5"):
        raise ValueError(f"layer {row['layer']!r} is not 1 to 5")
    of = row.get("of", "")
    if of and not (of.isdecimal() and int(of)):
        raise ValueError(f"of {of!r} is not a number above 0")
    if not said:
        return None
    answer = _MEANING.get(said)
    if answer is None:
        if said not in _ON_THE_FILTER:
            hint = suggest(said, [KEEP, DROP, UNSURE, "right", "wrong"])
            raise ValueError(f"verdict {row['verdict']!r}{hint}")
        answer = DROP if bool(row["filter"]) == _ON_THE_FILTER[said] else KEEP
    return Verdict(row["id"], int(row["layer"]), row["filter"], answer, int(of) if of else None)


def _twice(rows: list[Verdict]) -> list[str]:
    times = Counter((row.id, row.layer) for row in rows)
    return [
        f"id {number} of layer {layer} stands there {many} times"
        for (number, layer), many in times.items()
        if many > 1
    ]
