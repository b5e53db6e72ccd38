"""What the pages name is there: every command, every option of it, every file, every key."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from sqlmodel import SQLModel

import ccgcii_db.tables  # noqa: F401 - fills the metadata
from ccgcii.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("*.md"), *ROOT.glob("examples/*.md")])
INLINE = re.compile(r"`(?:\.venv/bin/)?(ccgcii [^`]+)`", re.DOTALL)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}(?:\$ )?(ccgcii [^\n]+)", re.MULTILINE)
LINE = re.compile(r"^(?:\$ )?(ccgcii [^\n]+)", re.MULTILINE)
FILES = re.compile(
    r"`((?:tests|docs|examples|benchmarks|ccgcii|plugins|spiders|db)/[\w./-]+\.\w+)`"
)
SCRIPTS = re.compile(r"python (?:-m )?((?:examples|benchmarks)/[\w/]+\.py)")
MODULES = re.compile(r"python -m ((?:ccgcii|benchmarks)[\w.]+)")
TESTS = re.compile(r"pytest (tests/[\w./-]+)")


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command in back-ticks or on a line of a block."""
    text = page.read_text(encoding="utf-8")
    blocks = [body for language, body in FENCED.findall(text) if language in ("", "sh", "console")]
    outside = FENCED.sub("", text)
    found = [*INLINE.findall(outside), *INDENTED.findall(outside)]
    for line in (*found, *(line for body in blocks for line in LINE.findall(body))):
        try:
            yield shlex.split(line, comments=True)[1:]
        except ValueError:  # an apostrophe of the remark behind the command
            yield line.split()[1:]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that is called, and its own words."""
    valued = {o for p in cli.params if not getattr(p, "is_flag", False) for o in p.opts}
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in valued else 1
    if place >= len(words):
        return cli, []
    command = cli.get_command(click.Context(cli), words[place])
    assert command is not None, f"no command {words[place]!r} in {words}"
    return command, words[place + 1 :]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_and_every_option_of_it_is_there(page: Path) -> None:
    for words in commands(page):
        command, own = command_of(words)
        known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        named = {word.partition("=")[0] for word in own if re.match(r"--?[a-z]", word)}
        assert named <= {*known, "--help"}, f"ccgcii {' '.join(words)}: {sorted(named - known)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in (*FILES.findall(text), *SCRIPTS.findall(text), *TESTS.findall(text)):
        assert (ROOT / name).exists(), f"{page.name} names {name}"
    for module in MODULES.findall(text):
        path = ROOT / module.replace(".", "/")
        found = path.with_suffix(".py").exists() or (path / "__main__.py").exists()
        assert found, f"{page.name} names python -m {module}"


def test_the_picture_of_the_store_names_every_table() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    storage = page.partition("## Storage")[2].partition("\n## ")[0]
    named = {word for part in re.findall(r"`([^`]+)`", storage) for word in re.split(r",\s+", part)}
    assert {str(name) for name in SQLModel.metadata.tables} <= named


def test_the_page_on_examples_names_every_script() -> None:
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{script.name}" in page for script in ROOT.glob("examples/*.py"))
