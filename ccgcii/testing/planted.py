"""Planted worlds of facts: cities whose order is known, and documents drawn from them.

No page is fetched and no text is read: documents are drawn as rows, so that forty worlds take
minutes. Each city has an appeal, evenly spaced; the larger it is, the more and the better the
city is spoken of, the more it does abroad and the more it is part of events. Sources speak in
bursts: in a week, one is much taken with a city or not at all. What a recipe should find is the
order of appeal; what keeps it from that is luck alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ccgcii.documents import CHANNELS
from ccgcii.measuring.raw import Dictionaries, EventRow, TopicRow, Window
from ccgcii.testing.corpus import make_corpus

if TYPE_CHECKING:
    from ccgcii.corpus import Corpus

    Column = Any  # a numpy array of one dimension

DAY = 86_400
WINDOW = Window(date(2020, 1, 1), date(2020, 3, 31), date(2020, 1, 1))
WEEKS = WINDOW.days // 7
TOPICS = ("economy", "trade", "industry", "technology", "culture", "food", "events", "sport")
# name: (category, crisis, first day, days)
EVENTS = {
    "outbreak": ("health", True, 20, 40),
    "games": ("sport", False, 10, 14),
    "fair": ("trade", False, 45, 21),
    "summit": ("politics", False, 65, 20),
}
LANGUAGES, COUNTRIES = ("en", "zh", "fr", "ja", "ar"), ("CN", "US", "GB", "FR", "JP", "EG", "BR")
# The shape of the gamma distribution of a source's interest in a city in a week.
BURSTS = 0.5


@dataclass(frozen=True)
class PlantedWorld:
    """A world of facts; `documents` is how many to expect, `spread` how far the cities differ.

    `appeal` runs evenly from `spread` (the first city) to -`spread`: volumes differ by e^(2 spread)
    between the first and the last.
    """

    seed: int
    cities: int = 30
    documents: int = 20_000
    spread: float = 1.5

    @property
    def planted_order(self) -> list[str]:
        """The cities by appeal."""
        return [f"c{number:03d}" for number in range(1, self.cities + 1)]

    @property
    def appeal(self) -> Column:
        """The appeal of each city, in that order."""
        return np.linspace(self.spread, -self.spread, self.cities)

    @cached_property
    def corpus(self) -> Corpus:
        """The documents, counted."""
        draw = np.random.default_rng((2020, self.seed))
        sources = _sources(draw, self.documents)
        said = self._said(draw, sources)
        own = self._own_posts(draw, first=len(said) + 1)
        mentions = pd.concat([self._mentions(draw, said), self._mentions(draw, own)])
        documents = pd.concat([said, own], ignore_index=True)
        tables = {
            "raw_document": documents,
            "raw_mention": mentions.drop_duplicates(["document_id", "city_id"]),
            "raw_topic": self._topics(draw, documents),
            "raw_event": _events(documents),
            "raw_account": self._accounts(sources),
        }
        return make_corpus(tables, self._dictionaries(), WINDOW)

    def _said(self, draw: np.random.Generator, sources: pd.DataFrame) -> pd.DataFrame:
        """Draw what others say: bursts by source, week and city."""
        rate = np.exp(self.appeal)
        interest = draw.gamma(BURSTS, 1 / BURSTS, (len(sources), WEEKS, self.cities))
        each = self.documents / WEEKS * rate / rate.sum()
        expected = sources["share"].to_numpy()[:, None, None] * each * interest
        said = draw.poisson(expected)
        source, week, city = (np.repeat(place, said.ravel()) for place in _places(said))
        size = len(source)
        frame = sources.take(source).reset_index(drop=True)
        return self._dress(draw, frame.assign(city=city, week=week, id=np.arange(1, size + 1)))

    def _own_posts(self, draw: np.random.Generator, first: int) -> pd.DataFrame:
        """Draw what a city's own accounts post: the more appeal, the more often."""
        number = np.arange(self.cities * 3)
        city, kind = number // 3, number % 3
        rate = 2 * np.exp(self.appeal[city] / 2)
        posts = draw.poisson(rate[:, None], (len(number), WEEKS))
        account, week = (np.repeat(place, posts.ravel()) for place in _places(posts))
        frame = pd.DataFrame(
            {
                "channel_id": kind[account] + 2,
                "account_id": account + 1,
                "language_id": draw.integers(1, 3, len(account)),
                "country_id": 1,
                "warmth": self.appeal[city[account]] / 2,
                "city": city[account],
                "week": week,
                "id": np.arange(first, first + len(account)),
            }
        )
        return self._dress(draw, frame)

    def _dress(self, draw: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
        """Give documents a time, reactions and perhaps an event to speak of."""
        size = len(frame)
        appeal = self.appeal[frame["city"]]
        when: Column = WINDOW.start + ((frame["week"] + draw.random(size)) * 7 * DAY).to_numpy(int)
        event = draw.integers(1, len(EVENTS) + 1, size)
        speaks = draw.random(size) < 0.4 / (1 + np.exp(-appeal))
        starts, ends = (np.array(edge)[event - 1] for edge in zip(*_edges(), strict=True))
        inside = speaks & (when >= starts) & (when < ends)
        # Who has appeal is thought of sooner.
        late = draw.random(size) ** (1 + np.exp(appeal / 2))
        when = np.where(inside, starts + (late * (when - starts)).astype(int), when)
        social = frame["channel_id"] > 1
        loud = np.exp(frame["warmth"].fillna(0) + appeal / 4)
        reactions = {
            name: pd.Series(draw.poisson(mean * loud)).where(social)
            for name, mean in {"likes": 20, "comments": 4, "shares": 3, "views": 400}.items()
        }
        return frame.assign(published_at=when, event=np.where(inside, event, 0), **reactions)

    def _mentions(self, draw: np.random.Generator, documents: pd.DataFrame) -> pd.DataFrame:
        """Name the city of each document and, in one of seven, another."""
        rate = np.exp(self.appeal)
        pairs = documents[["id", "city"]].set_axis(["document_id", "city"], axis=1)
        also = pairs[draw.random(len(pairs)) < 1 / 7]
        also = also.assign(city=draw.choice(self.cities, len(also), p=rate / rate.sum()))
        pairs = pd.concat([pairs, also], ignore_index=True)
        size, appeal = len(pairs), self.appeal[pairs["city"]]
        return pd.DataFrame(
            {
                "document_id": pairs["document_id"],
                "city_id": pairs["city"] + 1,
                "count": 1 + draw.poisson(1, size),
                "salience": (1000 * draw.beta(2 + appeal / 4, 3, size)).astype(int) + 1,
                "in_title": draw.random(size) < 0.3 + appeal / 15,
                "sentiment": np.clip(draw.normal(150 * appeal, 400, size), -1000, 1000).astype(int),
            }
        )

    def _topics(self, draw: np.random.Generator, documents: pd.DataFrame) -> pd.DataFrame:
        """Give topics: whoever has appeal is known for many things, the others for a few."""
        size = len(documents)
        narrow = 1 + np.exp(-self.appeal[documents["city"]] / 2)
        topic = (len(TOPICS) * draw.random(size) ** narrow).astype(int) + 1
        spoken = draw.random(size) < 0.7
        return pd.DataFrame({"document_id": documents["id"][spoken], "topic_id": topic[spoken]})

    def _accounts(self, sources: pd.DataFrame) -> pd.DataFrame:
        number = np.arange(self.cities * 3)
        own = pd.DataFrame(
            {
                "id": number + 1,
                "channel_id": number % 3 + 2,
                "followers": (50_000 * np.exp(self.appeal[number // 3])).astype(int),
                "city_id": number // 3 + 1,
                "official": number % 3 < 2,
            }
        )
        others = sources[sources["channel_id"] > 1]
        columns = {"id": others["account_id"], "channel_id": others["channel_id"]}
        followers = (10_000 * np.exp(others["warmth"])).astype(int)
        return pd.concat(
            [own, pd.DataFrame(columns | {"followers": followers, "official": False})],
            ignore_index=True,
        )

    def _dictionaries(self) -> Dictionaries:
        powers = np.where(np.arange(len(TOPICS)) < 4, "hard", "soft")
        events = enumerate(zip(EVENTS.items(), _edges(), strict=True), start=1)
        return Dictionaries(
            cities=dict(enumerate(self.planted_order, start=1)),
            channels=dict(enumerate(CHANNELS, start=1)),
            languages=dict(enumerate(LANGUAGES, start=1)),
            countries=dict(enumerate(COUNTRIES, start=1)),
            topics=[
                TopicRow(n, topic, str(power))
                for n, (topic, power) in enumerate(zip(TOPICS, powers, strict=True), start=1)
            ],
            events=[
                EventRow(n, key, category, crisis, starts, ends - 1)
                for n, ((key, (category, crisis, _, _)), (starts, ends)) in events
            ],
        )


def _places(table: Column) -> Column:
    """Return where each cell of a table stands, one row an axis."""
    return np.indices(table.shape).reshape(table.ndim, -1)


def _edges() -> list[tuple[int, int]]:
    """Return the first second of each event, and the second after its last."""
    return [
        (WINDOW.start + first * DAY, WINDOW.start + (first + days) * DAY)
        for _, _, first, days in EVENTS.values()
    ]


def _sources(draw: np.random.Generator, documents: int) -> pd.DataFrame:
    """Draw outlets and accounts; few speak much, most little."""
    size = max(60, documents // 50)
    share = draw.pareto(1.5, size) + 0.1
    media = np.arange(size) < size // 3
    number = np.arange(1001, 1001 + size)
    return pd.DataFrame(
        {
            "share": share / share.sum(),
            "channel_id": np.where(media, 1, draw.integers(2, 6, size)),
            "outlet_id": pd.Series(number, dtype="Int64").where(media),
            "account_id": pd.Series(number, dtype="Int64").where(~media),
            "language_id": draw.integers(1, len(LANGUAGES) + 1, size),
            "country_id": draw.integers(1, len(COUNTRIES) + 1, size),
            "tier": draw.integers(1, 4, size),
            "warmth": draw.normal(0, 0.5, size),
        }
    )


def _events(documents: pd.DataFrame) -> pd.DataFrame:
    spoken = documents[documents["event"] > 0]
    return pd.DataFrame({"document_id": spoken["id"], "event_id": spoken["event"]})
