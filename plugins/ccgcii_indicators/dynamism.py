"""Dynamism: how actively a city speaks for itself, how people answer, what is going on."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from ccgcii import indicator
from ccgcii_indicators.penetration import SOCIAL
from ccgcii_indicators.shares import plain

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii import Corpus

# Topics of things that happen in a city and draw the world to it.
ACTIVITIES = ("events", "festivals", "sport")

operations = partial(indicator, dimension="dynamism", pillar="official operations", channels=SOCIAL)
engagement = partial(indicator, dimension="dynamism", pillar="engagement", channels=SOCIAL)
activity = partial(indicator, dimension="dynamism", pillar="activity")


@operations("D01", unit="accounts", treatment="number", empty=0)
def active_official_accounts(corpus: Corpus) -> pd.Series[float]:
    """Official accounts of the city with at least one post; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    accounts = corpus.official_accounts
    active = accounts[accounts["posts"] > 0].groupby("city", observed=True).size()
    return corpus.of_listed(plain(active))


@operations("D02", unit="followers", treatment="count")
def official_followers(corpus: Corpus) -> pd.Series[float]:
    """Followers of the city's official accounts; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    accounts = corpus.official_accounts.groupby("city", observed=True)
    return plain(accounts["followers"].sum(min_count=1))


@operations("D03", unit="posts", treatment="count", empty=0)
def official_posts(corpus: Corpus) -> pd.Series[float]:
    """Count of posts by the city's official accounts; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    posts = corpus.official_posts.groupby("city", observed=True)["posts"].sum()
    return corpus.of_listed(plain(posts))


@operations("D04", unit="posts per week", treatment="count", empty=0)
def cadence(corpus: Corpus) -> pd.Series[float]:
    """Median posts of an official account in a week in which it posts; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    posts = corpus.official_weeks.groupby("city", observed=True)["posts"].median()
    return corpus.of_listed(plain(posts))


@operations("D05", unit="share", empty=0)
def regularity(corpus: Corpus) -> pd.Series[float]:
    """Share of the weeks that were looked at with a post by an official account of the city.

    Needs a list of official accounts.
    """
    if not corpus.has_official:
        return corpus.unknown()
    weeks = corpus.official_weeks.groupby("city", observed=True)["week"].nunique()
    return corpus.of_listed(_share(plain(weeks), corpus.cover.weeks(SOCIAL)))


@engagement("D06", unit="interactions", treatment="count", empty=0)
def official_interactions(corpus: Corpus) -> pd.Series[float]:
    """Likes, comments and shares of official accounts' posts; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    posts = corpus.official_posts.groupby("city", observed=True)
    return corpus.of_listed(plain(posts["interactions"].sum(min_count=1)))


@engagement("D07", unit="interactions", treatment="count", minimum=5)
def interactions_per_post(corpus: Corpus) -> pd.Series[float]:
    """Median interactions of the social documents that name the city; 5 or more documents."""
    return corpus.total(
        "CASE WHEN count(interactions) >= 5 THEN median(interactions) END", "channel <> 'media'"
    )


@engagement("D08", unit="per 1,000 followers", treatment="count", minimum=5)
def engagement_rate(corpus: Corpus) -> pd.Series[float]:
    """Interactions per post and 1,000 followers over official accounts, weighted by followers.

    5 or more posts; needs a list of official accounts.
    """
    if not corpus.has_official:
        return corpus.unknown()
    accounts = corpus.official_accounts
    known = accounts[(accounts["measured"] > 0) & (accounts["followers"] > 0)]
    # Weighting each account's rate by its followers leaves the followers below the line only.
    known = known.assign(per_post=known["interactions"] / known["measured"])
    sums = known.groupby("city", observed=True)[["per_post", "followers", "measured"]].sum()
    rate = 1000 * sums["per_post"] / sums["followers"]
    return plain(rate.where(sums["measured"] >= 5))


@engagement("D09", unit="share")
def conversation(corpus: Corpus) -> pd.Series[float]:
    """Comments among the interactions of official posts; needs a list of official accounts."""
    return _part_of_interactions(corpus, "comments", SOCIAL)


@engagement("D10", unit="share", channels=("facebook", "x"))
def amplification(corpus: Corpus) -> pd.Series[float]:
    """Shares among the interactions of official posts on Facebook and X; needs a list of them."""
    return _part_of_interactions(corpus, "shares", ("facebook", "x"))


@activity("D11", unit="documents", treatment="count", empty=0)
def local_media_output(corpus: Corpus) -> pd.Series[float]:
    """Documents in other languages than Chinese by the city's own unofficial accounts and media."""
    if not corpus.has_affiliated:
        return corpus.unknown()
    found = corpus.count("voice = 'affiliated' AND language <> 'zh'")
    return corpus.of_listed(found, official=False)


@activity("D12", unit="documents", treatment="count", empty=0)
def activity_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents with a topic of activity: events (expos, forums, summits), festivals or sport."""
    if not corpus.looks_for(*ACTIVITIES):
        return corpus.unknown()
    return corpus.count(corpus.topic(*ACTIVITIES))


@activity("D13", unit="days", treatment="count", empty=0)
def activity_days(corpus: Corpus) -> pd.Series[float]:
    """Days with at least 3 documents on the city's international activities (D12)."""
    if not corpus.looks_for(*ACTIVITIES):
        return corpus.unknown()
    days = corpus.counts("day", where=corpus.topic(*ACTIVITIES))
    return plain(days[days["documents"] >= 3].groupby("city", observed=True).size())


@activity("D14", unit="log ratio", treatment="growth")
def growth(corpus: Corpus) -> pd.Series[float]:
    """ln((documents + 1) / (documents of the equally long window before + 1)).

    Of the channels that were heard in half of the weeks of the window before, or more: a crawl that
    had only begun is no growth. Unknown where the study does not cover that window, and for a city
    silent in both: not to have shrunk is no merit of who was never heard.
    """
    if corpus.before is None:
        return corpus.unknown()
    before = _documents(corpus.before)
    now = _documents(
        corpus.city_channel[corpus.city_channel["channel"].isin(corpus.before["channel"])]
    )
    heard = now.index.union(before.index)
    ratio = (now.reindex(heard, fill_value=0) + 1) / (before.reindex(heard, fill_value=0) + 1)
    return ratio.map(math.log)


@activity("D15", unit="share", empty=0)
def active_days(corpus: Corpus) -> pd.Series[float]:
    """Share of days on which a document names the city; weeks nobody looked at are left out."""
    days = corpus.city_day.groupby("city", observed=True).size()
    return _share(plain(days), corpus.cover.days_looked())


def _share(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    # A document may turn up in a week that was searched for another city only.
    return (part / whole.reindex(part.index)).clip(upper=1)


def _documents(frame: pd.DataFrame) -> pd.Series[float]:
    return plain(frame.groupby("city", observed=True)["documents"].sum())


def _part_of_interactions(corpus: Corpus, part: str, channels: tuple[str, ...]) -> pd.Series[float]:
    if not corpus.has_official:
        return corpus.unknown()
    posts = corpus.official_posts
    # A post that does not show the part says nothing about it: it is left out below the line.
    sums = (
        posts[posts["channel"].isin(channels)]
        .groupby("city", observed=True)[[part, f"{part}_of"]]
        .sum()
    )
    return plain((sums[part] / sums[f"{part}_of"]).where(sums[f"{part}_of"] > 0))
