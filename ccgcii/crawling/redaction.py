"""Keeping keys out of the archive, the database and the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "REDACTED"
_PARAMETERS = re.compile(
    r"(?i)([?&;](?:api_?key|access_token|auth_token|token|client_secret|secret|password|passwd"
    r"|pwd|signature)=)[^&#;\s]+"
)
_USERINFO = re.compile(r"(?i)(https?://)[^/@\s]+@")
_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token"}
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a URL or message without credentials: known parameters, user:password, `secrets`."""
    text = _USERINFO.sub(rf"\g<1>{HIDDEN}@", _PARAMETERS.sub(rf"\g<1>{HIDDEN}", text))
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return text


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers with the values of those that carry credentials or sessions hidden."""
    return [
        (name, HIDDEN if name.lower() in _HEADERS else redact(value)) for name, value in headers
    ]
