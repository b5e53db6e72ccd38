"""What outlives a power cut: the name of a new file, besides what it holds."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A system, or a file system, on which a folder cannot be opened or forced to the disk.
_CANNOT = (errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP, errno.EBADF)


def sync_names(path: Path) -> None:
    """Force the name of a file of the archive to the disk, and those of the folders it is in.

    Forcing a file writes what it holds; that it is there is written in its folder, which may be
    new itself, as may be the archive. Where no folder can be forced nothing is done. Raises
    `OSError` if a disk fails.
    """
    for folder in path.parents[:3]:
        try:
            _sync(folder)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
