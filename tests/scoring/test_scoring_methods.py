"""Imputations, treatments, normalisations and aggregations on their own."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import ccgcii_methods
from ccgcii import Columns, ScoreError
from ccgcii_methods import aggregations, imputations, normalisations, treatments

if TYPE_CHECKING:
    from collections.abc import Callable

NAN = float("nan")


def facts(**directions: int) -> pd.DataFrame:
    return pd.DataFrame({"direction": directions, "treatment": dict.fromkeys(directions, "")})


def weights(**values: float) -> pd.Series[float]:
    return pd.Series(values)


def on_frames(apply: Callable[..., Any]) -> Callable[..., pd.DataFrame]:
    """Let a step on the matrix be called with frames; its notes are in `attrs`."""

    def call(
        matrix: pd.DataFrame, facts: pd.DataFrame, units: pd.DataFrame | None = None, **options: Any
    ) -> pd.DataFrame:
        names = [str(name) for name in matrix.columns]
        known: dict[str, Any] = {name: facts.loc[name] for name in names if name in facts.index}
        columns = Columns.of(
            *names,
            directions=[known[n]["direction"] if n in known else 1 for n in names],
            treatments=[known[n]["treatment"] if n in known else "" for n in names],
            units=units,
        )
        values = apply(matrix.to_numpy(float), columns, **options)
        changed = pd.DataFrame(values, index=matrix.index, columns=matrix.columns)
        changed.attrs["notes"] = [text for text, _ in columns.remarks]
        return changed

    return call


def mean_of(apply: Callable[..., Any]) -> Callable[..., pd.Series[float]]:
    """Let an aggregation be called with frames."""

    def call(matrix: pd.DataFrame, weights: pd.Series[float], **options: Any) -> pd.Series[float]:
        columns = Columns.of(*map(str, matrix.columns))
        scores = apply(matrix.to_numpy(float), columns, weights.to_numpy(float), **options)
        result = pd.Series(scores, index=matrix.index)
        result.attrs["notes"] = [text for text, _ in columns.remarks]
        return result

    return call


column_mean = on_frames(imputations.column_mean)
column_median = on_frames(imputations.column_median)
group_mean = on_frames(imputations.group_mean)
group_median = on_frames(imputations.group_median)
log1p = on_frames(treatments.log1p)
winsorise = on_frames(treatments.winsorise)
minmax = on_frames(normalisations.minmax)
zscore = on_frames(normalisations.zscore)
rank = on_frames(normalisations.rank)
leave_as_is = on_frames(normalisations.leave_as_is)
arithmetic = mean_of(aggregations.arithmetic)
geometric = mean_of(aggregations.geometric)
harmonic = mean_of(aggregations.harmonic)


def test_every_method_has_a_published_definition_and_its_own_name() -> None:
    methods = ccgcii_methods.ccgcii_methods()
    assert all(len(method.definition) > 20 for method in methods)
    assert len({(method.kind, method.name) for method in methods}) == len(methods)


def test_every_option_has_a_default() -> None:
    for method in ccgcii_methods.ccgcii_methods():
        for name, parameter in inspect.signature(method.apply).parameters.items():
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                assert parameter.default is not inspect.Parameter.empty, (method.name, name)


def test_means_and_medians_fill_only_what_can_be_filled() -> None:
    matrix = pd.DataFrame({"a": [1.0, 3.0, 8.0, NAN], "b": [NAN] * 4})
    assert list(column_mean(matrix, facts())["a"]) == [1, 3, 8, 4]
    assert list(column_median(matrix, facts())["a"]) == [1, 3, 8, 3]
    assert column_mean(matrix, facts())["b"].isna().all()


def test_groups_fill_from_their_own_and_nothing_from_nothing() -> None:
    matrix = pd.DataFrame({"a": [1.0, 3.0, 8.0, NAN, 9.0, NAN, NAN]})
    units = pd.DataFrame({"tier": ["x", "x", "x", "x", "y", "z", None]})
    assert list(group_mean(matrix, facts(), units=units, by="tier")["a"])[:5] == [1, 3, 8, 4, 9]
    filled = group_median(matrix, facts(), units=units, by="tier")["a"]
    assert filled[3] == 3.0
    assert filled[[5, 6]].isna().all()


def test_a_group_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ScoreError, match="no column 'tier'"):
        group_mean(pd.DataFrame({"a": [1.0]}), facts(), units=pd.DataFrame(index=[0]), by="tier")


def test_logs_touch_counts_and_hours_and_keep_zero_zero() -> None:
    matrix = pd.DataFrame({"n": [0.0, np.e - 1], "share": [0.2, 0.4], "h": [0.0, 1.0]})
    kinds = pd.DataFrame(
        {"direction": 1, "treatment": ["count", "ratio", "hours"]}, index=["n", "share", "h"]
    )
    treated = log1p(matrix, kinds)
    assert list(treated["n"]) == [0.0, pytest.approx(1.0)]
    assert list(treated["share"]) == [0.2, 0.4]
    assert treated["h"][1] == pytest.approx(np.log(2))


def test_a_log_refuses_negative_counts_and_says_when_it_found_none() -> None:
    kinds = pd.DataFrame({"direction": [1], "treatment": ["count"]}, index=["n"])
    with pytest.raises(ScoreError, match="negative values in n"):
        log1p(pd.DataFrame({"n": [-1.0, 2.0]}), kinds)
    untouched = log1p(pd.DataFrame({"n": [1.0, 2.0]}), facts(n=1))
    assert "touched nothing" in untouched.attrs["notes"][0]


def test_winsorising_pulls_the_outlier_to_the_next_value() -> None:
    column = [float(n) for n in range(1, 11)] + [30.0, 100.0]
    treated = winsorise(pd.DataFrame({"a": column}), facts(a=1))["a"]
    assert list(treated) == [*range(1, 11), 30.0, 30.0]


def test_winsorising_pulls_low_outliers_up_and_leaves_missing_cells() -> None:
    column = [-100.0, NAN, -30.0, *[float(-n) for n in range(10, 0, -1)]]
    treated = winsorise(pd.DataFrame({"a": column}), facts(a=1))["a"]
    assert treated[0] == treated[2] == -30.0
    assert np.isnan(treated[1])


@pytest.mark.parametrize("column", [[5.0] * 6, [1.0, 2.0, 900.0, NAN], [1.0, 2.0, 3.0, 4.0, 5.0]])
def test_winsorising_leaves_constant_short_and_tame_columns_alone(column: list[float]) -> None:
    matrix = pd.DataFrame({"a": column})
    assert winsorise(matrix, facts(a=1)).equals(matrix)


@pytest.mark.parametrize("scale", [2.0**500, 2.0**-1000])
def test_the_unit_of_measurement_changes_nothing_of_a_treatment(scale: float) -> None:
    column = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6, 7, 900]})
    assert (winsorise(column * scale, facts(a=1)) == winsorise(column, facts(a=1)) * scale).all(
        axis=None
    )


def test_winsorising_never_makes_a_column_constant() -> None:
    lonely = winsorise(pd.DataFrame({"a": [0.0] * 50 + [7.0]}), facts(a=1))["a"]
    few = winsorise(pd.DataFrame({"a": [0.0] * 95 + [1.0, 2, 3, 4, 5]}), facts(a=1))["a"]
    assert lonely.max() == 7.0
    assert few.max() == 1.0
    assert (few > 0).sum() == 5


def test_where_winsorising_does_not_suffice_the_original_is_logged_if_asked() -> None:
    column = [0.0] * 40 + [float(2**n) for n in range(10)]
    logged = winsorise(pd.DataFrame({"a": column}), facts(a=1), points=1, then="log")["a"]
    assert logged.iloc[-1] == pytest.approx(np.log(512 + 5.12))
    with pytest.raises(ScoreError, match="neither 'none' nor 'log'"):
        winsorise(pd.DataFrame({"a": column}), facts(a=1), then="boxcox")


def test_minmax_turns_costs_by_inversion() -> None:
    matrix = pd.DataFrame({"good": [0.0, 5, 10, NAN], "bad": [0.0, 5, 10, 20]})
    scores = minmax(matrix, facts(good=1, bad=-1))
    assert list(scores["good"])[:3] == [0, 50, 100]
    assert np.isnan(scores["good"][3])
    assert list(scores["bad"]) == [100, 75, 50, 0]


def test_a_constant_column_is_the_lower_end_in_minmax_and_the_mean_in_zscore() -> None:
    matrix = pd.DataFrame({"a": [0.1, 0.1, 0.1, NAN]})
    assert list(minmax(matrix, facts(a=-1), lower=1.0)["a"])[:3] == [1, 1, 1]
    scores = zscore(matrix, facts(a=1), mean=50.0)["a"]
    assert list(scores)[:3] == [50, 50, 50]
    assert np.isnan(scores[3])


def test_zscores_have_the_mean_and_deviation_asked_for() -> None:
    scores = zscore(pd.DataFrame({"a": [1.0, 2, 3]}), facts(a=-1), mean=50.0, deviation=10.0)["a"]
    assert list(scores) == [60, 50, 40]


def test_ranks_are_evenly_spaced_and_ties_share() -> None:
    scores = rank(pd.DataFrame({"a": [1.0, 2, 2, 9, NAN]}), facts(a=1))["a"]
    assert list(scores)[:4] == [0, 50, 50, 100]
    assert np.isnan(scores[4])
    assert list(rank(pd.DataFrame({"a": [1.0, 2, 3]}), facts(a=-1))["a"]) == [100, 50, 0]
    # Who is alone is neither the worst nor the best.
    assert rank(pd.DataFrame({"a": [7.0, NAN]}), facts(a=1))["a"].iloc[0] == 50


def test_no_normalisation_keeps_values_and_refuses_costs() -> None:
    matrix = pd.DataFrame({"a": [1.0, 2.0], "late": [3.0, 4.0]})
    assert leave_as_is(matrix, facts(a=1, late=1)).equals(matrix)
    with pytest.raises(ScoreError, match="late has direction -1"):
        leave_as_is(matrix, facts(a=1, late=-1))


@pytest.mark.parametrize("normalise", [minmax, zscore, rank])
def test_one_unit_cannot_be_normalised(normalise: object) -> None:
    assert callable(normalise)
    with pytest.raises(ScoreError, match="nobody to be compared with"):
        normalise(pd.DataFrame({"a": [1.0]}), facts(a=1))


def test_the_three_means_keep_their_order() -> None:
    matrix, even = pd.DataFrame({"a": [10.0], "b": [90.0]}), weights(a=0.5, b=0.5)
    means = [float(mean(matrix, even)[0]) for mean in (arithmetic, geometric, harmonic)]
    assert means == [pytest.approx(50.0), pytest.approx(30.0), pytest.approx(18.0)]


def test_missing_children_leave_their_weight_to_the_others() -> None:
    matrix = pd.DataFrame({"a": [40.0, NAN], "b": [NAN, NAN], "c": [80.0, NAN]})
    mean = arithmetic(matrix, weights(a=0.25, b=0.5, c=0.25))
    assert mean[0] == pytest.approx(60.0)
    assert np.isnan(mean[1])


def test_a_floor_keeps_one_zero_from_wiping_out_a_unit_and_is_noted() -> None:
    matrix, even = pd.DataFrame({"a": [0.0, 100.0], "b": [100.0, 100.0]}), weights(a=0.5, b=0.5)
    mean = geometric(matrix, even)
    assert list(mean) == [pytest.approx(10.0), pytest.approx(100.0)]
    assert mean.attrs["notes"] == ["1 scores below 1 counted as 1"]
    assert harmonic(matrix, even)[0] == pytest.approx(2 / 1.01)


@pytest.mark.parametrize("mean", [geometric, harmonic])
def test_means_that_need_positive_scores_refuse_others(mean: object) -> None:
    assert callable(mean)
    with pytest.raises(ScoreError, match="negative scores"):
        mean(pd.DataFrame({"a": [-1.0]}), weights(a=1.0))
    with pytest.raises(ScoreError, match="floor must be above 0"):
        mean(pd.DataFrame({"a": [1.0]}), weights(a=1.0), floor=0.0)
