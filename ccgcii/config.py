"""ccgcii.toml, typed: defaults, then the file, then the environment.

`CCGCII__CRAWL__DELAY=2` sets `[crawl] delay`. Secrets come from the environment or a `.env` file
beside ccgcii.toml only (`CCGCII__SECRETS__YOUTUBE_KEY`); a secret in ccgcii.toml is refused like
any unknown key. Paths are relative to the folder of ccgcii.toml.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from ccgcii.errors import ConfigError, suggest

CONFIG_NAME = "ccgcii.toml"
ENV_PREFIX = "CCGCII__"
_FIELD = re.compile(r'field "(\w+)"')
_PASSWORD = re.compile(r"(?i)(password=)[^&#\s]+")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StudySettings(_Table):
    """What is studied, and when (days, both included, UTC).

    `outlets`, `accounts` and `events` add to the lists that ship; those named in `from_scratch`
    are the study's own file alone, or empty.
    """

    name: str = "ccgcii"
    since: date = date(2020, 1, 1)
    until: date = date(2020, 12, 31)
    cities: Path | None = None
    outlets: Path | None = None
    accounts: Path | None = None
    events: Path | None = None
    from_scratch: list[Literal["accounts", "events", "outlets"]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _ordered(self) -> StudySettings:
        if self.since > self.until:
            raise ValueError(f"since ({self.since}) is after until ({self.until})")
        return self


class OutletSettings(_Table):
    """What `[outlets."DOMAIN"]` says of a medium; what it leaves out stays as it is."""

    name: str | None = None
    country: str | None = None
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2}$")
    tier: int | None = Field(default=None, ge=1, le=3)
    feeds: list[str] | None = None
    sitemaps: list[str] | None = None
    source: str | None = None

    @field_validator("country")
    @classmethod
    def _of_iso(cls, word: str | None) -> str | None:
        from ccgcii.catalogues.countries import checked_country  # noqa: PLC0415 - few studies ask

        return None if word is None else checked_country(word)


class StoreSettings(_Table):
    """Where everything is kept: a database URL and a folder of WARC files."""

    url: str = "sqlite:///ccgcii.db"
    archive: Path = Path("archive")


class CrawlSettings(_Table):
    """How we behave on the network; `hosts` names the only private addresses ever contacted.

    `max_requests`, `max_minutes`, `max_megabytes` and `max_failures` (in a row) end the crawl of a
    source unless its own table sets them otherwise; what is left stays queued.
    """

    user_agent: str = "ccgcii/0.1"
    contact: str = ""
    concurrency: int = Field(default=16, ge=1, le=256)
    concurrency_per_host: int = Field(default=4, ge=1, le=64)
    delay: float = Field(default=1.0, ge=0, description="seconds between two requests to one host")
    timeout: float = Field(default=30, gt=0)
    max_bytes: int = Field(default=16 * 1024 * 1024, gt=0)
    max_requests: int | None = Field(default=None, ge=1)
    max_minutes: float | None = Field(default=None, gt=0)
    max_megabytes: float | None = Field(default=None, gt=0)
    max_failures: int | None = Field(default=None, ge=1)
    max_redirects: int = Field(default=5, ge=0)
    depth: int = Field(default=3, ge=0)
    retries: int = Field(default=3, ge=0)
    patience: float | None = Field(
        default=None, ge=0, description="longest wait in seconds that a crawl sits out"
    )
    poll_shortest: float = Field(
        default=900, ge=0, description="least seconds until a feed or sitemap is read again"
    )
    poll_longest: float = Field(
        default=43_200, ge=0, description="most seconds until a feed or sitemap is read again"
    )
    obey_robots: bool = True
    verify_tls: bool = True
    hosts: dict[str, str] = Field(default_factory=dict)

    @field_validator("hosts")
    @classmethod
    def _are_numbers(cls, hosts: dict[str, str]) -> dict[str, str]:
        for name, address in hosts.items():
            try:
                ip_address(address)
            except ValueError:
                raise ValueError(
                    f"{name!r} leads to {address!r}, which is no IP address; like 127.0.0.1"
                ) from None
        return hosts

    @model_validator(mode="after")
    def _ordered(self) -> CrawlSettings:
        if self.poll_shortest > self.poll_longest:
            raise ValueError(
                f"poll_shortest ({self.poll_shortest:g}) is above poll_longest "
                f"({self.poll_longest:g})"
            )
        return self


class ExecutionSettings(_Table):
    """Where cleaning and reading files is done: in processes here, or by a Dask scheduler."""

    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    scheduler: str | None = Field(default=None, pattern=r"^(tcp|tls)://[^/\s]+:\d+$")


class PluginSettings(_Table):
    """Which plugins stay out, and which single files come in."""

    disabled: list[str] = Field(default_factory=list)
    files: list[Path] = Field(default_factory=list)


class ScoreSettings(_Table):
    """Which recipe scores unless the command names another."""

    recipe: str = "ccgcii-2020"


class Settings(BaseSettings):
    """The whole configuration of a study."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENV_PREFIX, env_nested_delimiter="__"
    )

    study: StudySettings = Field(default_factory=StudySettings)
    store: StoreSettings = Field(default_factory=StoreSettings)
    crawl: CrawlSettings = Field(default_factory=CrawlSettings)
    execution: ExecutionSettings = Field(default_factory=ExecutionSettings)
    plugins: PluginSettings = Field(default_factory=PluginSettings)
    score: ScoreSettings = Field(default_factory=ScoreSettings)
    outlets: dict[str, OutletSettings] = Field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = Field(default_factory=dict)
    filters: dict[str, dict[str, Any]] = Field(default_factory=dict)
    secrets: dict[str, SecretStr] = Field(default_factory=dict, exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, and the file over the defaults."""
        return env_settings, dotenv_settings, init_settings


def find_config(start: Path | None = None) -> Path | None:
    """Return the nearest ccgcii.toml in this folder or above, None if there is none."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder / CONFIG_NAME
    return None


def locate_config(path: Path | None = None) -> Path:
    """Return the ccgcii.toml that a path (a file, its folder, None: the nearest) stands for."""
    if path is not None:
        return path / CONFIG_NAME if path.is_dir() else path
    found = find_config()
    if found is None:
        raise ConfigError(
            f"no {CONFIG_NAME} in {Path.cwd()} or above; `ccgcii init DIR` writes one"
        )
    return found


def load_settings(path: Path | None = None) -> Settings:
    """Read ccgcii.toml; raises `ConfigError` naming the file, the key and the nearest known key."""
    path = locate_config(path)
    tables = _read_toml(path)
    if "secrets" in tables:
        raise ConfigError(
            f"{path}: [secrets] may not stand in a file that is shared; set the environment "
            f"variable {ENV_PREFIX}SECRETS__NAME, or put it into {path.parent / '.env'}"
        )
    dotenv = path.parent / ".env"
    _check_environment()
    try:
        settings = Settings(_env_file=dotenv if dotenv.is_file() else None, **tables)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from None
    except SettingsError as error:
        raise ConfigError(f"environment or {dotenv}: {_explain_variable(error)}") from None
    return _absolute(settings, path.parent.resolve())


def shown_url(url: str) -> str:
    """Return a database URL as it may be printed: without its password, wherever that stands.

    Nothing is read into it but `//`, `:` and the last `@`: the URL may be mistyped.
    """
    if url.startswith("sqlite"):
        return url
    login, at, rest = url.rpartition("@")
    start = login.find("//") + len("//") if "//" in login else 0
    user, colon, _ = login[start:].partition(":")
    hidden = f"{login[:start]}{user}{':***' if colon else ''}"
    return _PASSWORD.sub(r"\1***", f"{hidden}{at}{rest}")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `ccgcii init DIR` writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read ({reason})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _check_environment() -> None:
    for name in os.environ:
        section = name.removeprefix(ENV_PREFIX).split("__")[0].lower()
        if name.startswith(ENV_PREFIX) and section not in Settings.model_fields:
            known = [ENV_PREFIX + field.upper() for field in Settings.model_fields]
            raise ConfigError(f"environment variable {name}: no such section{suggest(name, known)}")


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _known_keys(problem["loc"][:-1])
            lines.append(f"unknown key {where!r}{suggest(str(problem['loc'][-1]), known)}")
        else:
            given = f" (got {problem['input']!r})" if where and not _is_table(problem) else ""
            lines.append(
                f"{where or 'configuration'}: {problem['msg'].removeprefix('Value error, ')}{given}"
            )
    return "\n  ".join(lines)


def _explain_variable(error: SettingsError) -> str:
    """Say which variable is no JSON, though its key holds a table or list; never its value."""
    told = _FIELD.search(str(error))
    name = f"{ENV_PREFIX}{told[1].upper()}" if told else "a variable"
    return (
        f"{name}... is not valid JSON; a section is set key by key ({ENV_PREFIX}CRAWL__DELAY=2), "
        f"""a list as JSON ({ENV_PREFIX}PLUGINS__DISABLED='["news"]')"""
    )


def _is_table(problem: Any) -> bool:
    return isinstance(problem.get("input"), dict)


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    model: Any = Settings
    for part in location:
        # In a table of tables the names are the user's own.
        values = get_args(model)
        model = values[1] if values else model.model_fields[part].annotation
    return [name for name in model.model_fields if name != "secrets"]


def _absolute(settings: Settings, folder: Path) -> Settings:
    study, store, plugins = settings.study, settings.store, settings.plugins
    files = {
        name: folder / value
        for name in ("cities", "outlets", "accounts", "events")
        if (value := getattr(study, name)) is not None
    }
    return settings.model_copy(
        update={
            "study": study.model_copy(update=files),
            "store": store.model_copy(
                update={"url": _absolute_url(store.url, folder), "archive": folder / store.archive}
            ),
            "plugins": plugins.model_copy(update={"files": [folder / f for f in plugins.files]}),
            "filters": {
                name: {key: _found_from(folder, value) for key, value in options.items()}
                for name, options in settings.filters.items()
            },
        }
    )


def _found_from(folder: Path, value: Any) -> Any:
    """Make a filter's option that names a file or folder beside ccgcii.toml absolute."""
    if not isinstance(value, str) or not ("/" in value or Path(value).suffix):
        return value
    return str(folder / value) if (folder / value).exists() else value


def _absolute_url(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url[len(prefix) :] in ("", ":memory:"):
        return url
    return f"{prefix}{folder / url[len(prefix) :]}"
