"""Comparisons with other rankings: read from a CSV file or shipped with us, shown as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.catalogues.cities import find_city
from ccgcii.catalogues.tables import other_columns, read_rows
from ccgcii.errors import ConfigError, suggest
from ccgcii.findings.comparisons import rank_cities
from ccgcii.reporting.findings import percent, table
from ccgcii.reporting.texts import number, safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from ccgcii.catalogues.tables import Row
    from ccgcii.cities import City

HERE = Path(__file__).parent / "data"
REQUIRED = ("city",)
OPTIONAL = ("rank", "score", "measure", "as_printed", "city_as_printed")
MOVERS = 10
INDEX = ("ccgcii", "total", "overall")


def shipped_rankings() -> tuple[str, ...]:
    """Return the names of the published rankings that come with the package."""
    return tuple(sorted(path.stem for path in HERE.glob("*.csv")))


def read_other_ranking(
    name: str, cities: Sequence[City], measure: str, *, skip_unknown: bool = False
) -> tuple[dict[str, int], list[str]]:
    """Return another ranking's rank by city key, and what must be said of it.

    `name` is a shipped ranking or a CSV file with `city` (key, English or Chinese name) and `rank`
    or `score` (more is better); a file with a column `measure` is read where it says `measure`.
    Other columns of somebody's table are left alone, and named.
    Raises `ConfigError` naming file and line for a city that the study does not have, unless
    `skip_unknown`, and for cities that stand twice.
    """
    shipped = name in shipped_rankings()
    path = HERE / f"{name}.csv" if shipped else Path(name)
    if not path.is_file():
        raise ConfigError(
            f"no ranking {name!r} and no such file{suggest(name, shipped_rankings())}"
        )
    ignored = _ignored(path)
    given = [*read_rows(path, REQUIRED, (*OPTIONAL, *ignored))]
    rows = _of_measure(path, given, measure)
    by_rank = any(row.text("rank") for row in rows)
    places: dict[str, float] = {}
    notes = [f"columns that are not read: {', '.join(ignored)}"] if ignored else []
    for row in rows:
        try:
            key = find_city(row.required("city"), cities).key
        except ConfigError as error:
            if not (skip_unknown or shipped):
                raise row.error(f"{error}; --skip-unknown leaves such cities out") from None
            notes.append(f"{row.text('as_printed') or row.text('city')} is no city of this study")
            continue
        if key in places:
            raise row.error(f"city {key!r} stands there twice")
        places[key] = _place(row, by_rank=by_rank)
        notes += _as_printed(row, key, cities)
    if not places:
        raise ConfigError(f"{path}: no city of this study in it")
    if by_rank and all(place.is_integer() for place in places.values()):
        # Printed ranks stay as they are, with the gaps of cities that the study does not have.
        return {city: int(place) for city, place in places.items()}, notes
    return rank_cities({city: -place for city, place in places.items()}), notes


def comparison_tables(
    found: Mapping[str, Any], title: str, labels: Mapping[str, str]
) -> Iterator[RenderableType]:
    """Yield how far the rankings agree, then the cities that moved most."""
    agreement = table(title, "measure", "value")
    agreement.add_row("cities in ours, theirs, both", _counts(found))
    for part in found["overlap"]:
        label = f"both among the first {part['depth']}"
        agreement.add_row(label, f"{part['common']} ({percent(part['share'], 0)})")
    agreement.add_row("Spearman (common cities)", number(found["spearman"], 3))
    agreement.add_row("Kendall tau-b (common cities)", number(found["kendall"], 3))
    label = f"rank-biased overlap (p = {found['persistence']})"
    agreement.add_row(label, number(found["rank_biased_overlap"], 3))
    yield agreement
    moved = table("Moved most, among the common cities", "city", "ours", "theirs", "moved")
    ordered = sorted(found["cities"], key=lambda row: (-abs(row["moved"]), row["theirs"]))
    for row in ordered[:MOVERS]:
        if row["moved"]:
            places = (str(row["ours_among_common"]), str(row["theirs_among_common"]))
            moved.add_row(safe(labels[row["city"]]), *places, f"{row['moved']:+d}")
    yield moved


def _ignored(path: Path) -> list[str]:
    """Return the columns of somebody's table that are not needed; a mistyped one is."""
    ranked = {"rank", "score"} & {*other_columns(path, ())}
    return other_columns(path, (*REQUIRED, *OPTIONAL)) if ranked else []


def _of_measure(path: Path, rows: list[Row], measure: str) -> list[Row]:
    measures = {row.text("measure") for row in rows} - {""}
    if not measures:
        return rows
    if measure == "index" and measure not in measures:
        # The report names its index after itself.
        measure = next((name for name in INDEX if name in measures), measure)
    if measure not in measures:
        raise ConfigError(f"{path}: nothing of measure {measure!r}{suggest(measure, measures)}")
    return [row for row in rows if row.text("measure") == measure]


def _place(row: Row, *, by_rank: bool) -> float:
    """Return a number that is smaller for a better city: its rank, or the score turned round."""
    given = row.number("rank" if by_rank else "score")
    if given is None and by_rank:
        raise row.error(
            "'rank' is empty, but other cities have one; fill it, or leave the column out to go by "
            "'score'"
        )
    if given is None:
        raise row.error("neither 'rank' nor 'score' is given")
    return given if by_rank else -given


def _as_printed(row: Row, key: str, cities: Sequence[City]) -> list[str]:
    printed = row.text("as_printed") or row.text("city_as_printed")
    city = next(city for city in cities if city.key == key)
    if not printed or printed in (city.name_en, city.label):
        return []
    return [f"printed there as {printed!r}: read as {city.label} {city.name_zh}"]


def _counts(found: Mapping[str, Any]) -> str:
    return f"{found['ours']}, {found['theirs']}, {found['common']}"
