"""What the errors of YouTube's API mean.

An error body is `{"error": {"code", "message", "errors": [{"reason", "domain"}], "details"?}}`; the
reason decides, not the status: 403 is a quota, a rate, a key or a video without comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii import Abort, Defer, Fault, Retry, Skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccgcii import ApiTroubleError, Trouble

QUOTA_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "backendError"})
NO_ENTRY = frozenset({"keyInvalid", "API_KEY_INVALID", "accessNotConfigured", "ipRefererBlocked"})
NOT_THERE = frozenset({"commentsDisabled", "videoNotFound", "forbidden"})
OUR_BUG = frozenset(
    {
        "missingRequiredParameter",
        "unexpectedParameter",
        "invalidParameter",
        "incompatibleParameters",
        "invalidFilters",
        "invalidPageToken",
    }
)


def judge_error(status: int, body: Any, midnight: float) -> Trouble | None:
    """Return what to do about an answer, None if it holds no error.

    An error that is not known is judged by its status and told in YouTube's own words. `midnight`
    is when quotas come back (seconds since 1970).
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    reasons = reasons_of(error)
    told = f"YouTube: {', '.join(reasons) or f'HTTP {status}'}: {error.get('message', '')}"[:300]
    if not NO_ENTRY.isdisjoint(reasons):
        return Abort(f"{told} (check the key, and that YouTube Data API v3 is enabled for it)")
    if not QUOTA_SPENT.isdisjoint(reasons):
        return Defer(midnight, told)
    if not TOO_FAST.isdisjoint(reasons) or status == 429 or status >= 500:
        return Retry(None, told)
    if not NOT_THERE.isdisjoint(reasons):
        return Skip(told)
    ours = "" if OUR_BUG.isdisjoint(reasons) else " (a bug of ccgcii: please report it)"
    return Abort(told) if status in {401, 403} else Fault(f"{told}{ours}")


def is_stale_page(error: ApiTroubleError) -> bool:
    """Say whether an answer refuses a page token: one that was given days ago may have expired."""
    return isinstance(error.trouble, Fault) and "invalidPageToken" in error.trouble.reason


def reasons_of(error: Mapping[str, Any]) -> list[str]:
    """Return the reasons that an error names, those of `details` first: they are the finer ones."""
    listed = [*(error.get("details") or ()), *(error.get("errors") or ())]
    named = [one["reason"] for one in listed if isinstance(one, dict) and one.get("reason")]
    return list(dict.fromkeys(str(name) for name in named))
