"""Plain data: everything as JSON, the ranking as CSV."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, ClassVar

from ccgcii import ScoreError, no_formula

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class JsonReport:
    """Everything that `ccgcii report --json` prints."""

    name: ClassVar[str] = "json"
    suffix: ClassVar[str] = ".json"

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the results in UTF-8."""
        text = json.dumps(results, indent=2, ensure_ascii=False, allow_nan=False)
        path.write_text(text + "\n", encoding="utf-8")


class CsvReport:
    """The ranking: a line a city; index and dimensions, each with score and rank."""

    name: ClassVar[str] = "csv"
    suffix: ClassVar[str] = ".csv"

    def write(self, results: Mapping[str, Any], path: Path) -> None:
        """Write the ranking in UTF-8 with a byte order mark, as spreadsheets want it."""
        rows = [_row(city) for city in results["ranking"]]
        if not rows:
            raise ScoreError("no ranking to write yet: run `ccgcii score`")
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _row(city: Mapping[str, Any]) -> dict[str, Any]:
    row = {key: no_formula(city[key]) for key in ("rank", "city", "label", "name_zh", "index")}
    if city["adjusted"] is not None:
        row |= {"adjusted": city["adjusted"], "adjusted_rank": city["adjusted_rank"]}
    for name, place in city["dimensions"].items():
        row |= {name: place["score"], f"{name}_rank": place["rank"]}
    return row
