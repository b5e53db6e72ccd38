"""The command line: one file a command, each imported only when it is called."""

from __future__ import annotations

import sys

from ccgcii.cli.group import cli
from ccgcii.cli.guard import guarded

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line; a `CcgciiError` becomes one clear line and exit code 1."""
    sys.exit(guarded(cli))
