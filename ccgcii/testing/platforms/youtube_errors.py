"""The errors of YouTube's API, as it words them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from ccgcii.testing.http import Reply


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - it is an answer of the API, told as such
    """An error of the API: HTTP status, reason, message and domain, and the parameter at fault."""

    status: int
    reason: str
    message: str
    domain: str = "global"
    parameter: str | None = None


_LIMITS = "usageLimits"
TROUBLES = {
    "quota spent": Problem(403, "quotaExceeded", "You have exceeded your quota.", "youtube.quota"),
    "daily limit": Problem(403, "dailyLimitExceeded", "Daily Limit Exceeded", _LIMITS),
    "rate limit": Problem(403, "rateLimitExceeded", "Rate Limit Exceeded", _LIMITS),
    "429": Problem(429, "userRateLimitExceeded", "User Rate Limit Exceeded", _LIMITS),
    "429 without headers": Problem(429, "rateLimitExceeded", "Rate Limit Exceeded", _LIMITS),
    "5xx": Problem(503, "backendError", "Backend Error"),
    "expired token": Problem(400, "API_KEY_INVALID", "API key expired. Please renew the API key."),
    "key echoed": Problem(400, "API_KEY_INVALID", "API key not valid: {key}"),
    "key invalid": Problem(400, "keyInvalid", "Bad Request", _LIMITS),
    "not configured": Problem(403, "accessNotConfigured", "YouTube API is disabled", _LIMITS),
    "referer blocked": Problem(403, "ipRefererBlocked", "Referer blocked", _LIMITS),
    "forbidden": Problem(403, "forbidden", "Forbidden", "youtube.common"),
    "not found": Problem(404, "videoNotFound", "The video was not found", "youtube.video"),
    "bad token": Problem(400, "invalidPageToken", "Invalid page token", "youtube.parameter"),
    "expired page": Problem(
        400, "invalidPageToken", "The page token is not valid", "youtube.parameter", "pageToken"
    ),
    "refused": Problem(400, "invalidParameter", "Invalid value", "youtube.parameter", "order"),
}


def trouble_reply(kind: str, key: str) -> Reply:
    """Return the error that a kind of failure shows; some repeat the key."""
    problem = TROUBLES[kind]
    reply = error_reply(replace(problem, message=problem.message.format(key=key)))
    if kind != "429":
        return reply
    return replace(reply, headers={**reply.headers, "Retry-After": "2"})


def error_reply(problem: Problem) -> Reply:
    """Return an error in the envelope of Google's APIs."""
    is_key = problem.reason == "API_KEY_INVALID"
    one: dict[str, Any] = {
        "message": problem.message,
        "domain": problem.domain,
        "reason": "badRequest" if is_key else problem.reason,
    }
    if problem.parameter is not None:
        one |= {"location": problem.parameter, "locationType": "parameter"}
    told: dict[str, Any] = {"code": problem.status, "message": problem.message, "errors": [one]}
    if is_key:
        details = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": problem.reason,
            "domain": "googleapis.com",
            "metadata": {"service": "youtube.googleapis.com"},
        }
        told |= {"status": "INVALID_ARGUMENT", "details": [details]}
    return json_reply({"error": told}, problem.status)


def json_reply(told: Any, status: int) -> Reply:
    """Return JSON."""
    body = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return Reply(body, status, {"Content-Type": "application/json; charset=UTF-8"})
