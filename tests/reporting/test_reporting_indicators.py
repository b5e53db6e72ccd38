from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., Any]


def test_every_indicator_is_listed_with_its_definition(ccgcii: Call) -> None:
    rows = json.loads(ccgcii("indicators", "--json").stdout)
    assert len(rows) == 60
    first = rows[0]
    assert [*first] == [
        "id",
        "name",
        "dimension",
        "pillar",
        "unit",
        "direction",
        "treatment",
        "channels",
        "empty",
        "definition",
    ]
    assert all(row["definition"] for row in rows)
    assert {row["empty"] for row in rows} == {0, None}


def test_the_table_says_where_less_is_better(ccgcii: Call) -> None:
    shown = ccgcii("indicators").stdout
    assert shown.index("Penetration") < shown.index("Breadth") < shown.index("Responsiveness")
    assert "less is" in shown
