"""What outlives a power cut or a full disk: names of new files, and what a new file replaces."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; what is there takes its place when all is written.

    What stood at `path` stays as it was if writing fails. What is no plain file (a pipe,
    `/dev/stdout`) cannot be replaced and is written to as it is.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        yield path
        return
    beside = target.with_name(f".{target.stem}-{os.getpid()}{target.suffix}")
    try:
        yield beside
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
