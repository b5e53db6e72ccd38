"""YouTube's own description of its API as the judge of requests and of answers.

The description is the discovery document that Google ships inside `google-api-python-client`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha1
from importlib import resources, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.errors import ConfigError
from ccgcii.testing.platforms.youtube_errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = "googleapiclient"
DOCUMENT = "discovery_cache/documents/youtube.v3.json"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MOST_IDS = 50
_LARGEST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the API: its resource (`search`), its parameters, the schema of its answers."""

    resource: str
    parameters: Mapping[str, Any]
    answer: str


def load_discovery(given: Mapping[str, Any] | Path | None = None) -> Mapping[str, Any]:
    """Return the discovery document: as given, of a file, or of the installed official client.

    Raises `ConfigError` saying what to install where there is none.
    """
    if isinstance(given, Path):
        return dict(json.loads(given.read_text(encoding="utf-8")))
    if given is not None:
        return given
    if util.find_spec(PACKAGE) is None:
        raise ConfigError(
            "the fake YouTube needs the discovery document of google-api-python-client: "
            "`pip install 'ccgcii[dev]'`, or give the document or its path"
        )
    text = resources.files(PACKAGE).joinpath(DOCUMENT).read_text(encoding="utf-8")
    return dict(json.loads(text))


class Discovery:
    """What the discovery document allows and promises."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Any] = document["schemas"]
        common: Mapping[str, Any] = document["parameters"]
        self._methods = {
            f"/{method['path']}": Method(
                resource,
                {**common, **method["parameters"]},
                method.get("response", {}).get("$ref", ""),
            )
            for resource, each in document["resources"].items()
            for method in each.get("methods", {}).values()
            if method["httpMethod"] == "GET"
        }

    def method(self, verb: str, path: str) -> Method:
        """Return the method at a path; raises `Problem`."""
        if verb != "GET" or path not in self._methods:
            raise Problem(404, "notFound", f"no method {verb} {path}")
        return self._methods[path]

    def check(self, method: Method, given: Mapping[str, list[str]]) -> None:
        """Raise `Problem` for parameters that are unknown, missing, or have impossible values."""
        for name, parameter in method.parameters.items():
            if parameter.get("required") and name not in given:
                raise _wrong("missingRequiredParameter", f"Missing parameter: {name}", name)
        for name, values in given.items():
            if name not in method.parameters:
                raise _wrong("unexpectedParameter", f"Unknown name {name!r}", name)
            _check_values(name, method.parameters[name], values)
        _check_together(method, given)

    def parts(self, method: Method, given: Mapping[str, list[str]]) -> set[str]:
        """Return the parts that are asked for; raises `Problem` for one that items do not have."""
        items = self._schemas[method.answer]["properties"]["items"]["items"]["$ref"]
        known = self._schemas[items]["properties"].keys() - {"kind", "etag"}
        asked = set(listed(given["part"]))
        if not asked <= known:
            unknown = ", ".join(sorted(asked - known))
            raise _wrong("unknownPart", f"no part {unknown} in {items}", "part")
        return asked

    def build(self, schema: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return an object of a schema from its values; None are left out, `kind` is filled in.

        64-bit numbers become text, as the schema has them. Raises `ValueError` for a value that
        the schema does not have: then the fake is wrong.
        """
        properties = self._schemas[schema]["properties"]
        unknown = values.keys() - properties.keys()
        if unknown:
            raise ValueError(f"schema {schema} has no {', '.join(sorted(unknown))}")
        built = {
            name: self._value(f"{schema}.{name}", properties[name], value)
            for name, value in values.items()
            if value is not None
        }
        kind = properties.get("kind", {}).get("default")
        if kind is not None:
            built["kind"] = kind
        if "etag" in properties:
            told = json.dumps(built, sort_keys=True).encode()
            built["etag"] = sha1(told, usedforsecurity=False).hexdigest()[:27]
        return built

    def _value(self, where: str, wanted: Mapping[str, Any], value: Any) -> Any:
        if "$ref" in wanted:
            return self.build(wanted["$ref"], value)
        kind, spelled = wanted["type"], wanted.get("format")
        if kind == "array":
            return [self._value(where, wanted["items"], one) for one in value]
        if spelled in ("uint64", "int64"):
            return str(int(value))
        types = {"string": str, "integer": int, "boolean": bool}
        is_moment = spelled != "date-time" or _MOMENT.fullmatch(str(value)) is not None
        if not (isinstance(value, types[kind]) and is_moment):
            raise ValueError(f"{where} is a {spelled or kind}: it cannot be {value!r}")
        if value not in wanted.get("enum", (value,)):
            raise ValueError(f"{where} cannot be {value!r}")
        return value


def listed(values: list[str]) -> list[str]:
    """Return the words of a parameter that may be repeated or hold commas."""
    return [word for value in values for word in value.split(",") if word]


def _check_values(name: str, parameter: Mapping[str, Any], values: list[str]) -> None:
    if not parameter.get("repeated") and len(values) > 1:
        raise _wrong("invalidParameter", f"{name} may be given once", name)
    for value in listed(values) if parameter.get("repeated") else values:
        if not _is_valid(parameter, value):
            raise _wrong("invalidParameter", f"Invalid value {value!r} of {name}", name)


def _is_valid(parameter: Mapping[str, Any], value: str) -> bool:
    if value not in parameter.get("enum", (value,)):
        return False
    if parameter.get("format") == "google-datetime":
        return _MOMENT.fullmatch(value) is not None
    if parameter["type"] == "boolean":
        return value in ("true", "false")
    if parameter["type"] == "integer":
        low, high = int(parameter.get("minimum", 0)), int(parameter.get("maximum", _LARGEST))
        return value.isascii() and value.isdigit() and low <= int(value) <= high
    return True


def _check_together(method: Method, given: Mapping[str, list[str]]) -> None:
    """Check what only the API's pages say: which parameters need or exclude each other."""
    if "id" in given and len(listed(given["id"])) > _MOST_IDS:
        raise _wrong("invalidParameter", f"more than {_MOST_IDS} ids", "id")
    filters = {
        "videos": {"id", "chart", "myRating"},
        "channels": {"id", "forHandle", "forUsername", "mine", "managedByMe", "categoryId"},
        "commentThreads": {"id", "videoId", "channelId", "allThreadsRelatedToChannelId"},
    }.get(method.resource)
    used = sorted(filters & given.keys()) if filters else ["q"]
    if not used:
        wanted = ", ".join(sorted(filters or ()))
        raise _wrong("missingRequiredParameter", f"No filter selected; one of: {wanted}", "part")
    if len(used) > 1:
        raise _wrong("incompatibleParameters", f"only one of {', '.join(used)}", used[-1])
    if method.resource == "videos" and used == ["id"] and "maxResults" in given:
        raise _wrong("incompatibleParameters", "maxResults does not go with id", "maxResults")
    video_only = [
        name for name in given if name.startswith("video") and method.resource == "search"
    ]
    if video_only and listed(given.get("type", [])) != ["video"]:
        raise _wrong("invalidFilters", f"{video_only[0]} needs type=video", video_only[0])


def _wrong(reason: str, message: str, parameter: str) -> Problem:
    return Problem(400, reason, message, "youtube.parameter", parameter)
