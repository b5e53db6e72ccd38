"""What scoring made of them: recipes, cells, weights, scores."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class Recipe(SQLModel, table=True):
    """A recipe as it was used: its canonical JSON, found by digest."""

    digest: str = Field(primary_key=True)
    name: str
    body: str


class IndicatorValue(SQLModel, table=True):
    """A cell of the matrix; NULL means unknown, zero means looked for and none found."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}
    __tablename__: ClassVar[Any] = "indicator_value"

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    indicator: str = Field(primary_key=True)
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    value: float | None


class Weight(SQLModel, table=True):
    """The weight of a node of the tree among its siblings, in one run and recipe."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    recipe: str = Field(primary_key=True, foreign_key="recipe.digest")
    node: str = Field(primary_key=True)
    weight: float


class Score(SQLModel, table=True):
    """A city's score at a node of the tree, in one run and recipe; NULL means not scorable.

    `adjusted` and its rank are what experts make of it, NULL in a run without adjustments.
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    recipe: str = Field(primary_key=True, foreign_key="recipe.digest")
    node: str = Field(primary_key=True)
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    score: float | None
    rank: int | None = None
    adjusted: float | None = None
    adjusted_rank: int | None = None


class Adjustment(SQLModel, table=True):
    """One expert's opinion as it was given: a factor for a city's index, dimension or indicator.

    All rounds are kept; the last of each expert counts. `evidence` is a JSON list.
    """

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    level: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    expert: str = Field(primary_key=True)
    round: int = Field(primary_key=True)
    factor: float
    reason: str
    evidence: str
