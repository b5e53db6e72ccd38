"""Posts: what the world says of the cities on four platforms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from ccgcii.testing.world.authors import Author, authors_of
from ccgcii.testing.world.events import PlantedEvent, planted_events
from ccgcii.testing.world.latents import Latent, shares_out
from ccgcii.testing.world.phrases import ACTIVITY, QUIET, Phrasebook, name_of, read_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii.cities import City

CHANNEL_SHARES = {"facebook": 0.3, "instagram": 0.28, "x": 0.24, "youtube": 0.18}
NAMELESS_SHARE = 0.2
RETWEET_SHARE = 0.15
OTHER_LANGUAGES = ("es", "fr", "de")
START = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS = 366 * 86400 - 1


@dataclass(frozen=True, slots=True)
class Post:
    """A post, and what is true of it; counts that a platform does not show are None.

    A post with `is_share` repeats the post whose id is `original`.
    """

    id: str
    channel: str
    url: str
    author: Author
    published_at: datetime
    title: str
    text: str
    likes: int
    comments: int | None
    shares: int | None
    views: int | None
    language: str
    cities: tuple[str, ...]
    topic: str | None
    event: str | None
    is_share: bool = False
    original: str | None = None


def write_posts(seed: int, latents: Sequence[Latent], total: int) -> tuple[Post, ...]:
    """Write about so many posts: of the cities as they are heard of, and of other things."""
    written: list[Post] = []
    for channel, share in CHANNEL_SHARES.items():
        rng = Random(f"{seed} posts {channel}")
        here = list(_posts_on(rng, channel, latents, round(total * share)))
        if channel == "x":
            here += _retweets(rng, here, round(len(here) * RETWEET_SHARE))
        written += here
    return tuple(written)


def _posts_on(rng: Random, channel: str, latents: Sequence[Latent], total: int) -> Iterator[Post]:
    nameless = round(total * NAMELESS_SHARE)
    counts = shares_out(total - nameless, [latent.penetration for latent in latents])
    number = 0
    for latent, count in zip(latents, counts, strict=True):
        for brief in _briefs(rng, latent, count):
            number += 1
            yield _post_about(rng, channel, number, brief)
    for _ in range(nameless):
        number += 1
        yield _nameless(rng, channel, number)


@dataclass(frozen=True, slots=True)
class _Brief:
    city: City
    language: str
    topic: str
    event: PlantedEvent | None
    liveliness: float


def _briefs(rng: Random, latent: Latent, count: int) -> Iterator[_Brief]:
    """Share out languages, topics and events by count, not by chance: small cities keep theirs."""
    quiet = rng.sample(QUIET, max(1, round(len(QUIET) * latent.breadth)))
    events = rng.sample(planted_events(), len(planted_events()))
    covered = round(count * 0.35 * latent.responsiveness)
    active = round((count - covered) * 0.5 * latent.dynamism)
    for place in range(count):
        is_active = covered <= place < covered + active
        event = events[place % len(events)] if place < covered else None
        # Steps of the golden ratio spread the languages evenly over any count.
        spread = place * 0.6180339887 % 1
        language = "zh" if spread > 0.85 else "en"
        if spread < 0.35 * latent.breadth and event is None:
            language = OTHER_LANGUAGES[place % len(OTHER_LANGUAGES)]
        topic = ACTIVITY[place % len(ACTIVITY)] if is_active else quiet[place % len(quiet)]
        yield _Brief(latent.city, language, topic, event, latent.dynamism)


def _post_about(rng: Random, channel: str, number: int, brief: _Brief) -> Post:
    city, event, language = brief.city, brief.event, brief.language
    if event is not None:
        moment = event.opening + timedelta(seconds=rng.random() ** 2 * (event.seconds - 60))
        text = Phrasebook(language).fill(rng, event.sentences[language][0], city)
        post = _post(
            rng, channel, number, moment, text=text, language=language, liveliness=brief.liveliness
        )
        return replace(post, cities=(city.key,), event=event.key)
    topic, text = _words_about(rng, brief)
    post = _post(
        rng,
        channel,
        number,
        _any_moment(rng),
        text=text,
        language=language,
        liveliness=brief.liveliness,
    )
    title = name_of(city, language) if channel == "youtube" else ""
    return replace(post, cities=(city.key,), topic=topic, title=title and f"{title} #{number}")


def _words_about(rng: Random, brief: _Brief) -> tuple[str | None, str]:
    city, topic = brief.city, brief.topic
    if brief.language in OTHER_LANGUAGES:
        sentence = rng.choice(read_data("posts.toml")[brief.language]["sentences"])
        return None, sentence.format(city=city.name_en, number=rng.randint(21, 989))
    book = Phrasebook(brief.language)
    first = book.some(rng, book.words["lead"], 1, city)
    about = book.some(rng, book.words["topics"][topic]["sentences"], 1, city)
    tone = rng.choices(("positive", "neutral", "negative"), (45, 35, 20))[0]
    told = book.some(rng, book.words["tones"][tone], 1, city)
    return book.topic_name(topic), book.join([*first, *about, *told])


def _nameless(rng: Random, channel: str, number: int) -> Post:
    language = rng.choices(("en", "zh"), (4, 1))[0]
    book = Phrasebook(language)
    if rng.random() < 0.3:
        sentences = rng.choice(list(book.words["traps"].values()))["sentences"]
    else:
        sentences = rng.choice(list(book.words["elsewhere"].values()))["sentences"]
    text = book.join(book.some(rng, sentences, 2))
    return _post(rng, channel, number, _any_moment(rng), text=text, language=language)


def _post(
    rng: Random,
    channel: str,
    number: int,
    moment: datetime,
    *,
    text: str,
    language: str,
    liveliness: float = 0.5,
) -> Post:
    author = rng.choice(authors_of(channel))
    identity = f"{1_200_000_000_000_000_000 + number * 1_000_003}"
    # The posts about a dynamic city are the ones people answer to.
    likes = int(author.followers**0.5 * rng.uniform(1, 3) * (0.2 + liveliness))
    return Post(
        id=identity,
        channel=channel,
        url=f"https://{channel}.example/{author.name}/{identity}",
        author=author,
        published_at=moment,
        title="",
        text=text,
        likes=likes,
        comments=None if channel == "x" else int(likes * rng.uniform(0.02, 0.2)),
        shares=int(likes * rng.uniform(0.05, 0.3)) if channel in ("x", "facebook") else None,
        views=int(author.followers * rng.uniform(0.2, 3)) if channel == "youtube" else None,
        language=language,
        cities=(),
        topic=None,
        event=None,
    )


def _any_moment(rng: Random) -> datetime:
    return START + timedelta(seconds=rng.randrange(SECONDS))


def _retweets(rng: Random, posts: Sequence[Post], count: int) -> Iterator[Post]:
    for number, post in enumerate(rng.sample(list(posts), count), len(posts) + 1):
        author = rng.choice(authors_of(post.channel))
        identity = f"{1_200_000_000_000_000_000 + number * 1_000_003}"
        last = START + timedelta(seconds=SECONDS)
        moment = min(post.published_at + timedelta(seconds=rng.randrange(60, 86400)), last)
        yield replace(
            post,
            id=identity,
            url=f"https://x.example/{author.name}/{identity}",
            author=author,
            published_at=moment,
            is_share=True,
            original=post.id,
        )
