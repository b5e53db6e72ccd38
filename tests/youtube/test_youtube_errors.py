"""What the errors of YouTube mean, and that they are told in its own words."""

from __future__ import annotations

import pytest

from ccgcii import Abort, Defer, Fault, Retry, Skip
from ccgcii_youtube.errors import judge_error

MIDNIGHT = 1_000.0


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "quotaExceeded", Defer),
        (403, "rateLimitExceeded", Retry),
        (503, "anything", Retry),
        (429, "anything", Retry),
        (400, "keyInvalid", Abort),
        (403, "commentsDisabled", Skip),
        (400, "invalidParameter", Fault),
        (400, "processingFailure", Fault),
        (403, "something new", Abort),
        (401, "authError", Abort),
    ],
)
def test_an_error_is_judged_by_its_reason_and_told_in_its_words(
    status: int, reason: str, kind: type
) -> None:
    error = {"code": status, "message": "Told why", "errors": [{"reason": reason}]}
    trouble = judge_error(status, {"error": error}, MIDNIGHT)
    assert trouble is not None
    assert isinstance(trouble, kind)
    assert trouble.reason.startswith(f"YouTube: {reason}: Told why")


def test_an_answer_without_an_error_is_left_to_its_reader() -> None:
    assert judge_error(200, {"items": []}, MIDNIGHT) is None
    assert judge_error(502, None, MIDNIGHT) is None
