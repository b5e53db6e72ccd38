"""The filter on bytes passes every page that may name a city, and few others."""

from __future__ import annotations

import pytest

from ccgcii import default_cities, prefilter_for


def passes(body: bytes) -> bool:
    return prefilter_for(default_cities()).names_a_city(body)


@pytest.mark.parametrize(
    "text",
    [
        "Russian, Asian, Malaysian",
        "RUSSIAN AND ASIAN",
        "indonesian",
        "Bandung's Fuyangtze",
        "xianx",
    ],
)
def test_a_name_inside_a_longer_word_does_not_pass(text: str) -> None:
    assert not passes(f"<p>{text} papers</p>".encode())


@pytest.mark.parametrize(
    "text",
    [
        "in Wuhan.",
        "WUHAN:",
        "wuhan",
        "Wuhans Rathaus",
        "#VisitWuhan",
        "#Wuhan2020",
        "https://a.example/wuhan-news",
        "in Xiangyang",  # begins with Xian
        r'{"articleBody": "First line.\nWuhan opens"}',
        r'{"articleBody": "\u4e2dWuhan opens"}',
        r"'\x3cWuhan'",
        "在Wuhan的",
        "&#27494;&#27721;",
    ],
)
def test_whatever_may_be_a_mention_passes(text: str) -> None:
    assert passes(f"<p>{text}</p>".encode())


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "shift_jis", "utf-16"])
def test_a_latin_name_after_a_character_of_two_bytes_passes(encoding: str) -> None:
    # The second byte of some of these characters is an ASCII letter.
    for character in "中在一丁七於表能":
        assert passes(f"{character}Wuhan{character}".encode(encoding, "ignore"))


def test_a_chinese_page_in_utf_16_passes_and_an_inline_picture_does_not() -> None:
    assert passes("<p>武汉樱花</p>".encode("utf-16"))
    name = "武汉".encode("utf-16-le")
    assert name == b"fkIl"
    assert not passes(b"<img src='data:image/png;base64,AA" + name + b"AA'>")
