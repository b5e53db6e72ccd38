"""What lies at a path of the world's web, before it is asked for."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccgcii.testing.http import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

# Stands after every host name in the world's texts: the port is known only when one asks.
PORT = "%PORT%"


@dataclass(frozen=True, slots=True)
class Resource:
    """A document of the web; absolute links in it have `PORT` after the host.

    `gzipped` makes it a .gz file. `keep` is the share of its bytes that a truncated file still
    has; `truncate_to` instead breaks the connection after that many bytes.
    """

    text: str
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    gzipped: bool = False
    keep: float = 1.0
    truncate_to: int | None = None

    def reply(self, port_suffix: str) -> Reply:
        """Return it as a reply; `port_suffix` is `:8000`, or empty for port 80."""
        body = self.text.replace(PORT, port_suffix).encode(self.encoding)
        if self.gzipped:
            body = gzip.compress(body, compresslevel=1, mtime=0)
        body = body[: round(len(body) * self.keep)]
        headers = {
            name: value.replace(PORT, port_suffix) for name, value in self.headers.items()
        } | {"Content-Type": self.media_type}
        return Reply(body, self.status, headers, truncate_to=self.truncate_to)


def address(domain: str, path: str) -> str:
    """Return an absolute address whose port is filled in later."""
    return f"http://{domain}{PORT}{path}"
