"""Why a request failed, in words that can be counted, and whether to try it again."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from ccgcii.crawling.redaction import HIDDEN, redact
from ccgcii.errors import CcgciiError, StoreError

if TYPE_CHECKING:
    from scrapy.http import Response

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
UNTRUSTED = "certificate verify failed"  # in the words of OpenSSL
# A login as libraries quote it, without the scheme of its address.
_LOGIN = re.compile(r"(?<![\w/])[^\s/:@]+:[^\s/@]+@(?=\w)")
LONGEST_WAIT = 7 * 86_400.0  # seconds
_NETWORK = {
    CannotResolveHostError: "the host's name cannot be resolved",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection failed",
}


# What helps where it is not room that is missing.
_STEPS = {
    "locked": "another process writes to it: wait for it",
    "denied": "check the permissions of [store] url and archive",
}


class RobotsUnavailableError(Exception):
    """robots.txt could not be read just now: until it can, nothing of the host may be fetched."""


class HostHeldError(IgnoreRequest):
    """A host has said when to come back (`until`, seconds since 1970): nothing is sent before."""

    def __init__(self, host: str, until: float) -> None:
        super().__init__(f"{host} has said when to come back")
        self.until = until


class RefusedAddressError(IgnoreRequest):
    """A name led to an address that is not on the public internet."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed; `again` says that trying later may help, after `wait` seconds."""

    reason: str
    again: bool = False
    status: int | None = None
    wait: float | None = None


def judge(error: BaseException) -> Failure:
    """Return what an exception of a download or a callback means for its request."""
    if isinstance(error, HttpError):
        return _judge_status(error.response)
    if isinstance(error, RobotsUnavailableError):
        return Failure(str(error), again=True)
    network = _judge_network(error)
    if network is not None:
        return network
    if isinstance(error, DownloadCancelledError):
        return Failure("larger than [crawl] max_bytes")
    if isinstance(error, IgnoreRequest | CcgciiError):
        return Failure(redact(str(error)))
    said = _LOGIN.sub(f"{HIDDEN}@", f"{type(error).__name__}: {error}")
    return Failure(redact(said)[:300])


def store_error(source: str, error: Exception) -> StoreError:
    """Return what to tell of a store or archive that cannot be written, and what to do about it."""
    reason = getattr(error, "orig", None) or error
    fitting = (step for word, step in _STEPS.items() if word in str(reason))
    step = next(fitting, "free some room on the disk")
    told = StoreError(
        f"source {source!r}: the store or archive cannot be written ({reason}); {step} and run the "
        "same command again, nothing already stored is lost"
    )
    told.__cause__ = error
    return told


def retry_after(response: Response) -> float | None:
    """Return the seconds that the Retry-After of an answer asks for, None if it does not."""
    return seconds_to_wait((response.headers.get("Retry-After") or b"").decode("latin-1"))


def seconds_to_wait(told: str) -> float | None:
    """Return the seconds that a Retry-After means (a number or a date), None if it is neither.

    A week at most: a server that means a year is a server that errs.
    """
    told = told.strip()
    if told.isdecimal():
        return min(float(told), LONGEST_WAIT)
    moment = http_moment(told)
    return None if moment is None else min(max(0.0, moment - time.time()), LONGEST_WAIT)


def http_moment(told: str) -> float | None:
    """Return the moment of a date of HTTP (seconds since 1970), None if it is none.

    Such dates are in GMT, also those that do not say so.
    """
    try:
        moment = parsedate_to_datetime(told)
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _judge_status(response: Response) -> Failure:
    status = response.status
    return Failure(f"HTTP {status}", status in BUSY, status, retry_after(response))


def _judge_network(error: BaseException) -> Failure | None:
    if isinstance(error, DownloadFailedError) and UNTRUSTED in str(error):
        return Failure("the host's certificate is not trusted ([crawl] verify_tls)")
    reason = next((reason for kind, reason in _NETWORK.items() if isinstance(error, kind)), None)
    return None if reason is None else Failure(reason, again=True)
