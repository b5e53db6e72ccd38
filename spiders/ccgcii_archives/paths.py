"""Files as a user names them: URLs, paths, patterns."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from ccgcii import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable


def expand(names: Iterable[str], option: str) -> list[str]:
    """Return URLs as they are, and the absolute paths that paths and patterns mean, each once.

    Raises `ConfigError` naming the option where a path or pattern means no file.
    """
    found: list[str] = []
    for name in names:
        if "://" in name:
            found.append(name)
            continue
        paths = [str(Path(path).resolve()) for path in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207 - patterns may be absolute
        if not paths:
            raise ConfigError(f"{option}: {name!r} names no file (from {Path.cwd()})")
        found.extend(path for path in paths if Path(path).is_file())
    return list(dict.fromkeys(found))
