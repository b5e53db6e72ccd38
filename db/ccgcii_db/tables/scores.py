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
    """A city's score at a node of the tree, in one run and recipe; NULL means not scorable."""

    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    recipe: str = Field(primary_key=True, foreign_key="recipe.digest")
    node: str = Field(primary_key=True)
    city_id: int = Field(primary_key=True, foreign_key="city.id")
    score: float | None
    rank: int | None = None
