"""What every command gets: the options before it, two consoles, and the way to the study."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from ccgcii.workspace import Workspace

PIPE_WIDTH = 120


@dataclass
class Invocation:
    """One call of `ccgcii`: its `--config`, `--no-plugin` and `--plugin`."""

    config: Path | None = None
    disabled: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    _opened: list[Workspace] = field(default_factory=list, init=False)

    def workspace(self, *, create: bool = False) -> Workspace:
        """Open the study; `create` makes its store if it is missing."""
        from ccgcii.workspace import Workspace

        opened = Workspace.open(
            self.config, create=create, disabled=self.disabled, files=self.files
        )
        self._opened.append(opened)
        return opened

    def tell_broken_plugins(self) -> None:
        """Say on standard error which plugins the command did without."""
        for workspace in self._opened:
            for name, reason in workspace.broken_plugins().items():
                said = f"plugin {name!r} is broken, the command did without it: {reason}"
                self.errors.print(said, style="yellow", markup=False, soft_wrap=True)

    def workspace_or_default(self) -> Workspace:
        """Open the study, or the default settings where no ccgcii.toml is near."""
        from ccgcii.config import Settings, find_config
        from ccgcii.workspace import Workspace

        if self.config is None and find_config() is None:
            opened = Workspace(Settings(), disabled=self.disabled, files=self.files)
            self._opened.append(opened)
            return opened
        return self.workspace()

    @cached_property
    def console(self) -> Console:
        """Where results go: standard output."""
        from ccgcii.cli.terminal import PlainConsole

        # A file or a pipe has no width: tables get room for their columns.
        piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        return PlainConsole(highlight=False, width=PIPE_WIDTH if piped else None)

    @cached_property
    def errors(self) -> Console:
        """Where progress and messages go: standard error."""
        from ccgcii.cli.terminal import PlainConsole

        # A message in a file or a pipe is a line, however long.
        return PlainConsole(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
