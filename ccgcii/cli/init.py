"""`ccgcii init`: a folder with a commented ccgcii.toml, an empty store, and a key for authors."""

from __future__ import annotations

import os
import secrets
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
    """Write FOLDER/ccgcii.toml (commented) and make the empty store it names.

    FOLDER/.env gets a random key under which the names of authors are hashed, unless there is one.
    """
    from ccgcii.config import CONFIG_NAME
    from ccgcii.errors import ConfigError
    from ccgcii.workspace import Workspace

    target = folder / CONFIG_NAME
    if target.exists():
        raise ConfigError(f"{target}: is there already; edit it, or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    template = resources.files("ccgcii").joinpath("templates", CONFIG_NAME)
    target.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    dotenv = _write_key(folder / ".env")
    with Workspace.open(target, create=True) as workspace:
        engine = workspace.engine
        invocation.console.print(
            f"wrote {target} and {engine.url.database}", markup=False, soft_wrap=True
        )
    if dotenv:
        invocation.console.print(
            f"wrote {folder / '.env'}: the key of its authors; keep it, and share it with nobody",
            markup=False,
            soft_wrap=True,
        )
    where = "" if folder == Path() else f"cd {folder} && "
    invocation.console.print(f"next: {where}edit {CONFIG_NAME}, then `ccgcii crawl`", markup=False)


def _write_key(path: Path) -> bool:
    """Write a new key of authors for the owner's eyes only, unless there is a .env already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(
            "# Secrets of this study: not for git, not for others. Under this key the names of\n"
            "# authors are hashed: who has the store alone cannot guess them.\n"
            f"CCGCII__SECRETS__ACCOUNT_KEY={secrets.token_hex(32)}\n"
        )
    return True
