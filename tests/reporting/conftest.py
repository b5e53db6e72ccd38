from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ccgcii.cli import cli
from ccgcii.testing.stores import sample_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample study once; tests work on copies."""
    return sample_workspace(tmp_path_factory.mktemp("sample")).parent


@pytest.fixture(scope="session")
def scored_sample(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score the sample study once; tests work on copies."""
    folder = shutil.copytree(sample, tmp_path_factory.mktemp("scored") / "study")
    result = CliRunner().invoke(cli, ["--config", str(folder), "score"])
    assert result.exit_code == 0, result.stderr or result.exception
    return folder


@pytest.fixture
def config(sample: Path, tmp_path: Path) -> Path:
    """Give the ccgcii.toml of the sample study."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    return tmp_path / "ccgcii.toml"


@pytest.fixture
def ccgcii(config: Path) -> Callable[..., Any]:
    """Call the command line in the sample study."""

    def call(*arguments: str, fails: bool = False) -> Any:
        result = CliRunner().invoke(cli, ["--config", str(config), *arguments])
        if not fails:
            assert result.exit_code == 0, result.stderr or result.exception
        return result

    return call


@pytest.fixture
def scored(ccgcii: Callable[..., Any], scored_sample: Path, config: Path) -> Callable[..., Any]:
    """Call the command line in the sample study, scored once."""
    shutil.copytree(scored_sample, config.parent, dirs_exist_ok=True)
    return ccgcii
