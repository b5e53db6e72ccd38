"""Methods tried on tables: frames in, frames out, remarks in `attrs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import ccgcii_methods
from ccgcii import Columns, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ccgcii import Method


@pytest.fixture(scope="session")
def methods() -> dict[tuple[str, str], Method]:
    return {(m.kind, m.name): m for m in ccgcii_methods.ccgcii_methods()}


@pytest.fixture(scope="session")
def weigh(methods: dict[tuple[str, str], Method]) -> Callable[..., pd.Series[float]]:
    """Weigh the columns of a table; notes, warnings and stages are in `attrs`."""

    def call(
        name: str, table: pd.DataFrame, given: list[float] | None = None, **options: Any
    ) -> pd.Series[float]:
        def other(step: Step, values: NDArray[np.float64], columns: Columns) -> Any:
            return methods["weighting", step.method].apply(values, columns, **step.options)

        names = [str(name) for name in table.columns]
        plain = Columns.of(*names, given=given or ())
        columns = Columns(plain.names, plain.directions, plain.treatments, plain.given, None, other)
        values = np.ascontiguousarray(table.to_numpy(float))
        found = methods["weighting", name].apply(values, columns, **options)
        weights = pd.Series(found, index=table.columns)
        weights.attrs["notes"] = [text for text, warning in columns.remarks if not warning]
        weights.attrs["warnings"] = [text for text, warning in columns.remarks if warning]
        weights.attrs["stages"] = {k: list(v) for k, v in columns.stages.items()}
        return weights

    return call
