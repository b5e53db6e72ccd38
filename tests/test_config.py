"""Configuration: what is refused, what wins, what stays secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ccgcii.config import load_settings, shown_url
from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    path = folder / "ccgcii.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[study]\nsinc = "2020-01-01"', "unknown key 'study.sinc'; did you mean 'since'"),
        ("[stdy]\n", "unknown key 'stdy'; did you mean 'study'"),
        ("[study]\nsince = 2021-01-01\n", "study: since (2021-01-01) is after until"),
        ("[crawl]\nconcurrency = 0\n", "crawl.concurrency"),
        ('[crawl.hosts]\n"a.example" = "localhost"\n', "'localhost', which is no IP address"),
        ("[study\n", "not valid TOML"),
        ('[secrets]\nkey = "x"\n', "environment variable CCGCII__SECRETS__NAME"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ccgcii init"):
        load_settings(tmp_path / "ccgcii.toml")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, '[store]\nurl = "sqlite:///my.db"\n'))
    assert settings.store.url == f"sqlite:///{tmp_path}/my.db"
    assert settings.store.archive == tmp_path / "archive"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCGCII__CRAWL__DELAY", "7")
    settings = load_settings(write(tmp_path, "[crawl]\ndelay = 3\nretries = 9\n"))
    assert (settings.crawl.delay, settings.crawl.retries) == (7, 9)


def test_a_mistyped_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCGCII__CRAWLL__DELAY", "7")
    with pytest.raises(ConfigError, match="CCGCII__CRAWL"):
        load_settings(write(tmp_path, ""))


def test_a_secret_of_the_env_file_is_read_and_never_printed(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CCGCII__SECRETS__YOUTUBE_KEY=planted\n", encoding="utf-8")
    settings = load_settings(write(tmp_path, ""))
    assert settings.secrets["youtube_key"].get_secret_value() == "planted"
    assert "planted" not in repr(settings) + json.dumps(settings.model_dump(mode="json"))


def test_a_password_is_hidden_however_its_url_is_written() -> None:
    assert shown_url("postgresql://ann:pl/an@ted@h/c") == "postgresql://ann:***@h/c"
    assert shown_url("postgres:ann:planted@h/c") == "postgres:***@h/c"
    assert shown_url("postgresql://h/c?password=planted&x=1") == "postgresql://h/c?password=***&x=1"
    assert shown_url("sqlite:////home/a:b@c/s.db") == "sqlite:////home/a:b@c/s.db"


@pytest.mark.parametrize("name", ["SECRETS", "CRAWL", "PLUGINS__DISABLED"])
def test_a_value_for_a_whole_section_is_refused_and_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(tmp_path, "")
    monkeypatch.setenv(f"CCGCII__{name}", "planted")
    with pytest.raises(ConfigError, match=f"CCGCII__{name.partition('__')[0]}") as raised:
        load_settings(tmp_path)
    assert "planted" not in str(raised.value)
