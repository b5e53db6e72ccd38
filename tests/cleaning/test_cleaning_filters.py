from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ccgcii import Document, Drop, Outlet, PageFacts, Study, default_cities
from ccgcii_cleaning import ccgcii_filters

PROSE = "Wuhan opened its new bridge on Monday, and thousands of people walked across it. " * 5
STUDY = Study(
    "t",
    "2020-01-01",
    "2020-12-31",
    default_cities(),
    {"news.test": Outlet("news.test", country="FR", tier=2)},
)
BY_NAME: dict[str, Any] = {thing.name: thing for thing in ccgcii_filters(STUDY)}


def piece(**changes: Any) -> Document:
    fields: dict[str, Any] = {
        "title": "Wuhan opens a bridge",
        "text": PROSE,
        "published_at": datetime(2020, 5, 1, tzinfo=UTC),
        "outlet": "news.test",
        "page": PageFacts(size=20_000),
    }
    fields |= changes
    moment = datetime(2020, 6, 1, tzinfo=UTC)
    return Document("test", "media", "https://news.test/a", moment, **fields)


def test_a_good_article_passes_every_filter() -> None:
    document = piece()
    for thing in BY_NAME.values():
        if hasattr(thing, "clean"):
            result = thing.clean(document)
            assert isinstance(result, Document), (thing.name, result)
            document = result
    assert [mention.city for mention in document.mentions][:2] == ["wuhan", "wuhan"]
    assert (document.language, document.country, document.tier) == ("en", "FR", 2)
    assert "transport" in document.topics
    assert document.sentiment is not None


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("undecodable", {"page": PageFacts(size=1000, undecodable=200)}),
        ("error-page", {"page": PageFacts(status=404)}),
        ("error-page", {"title": "Page not found", "text": "Sorry, no Wuhan."}),
        ("error-page", {"title": "", "text": "您访问的页面不存在"}),
        ("robot-check", {"title": "Just a moment...", "text": "Checking your browser"}),
        ("consent-page", {"text": "We use cookies. Manage preferences. Accept all cookies. " * 5}),
        ("paywall-only", {"text": "Wuhan is back. Subscribe to continue reading this story."}),
        ("too-short", {"text": "Wuhan is back."}),
        ("not-dated", {"published_at": None}),
        ("outside-window", {"published_at": datetime(2019, 12, 31, 23, 59, tzinfo=UTC)}),
        ("dated-in-the-future", {"published_at": datetime(2020, 6, 5, tzinfo=UTC)}),
        ("names-no-city", {"title": "A bridge", "text": "Lyon opened a bridge."}),
        ("link-list", {"page": PageFacts(links=30, link_density=0.8)}),
        ("listing", {"text": "\n".join(f"Item {n} of the list" for n in range(20))}),
        ("number-table", {"text": " ".join(f"{n}.25 Wuhan {n * 7919}" for n in range(1000, 1040))}),
        ("boilerplate", {"text": "Privacy policy. All rights reserved. Contact us in Wuhan."}),
        ("hashtag-stuffing", {"page": None, "text": "#Wuhan #a #b #c #d #e #f #g #h go"}),
    ],
)  # fmt: skip
def test_what_is_no_piece_is_dropped_with_a_reason(name: str, changes: dict[str, Any]) -> None:
    result = BY_NAME[name].clean(piece(**changes))
    assert isinstance(result, Drop)
    assert result.reason


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("error-page", {"title": "Error 404: a studio in Wuhan", "text": PROSE * 2}),
        ("consent-page", {"text": PROSE + "We use cookies."}),
        ("too-short", {"text": "武汉大桥周一通车，数千市民步行过桥。" * 7}),
        ("too-short", {"page": None, "text": "Wuhan is back!!"}),
        ("outside-window", {"published_at": datetime(2020, 12, 31, 23, 59, tzinfo=UTC)}),
        ("listing", {"text": "\n".join([PROSE] * 20)}),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_passes(name: str, changes: dict[str, Any]) -> None:
    assert isinstance(BY_NAME[name].clean(piece(**changes)), Document)


def test_a_study_without_a_window_asks_for_no_date() -> None:
    study = replace(STUDY, since="0001-01-01", until="9999-12-31")
    undated = piece(published_at=None)
    for thing in ccgcii_filters(study):
        if thing.name in ("not-dated", "outside-window"):
            assert thing.clean(undated) is undated  # type: ignore[union-attr] # both are plain filters


def test_twins_share_a_key_whatever_their_case_spacing_and_links() -> None:
    same = BY_NAME["same-text"].key
    one = piece(text="Wuhan opened its new bridge on Monday, people walked. https://t.co/a")
    two = piece(text="wuhan opened its  new bridge on monday people walked https://t.co/b")
    assert same(one) == same(two)
    assert same(one) != same(replace(two, outlet="other.test"))
    assert same(piece(text="Good morning, Wuhan!")) is None


def test_evidence_in_the_title_counts_for_names_in_the_text() -> None:
    result = BY_NAME["names-no-city"].clean(piece(title="Jiangsu grows", text="Taizhou leads."))
    assert [(m.city, m.field, m.start) for m in result.mentions] == [("taizhou-jiangsu", "text", 0)]


LIVE = "\n".join(f"14:{minute} The river at Wuhan rises, people say." for minute in range(10, 16))


def test_a_live_blog_is_kept_and_marked_as_one() -> None:
    document = piece(title="Wuhan floods: live updates", text=LIVE)
    marked = BY_NAME["live-blog"].clean(document)
    assert marked.page.kind == "LiveBlogPosting"
    assert replace(marked, page=document.page) == document
    declared = piece(page=PageFacts(size=20_000, kind="LiveBlogPosting"))
    assert BY_NAME["live-blog"].clean(declared) == declared


def test_a_study_can_leave_live_blogs_out() -> None:
    strict = replace(BY_NAME["live-blog"], drop=True)
    dropped = strict.clean(piece(title="Wuhan floods: live updates", text=LIVE))
    assert dropped == Drop("live blog: 6 entries begin with a time")
    assert isinstance(strict.clean(piece(page=PageFacts(kind="LiveBlogPosting"))), Drop)
    assert strict.clean(piece()) == piece()
