"""X's OpenAPI document as a judge of requests and answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft7Validator, FormatChecker

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Specification:
    """What a version of the API takes and gives."""

    def __init__(self, path: Path) -> None:
        self._whole = json.loads(path.read_text(encoding="utf-8"))

    def refusals(self, path: str, given: Mapping[str, str]) -> list[str]:
        """Return why a request would be refused, nothing if it would not."""
        known = {one["name"]: one for one in self._parameters(path)}
        told = [f"{path} takes no {name!r}" for name in given.keys() - known.keys()]
        told += [
            f"{path} needs {name!r}"
            for name, one in known.items()
            if one.get("required") and name not in given
        ]
        for name in given.keys() & known.keys():
            schema = known[name]["schema"]
            value = self._read(schema, given[name])
            told += [f"{name}: {why}" for why in self._faults(schema, value)]
        return told

    def faults(self, path: str, answer: Any) -> list[str]:
        """Return what an answer holds that the API does not give."""
        good = self._whole["paths"][path]["get"]["responses"]["200"]
        return self._faults(good["content"]["application/json"]["schema"], answer)

    def _parameters(self, path: str) -> list[dict[str, Any]]:
        listed = self._whole["paths"][path]["get"]["parameters"]
        return [self._follow(one) for one in listed]

    def _follow(self, thing: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in thing:
            found: Any = self._whole
            for part in thing["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            thing = found
        return thing

    def _read(self, schema: dict[str, Any], text: str) -> Any:
        kind = self._follow(schema).get("type")
        if kind == "array":
            return text.split(",")
        return int(text) if kind == "integer" and text.isdigit() else text

    def _faults(self, schema: dict[str, Any], value: Any) -> list[str]:
        whole = {**schema, "components": self._whole["components"]}
        judge = Draft7Validator(whole, format_checker=FormatChecker())
        return [f"{error.json_path}: {error.message}" for error in judge.iter_errors(value)]
