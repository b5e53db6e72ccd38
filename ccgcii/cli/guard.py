"""What stands between a command and its user: errors as lines, Ctrl-C as 130, full disks said."""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import sys
from typing import TYPE_CHECKING

import click

from ccgcii.errors import CcgciiError

if TYPE_CHECKING:
    from collections.abc import Callable

# What is wrong with a path that the user gave, not with us.
OF_A_PATH = (
    errno.EACCES,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)


def guarded(command: Callable[..., object]) -> int:  # noqa: PLR0911 - one return an outcome
    """Run a click command and return its exit code; tracebacks are left to bugs of ours."""
    _write_what_the_terminal_cannot_show()
    try:
        # Outside standalone mode click hands back what `context.exit(code)` was given.
        outcome = command(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CcgciiError as error:
        return _say(str(error))
    except (click.Abort, KeyboardInterrupt):
        _say("stopped; what was committed is kept, run the same command to go on")
        return 130
    except BrokenPipeError:
        # The reader (head, less) went away: nothing is wrong, but Python would say so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        reason = storage_trouble(error)
        if reason is None:
            raise
        return _say(reason)
    return outcome if isinstance(outcome, int) else 0


def _write_what_the_terminal_cannot_show() -> None:
    r"""Let a terminal that is not UTF-8 (GBK, Latin-1, ASCII) show \u4e0a, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in {"strict", "surrogateescape"}:
            stream.reconfigure(errors="backslashreplace")


def storage_trouble(error: BaseException | None) -> str | None:
    """Return a line for the user if an error comes from a full disk or a locked file."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            where = f" ({error.filename})" if error.filename else ""
            return f"the disk is full{where}; free some room and run the same command again"
        if isinstance(error, OSError) and error.errno in OF_A_PATH and error.filename:
            return f"{error.filename}: cannot be read or written ({error.strerror})"
        if isinstance(error, sqlite3.OperationalError):
            return _sqlite_trouble(str(error))
        if _of_a_server(error):
            return (
                f"the database of [store] url fails ({str(error).splitlines()[0]}); see that it "
                "runs and has room, then run the same command again: what was committed is kept"
            )
        error = error.__cause__ or error.__context__
    return None


def _of_a_server(error: BaseException) -> bool:
    """Say whether PostgreSQL went away, is full or is shutting down; by name, it may be absent."""
    kinds = {(kind.__module__.split(".")[0], kind.__name__) for kind in type(error).__mro__}
    return ("psycopg", "OperationalError") in kinds


def _sqlite_trouble(message: str) -> str | None:
    if "full" in message or "disk I/O" in message:
        return (
            f"the store cannot be written ({message}); free some room on its disk and run the "
            "same command again, nothing already stored is lost"
        )
    if "locked" in message:
        return "the store is in use by another ccgcii that writes; wait for it or stop it"
    if "readonly" in message or "read-only" in message:
        return "the store may not be written; check the permissions of its file and folder"
    return None


def _say(message: str) -> int:
    from ccgcii.reporting.texts import printable

    # Messages quote files and servers.
    said = printable(message, keep="\n")
    click.echo(click.style("error: ", fg="red", bold=True) + said, err=True)
    return 1
