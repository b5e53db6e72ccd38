"""The real exports, as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ccgcii import FileHead, Record, open_table
from ccgcii_imports import ccgcii_sources

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data

FILES = [
    ("news/recovery_2020_city_sample.csv", "generic", "media", 76, 71),
    ("news/recovery_2020_negatives.csv", "generic", "media", 32, 31),
    ("news/wikinews_2020.csv", "generic", "media", 124, 124),
    ("news/state_media_headlines_2022_with_city.csv", "generic", "media", 948, 948),
    ("social/tweets_media_2020_2021_with_city.csv", "generic", "x", 224, 224),
    ("social/tweets_v11_full_40.jsonl", "twarc1", "x", 40, 40),
    ("social/fb_news_posts_2017_china.csv", "generic", "facebook", 250, 250),
    ("social/twarc-csv/geo_tweets.jsonl", "twarc2", "x", 2, 2),
    ("social/youtube_trending_GB_2020-08.csv", "generic", "youtube", 300, 300),
]


@pytest.mark.parametrize(("name", "format_name", "channel", "rows", "dated"), FILES)
def test_a_real_file_is_read_to_its_last_row(  # noqa: PLR0917
    real_data: Path, name: str, format_name: str, channel: str, rows: int, dated: int
) -> None:
    path = real_data / "data" / name
    table = open_table(path)
    head = FileHead(path, path.suffix, table.encoding, table.columns, table.sample)
    reader = max(ccgcii_sources(), key=lambda reader: reader.matches(head))
    assert reader.name == format_name
    records = [row for row in reader.read(path) if isinstance(row, Record)]
    assert len(records) == rows
    assert {record.channel for record in records} == {channel}
    assert sum(record.published_at is not None for record in records) == dated
    if channel == "media":
        assert all(record.outlet for record in records)
