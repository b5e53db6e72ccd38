"""Files as a user names them: URLs, paths, patterns."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable


def expand(names: Iterable[str], option: str, folder: Path) -> list[str]:
    """Return URLs as they are, and the paths that paths and patterns of a folder mean, each once.

    Raises `ConfigError` naming the option where a path or pattern means no file.
    """
    found: list[str] = []
    for name in names:
        if "://" in name:
            found.append(name)
            continue
        told = sorted(glob.glob(str(folder / name), recursive=True))  # noqa: PTH207 - patterns may be absolute
        files = [str(Path(path).resolve()) for path in told if Path(path).is_file()]
        if not files:
            hint = f"; of a folder, say which: {name}/*" if told else ""
            raise ConfigError(f"{option}: {name!r} names no file (from {folder.resolve()}){hint}")
        found += files
    return list(dict.fromkeys(found))


def join(base: str, name: str, folder: Path) -> str:
    """Return the address of a file of a mirror, or its path in a folder laid out alike."""
    if "://" in base:
        return f"{base.rstrip('/')}/{name}"
    return str(folder / base / name)
