"""A study of two years with what was planted in it: a watershed, an event, a source that dies."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ccgcii.cities import City, Study
from ccgcii.cli import cli
from ccgcii.testing.stores import fill_store
from ccgcii_db import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 86_400
SINCE, UNTIL = date(2019, 1, 1), date(2020, 12, 31)
START = int(datetime(2019, 1, 1, tzinfo=UTC).timestamp())
# Documents a day: the level of 2020 is that of January, seven times 2019.
BEFORE, AFTER = 1.0, 7.0
NEW_YEAR = 365
CITIES = tuple(f"city{letter}" for letter in "abcdefghijklmnop")
FAIR_CITY, FAIR_DAYS, FAIR_DOCUMENTS = 4, range(496, 502), 12  # 2020-05-11 to 16
DEAD_OUTLET, DEAD_FROM = 3, 600


def planted_study() -> Study:
    cities = tuple(
        City(
            id=number,
            key=key,
            label=key.title(),
            name_en=key.title(),
            name_zh=f"城{number}",
            province_en="",
            province_zh="",
            gdp_2019=10_000.0 / number,
            gdp_source="",
            latitude=None,
            longitude=None,
            geonames_id=None,
        )
        for number, key in enumerate(CITIES, start=1)
    )
    return Study("planted", SINCE.isoformat(), UNTIL.isoformat(), cities)


def planted_tables() -> dict[str, pd.DataFrame]:
    draw = np.random.default_rng(20)
    days = np.arange((UNTIL - SINCE).days + 1)
    counts = draw.poisson(np.where(days < NEW_YEAR, BEFORE, AFTER))
    day = np.repeat(days, counts)
    shares = 1 / np.arange(1, len(CITIES) + 1) ** 1.5
    city = draw.choice(np.arange(1, len(CITIES) + 1), len(day), p=shares / shares.sum())
    fair = np.repeat(np.array(FAIR_DAYS), FAIR_DOCUMENTS)
    day, city = np.concatenate([day, fair]), np.concatenate([city, np.full(len(fair), FAIR_CITY)])
    size = len(day)
    ids = np.arange(1, size + 1)
    media = draw.random(size) < 0.4
    outlet = draw.integers(1, 9, size)
    outlet[(outlet == DEAD_OUTLET) & (day >= DEAD_FROM)] = DEAD_OUTLET + 1
    social = {
        name: pd.Series(draw.integers(0, 90, size), dtype="Int64").where(~media)
        for name in ("likes", "comments", "shares")
    }
    documents = pd.DataFrame(
        {
            "id": ids,
            "channel_id": np.where(media, 1, draw.integers(2, 5, size)),
            "outlet_id": pd.Series(outlet, dtype="Int64").where(media),
            "account_id": pd.Series(draw.integers(1, 25, size), dtype="Int64").where(~media),
            "language_id": draw.integers(1, 4, size),
            "country_id": draw.integers(1, 4, size),
            "tier": draw.integers(1, 4, size),
            "published_at": START + day * DAY + draw.integers(0, DAY, size),
            "sentiment": draw.integers(-400, 401, size),
            **social,
        }
    )
    mentions = pd.DataFrame({"document_id": ids, "city_id": city, "count": 1, "salience": 500})
    topic = np.where(draw.random(size) < 0.3, 1, 2)
    number = np.arange(1, 25)
    accounts = pd.DataFrame({"id": number, "channel_id": 2 + number % 4, "followers": number * 10})
    return {
        "raw_document": documents,
        "raw_mention": mentions.assign(in_title=draw.random(size) < 0.5, sentiment=None),
        "raw_topic": pd.DataFrame({"document_id": ids, "topic_id": topic}),
        "raw_event": pd.DataFrame({"document_id": ids[-len(fair) :], "event_id": 2}),
        "raw_account": accounts.assign(city_id=None, official=False),
    }


def write_study(folder: Path) -> Path:
    study = planted_study()
    lines = ["id,key,name_en,name_zh,gdp_2019"]
    lines += [f"{c.id},{c.key},{c.label},{c.name_zh},{c.gdp_2019}" for c in study.cities]
    (folder / "cities.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "events.csv").write_text(
        "key,name,category,is_crisis,starts,ends,words_en,words_zh,source\n"
        "games,Games,sport,0,2020-05-09,2020-05-20,fair,,\n"
        "later,Later,trade,0,2020-10-01,2020-10-05,later,,\n",
        encoding="utf-8",
    )
    (folder / "ccgcii.toml").write_text(
        f'[study]\nsince = {study.since}\nuntil = {study.until}\ncities = "cities.csv"\n'
        'events = "events.csv"\nfrom_scratch = ["events"]\n',
        encoding="utf-8",
    )
    engine = open_engine(f"sqlite:///{folder / 'ccgcii.db'}", create=True)
    fill_store(engine, planted_tables(), study)
    engine.dispose()
    _write_titles(folder / "ccgcii.db")
    return folder


def _write_titles(path: Path) -> None:
    """Give every document plain words, and those of the fair words of their own."""
    plain = "A quiet report on streets, rivers and markets"
    fair = "Silk Harbour Fair opens with lanterns"
    first, last = START + FAIR_DAYS[0] * DAY, START + (FAIR_DAYS[-1] + 1) * DAY
    with sqlite3.connect(path) as store:
        store.execute("UPDATE document_text SET title = ?, text = ''", (plain,))
        store.execute(
            "UPDATE document_text SET title = ? WHERE document_id IN (SELECT d.id FROM document d "
            "JOIN mention m ON m.document_id = d.id WHERE m.city_id = ? AND d.published_at >= ? "
            "AND d.published_at < ?)",
            (fair, FAIR_CITY, first, last),
        )
    store.close()


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the planted study and score its second year; tests that write work on copies."""
    folder = write_study(tmp_path_factory.mktemp("planted"))
    result = CliRunner().invoke(cli, ["-c", str(folder), "score", "--since", "2020-01-01"])
    assert result.exit_code == 0, result.stderr or result.exception
    return folder


@pytest.fixture
def copied(planted: Path, tmp_path: Path) -> Path:
    """Give a copy of the planted study that may be changed."""
    return Path(shutil.copytree(planted, tmp_path / "study"))


@pytest.fixture
def ccgcii(planted: Path) -> Callable[..., Any]:
    """Call the command line in the planted study, or in `folder`."""

    def call(*arguments: str, fails: bool = False, folder: Path = planted) -> Any:
        result = CliRunner().invoke(cli, ["-c", str(folder), *arguments])
        if not fails:
            assert result.exit_code == 0, result.stderr or result.exception
        return result

    return call
