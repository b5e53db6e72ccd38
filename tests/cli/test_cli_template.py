"""The ccgcii.toml that `init` writes: whatever in it is switched on is understood."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from ccgcii import Study, default_cities
from ccgcii.config import Settings, load_settings
from ccgcii.plugins import Plugins

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = (resources.files("ccgcii") / "templates" / "ccgcii.toml").read_text("utf-8")


@pytest.fixture
def everything(tmp_path: Path) -> Settings:
    """Read the template with every line of it switched on."""
    lines = re.sub(r'^# (\[[a-z]|[a-z_]+ = |"[a-z.]+" = )', r"\1", TEMPLATE, flags=re.MULTILINE)
    assert not re.search(r"^# .* = ", lines, re.MULTILINE)
    (tmp_path / "ccgcii.toml").write_text(lines, encoding="utf-8")
    return load_settings(tmp_path)


def test_every_option_of_a_filter_exists(everything: Settings) -> None:
    study = Study("any", "2020-01-01", "2020-12-31", default_cities())
    known: dict[str, Any] = {thing.name: thing for thing in Plugins.load().filters(study)}
    assert len(everything.filters) >= 3
    for name, options in everything.filters.items():
        assert options.keys() <= {item.name for item in fields(known[name])}, name


def test_every_option_of_a_source_exists(everything: Settings) -> None:
    sources: dict[str, Any] = Plugins.load().sources()
    for name, options in everything.sources.items():
        assert options
        sources[name].Options(**options)
