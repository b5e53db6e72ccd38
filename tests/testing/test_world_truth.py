from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ccgcii import City
from ccgcii.testing import Ask, World, compare_orders
from ccgcii.testing.world.latents import shares_out

if TYPE_CHECKING:
    from pathlib import Path

    from ccgcii.testing.world import Story


def whole_web(world: World) -> list[bytes]:
    headers = {"host": "any.example:8000"}
    return [world.answer(Ask("GET", host, path, headers)).body for host, path in world.paths()]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = World(7, articles=150, posts=200), World(7, articles=150, posts=200)
    assert one.stories == two.stories
    assert one.truth == two.truth
    assert whole_web(one) == whole_web(two)
    for world, folder in ((one, tmp_path / "one"), (two, tmp_path / "two")):
        world.write_exports(folder)
        world.write_config(folder, 8000)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 10
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_gives_another_world() -> None:
    one, two = World(1, articles=100, posts=100), World(2, articles=100, posts=100)
    assert one.planted_order != two.planted_order
    assert one.stories != two.stories


def test_it_is_as_large_as_asked_for(world: World) -> None:
    assert 1150 <= len(world.stories) <= 1250
    assert len(world.paths()) < 1600
    assert len({story.key for story in world.stories}) == len(world.stories)
    countries = {site.country for site in world.sites}
    assert len(countries) >= 8
    assert sum(site.language == "zh" for site in world.sites) >= 3
    assert {site.tier for site in world.sites} == {1, 2, 3}


def test_a_good_part_of_the_web_names_no_city(world: World) -> None:
    nameless = sum(not story.cities for story in world.stories)
    assert 0.3 < nameless / len(world.stories) < 0.45


def test_the_planted_order_is_not_that_of_gdp_but_near_it(world: World) -> None:
    by_gdp = [city.key for city in world.cities]
    assert by_gdp != list(world.planted_order)
    assert 0.4 < compare_orders(by_gdp, world.planted_order) < 0.95


def test_the_strong_are_written_about_more(world: World) -> None:
    truth = world.truth
    assert list(truth) == list(world.planted_order)
    by_articles = sorted(truth, key=lambda key: -truth[key].articles)
    by_posts = sorted(truth, key=lambda key: -truth[key].posts)
    assert compare_orders(by_articles, world.planted_order) > 0.7
    assert compare_orders(by_posts, world.planted_order) > 0.85
    assert all(line.articles and line.posts for line in truth.values())


def test_the_responsive_are_written_about_in_events(world: World) -> None:
    covered = Counter(key for story in world.stories if story.event for key in story.cities[:1])
    top, bottom = world.planted_order[:10], world.planted_order[-50:]
    assert sum(covered[key] for key in top) > 2 * sum(covered[key] for key in bottom)


def test_dates_lie_where_their_fate_says(world: World) -> None:
    for story in world.stories:
        in_window = date(2020, 1, 1) <= story.published_at.date() <= date(2020, 12, 31)
        assert in_window == (story.fate != "outside window"), story.key


def named_in(story: Story, cities: tuple[City, ...]) -> set[str]:
    """Find names in a story by plain search: whoever shares a name is found together."""
    text = f"{story.title}\n{story.text}"
    if story.site.language == "zh":
        return {city.name_zh for city in cities if city.name_zh in text}
    return {city.name_en for city in cities if re.search(rf"\b{city.name_en}\b", text)}


def test_a_story_names_its_cities_and_no_other(world: World) -> None:
    by_key = {city.key: city for city in world.cities}
    for story in world.stories:
        own = [by_key[key] for key in story.cities]
        names = {c.name_zh if story.site.language == "zh" else c.name_en for c in own}
        if story.kind in ("city", "elsewhere"):
            assert named_in(story, world.cities) == names, story


def test_trap_names_are_no_cities(world: World) -> None:
    kinds = Counter(story.kind for story in world.stories)
    for kind in ("texas", "peking-university", "peking-duck", "canton-ohio"):
        assert kinds[kind] >= 5
    assert all(not s.cities for s in world.stories if s.kind != "city")


def test_texts_are_long_enough_for_any_reader(world: World) -> None:
    for story in world.stories:
        assert len(story.text) >= (250 if story.site.language == "zh" else 600), story.key


def test_event_words_stand_only_in_event_stories(world: World) -> None:
    for event in world.events:
        words = re.compile("|".join(event.words_en + event.words_zh))
        for story in world.stories:
            found = bool(words.search(story.text))
            assert found == (story.event == event.key), (story.key, event.key)
            inside = event.starts <= story.published_at.date() <= event.ends
            assert inside or story.event != event.key


def test_copies_are_copies(world: World) -> None:
    by_number = {story.number: story for story in world.stories}
    copies = [story for story in world.stories if story.original is not None]
    assert len(copies) >= 40
    for story in copies:
        original = by_number[story.original or 0]
        assert story.paragraphs == original.paragraphs
        same_site = story.site == original.site
        assert same_site == (story.fate == "duplicate")


def test_cities_of_ones_own_will_do(tmp_path: Path) -> None:
    town = City(1, "town", "Town", "Smallville", "小镇", "Kansas", "堪萨斯", 1.0, "", 0, 0, 1)
    world = World(cities=[town], articles=60, posts=50)
    assert set(world.truth) == {"town"}
    world.write_config(tmp_path, 8000)
    assert "Smallville" in (tmp_path / "cities.csv").read_text()
    assert len(World(cities=10, articles=50, posts=50).truth) == 10


@pytest.mark.parametrize("total", [0, 1, 7, 100])
def test_shares_add_up(total: int) -> None:
    counts = shares_out(total, [5.0, 3.0, 1.0, 1.0])
    assert sum(counts) == total
    assert counts == sorted(counts, reverse=True)


def test_orders_are_compared_by_kendalls_tau() -> None:
    assert compare_orders("abcd", "abcd") == pytest.approx(1)
    assert compare_orders("dcba", "abcd") == pytest.approx(-1)
    assert compare_orders("abdc", "abcd") == pytest.approx(2 / 3)
