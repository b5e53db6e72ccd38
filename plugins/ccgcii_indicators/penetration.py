"""Penetration: how much is said of a city, in what tone, and how many it reaches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ccgcii import indicator
from ccgcii_indicators.shares import plain, shrunk_negatives, shrunk_tone

if TYPE_CHECKING:
    import pandas as pd

    from ccgcii import Corpus

SOCIAL = ("facebook", "x", "instagram", "youtube")

volume = partial(indicator, dimension="penetration", pillar="volume", treatment="count", empty=0)
reputation = partial(indicator, dimension="penetration", pillar="reputation")
reach = partial(indicator, dimension="penetration", pillar="reach", treatment="count", empty=0)


@volume("P01", unit="documents", channels=("media",))
def media_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents of the media channel that name the city."""
    return corpus.count("channel = 'media'")


@volume("P02", unit="documents", channels=("facebook",))
def facebook_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents on Facebook that name the city."""
    return corpus.count("channel = 'facebook'")


@volume("P03", unit="documents", channels=("x",))
def x_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents on X (Twitter) that name the city."""
    return corpus.count("channel = 'x'")


@volume("P04", unit="documents", channels=("instagram",))
def instagram_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents on Instagram that name the city."""
    return corpus.count("channel = 'instagram'")


@volume("P05", unit="documents", channels=("youtube",))
def youtube_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents on YouTube that name the city."""
    return corpus.count("channel = 'youtube'")


@volume("P06", unit="weighted documents")
def salient_volume(corpus: Corpus) -> pd.Series[float]:
    """Sum of the city's salience (0-1) over the documents that name it."""
    return corpus.total("sum(salience)") / 1000


@reputation("P07", unit="share", channels=("media", "youtube"), minimum=5)
def headline_share(corpus: Corpus) -> pd.Series[float]:
    """Share of titled media and YouTube documents whose title has the city; 5 or more documents."""
    titled = "channel IN ('media', 'youtube') AND in_title IS NOT NULL"
    return corpus.share("in_title", titled, minimum=5)


@reputation("P08", unit="-1..1", treatment="tone", channels=("media",))
def media_tone(corpus: Corpus) -> pd.Series[float]:
    """Mean tone towards the city in the media, weighted by salience, shrunk (k = 30)."""
    return shrunk_tone(corpus, "channel = 'media'")


@reputation("P09", unit="-1..1", treatment="tone", channels=SOCIAL)
def social_tone(corpus: Corpus) -> pd.Series[float]:
    """Mean tone towards the city on social platforms, weighted by salience, shrunk (k = 30)."""
    return shrunk_tone(corpus, "channel <> 'media'")


@reputation("P10", unit="-1..1", treatment="tone", channels=SOCIAL, minimum=5)
def tone_seen(corpus: Corpus) -> pd.Series[float]:
    """Mean tone on social platforms, weighted by ln(1 + interactions); 5 or more documents."""
    known = "channel <> 'media' AND tone IS NOT NULL AND interactions > 0"
    # Weights in whole millionths: sums of integers do not depend on the order of rows.
    weight = "CAST(round(ln(1 + interactions) * 1e6) AS BIGINT)"
    return (
        corpus.total(
            f"CASE WHEN count(*) >= 5 THEN sum({weight} * tone) / sum({weight}) END", known
        )
        / 1000
    )


@reputation("P11", unit="share", direction=-1)
def negative_share(corpus: Corpus) -> pd.Series[float]:
    """Share of documents with a tone below -0.2 towards the city, shrunk (k = 30)."""
    return shrunk_negatives(corpus)


@reach("P12", unit="followers", channels=SOCIAL)
def audience(corpus: Corpus) -> pd.Series[float]:
    """Followers, summed over the distinct accounts that name the city and are not its own."""
    accounts = corpus.accounts
    others = accounts[accounts["voice"] == "other"]
    return plain(others.groupby("city", observed=True)["followers"].sum(min_count=1))


@reach("P13", unit="views", channels=SOCIAL)
def views(corpus: Corpus) -> pd.Series[float]:
    """Sum of the views of documents that name the city, where the platform shows them."""
    return corpus.total("sum(views)", "channel <> 'media'")


@reach("P14", unit="interactions", channels=SOCIAL)
def interactions(corpus: Corpus) -> pd.Series[float]:
    """Likes, comments and shares of the social documents that name the city."""
    return corpus.total("sum(interactions)", "channel <> 'media'")


@reach("P15", unit="documents", channels=("media",))
def tier_one_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents of tier-1 outlets (world agencies, broadcasters and papers) that name the city."""
    return corpus.count("channel = 'media' AND tier = 1")
