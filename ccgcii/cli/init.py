"""`ccgcii init`: a folder with a commented ccgcii.toml and an empty store."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ccgcii.cli.invocation import Invocation


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.pass_obj
def command(invocation: Invocation, folder: Path) -> None:
    """Write FOLDER/ccgcii.toml (commented) and make the empty store it names."""
    from ccgcii.config import CONFIG_NAME
    from ccgcii.errors import ConfigError
    from ccgcii.workspace import Workspace

    target = folder / CONFIG_NAME
    if target.exists():
        raise ConfigError(f"{target}: is there already; edit it, or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    template = resources.files("ccgcii").joinpath("templates", CONFIG_NAME)
    target.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    with Workspace.open(target, create=True) as workspace:
        engine = workspace.engine
        invocation.console.print(f"wrote {target} and {engine.url.database}", soft_wrap=True)
    where = "" if folder == Path() else f"cd {folder} && "
    invocation.console.print(f"next: {where}edit {CONFIG_NAME}, then `ccgcii crawl`", markup=False)
