"""Errors of the Graph API: the body tells by `code` what is wrong, the status hardly does."""

from __future__ import annotations

import json
from typing import Any

from ccgcii.testing.http import Reply

# kind: status, code, subcode, message
TROUBLES: dict[str, tuple[int, int, int | None, str]] = {
    "app limit": (400, 4, None, "(#4) Application request limit reached"),
    "user limit": (400, 17, None, "(#17) User request limit reached"),
    "page limit": (403, 32, None, "(#32) Page request limit reached"),
    "429": (429, 4, None, "(#4) Application request limit reached"),
    "instagram limit": (400, 80002, None, "(#80002) There have been too many calls"),
    "pages limit": (400, 80001, None, "(#80001) There have been too many calls to this Page"),
    "hashtag budget": (400, 18, 2207034, "(#18) Maximum number of hashtags within 7 days"),
    "expired token": (401, 190, 463, "Error validating access token: Session has expired"),
    "permission": (403, 10, None, "(#10) This endpoint requires Page Public Content Access"),
    "blocked": (400, 368, None, "The action attempted has been deemed abusive"),
    "expired page": (400, 100, None, "(#100) Invalid cursors values"),
    "transient": (500, 2, None, "An unexpected error has occurred. Please retry later."),
}
WITH_REGAIN = ("instagram limit", "pages limit", "app limit")


class GraphError(Exception):
    """A request that the API refuses."""

    def __init__(self, message: str, code: int = 100, subcode: int | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.subcode = f"(#{code}) {message}", code, subcode


def error_reply(
    status: int, code: int, subcode: int | None, message: str, headers: dict[str, str]
) -> Reply:
    """Return the envelope of an error."""
    told: dict[str, Any] = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "A1b2C3",
    }
    if subcode is not None:
        told["error_subcode"] = subcode
    if code in (1, 2):
        told["is_transient"] = True
    return json_reply({"error": told}, headers, status=status)


def json_reply(
    told: dict[str, Any], headers: dict[str, str], fault: str | None = None, status: int = 200
) -> Reply:
    """Return JSON, whole or damaged as the fault says."""
    body = json.dumps(told, ensure_ascii=False).encode()
    half = len(body) // 2
    return Reply(
        body[:half] if fault == "broken json" else body,
        status,
        {"Content-Type": "application/json; charset=UTF-8", **headers},
        truncate_to=half if fault == "cut" else None,
    )
