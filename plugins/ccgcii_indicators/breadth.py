"""Breadth: in how many topics, countries, languages and voices a city is heard."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from ccgcii import indicator
from ccgcii_indicators.penetration import SOCIAL
from ccgcii_indicators.shares import above, effective_number, entropy, plain

if TYPE_CHECKING:
    from ccgcii import Corpus

topics = partial(indicator, dimension="breadth", pillar="topics")
coverage = partial(indicator, dimension="breadth", pillar="coverage")
voices = partial(indicator, dimension="breadth", pillar="voices")


@topics("B01", unit="documents", treatment="count", empty=0)
def hard_power_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents with a hard-power topic (economy, industry, technology, transport, trade...)."""
    return corpus.count(corpus.topic(power="hard")) if corpus.topic_count else corpus.unknown()


@topics("B02", unit="documents", treatment="count", empty=0)
def soft_power_documents(corpus: Corpus) -> pd.Series[float]:
    """Documents with a soft-power topic (culture, education, food, tourism, sport, arts...)."""
    return corpus.count(corpus.topic(power="soft")) if corpus.topic_count else corpus.unknown()


@topics("B03", unit="topics", treatment="number", empty=0)
def topic_richness(corpus: Corpus) -> pd.Series[float]:
    """Topics with at least 3 documents."""
    if not corpus.topic_count:
        return corpus.unknown()
    return above(corpus, corpus.city_topic, 3).fillna(0)


@topics("B04", unit="0-1", minimum=5)
def topic_evenness(corpus: Corpus) -> pd.Series[float]:
    """Entropy of the topic shares over ln of the number of topics; 5 or more documents."""
    if corpus.topic_count < 2:
        return corpus.unknown()
    evenness = entropy(corpus.city_topic) / math.log(corpus.topic_count)
    # Of documents, not of topics: one may have several.
    return evenness.where(corpus.count("topics <> 0") >= 5)


@topics("B05", unit="0-1", minimum=5)
def hard_soft_balance(corpus: Corpus) -> pd.Series[float]:
    """1 - |hard - soft| / (hard + soft) documents; 5 or more documents."""
    is_hard, is_soft = corpus.topic(power="hard"), corpus.topic(power="soft")
    hard, soft, either = (
        corpus.total(f"count(*) FILTER ({condition})")
        for condition in (is_hard, is_soft, f"{is_hard} OR {is_soft}")
    )
    return (1 - (hard - soft).abs() / (hard + soft)).where(either >= 5)


@coverage("B06", unit="countries", treatment="number", empty=0)
def countries(corpus: Corpus) -> pd.Series[float]:
    """Foreign countries (not CN) whose sources name the city in at least 2 documents."""
    frame = corpus.city_country
    # Sources in China count as known, but not as a country reached.
    reached = frame.assign(documents=frame["documents"].where(frame["country"] != "CN", 0))
    return above(corpus, reached, 2)


@coverage("B07", unit="countries", treatment="number", empty=0)
def effective_countries(corpus: Corpus) -> pd.Series[float]:
    """Effective number of source countries: exp of the entropy of their shares."""
    return effective_number(corpus, corpus.city_country)


@coverage("B08", unit="languages", treatment="number", empty=0)
def languages(corpus: Corpus) -> pd.Series[float]:
    """Languages in which at least 2 documents name the city."""
    return above(corpus, corpus.city_language, 2)


@coverage("B09", unit="share", minimum=5)
def other_language_share(corpus: Corpus) -> pd.Series[float]:
    """Share of documents in neither English nor Chinese; 5 or more documents."""
    return corpus.share("language NOT IN ('en', 'zh')", minimum=5)


@coverage("B10", unit="channels", treatment="number", empty=0)
def effective_channels(corpus: Corpus) -> pd.Series[float]:
    """Effective number of channels (1-5): exp of the entropy of their shares."""
    return effective_number(corpus, corpus.city_channel)


@voices("B11", unit="outlets", treatment="count", channels=("media",), empty=0)
def outlets(corpus: Corpus) -> pd.Series[float]:
    """Distinct media outlets that name the city."""
    found = plain(corpus.outlets.groupby("city", observed=True)["sources"].sum())
    # Named in the media by nobody who is known: that is not zero.
    return found.where(found > 0)


@voices("B12", unit="accounts", treatment="count", channels=SOCIAL, empty=0)
def authors(corpus: Corpus) -> pd.Series[float]:
    """Distinct social accounts that name the city, without the city's own."""
    accounts = corpus.accounts
    sources = accounts.groupby("city", observed=True)["sources"].sum()
    others = accounts[accounts["voice"] == "other"].groupby("city", observed=True)["sources"].sum()
    # A city named by its own accounts alone has none; one whose authors are hidden is unknown.
    return plain(others.reindex(sources.index, fill_value=0).where(sources > 0))


@voices("B13", unit="0-1", direction=-1, minimum=5)
def source_concentration(corpus: Corpus) -> pd.Series[float]:
    """Sum of squared shares (HHI) of outlets and accounts; 5 or more documents."""
    both = pd.concat([corpus.outlets, corpus.accounts])
    sums = both.groupby("city", observed=True)[["squares", "documents"]].sum()
    index = sums["squares"] / sums["documents"] ** 2
    return plain(index.where(sums["documents"] >= 5)).reindex(corpus.heard)


@voices("B14", unit="platforms", treatment="number", channels=SOCIAL)
def platform_footprint(corpus: Corpus) -> pd.Series[float]:
    """Social platforms on which the city has an official account; needs a list of them."""
    if not corpus.has_official:
        return corpus.unknown()
    return plain(corpus.official_accounts.groupby("city", observed=True)["channel"].nunique())


@voices("B15", unit="share", minimum=5)
def foreign_voice(corpus: Corpus) -> pd.Series[float]:
    """Share of documents by foreign sources that are not the city's own; 5 or more documents."""
    return corpus.share("country <> 'CN' AND voice = 'other'", minimum=5)
