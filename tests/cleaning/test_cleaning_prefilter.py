from __future__ import annotations

import json

import pytest

from ccgcii import default_cities
from ccgcii.cleaning.prefilter import Prefilter


@pytest.fixture(scope="module")
def prefilter() -> Prefilter:
    return Prefilter(default_cities())


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "big5", "utf-16"])
def test_a_chinese_name_is_seen_in_every_encoding(prefilter: Prefilter, encoding: str) -> None:
    name = "武漢" if encoding == "big5" else "武汉"
    assert prefilter.names_a_city(f"<p>今天{name}下雨</p>".encode(encoding))


@pytest.mark.parametrize(
    "text", ["&#27494;&#27721;", "&#x6b66;&#x6c49;", "\\u6b66\\u6c49", "Xi&#39;an"]
)
def test_escaped_names_are_seen(prefilter: Prefilter, text: str) -> None:
    assert prefilter.names_a_city(f"<p>{text}</p>".encode())


def test_json_escapes_in_capitals_are_seen(prefilter: Prefilter) -> None:
    assert prefilter.names_a_city(json.dumps("汉口, 武汉").upper().replace("\\U", "\\u").encode())


def test_a_page_without_a_city_is_stopped(prefilter: Prefilter) -> None:
    assert not prefilter.names_a_city("<p>Bürger in Zürich und 東京</p>".encode() * 1000)


def test_a_name_across_the_border_of_two_windows_is_seen(prefilter: Prefilter) -> None:
    for shift in range(8):
        assert prefilter.names_a_city(b"x" * (64 * 1024 - shift) + b" Wuhan")
