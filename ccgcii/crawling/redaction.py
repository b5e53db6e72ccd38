"""Keeping keys out of the archive, the database and the log."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "REDACTED"
SHORTEST_SECRET = 8  # characters
_PARAMETERS = re.compile(
    r"(?i)([?&;](?:api_?key|access_token|auth_token|token|client_secret|secret|password|passwd"
    r"|pwd|signature)=)[^&#;\s]+"
)
_USERINFO = re.compile(r"(?i)(https?://)[^/?#\s]+@")
_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "x-goog-api-key",
    }
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a URL or message without credentials: known parameters, user:password, `secrets`."""
    text = _USERINFO.sub(rf"\g<1>{HIDDEN}@", _PARAMETERS.sub(rf"\g<1>{HIDDEN}", text))
    for secret in secrets:
        for written in spellings(secret):
            text = text.replace(written, HIDDEN)
    return text


def spellings(secret: str) -> set[str]:
    """Return a secret as it is, and as addresses and JSON write it.

    What is shorter than a key of any API is left alone: hiding a `t` would hide half the text.
    """
    if len(secret) < SHORTEST_SECRET:
        return set()
    in_address = {quote(secret, safe=""), quote_plus(secret)}
    in_json = {json.dumps(each)[1:-1] for each in (secret, *in_address)}
    return {secret, *in_address, *in_json, *(each.replace("/", "\\/") for each in in_json)}


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers with the values of those that carry credentials or sessions hidden."""
    return [
        (name, HIDDEN if name.lower() in _HEADERS else redact(value)) for name, value in headers
    ]
