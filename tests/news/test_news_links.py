"""Addresses: owners, articles, tracking."""

from __future__ import annotations

import pytest

from ccgcii_news.links import absolute, domain_of, looks_like_article, tidy


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://news.bbc.co.uk/1", "bbc.co.uk"),
        ("https://WWW.Xinhuanet.com/", "xinhuanet.com"),
        ("http://www.herald.example:8000/x", "herald.example"),
        ("http://127.0.0.1:8000/x", "127.0.0.1"),
        ("mailto:someone", ""),
    ],
)
def test_the_owner_of_an_address_is_its_registered_domain(url: str, domain: str) -> None:
    assert domain_of(url) == domain


@pytest.mark.parametrize(
    "path",
    [
        "/2020/02/03/wuhan-opens-hospital",
        "/world/asia/wuhan-opens-a-new-hospital",
        "/news/world-asia-china-51336445",
        "/english/2020-02/03/c_138752345.htm",
        "/a/story.html",
    ],
)
def test_these_look_like_articles(path: str) -> None:
    assert looks_like_article(f"https://a.test{path}")


@pytest.mark.parametrize(
    "path",
    ["/", "/world/", "/calendar/2020/01/", "/tag/long-winded-tag-of-many", "/index.html"],
)
def test_these_do_not(path: str) -> None:
    assert not looks_like_article(f"https://a.test{path}")


def test_tracking_and_fragments_are_left_out() -> None:
    assert tidy("http://a.test:81/x?id=3&utm_source=feed#top") == "http://a.test:81/x?id=3"
    assert tidy("javascript:void(0)") is None


@pytest.mark.parametrize(
    "url", ["http://[bad/a-b-c-d", "http://a.test:abc/1", "http://a.test:99999/1"]
)
def test_an_address_that_is_none_is_passed_over(url: str) -> None:
    assert tidy(url) is None
    assert absolute("http://a.test/", url) is None
    assert domain_of("http://[bad/x") == ""


def test_a_link_is_read_from_where_it_stands() -> None:
    assert absolute("http://a.test/b/", "../c?d=1") == "http://a.test/c?d=1"
    assert absolute("http://a.test/b/", "mailto:someone") is None
