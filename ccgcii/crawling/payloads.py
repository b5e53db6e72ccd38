"""Requests as JSON: what a row of the queue holds, never a pickle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrapy.utils.request import request_from_dict

from ccgcii.errors import SourceError

if TYPE_CHECKING:
    import scrapy

# What Scrapy's own parts leave in `meta` and what belongs to one attempt only.
TRANSIENT_META = (
    "ccgcii",
    "download_latency",
    "download_slot",
    "download_timeout",
    "redirect_reasons",
)
DEFAULTS: dict[str, Any] = {
    "callback": None,
    "errback": None,
    "method": "GET",
    "headers": [],
    "body": "",
    "cookies": {},
    "encoding": "utf-8",
    "priority": 0,
    "dont_filter": False,
    "flags": [],
    "cb_kwargs": {},
    "meta": {},
}


def request_to_json(request: scrapy.Request, spider: scrapy.Spider) -> str:
    """Write a request as JSON, bytes as Latin-1, only what differs from the defaults.

    Raises `SourceError` if a callback is no method of the source or `meta` is not JSON.
    """
    try:
        values = request.to_dict(spider=spider)
        values["headers"] = [
            [name.decode("latin-1"), [value.decode("latin-1") for value in many]]
            for name, many in values["headers"].items()
        ]
        values["body"] = values["body"].decode("latin-1")
        values["meta"] = {
            key: value for key, value in request.meta.items() if key not in TRANSIENT_META
        }
        kept = {
            key: value
            for key, value in values.items()
            if key not in DEFAULTS or value != DEFAULTS[key]
        }
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise SourceError(
            f"source {spider.name!r}: the request for {request.url} cannot be kept ({error}); "
            "callbacks must be methods of the source, meta and cb_kwargs must be JSON"
        ) from error


def request_from_json(text: str, spider: scrapy.Spider) -> scrapy.Request:
    """Read back what `request_to_json` wrote."""
    values = {**DEFAULTS, **json.loads(text)}
    values["headers"] = {
        name.encode("latin-1"): [value.encode("latin-1") for value in many]
        for name, many in values["headers"]
    }
    values["body"] = values["body"].encode("latin-1")
    # A fresh dict each: DEFAULTS is shared.
    values["meta"] = dict(values["meta"])
    values["cb_kwargs"] = dict(values["cb_kwargs"])
    values["flags"] = list(values["flags"])
    return request_from_dict(values, spider=spider)
