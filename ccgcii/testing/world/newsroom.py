"""Who writes what, when: the drafts of all stories, so that the planted order shows in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from ccgcii.testing.world.events import planted_events
from ccgcii.testing.world.latents import Latent, shares_out
from ccgcii.testing.world.phrases import ACTIVITY, QUIET, Phrasebook
from ccgcii.testing.world.sites import SITES, site_of
from ccgcii.testing.world.stories import Draft, Story, path_of, write_story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ccgcii.cities import City

FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
DAYS = (LAST - FIRST).days + 1
PRIVATE = {"herald.example": "/members/", "emerald.example": "/private/"}
CITY_SHARE, ELSEWHERE_SHARE, TRAP_SHARE = 0.54, 0.26, 0.12
OUTSIDE_SHARE, PRIVATE_SHARE, SYNDICATED_SHARE, REPUBLISHED_SHARE = 0.03, 0.01, 0.025, 0.015


def write_stories(seed: int, latents: Sequence[Latent], articles: int) -> tuple[Story, ...]:
    """Write about so many stories: of cities, of elsewhere, and copies of both kinds."""
    rng = Random(f"{seed} stories")
    drafts = [*_city_drafts(rng, latents, round(articles * CITY_SHARE))]
    drafts += _other_drafts(rng, round(articles * ELSEWHERE_SHARE), "elsewhere")
    drafts += _other_drafts(rng, round(articles * TRAP_SHARE), "traps")
    drafts += _outside_drafts(rng, latents, round(articles * OUTSIDE_SHARE))
    drafts += _private_drafts(rng, latents, round(articles * PRIVATE_SHARE))
    rng.shuffle(drafts)
    stories = [_settle(write_story(rng, number, draft)) for number, draft in enumerate(drafts, 1)]
    stories += _syndicated(rng, stories, round(articles * SYNDICATED_SHARE))
    stories += _republished(rng, stories, round(articles * REPUBLISHED_SHARE))
    return tuple(stories)


def _city_drafts(rng: Random, latents: Sequence[Latent], total: int) -> Iterator[Draft]:
    counts = shares_out(total, [latent.penetration for latent in latents])
    for latent, count in zip(latents, counts, strict=True):
        yield from _drafts_of(rng, latent, max(1, count), latents)


def _drafts_of(
    rng: Random, latent: Latent, count: int, latents: Sequence[Latent]
) -> Iterator[Draft]:
    sites = rng.sample(SITES, max(2, round(len(SITES) * latent.breadth)))
    topics = rng.sample(QUIET, max(1, round(len(QUIET) * latent.breadth)))
    events = rng.sample(planted_events(), len(planted_events()))
    covered = round(count * 0.35 * latent.responsiveness)
    active = round((count - covered) * 0.5 * latent.dynamism)
    phase = rng.random()
    for place in range(count):
        draft = Draft(
            site=sites[place % len(sites)],
            day=FIRST + timedelta(days=int(DAYS * ((place + phase) / count) % DAYS)),
            city=latent.city,
            also=_second_city(rng, latent, latents),
            topic=topics[place % len(topics)],
            tone=rng.choices((1, 0, -1), (45, 35, 20))[0],
        )
        if place < covered:
            event = events[place % len(events)]
            length = int(event.seconds // 86400)
            # The quicker a city answers, the earlier in the window it is written about.
            delay = rng.random() ** (1 + 2 * latent.responsiveness)
            day = event.starts + timedelta(days=int(length * delay))
            draft = replace(draft, day=day, event=event, topic=_topic_of(event.category))
        elif place < covered + active:
            draft = replace(draft, topic=ACTIVITY[place % len(ACTIVITY)])
        yield draft


def _topic_of(category: str) -> str:
    return {"health": "healthcare", "trade": "trade", "sport": "sport", "diplomacy": "forum"}.get(
        category, "transport"
    )


def _second_city(rng: Random, latent: Latent, latents: Sequence[Latent]) -> City | None:
    if rng.random() > 0.1:
        return None
    other = rng.choices(latents, [each.penetration for each in latents])[0].city
    return None if other.key == latent.city.key else other


def _other_drafts(rng: Random, count: int, group: str) -> Iterator[Draft]:
    for _ in range(count):
        site = rng.choice(SITES)
        word = rng.choice(tuple(Phrasebook(site.language).words[group]))
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        about = {"kind": "elsewhere", "topic": word} if group == "elsewhere" else {"kind": word}
        yield Draft(site=site, day=day, fate="irrelevant", **about)


def _outside_drafts(rng: Random, latents: Sequence[Latent], count: int) -> Iterator[Draft]:
    for draft in _any_city(rng, latents, count):
        first = rng.choice((date(2019, 12, 2), date(2021, 1, 3)))
        day = first + timedelta(days=rng.randrange(28))
        yield replace(draft, day=day, site=rng.choice(SITES), fate="outside window")


def _private_drafts(rng: Random, latents: Sequence[Latent], count: int) -> Iterator[Draft]:
    for place, draft in enumerate(_any_city(rng, latents, count)):
        domain = sorted(PRIVATE)[place % len(PRIVATE)]
        yield replace(draft, site=site_of(domain), fate="never fetched")


def _any_city(rng: Random, latents: Sequence[Latent], count: int) -> Iterator[Draft]:
    for _ in range(count):
        city = rng.choice(latents).city
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        yield Draft(site=rng.choice(SITES), day=day, city=city, topic=rng.choice(QUIET))


def _settle(story: Story) -> Story:
    if story.fate != "never fetched":
        return story
    return replace(story, path=PRIVATE[story.site.domain] + story.path.strip("/").split("/")[-1])


def _syndicated(rng: Random, stories: Sequence[Story], count: int) -> list[Story]:
    """Give stories of one site to another of the same language: both must be kept."""
    copies = []
    for number, story in enumerate(_copyable(rng, stories, count), len(stories) + 1):
        others = [
            site
            for site in SITES
            if site.language == story.site.language and site.domain != story.site.domain
        ]
        site = rng.choice(others)
        path = path_of(site, story.published_at.date(), story.title, number)
        copies.append(replace(story, number=number, site=site, path=path, original=story.number))
    return copies


def _republished(rng: Random, stories: Sequence[Story], count: int) -> list[Story]:
    """Print stories again under another address of the same site: the later one must go."""
    copies = []
    for number, story in enumerate(_copyable(rng, stories, count), len(stories) + 1):
        later = story.published_at + timedelta(hours=3)
        path = path_of(story.site, later.date(), "again " + story.title, number)
        copies.append(
            replace(
                story,
                number=number,
                path=path,
                published_at=later,
                fate="duplicate",
                original=story.number,
            )
        )
    return copies


def _copyable(rng: Random, stories: Sequence[Story], count: int) -> list[Story]:
    return rng.sample(
        [story for story in stories if story.fate == "kept" and story.original is None], count
    )
