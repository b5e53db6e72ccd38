"""Every export by its example: which format it is, what is kept, what is refused and why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ccgcii import BadRow, FileHead, ImportFileError, Record, open_table
from ccgcii_db import open_engine
from ccgcii_imports import ccgcii_sources, format_readers
from ccgcii_imports.formats import FormatReader, parse_format

EXAMPLES = Path(__file__).with_name("examples")
NOTHING = "no text, no title and no url"
UNCLOSED = "broken quoting: a quote is not closed"
REDDIT = "channel 'reddit' is not one of media, facebook, x, instagram, youtube"
GONE = "a deleted or withheld post"
HIDDEN = "a deleted or private video"
NO_POST = "a profile, a story or a hashtag, not a post"

# File: its format, how many records it gives, and line and reason of every row it does not.
OUTCOMES: dict[str, tuple[str, int, list[tuple[int, str]]]] = {
    "4cat-instagram.csv": ("4cat-instagram", 2, [(4, "a comment, not a post")]),
    "4cat-x.csv": ("4cat-x", 3, [(5, NOTHING)]),
    "brandwatch.csv": ("brandwatch", 4, [(12, REDDIT), (13, UNCLOSED)]),
    "crowdtangle-facebook.csv": (
        "crowdtangle-facebook",
        3,
        [(6, NOTHING), (7, UNCLOSED), (8, "2 columns, the header has 40")],
    ),
    "crowdtangle-instagram.csv": (
        "crowdtangle-instagram",
        2,
        [(5, "4 columns, the header has 20")],
    ),
    "generic.csv": ("generic", 2, [(5, NOTHING), (6, "2 columns, the header has 5")]),
    "instaloader-profile.json": ("instaloader", 0, [(1, NO_POST)]),
    "instaloader.json": ("instaloader", 1, []),
    "instaloader.json.xz": ("instaloader", 1, []),
    "mcl-facebook.csv": ("mcl-facebook", 3, [(4, NOTHING)]),
    "mcl-instagram.csv": ("mcl-instagram", 2, [(4, "19 columns, the header has 16")]),
    "mediacloud.csv": ("mediacloud", 3, [(5, UNCLOSED)]),
    "meltwater-old.csv": ("meltwater", 2, [(4, REDDIT)]),
    "meltwater.csv": ("meltwater", 5, [(6, REDDIT)]),
    "minet-x.csv": ("minet-x", 3, [(5, UNCLOSED)]),
    "minet-youtube.csv": ("minet-youtube", 2, [(5, HIDDEN)]),
    "snscrape.jsonl": ("snscrape", 3, [(4, GONE), (5, "not valid JSON")]),
    "twarc-csv.csv": ("twarc-csv", 2, [(5, NOTHING)]),
    "twarc1.jsonl": ("twarc1", 1, [(2, "not valid JSON")]),
    "twarc2-flat.jsonl": ("twarc2", 3, [(4, "not valid JSON"), (5, NOTHING)]),
    "twarc2-pages.jsonl": ("twarc2", 3, [(1, f"{GONE} (Not Found Error)")]),
    "youtube-data-tools.csv": ("youtube-data-tools", 2, [(4, HIDDEN), (5, NOTHING)]),
    "yt-dlp.info.json": ("yt-dlp", 1, []),
    "yt-dlp.jsonl": (
        "yt-dlp",
        3,
        [
            (3, "channel 'vimeo' is not one of media, facebook, x, instagram, youtube"),
            (4, HIDDEN),
            (5, "a playlist without its entries"),
        ],
    ),
    "zeeschuimer-instagram.ndjson": (
        "zeeschuimer",
        2,
        [
            (2, NOTHING),
            (4, "an advertisement"),
            (5, "of tiktok.com, neither X nor Instagram"),
        ],
    ),
    "zeeschuimer-x.ndjson": (
        "zeeschuimer",
        4,
        [(5, GONE), (6, "an item without data"), (7, "not valid JSON")],
    ),
}


def reader_of(name: str) -> FormatReader:
    return next(reader for reader in format_readers() if reader.name == name)


def rows(example: str) -> list[Record | BadRow]:
    name = OUTCOMES[example][0]
    reader = next(reader for reader in ccgcii_sources() if reader.name == name)
    return list(reader.read(EXAMPLES / example))


def records(example: str) -> list[Record]:
    return [row for row in rows(example) if isinstance(row, Record)]


def numbers(record: Record) -> tuple[int | None, ...]:
    return (record.likes, record.comments, record.shares, record.views, record.author_followers)


def moment(record: Record) -> str:
    assert record.published_at is not None
    return record.published_at.isoformat().replace("+00:00", "Z")


def test_every_example_is_told_of() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == set(OUTCOMES)


@pytest.mark.parametrize("example", OUTCOMES)
def test_exactly_one_format_claims_a_file(example: str) -> None:
    path = EXAMPLES / example
    table = open_table(path)
    head = FileHead(path, path.suffix, table.encoding, table.columns, table.sample)
    sure = {reader.name: reader.matches(head) for reader in ccgcii_sources()}
    claiming = [name for name, sureness in sure.items() if sureness > 0 and name != "generic"]
    expected = OUTCOMES[example][0]
    assert claiming == ([expected] if expected != "generic" else [])
    assert max(sure, key=lambda name: sure[name]) == expected


@pytest.mark.parametrize("example", OUTCOMES)
def test_every_row_is_kept_or_refused_with_a_reason(example: str) -> None:
    _, kept, refused = OUTCOMES[example]
    found = rows(example)
    bad = [row for row in found if isinstance(row, BadRow)]
    assert len(found) - len(bad) == kept
    assert [(row.line, row.reason.partition(":")[0]) for row in bad] == [
        (line, reason.partition(":")[0]) for line, reason in refused
    ]


def test_the_command_imports_all_of_them_into_a_store(tmp_path: Path) -> None:
    (tmp_path / "ccgcii.toml").write_text("")
    command = [sys.executable, "-m", "ccgcii", "import", "--json", str(EXAMPLES)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stderr
    summary = json.loads(run.stdout)
    for file in summary["files"]:
        format_name, kept, refused = OUTCOMES[Path(file["path"]).name]
        assert (file["format"], file["refused"]) == (format_name, len(refused)), file["path"]
        assert file["new"] + file["known"] == kept, file["path"]
    engine = open_engine(f"sqlite:///{tmp_path / 'ccgcii.db'}")
    with engine.connect() as connection:
        sources = (
            "SELECT name, count(*) FROM capture JOIN source ON source.id = source_id GROUP BY 1"
        )
        stored = {name: count for name, count in connection.exec_driver_sql(sources)}  # noqa: C416
        left_out = connection.exec_driver_sql("SELECT count(*) FROM rejected_row").scalar()
    engine.dispose()
    assert set(stored) == {format_name for format_name, _, _ in OUTCOMES.values()}
    assert sum(stored.values()) == summary["new"]
    assert left_out == sum(len(refused) for _, _, refused in OUTCOMES.values())
    # The flattened tweets and the first page's are the same; so are the two first videos.
    assert (stored["twarc2"], stored["yt-dlp"]) == (4, 3)


def test_crowdtangle_has_zones_separators_and_headers_gone_over_by_hand() -> None:
    photo, video, shared = records("crowdtangle-facebook.csv")
    assert numbers(photo) == (1234, 56, 78, None, 1500)
    assert (moment(photo), photo.country) == ("2020-06-02T00:30:00Z", "CN")
    assert numbers(video) == (None, None, None, 12345, 1100)
    assert (video.id, moment(video)) == ("900000000000000002", "2020-01-15T13:00:00Z")
    assert (shared.id, shared.is_share, numbers(shared)[:3]) == (
        "900000000000000003",
        True,
        (3, 0, 0),
    )
    assert moment(shared) == "2020-03-01T17:00:00Z"
    post, film = records("crowdtangle-instagram.csv")
    assert (post.id, moment(post)) == ("CAexample01", "2020-07-05T03:59:59Z")
    assert numbers(post) == (1000, 10, None, None, 20100)
    assert numbers(film) == (None, None, None, 3210, None)


def test_the_content_library_makes_no_addresses_of_its_own_numbers() -> None:
    post, shared, rounded = records("mcl-facebook.csv")
    assert numbers(post) == (52, 7, 3, 4100, None)
    assert (shared.is_share, shared.likes, shared.comments, shared.shares) == (True, 12, 0, None)
    assert (rounded.id, rounded.url, rounded.published_at, rounded.likes) == ("", "", None, None)
    first, second = records("mcl-instagram.csv")
    assert first.url.endswith("/710000000000000001")
    assert (second.id, second.url) == ("710000000000000002", "")
    assert numbers(second) == (8, 0, None, None, None)


def test_4cat_counts_shares_where_both_are_known_and_never_takes_0_views_for_known() -> None:
    post, retweet, rounded = records("4cat-x.csv")
    assert numbers(post) == (10, 1, 5, None, 2500)
    assert (retweet.is_share, retweet.shares, retweet.likes) == (True, 3, 0)
    assert (rounded.id, rounded.shares, rounded.views, rounded.language) == ("", None, 812, None)
    photo, film = records("4cat-instagram.csv")
    assert (numbers(photo)[:2], numbers(film)[:2]) == ((321, None), (None, 5))
    assert film.url == "https://www.instagram.com/p/CBexample02"


def test_zeeschuimer_gives_whole_texts_and_hides_hidden_likes() -> None:
    post, note, retweet, old = records("zeeschuimer-x.ndjson")
    assert (post.author, post.language, numbers(post)) == (
        "example_a",
        "en",
        (12, 1, 5, 1500, 2500),
    )
    assert note.text.startswith("The whole of a long post")
    assert (retweet.is_share, retweet.text) == (True, f"RT @example_a: {post.text}")
    assert (old.author, numbers(old)) == ("example_c", (0, 0, 2, None, 7))
    carousel, graph = records("zeeschuimer-instagram.ndjson")
    assert (carousel.url, numbers(carousel)[:2]) == (
        "https://www.instagram.com/p/CCexample01",
        (210, 6),
    )
    assert (graph.id, graph.text, numbers(graph)[:2]) == ("CCexample03", "鼓浪屿", (5, 0))


def test_zeeschuimers_hidden_likes_and_4cats_bare_items(tmp_path: Path) -> None:
    lines = (EXAMPLES / "zeeschuimer-instagram.ndjson").read_text().splitlines()
    hidden = json.loads(lines[1])
    hidden["data"]["caption"] = {"text": "Xiamen"}
    bare = {**json.loads(lines[0])["data"], "__import_meta": {"source_platform": "instagram.com"}}
    path = tmp_path / "a.ndjson"
    path.write_text(f"{json.dumps(hidden)}\n{json.dumps(bare)}\n")
    first, second = reader_of("zeeschuimer").read(path)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.likes, first.views) == (None, 5400)
    assert (second.id, second.likes) == ("CCexample01", 210)


@pytest.mark.parametrize("example", ["twarc2-pages.jsonl", "twarc2-flat.jsonl"])
def test_twarc2_joins_accounts_and_places_in_pages_as_in_flattened_files(example: str) -> None:
    post, retweet, last = records(example)
    assert (post.url, post.author) == (
        "https://x.com/example_a/status/1267380000000000001",
        "example_a",
    )
    assert (numbers(post), post.country) == ((5, 1, 3, None, 2500), "CN")
    assert (retweet.is_share, retweet.text) == (True, f"RT @example_a: {post.text}")
    assert retweet.author_followers == 40
    if example == "twarc2-pages.jsonl":
        assert (last.text[-4:], numbers(last)) == ("南京 🌳", (9, 0, 7, 650, 2500))
    else:
        assert (moment(last), numbers(last)) == ("2020-06-01T15:59:59Z", (None,) * 5)


def test_snscrape_minet_and_twarc_csv_know_retweets_and_places() -> None:
    post, older, retweet = records("snscrape.jsonl")
    assert (numbers(post), post.country, post.author) == ((20, 1, 5, None, 2500), "CN", "example_a")
    assert (older.text, older.shares, older.country) == ("深圳到广州", 3, None)
    assert (retweet.is_share, post.is_share) == (True, False)
    post, retweet, third = records("minet-x.csv")
    assert (numbers(post), moment(post)) == ((4, None, 1, None, 2500), "2022-03-05T11:33:20Z")
    assert (retweet.is_share, third.is_share, third.views) == (True, False, 77)
    post, retweet = records("twarc-csv.csv")
    assert numbers(post) == (5, 1, 3, None, 2500)
    assert (retweet.is_share, retweet.likes) == (True, None)


def test_videos_have_their_channel_and_unknown_counts_stay_unknown() -> None:
    first, second = records("minet-youtube.csv")
    assert (numbers(first), first.language) == ((402, 31, None, 15320, None), "en")
    assert numbers(second) == (None, None, None, 88, None)
    first, second = records("youtube-data-tools.csv")
    assert (first.url, numbers(first)) == (
        "https://www.youtube.com/watch?v=exAmple0011",
        (20345, 0, None, 1204567, None),
    )
    assert (moment(second), second.language, second.comments) == (
        "2020-10-02T02:00:00Z",
        "zh",
        None,
    )
    (video,) = records("yt-dlp.info.json")
    assert (numbers(video), moment(video)) == (
        (None, 14, None, 90210, 5300),
        "2020-03-11T04:13:20Z",
    )
    same, day, entry = records("yt-dlp.jsonl")
    assert same == video
    assert (moment(day), day.likes) == ("2020-03-11T00:00:00Z", 0)
    assert (entry.id, entry.title, entry.published_at) == ("exAmple0023", "Wuhan at night", None)


def test_instaloader_reads_indented_and_packed_files_and_no_hidden_likes() -> None:
    (photo,) = records("instaloader.json")
    assert (photo.id, photo.text, numbers(photo)) == (
        "CDexample01",
        "Tianjin Eye 天津之眼 🎡",
        (65, 3, None, None, 880),
    )
    (film,) = records("instaloader.json.xz")
    assert (film.url, numbers(film)) == (
        "https://www.instagram.com/p/CDexample02",
        (None, 3, None, 730, 880),
    )


def test_brandwatch_takes_each_platforms_own_counts() -> None:
    news, post, page, photo = records("brandwatch.csv")
    assert (news.channel, news.outlet, news.country, numbers(news)) == (
        "media",
        "example.com",
        "GB",
        (None,) * 5,
    )
    assert (post.id, post.is_share, numbers(post)) == (
        "1268100000000000001",
        True,
        (None, 0, 4, None, 2500),
    )
    assert (page.channel, numbers(page)) == ("facebook", (1204, 15, 9, None, None))
    assert (photo.channel, numbers(photo)) == ("instagram", (60, None, None, None, 910))
    assert (post.title, news.title) == ("", "Zhengzhou opens a new line")


def test_meltwater_reads_utf_16_and_both_headers() -> None:
    news, post, repost, page, ambiguous = records("meltwater.csv")
    assert (news.text, news.outlet, news.country, moment(news)) == (
        "Hefei is building a second ring.",
        "example.com",
        "GB",
        "2024-06-03T09:15:00Z",
    )
    assert (post.id, post.author, numbers(post)) == (
        "1797700000000000001",
        "example_a",
        (1012, 3, 25, 45100, None),
    )
    assert (repost.is_share, repost.shares) == (True, 20)
    assert (page.channel, numbers(page)) == ("facebook", (8, 1, 2, None, None))
    assert ambiguous.published_at is None
    news, post = records("meltwater-old.csv")
    assert (news.title, news.language, moment(news)) == (
        "Ningbo counts its ships",
        "en",
        "2020-12-31T23:45:00Z",
    )
    assert (post.channel, post.id) == ("x", "1344000000000000001")


def test_media_cloud_knows_outlets_by_domain_and_no_texts() -> None:
    first, undated, quoted = records("mediacloud.csv")
    assert (first.outlet, moment(first), first.text) == ("example.com", "2021-02-03T00:00:00Z", "")
    assert (undated.outlet, undated.published_at) == ("example.org", None)
    assert (quoted.title, quoted.language) == ('A "quoted, title" of Shenyang', None)


def test_a_zone_and_a_format_of_dates_can_be_said(tmp_path: Path) -> None:
    options: Any = {"timezone": "Asia/Shanghai", "date_format": "%d/%m/%Y %I:%M %p"}
    reader = FormatReader(reader_of("meltwater").format, **options)
    last = [row for row in reader.read(EXAMPLES / "meltwater.csv") if isinstance(row, Record)][-1]
    assert moment(last) == "2024-05-04T07:00:00Z"


def test_a_format_says_what_it_made_of_a_file() -> None:
    said = reader_of("crowdtangle-facebook").explain(EXAMPLES / "crowdtangle-facebook.csv")
    assert said.startswith("CrowdTangle, Facebook posts (CSV): id = URL | URL, url = URL")
    assert "shares = SHARES" in said
    assert "EDT" in said


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"format": {"title": "a"}}, "a.toml: .* needs a title and a signature"),
        ({"format": {"titel": "a"}}, "unknown key 'format.titel'; did you mean 'title'"),
        ({"format": {"title": "a", "signature": ["b"]}, "mapping": {"txt": "b"}}, "mapping.txt"),
    ],
)
def test_a_wrong_format_is_told_what_is_wrong(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        parse_format(tables, Path("a.toml"))
