"""Which outlets of the catalogue a study reads, and that each address is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ccgcii.config import Settings, load_settings
from ccgcii.errors import ConfigError
from ccgcii.planning.plans import make_plan
from ccgcii.workspace import Workspace
from ccgcii_news.choices import address_key
from ccgcii_news.source import News

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = """domain,name,country,language,tier,feeds,sitemaps
world.example,World,GB,en,1,https://world.example/rss,
nation.example,Nation,FR,fr,2,http://www.nation.example/rss/;https://nation.example/rss,
local.example,Local,FR,fr,3,,https://local.example/s.xml
bare.example,Bare,DE,de,3,,
silent.example,Silent,,,,https://silent.example/rss,
"""


def planned(folder: Path, **options: Any) -> list[str]:
    (folder / "outlets.csv").write_text(CATALOGUE, encoding="utf-8")
    study: Any = {"outlets": folder / "outlets.csv"}
    with Workspace(Settings(study=study, sources={"news": options})) as workspace:
        workspace.outlets = {  # ours beside them would hide what is chosen
            domain: one for domain, one in workspace.outlets.items() if domain.endswith(".example")
        }
        plan = make_plan(workspace, "news")
        return [piece.key for piece in News(plan).slices(plan)]


WORLD, NATION = "feed:https://world.example/rss", "feed:https://nation.example/rss"
LOCAL, BARE = "sitemap:https://local.example/s.xml", "section:https://bare.example/"
SILENT, OWN = "feed:https://silent.example/rss", "feed:https://own.example/f"


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, [WORLD, NATION, LOCAL, BARE, SILENT]),
        ({"front_pages": False}, [WORLD, NATION, LOCAL, SILENT]),
        ({"feeds": ["https://own.example/f"]}, [OWN]),
        ({"feeds": ["https://own.example/f"], "tiers": [1]}, [OWN, WORLD]),
        ({"tiers": [1, 2]}, [WORLD, NATION]),
        ({"countries": ["fr"]}, [NATION, LOCAL]),
        ({"countries": ["FR"], "tiers": [3]}, [LOCAL]),
        ({"languages": ["DE", "en"]}, [WORLD, BARE]),
        ({"outlets": ["local.example"]}, [LOCAL]),
        ({"outlets": ["local.example"], "tiers": [1]}, [WORLD, LOCAL]),
        ({"feeds": ["http://www.world.example/rss/?utm_source=x"], "catalogue": True, "tiers": [1]},
         ["feed:https://world.example/rss"]),
    ],
)  # fmt: skip
def test_outlets_are_chosen_by_what_they_are(
    tmp_path: Path, options: dict[str, Any], keys: list[str]
) -> None:
    assert planned(tmp_path, **options) == keys


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"countries": ["FM"]}, "countries: no outlet of the catalogue has 'FM'"),
        ({"countries": ["UK"]}, "countries: 'UK' is no country of ISO 3166-1; did you mean 'GB'"),
        ({"languages": ["ff"]}, "languages: no outlet of the catalogue has 'ff'"),
        ({"outlets": ["locall.example"]}, "did you mean 'local.example'"),
        ({"tiers": [4]}, "tiers are 1"),
        ({"tier": [1]}, "did you mean 'tiers'"),
        ({"catalogue": False}, "add `feeds"),
        ({"catalogue": False, "tiers": [1]}, "drop one of them"),
        ({"tiers": [2], "countries": ["GB"]}, "no outlet of the catalogue is chosen"),
        ({"feeds": ["world.example/rss"]}, "begins with http"),
        ({"feeds": ["https://me:word@own.example/f"]}, "holds a password"),
        ({"feeds": ["https://own.example/f?token=PLANTED"]}, "holds a key (token=...)"),
    ],
)
def test_what_cannot_be_chosen_is_told(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        planned(tmp_path, **options)
    assert message in str(caught.value)
    assert "PLANTED" not in str(caught.value)


def test_a_front_page_gives_its_articles_and_no_further_listing(tmp_path: Path) -> None:
    (tmp_path / "outlets.csv").write_text(CATALOGUE, encoding="utf-8")
    study: Any = {"outlets": tmp_path / "outlets.csv"}
    options = {"news": {"outlets": ["bare.example"]}}
    with Workspace(Settings(study=study, sources=options)) as workspace:
        plan = make_plan(workspace, "news")
        (piece,) = News(plan).slices(plan)
        (request,) = News(plan).start_slice(piece)
    assert piece.payload["level"] == 2
    assert request.cb_kwargs == {"level": 2}


def test_spellings_of_an_address_are_one() -> None:
    one = address_key("https://www.a.example/rss/?b=2&a=1&utm_source=x#top")
    assert one == address_key("http://A.example:80/rss?a=1&b=2")
    assert one != address_key("https://a.example/rss?a=2&b=2")
    assert address_key("https://a.example:8080/rss") != address_key("https://a.example/rss")


def test_the_outlets_of_ccgcii_toml_lie_over_the_file_and_the_file_over_ours(
    tmp_path: Path,
) -> None:
    csv = "domain,tier,feeds\nbbc.co.uk,2,\nown.example,3,https://own.example/csv\n"
    (tmp_path / "mine.csv").write_text(csv, encoding="utf-8")
    (tmp_path / "ccgcii.toml").write_text(
        '[study]\noutlets = "mine.csv"\n'
        '[outlets."own.example"]\nname = "Own"\ncountry = "fr"\n'
        '[outlets."bbc.co.uk"]\nfeeds = []\n',
        encoding="utf-8",
    )
    with Workspace(load_settings(tmp_path)) as workspace:
        own, bbc = workspace.outlets["own.example"], workspace.outlets["bbc.co.uk"]
    assert (own.name, own.country, own.tier, own.feeds) == (
        "Own", "FR", 3, ("https://own.example/csv",),
    )  # fmt: skip
    # What the file leaves empty stays ours; an empty list takes it away.
    assert (bbc.tier, bbc.country, bbc.feeds) == (2, "GB", ())
    assert bbc.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[outlets."own.example"]\nfeds = []\n', "did you mean 'feeds'"),
        ('[outlets."own.example"]\ntier = 4\n', "tier"),
        ('[outlets."https://own.example"]\ntier = 1\n', "is no domain"),
        ('[outlets."own.example"]\ncountry = "uk"\n', "did you mean 'GB'"),
        ('[outlets."own.example"]\ncountry = "XX"\n', "own.example.country: 'XX' is no country"),
    ],
)
def test_a_mistake_in_an_outlet_of_ccgcii_toml_is_named(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "ccgcii.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught, Workspace(load_settings(tmp_path)) as workspace:
        assert workspace.outlets
    assert message in str(caught.value)
