"""What every test stands on: no network but loopback, no plugins or settings of the developer."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = ("127.", "::1", "localhost")
_connect = socket.socket.connect


class NetworkUsedError(RuntimeError):
    """A test tried to leave this machine."""


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
        LOOPBACK
    ):
        raise NetworkUsedError(f"a test may talk to loopback only, not to {address[0]}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CCGCII_") and name != "CCGCII_REAL_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data; a test that wants it says so where it is not named."""
    folder = os.environ.get("CCGCII_REAL_DATA")
    if not folder:
        pytest.skip("CCGCII_REAL_DATA names no folder of real data (../shared in CI)")
    path = Path(folder)
    if not (path / "data").is_dir():
        pytest.fail(f"CCGCII_REAL_DATA={folder}: no folder `data` in it")
    return path
