"""The peer: ten of the indicators as a plain script with pandas would compute them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

START, END = 1_577_836_800, 1_609_459_200  # 2020


def read(path: Path) -> pd.DataFrame:
    """Read the two big tables and join them."""
    with sqlite3.connect(path) as store:
        documents = pd.read_sql(
            f"SELECT * FROM document WHERE dropped IS NULL AND published_at >= {START} "
            f"AND published_at < {END}",
            store,
        )
        mentions = pd.read_sql("SELECT * FROM mention", store)
    return mentions.merge(
        documents, left_on="document_id", right_on="id", suffixes=("", "_document")
    )


def ten_indicators(rows: pd.DataFrame) -> pd.DataFrame:
    """Compute P01, P02, P06, P07, P13, P14, B07, B11, B12 (all accounts) and D15."""
    by_city = rows.groupby("city_id")
    media, social = rows[rows["channel_id"] == 1], rows[rows["channel_id"] > 1]
    shares: Any = rows.groupby(["city_id", "country_id"]).size()
    shares = shares / shares.groupby("city_id").transform("sum")
    entropy = (shares * np.log(shares)).groupby("city_id").sum().mul(-1)
    reactions = social[["likes", "comments", "shares"]].sum(axis=1)
    days = rows["published_at"] // 86_400
    return pd.DataFrame(
        {
            "P01": media.groupby("city_id").size(),
            "P02": rows[rows["channel_id"] == 2].groupby("city_id").size(),
            "P06": by_city["salience"].sum() / 1000,
            "P07": rows[rows["channel_id"].isin([1, 5])].groupby("city_id")["in_title"].mean(),
            "P13": social.groupby("city_id")["views"].sum(),
            "P14": reactions.groupby(social["city_id"]).sum(),
            "B07": np.exp(entropy),
            "B11": media.groupby("city_id")["outlet_id"].nunique(),
            "B12": social.groupby("city_id")["account_id"].nunique(),
            "D15": days.groupby(rows["city_id"]).nunique() / 366,
        }
    )
