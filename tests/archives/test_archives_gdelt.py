"""GDELT as a source: lists, samples, checksums, gaps, and files of one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccgcii.errors import ConfigError
from ccgcii.testing import LoopbackServer
from ccgcii.testing.platforms.archivefiles import gkg_row, master_list, zipped
from ccgcii.testing.platforms.fileservers import FileServer
from ccgcii_archives.slots import chosen_slots, file_name

WUHAN = "4#Wuhan, Hubei, China#CH#CH12#13124#30.5833#114.267#-1930776#726"
HUBEI = "4#Hubei, Guangdong, China#CH#CH30#13100#23.1#113.2#10073728#90"
DAY = date(2020, 6, 1)
ROOT = "files.test/gdeltv2"


def slots(stream: str = "english", per_day: int = 4) -> dict[str, bytes]:
    """Return the files of two sampled days: in each, one row that names a city and one that not."""
    files = {}
    for slot in chosen_slots(DAY, date(2020, 6, 2), per_day, 1):
        name = file_name(slot, stream)
        language = "spa" if stream == "translation" else ""
        rows = [
            gkg_row(1, slot=slot, locations=[WUHAN], title=f"{stream} {slot}", language=language),
            gkg_row(2, slot=slot, locations=[HUBEI], language=language),
        ]
        files[name] = zipped(name.removesuffix(".zip"), rows)
    return files


def server_of(*streams: str) -> FileServer:
    files = {}
    for stream in streams or ("english",):
        listed = slots(stream)
        suffix = "-translation" if stream == "translation" else ""
        files[f"{ROOT}/masterfilelist{suffix}.txt"] = master_list(listed)
        files |= {f"{ROOT}/{name}": data for name, data in listed.items()}
    return FileServer(files)


def crawl(study: Any, server: FileServer, **options: Any) -> Any:
    given = {"slots_per_day": 4, "streams": ["english"]} | options
    with LoopbackServer(server.answer) as web:
        return study.crawl("gdelt", base=web.url("files.test", "/gdeltv2/"), **given)


def test_both_streams_are_read_from_their_lists(study: Any) -> None:
    server = server_of("english", "translation")
    counts = crawl(study, server, streams=["english", "translation"])
    assert (counts.slices_done, counts.slices_failed, counts.captures) == (18, 0, 16)
    assert counts.share_read == pytest.approx(4 / 96)
    assert sorted({record.language for record in study.records()}) == ["en", "es"]
    shares = study.rows("SELECT payload FROM slice WHERE key LIKE 'gkg:%'")
    assert all('"share_read": 0.0416666' in row.payload for row in shares)
    assert "a sample: 4.17% of the files there are" in counts.reasons
    assert study.rows("SELECT DISTINCT terms FROM capture")[0].terms.startswith("GDELT")


def test_what_is_done_is_not_read_again(study: Any) -> None:
    server = server_of()
    crawl(study, server)
    before = len(server.asked)
    counts = crawl(study, server)
    assert len(server.asked) == before
    assert counts.captures == 0


def test_computed_names_need_no_list_and_skip_what_is_not_there(study: Any) -> None:
    server = server_of()
    gone = f"{ROOT}/{file_name(next(iter(chosen_slots(DAY, DAY, 4, 1))), 'english')}"
    del server.files[gone]
    counts = crawl(study, server, names="computed")
    assert not any("masterfilelist" in path for path, _ in server.asked)
    assert (counts.slices_done, counts.slices_failed, counts.captures) == (8, 0, 7)
    assert counts.notes == 1
    (row,) = study.rows("SELECT state, error FROM slice WHERE error IS NOT NULL")
    assert row.state == "done"
    assert "skipped" in row.error


def test_slots_that_the_list_lacks_are_told(study: Any) -> None:
    counts = crawl(study, server_of(), slots_per_day=8)
    assert any("of 16 slots are not in the english list" in reason for reason in counts.reasons)


def test_a_file_with_another_md5_fails_and_is_fetched_again(study: Any) -> None:
    server = server_of()
    name = next(path for path in server.files if path.endswith("gkg.csv.zip"))
    good = server.files[name]
    server.files[name] = good[:-1] + b"!"
    counts = crawl(study, server)
    assert (counts.slices_failed, counts.captures) == (1, 7)
    assert any("its MD5 is" in reason for reason in counts.reasons)
    server.files[name] = good
    counts = crawl(study, server)
    assert (counts.slices_done, counts.slices_failed, counts.captures) == (1, 0, 1)


def test_a_damaged_zip_fails_with_its_name(study: Any) -> None:
    server = server_of()
    name = next(path for path in server.files if path.endswith("gkg.csv.zip"))
    server.files[name] = server.files[name][:200]
    counts = crawl(study, server, names="computed")
    assert counts.slices_failed == 1
    assert any("damaged zip" in reason and "gkg.csv.zip" in reason for reason in counts.reasons)


def test_a_busy_server_and_a_broken_answer_are_asked_again(study: Any) -> None:
    server = server_of()
    server.faults.add("busy")
    server.faults.add("broken", after=1)
    counts = crawl(study, server)
    assert (counts.slices_done, counts.slices_failed, counts.captures) == (9, 0, 8)
    assert len(server.asked) == 11


def test_where_nothing_answers_the_source_gives_up_after_some_files(study: Any) -> None:
    server = server_of()
    server.faults.add("forbidden", times=1_000)
    counts = crawl(study, server, names="computed", max_failures=3)
    assert 3 <= counts.slices_failed <= 4
    assert any("3 files in a row" in reason for reason in counts.reasons)
    assert crawl(study, server_of(), names="computed").captures == 8


def test_a_budget_of_files_ends_a_crawl_and_the_next_one_goes_on(study: Any) -> None:
    server = server_of()
    assert crawl(study, server, max_files=4).captures == 3
    assert crawl(study, server, max_files=4).captures == 4
    assert crawl(study, server).captures == 1


def test_the_budget_of_the_crawl_holds_for_files_and_says_so(study: Any) -> None:
    server, study.limits = server_of(), {"max_requests": 4}
    first = crawl(study, server)
    assert (first.captures, first.budget) == (3, "max_files = 4 is used up")
    assert [crawl(study, server).captures for _ in range(2)] == [4, 1]


def test_files_of_a_folder_are_read_like_those_of_the_web(study: Any, tmp_path: Path) -> None:
    folder = tmp_path / "gkg"
    folder.mkdir()
    for name, data in slots().items():
        (folder / name).write_bytes(data)
    (folder / "plain.csv").write_text(gkg_row(9, locations=[WUHAN]) + "\n", encoding="utf-8")
    counts = study.crawl("gdelt", files=[str(folder / "*")])
    assert (counts.captures, counts.share_read) == (9, 1.0)
    (folder / "masterfilelist.txt").write_bytes(master_list(slots()))
    counts = study.crawl("gdelt", base=str(folder), slots_per_day=4, streams=["english"])
    assert (counts.slices_done, counts.captures) == (9, 0)


def test_records_pass_the_five_layers_without_a_text(study: Any, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    rows = [
        gkg_row(1, locations=[WUHAN, WUHAN], title="A headline without a name"),
        gkg_row(2, locations=[WUHAN]),
        gkg_row(3, locations=[WUHAN], title="Wuhan opens its museums"),
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    study.crawl("gdelt", files=[str(path)])
    summary = study.clean()
    assert (summary.kept, summary.problems) == (3, {})
    spans = study.rows("SELECT document_id, field, rule, confidence FROM mention_span ORDER BY 1")
    assert [(row.field, row.rule) for row in spans[:3]] == [("place", "gdelt-location")] * 3
    assert spans[0].confidence == 600
    assert spans[3].field == "title"
    mentions = study.rows("SELECT count, salience, in_title FROM mention ORDER BY document_id")
    assert [tuple(row) for row in mentions] == [(2, 400, 0), (1, 300, 0), (1, 1000, 1)]


def test_other_cities_read_the_files_again_and_renew_what_was_said(
    study: Any, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text(gkg_row(1, locations=[WUHAN], title="Beijing and others"), encoding="utf-8")
    cities = tmp_path / "cities.csv"
    lines = (Path(__file__).parents[2] / "ccgcii/catalogues/cities.csv").read_text().splitlines()
    cities.write_text("\n".join(line for line in lines if ",wuhan," not in line), encoding="utf-8")
    with_wuhan = study.workspace("gdelt", files=[str(path)])
    without = with_wuhan.settings.model_copy(
        update={"study": with_wuhan.settings.study.model_copy(update={"cities": cities})}
    )
    from ccgcii.crawling.runs import crawl as run
    from ccgcii.workspace import Workspace

    other = study.folder / "other"
    other.mkdir()
    store = without.store.model_copy(update={"url": f"sqlite:///{other}/s.db"})
    with Workspace(without.model_copy(update={"store": store}), create=True) as workspace:
        assert run(workspace, ["gdelt"]).sources[0].captures == 1
        key = workspace.plugins.sources()["gdelt"]
        assert key is not None
    with with_wuhan as workspace:
        assert run(workspace, ["gdelt"]).sources[0].captures == 1
    (record,) = study.records()
    assert record.places == ("wuhan",)


def test_a_pattern_that_names_no_file_is_an_error_that_says_so(study: Any) -> None:
    with pytest.raises(ConfigError, match="names no file"):
        study.crawl("gdelt", files=["nowhere/*.zip"])


def test_a_crawl_that_names_no_source_leaves_archives_out(study: Any) -> None:
    from ccgcii.crawling.runs import choose_sources

    with study.workspace() as workspace:
        bare = workspace.settings.model_copy(update={"sources": {}})
        workspace.settings = bare
        assert not {"gdelt", "ccnews", "warc"} & set(choose_sources(workspace, []))


def test_a_sample_is_even_and_the_same_for_the_same_seed() -> None:
    year = list(chosen_slots(date(2020, 1, 1), date(2020, 12, 31), 4, 7))
    assert len(year) == len(set(year)) == 4 * 366
    assert year == list(chosen_slots(date(2020, 1, 1), date(2020, 12, 31), 4, 7))
    assert year != list(chosen_slots(date(2020, 1, 1), date(2020, 12, 31), 4, 8))
    hours = [int(slot[8:10]) for slot in year]
    assert all(30 <= hours.count(hour) <= 100 for hour in range(24))
    assert all(slot[10:12] in ("00", "15", "30", "45") for slot in year)
    whole = list(chosen_slots(DAY, DAY, 96, 1))
    assert (whole[0], whole[-1], len(whole)) == ("20200601000000", "20200601234500", 96)


@pytest.mark.real_data
def test_the_rows_of_a_real_slot_that_name_a_city(real_data: Path, study: Any) -> None:
    path = real_data / "data/news/gkg_20230702153000_china.csv"
    study.since = study.until = date(2023, 7, 2)
    assert study.crawl("gdelt", files=[str(path)]).captures == 11
    kept = {record.id.removeprefix("20230702153000-") for record in study.records()}
    # Read by hand, see docs/archives.md: false places refused, all others that name a city kept.
    assert not kept & {"126", "415", "519", "714", "949"}
    # So are two things named after a city: a ship, and an organisation, misspelt.
    assert kept == {"27", "124", "148", "167", "169", "293", "472", "521", "699", "899", "938"}
