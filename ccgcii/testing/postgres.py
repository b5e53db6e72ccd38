"""A PostgreSQL of its own, thrown away at the end: made of the programs that the system has.

In a test::

    with PostgresServer() as server:
        engine = open_engine(server.new_database(), create=True)

`missing()` says why there can be none here. initdb refuses root: then the server runs as the user
`postgres` of the system's package, in a folder of that user.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

PACKAGED = "/usr/lib/postgresql/*/bin"  # where Debian keeps them, outside PATH
USER = "postgres"
OWNER = "ccgcii"
# Speed over safety: the cluster does not outlive its test.
OPTIONS = "-F -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=40"


def missing() -> str | None:
    """Return why no server can run here, None if one can."""
    if programs() is None:
        return "no initdb and pg_ctl of PostgreSQL here (apt-get install postgresql)"
    if find_spec("psycopg") is None:
        return "no psycopg here (pip install 'ccgcii[postgres]')"
    if _is_root() and _user() is None:
        return f"PostgreSQL does not run as root, and there is no user {USER!r}"
    return None


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first."""
    packaged = sorted(Path("/").glob(PACKAGED.lstrip("/")), key=_version, reverse=True)
    found = shutil.which("initdb")
    folders = [*packaged, *([Path(found).resolve().parent] if found else [])]
    return next((one for one in folders if (one / "pg_ctl").exists()), None)


class PostgresServer:
    """A cluster on a free port of 127.0.0.1, from `with` to its end."""

    def __init__(self) -> None:
        self.port = 0
        self._databases = 0
        self._folder = Path()

    def url(self, database: str) -> str:
        """Return what `[store] url` calls a database here."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; return its URL."""
        import psycopg  # noqa: PLC0415 - an extra

        self._databases += 1
        name = f"study{self._databases}"
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        """Stop it in the midst of whatever it does."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def __enter__(self) -> Self:
        """Make the cluster and start it."""
        reason = missing()
        if reason is not None:
            raise RuntimeError(reason)
        # Not in pytest's folder: that is closed to other users.
        self._folder = Path(tempfile.mkdtemp(prefix="ccgcii-postgres-"))
        if _is_root():
            shutil.chown(self._folder, USER)
        self.port = _free_port()
        flags = ("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", "-D", str(self._data), "-U", OWNER, *flags)
        log = str(self._folder / "log")
        self._run(
            "pg_ctl",
            "-D",
            str(self._data),
            "-l",
            log,
            "-w",
            "-o",
            f"-p {self.port} {OPTIONS}",
            "start",
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it if it still runs, and remove it."""
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        folder = programs()
        if folder is None:
            raise RuntimeError(missing())
        who: dict[str, Any] = {"user": USER, "group": USER} if _is_root() else {}
        done = subprocess.run(  # noqa: S603 - the system's own program
            [folder / program, *arguments],
            cwd=self._folder,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **who,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _user() -> Any | None:
    import pwd  # noqa: PLC0415 - not on Windows, where nobody is root

    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return None


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
