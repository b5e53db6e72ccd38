"""GKG rows: which name a city, and which only seem to."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from ccgcii import default_cities
from ccgcii.testing.platforms.archivefiles import gkg_row
from ccgcii_archives.gkg import GkgReader, lines_about_china
from ccgcii_archives.locations import Location, Places, fold, kilometres, read_data

WUHAN = "4#Wuhan, Hubei, China#CH#CH12#13124#30.5833#114.267#-1930776#726"
CHINA = "1#China#CH#CH##35#105#CH#12"


def read(*rows: str) -> list[object]:
    return list(reader().read(io.BytesIO("\n".join(rows).encode())))


def reader() -> GkgReader:
    return GkgReader(default_cities())


def cities_of(*locations: str) -> tuple[str, ...]:
    return tuple(city for _, city in Places(default_cities()).found(";".join(locations)))


def test_a_row_becomes_a_record_without_a_text() -> None:
    (record,) = reader().read(
        io.BytesIO(
            gkg_row(
                7,
                title="A headline &amp; more",
                published="20200601113000",
                locations=[WUHAN, CHINA],
            ).encode()
        )
    )
    assert record.id == "20200601120000-7"
    assert record.channel == "media"
    assert record.title == "A headline & more"
    assert record.text == ""
    assert record.outlet == "news.example"
    assert record.language == "en"
    assert record.places == ("wuhan",)
    assert record.tone == -1.25
    assert record.published_at == datetime(2020, 6, 1, 11, 30, tzinfo=UTC)


def test_without_the_pages_own_date_the_sighting_is_the_date() -> None:
    (record,) = reader().read(io.BytesIO(gkg_row(locations=[WUHAN]).encode()))
    assert record.published_at == datetime(2020, 6, 1, 12, tzinfo=UTC)


def test_a_date_after_the_sighting_is_not_believed() -> None:
    row = gkg_row(locations=[WUHAN], published="20211231000000")
    (record,) = reader().read(io.BytesIO(row.encode()))
    assert record.published_at == datetime(2020, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("code", "short"), [("zho", "zh"), ("spa", "es"), ("xxx", None)])
def test_a_translated_row_keeps_its_language(code: str, short: str | None) -> None:
    (record,) = reader().read(io.BytesIO(gkg_row(locations=[WUHAN], language=code).encode()))
    assert record.language == short


def test_a_title_that_names_a_city_is_enough() -> None:
    assert len(read(gkg_row(title="武汉樱花盛开", locations=[CHINA], language="zho"))) == 1
    assert read(gkg_row(title="Spring in Russia", locations=[CHINA])) == []


@pytest.mark.parametrize(
    "place",
    [
        "4#Hubei, Guangdong, China#CH#CH30#13100#23.1#113.2#10073728#90",
        "4#Xinjiang, Jiangxi, China#CH#CH03#13100#28.1#115.2#11065838#90",
        "4#Wuhan, Guangdong, China#CH#CH30#13100#30.58#114.26#1#90",  # another province
        "4#Wuhan, Hubei, China#CH#CH12#13100#31.9#110.2#2#90",  # a village far away
        "5#Jilin, Jilin, China#CH#CH05#13100#43.85#126.5#3#90",  # the province, not the city
        "1#Canton#CH#CH##35#105#CH#90",
        "4#Wuhan, Hubei, China#US#CH12#13100#30.5833#114.267#4#90",
        "4#Wuhan, Hubei, China#CH#CH12#13100##114.267#4#90",  # no latitude
        "4#Wuhan#CH",
    ],
)
def test_false_places_are_refused(place: str) -> None:
    assert cities_of(place) == ()


def test_cities_stand_in_the_order_of_the_text_as_often_as_named() -> None:
    beijing = "4#Beijing, Beijing, China#CH#CH22#13001#39.9289#116.388#-1898541#9"
    assert cities_of(WUHAN, beijing, WUHAN) == ("beijing", "wuhan", "wuhan")


def test_namesakes_are_told_apart_by_their_province() -> None:
    places = {
        "taizhou-jiangsu": "4#Taizhou, Jiangsu, China#CH#CH04#1#32.49#119.91#5#1",
        "taizhou-zhejiang": "4#Taizhou, Zhejiang, China#CH#CH02#1#28.66#121.42#6#1",
    }
    for key, place in places.items():
        assert cities_of(place) == (key,)


def test_a_municipality_may_come_as_a_state() -> None:
    assert cities_of("5#Shanghai, Shanghai, China#CH#CH23#1#31.22#121.46#7#1") == ("shanghai",)


def test_names_are_compared_without_accents_and_apostrophes() -> None:
    assert fold("Xi'an") == fold("Xian") == "xian"
    assert fold("Ürümqi") == "urumqi"
    assert fold("武汉") == ""
    assert cities_of("4#Xian, Shaanxi, China#CH#CH26#1#34.2583#108.929#-1931574#1") == ("xian",)


def test_a_name_that_only_holds_a_citys_is_no_mention_of_it() -> None:
    shanghai = "4#Shanghai, Shanghai, China#CH#CH23#13243#31.2222#121.458#-1924465#40"
    inner = "Shanghai Cooperation Organization,42"
    assert read(gkg_row(locations=[shanghai, CHINA], all_names=inner)) == []
    both = read(gkg_row(locations=[shanghai, shanghai, CHINA], all_names=inner))
    assert [record.places for record in both] == [("shanghai",)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", ["Cooperation", "Corporation", "Co-operation", "Cooperative"])
def test_the_organisation_of_shanghai_is_known_however_it_is_spelt(word: str) -> None:
    shanghai = "4#Shanghai, Shanghai, China#CH#CH23#13243#31.2222#121.458#-1924465#40"
    assert read(gkg_row(locations=[shanghai], all_names=f"Shanghai {word} Organization,42")) == []


NANNING = "4#Nanning, Guangxi, China#CH#CH16#13058#22.8167#108.317#-1919650#{}"
QINGDAO = "4#Qingdao, Shandong, China#CH#CH25#13110#36.0986#120.372#-1923800#{}"


def test_a_city_far_from_the_sea_beside_a_ships_kind_is_a_ship() -> None:
    ship, again = NANNING.format(90), NANNING.format(700)
    told = [ship, again, CHINA]
    assert read(gkg_row(locations=told, organisations="Navy Escort Task Group,40")) == []
    assert read(gkg_row(locations=told, all_names="Missile Destroyer,75;Harbour,300")) == []
    # Too far away, no ship, or a title that names the city: it stays.
    assert len(read(gkg_row(locations=told, all_names="Missile Destroyer,400"))) == 1
    assert len(read(gkg_row(locations=told, all_names="Navy Hospital,75"))) == 1
    assert (
        len(read(gkg_row(locations=told, all_names="Destroyer,75", title="A day in Nanning"))) == 1
    )


def test_beside_a_port_a_ships_kind_tells_nothing() -> None:
    row = gkg_row(locations=[QINGDAO.format(90)], all_names="Missile Destroyer,75")
    assert [record.places for record in read(row)] == [("qingdao",)]  # type: ignore[attr-defined]


def test_thirty_kilometres_is_measured_on_the_globe() -> None:
    assert kilometres((0, 0), (0, 1)) == pytest.approx(111.195, abs=0.01)
    assert kilometres((60, 0), (60, 1)) == pytest.approx(55.597, abs=0.01)
    near = Location("4", "Wuhan", "CH", "CH12", 30.58, 114.267 + 0.25, "8", 1)
    far = Location("4", "Wuhan", "CH", "CH12", 30.58, 114.267 + 0.40, "9", 1)
    places = Places(default_cities())
    assert places.city_at(near) is not None
    assert places.city_at(far) is None


def test_rows_of_another_width_are_counted_and_left_out() -> None:
    short = reader()
    row = gkg_row(locations=[WUHAN])
    assert list(short.read(io.BytesIO((row + "\textra\n" + row).encode()))) != []
    assert short.damaged == 1


def test_broken_utf8_does_not_stop_a_row() -> None:
    row = gkg_row(locations=[WUHAN], title="caf?").encode().replace(b"caf?", b"caf\xe9")
    (record,) = reader().read(io.BytesIO(row))
    assert record.title == "caf\ufffd"


def test_lines_are_found_across_the_portions_that_are_read() -> None:
    wanted = [f"{number}\t#CH#{'x' * number}" for number in range(0, 3000, 7)]
    others = [f"{number}\t#US#{'y' * 500}" for number in range(3000)]
    mixed = [line for pair in zip(wanted, others, strict=False) for line in pair]
    found = [line.decode() for line in lines_about_china(io.BytesIO("\n".join(mixed).encode()))]
    assert found == [line for line in mixed if "#CH#" in line]


def test_the_tables_cover_every_province_of_the_cities() -> None:
    provinces = {row["province"] for row in read_data("china_adm1.csv")}
    assert {city.province_en for city in default_cities()} <= provinces
    assert {row["city"] for row in read_data("ports.csv")} < {c.key for c in default_cities()}
    identities = [row["feature_id"] for row in read_data("false_places.csv")]
    assert len(identities) == len(set(identities))
