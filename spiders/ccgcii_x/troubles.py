"""What an answer of X that is no good means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ccgcii import Abort, Defer, Fault, Retry

if TYPE_CHECKING:
    from collections.abc import Mapping

RESET = "x-rate-limit-reset"


def judge_answer(
    status: int, headers: Mapping[str, str], body: Any
) -> Abort | Defer | Fault | Retry | None:
    """Return what to do about an answer; a problem's type says more than its status.

    A monthly cap comes as 429 like a rate limit, and only one of the two passes by itself.
    """
    problem = body if isinstance(body, dict) else {}
    kind = str(problem.get("type", "")).rpartition("/")[2]
    why = problem_text(status, problem)
    if kind == "usage-capped" or status == 402:
        return Abort(f"{why}; the account's credits or cap are used up, see console.x.com")
    if status == 429 or kind == "rate-limit-exceeded":
        until = reset_of(headers)
        return Retry(None, why) if until is None else Defer(until, why)
    if status == 401:
        return Abort(f"{why}; set CCGCII__SECRETS__X_BEARER_TOKEN to a token that is valid")
    if status == 403:
        return Abort(f"{why}; the token's app has no access to this search")
    if status >= 500:
        return Retry(None, why)
    return Fault(why) if status >= 400 else None


def reset_of(headers: Mapping[str, str]) -> float | None:
    """Return when a rate limit is lifted, a second later to be sure (seconds since 1970)."""
    text = headers.get(RESET, "").strip()
    return float(text) + 1 if text.isdecimal() else None


def refuses_names(status: int, body: Any) -> bool:
    """Say whether a request was refused for what it asks, as one in the other spelling is."""
    return (
        status == 400
        and isinstance(body, dict)
        and str(body.get("type", "")).endswith("/invalid-request")
    )


def is_stale_page(status: int, body: Any) -> bool:
    """Say whether the token of a page was refused: one that was given days ago may have expired."""
    tokens = {"next_token", "pagination_token"}
    told = errors_of(body) if status == 400 and isinstance(body, dict) else []
    return any(not tokens.isdisjoint(one.get("parameters") or ()) for one in told)


def problem_text(status: int, problem: Mapping[str, Any]) -> str:
    """Return a problem in one line: title, detail, and which parameters it is about."""
    # A detail ends with a full stop, and more is said after it.
    told = [str(problem[name]).rstrip(". ") for name in ("title", "detail") if problem.get(name)]
    about = sorted({name for one in errors_of(problem) for name in one.get("parameters") or ()})
    told += [f"about {', '.join(about)}"] if about else []
    return f"HTTP {status} {': '.join(dict.fromkeys(told))}".strip()


def errors_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the errors that an answer lists beside its data."""
    return [one for one in body.get("errors") or () if isinstance(one, dict)]
