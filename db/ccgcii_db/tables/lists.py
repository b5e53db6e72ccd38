"""The lists of a study: cities, dictionaries, outlets, accounts, events."""

# No `from __future__ import annotations` here: SQLModel reads the annotations at run time.

from typing import Any, ClassVar

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel


class City(SQLModel, table=True):
    """A city that is measured; `gdp_2019` in 100 million RMB."""

    id: int = Field(primary_key=True)
    key: str = Field(unique=True)
    label: str
    name_en: str
    name_zh: str
    province_en: str
    province_zh: str
    gdp_2019: float | None
    gdp_source: str
    latitude: float | None
    longitude: float | None
    geonames_id: int | None


class CityName(SQLModel, table=True):
    """One way to write a city's name."""

    __tablename__: ClassVar[Any] = "city_name"

    id: int | None = Field(default=None, primary_key=True)
    city_id: int = Field(foreign_key="city.id", index=True)
    text: str
    language: str = ""
    kind: str = "name"
    ambiguous: bool = False


class Source(SQLModel, table=True):
    """A source plugin that has brought something.

    The terms of a `restricted` one forbid deriving metrics from its rows; it is `withheld` from
    measuring unless the configuration says that the operator has leave.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    restricted: bool = False
    withheld: bool = False


class Channel(SQLModel, table=True):
    """One of the five channels."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Language(SQLModel, table=True):
    """A language, by ISO 639-1 code."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)


class Country(SQLModel, table=True):
    """A country, by ISO 3166-1 alpha-2 code."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)


class Topic(SQLModel, table=True):
    """A topic of the taxonomy; `power` is hard or soft."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    power: str


class Outlet(SQLModel, table=True):
    """A medium, by domain."""

    id: int | None = Field(default=None, primary_key=True)
    domain: str = Field(unique=True)
    name: str = ""
    country_id: int | None = Field(default=None, foreign_key="country.id")
    language_id: int | None = Field(default=None, foreign_key="language.id")
    tier: int | None = None


class Account(SQLModel, table=True):
    """An author on a platform: `handle` is a keyed hash; `city_id` if the account is a city's own.

    `role` is official, affiliated, foreign or other (NULL: unknown); `followers` as last seen.
    """

    __table_args__: ClassVar[Any] = (UniqueConstraint("channel_id", "handle"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id")
    handle: str
    followers: int | None = Field(default=None, sa_type=BigInteger)
    city_id: int | None = Field(default=None, foreign_key="city.id")
    role: str | None = None


class Event(SQLModel, table=True):
    """A dated event of the world that cities may be named in; words are JSON lists."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    category: str
    is_crisis: bool
    starts_at: int
    ends_at: int
    words_en: str
    words_zh: str
    source: str = ""
