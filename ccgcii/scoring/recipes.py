"""Recipes: what is done to a matrix, as a value that is stored with its result.

Scoring the stored matrix by the stored recipe again gives the same digits. A key that a recipe
does not know is an error, never silently ignored.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.errors import RecipeError, suggest
from ccgcii.methods import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ccgcii.methods import MethodKind

TOP = "top"
_RULE_KEYS = ("weighting", "aggregation")
_STEP_KEYS = ("imputation", "normalisation", *_RULE_KEYS)
_SHARE_KEYS = ("minimum_cover", "minimum_present")
_TABLE_KEYS = ("indicators", "weights", "levels", "nodes")
_KEYS = ("name", "description", "treatment", *_STEP_KEYS, *_SHARE_KEYS, *_TABLE_KEYS)


@dataclass(frozen=True, slots=True)
class Rule:
    """What differs at one level or node: None means as in the rest of the recipe."""

    weighting: Step | None = None
    aggregation: Step | None = None

    @classmethod
    def read(cls, data: object, where: str) -> Rule:
        """Read a table with `weighting`, `aggregation` or both."""
        table = _table(data, where)
        _refuse_unknown(table, _RULE_KEYS, where)
        return cls(**{key: Step.read(table[key], f"{where}.{key}") for key in table})

    def to_dict(self) -> dict[str, Any]:
        """Return what the rule says as plain data."""
        steps = {"weighting": self.weighting, "aggregation": self.aggregation}
        return {key: step.to_dict() for key, step in steps.items() if step is not None}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a matrix becomes an index.

    `treatment` steps run one after the other; `indicators` holds those of single indicators that
    are treated otherwise. `weighting` and `aggregation` hold for every node
    unless `levels` or `nodes` says otherwise; a node's own rule goes before its level's. Levels
    are heights: 1 is a node right above leaves; `top` is the root of a tree that has nodes between
    root and leaves (in a tree of one level the root is treated as any node above leaves).
    `minimum_cover` is the share of units (0-1) below which an indicator is left out,
    `minimum_present` the share of its children's weight below which a unit has no score at a node.
    `weights` are frozen: a node whose children they name is not weighed again, as for a base year.
    """

    name: str
    imputation: Step
    treatment: tuple[Step, ...]
    normalisation: Step
    weighting: Step
    aggregation: Step
    minimum_cover: float = 0.0
    minimum_present: float = 0.5
    indicators: Mapping[str, tuple[Step, ...]] = field(default_factory=dict, hash=False)
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    levels: Mapping[str, Rule] = field(default_factory=dict, hash=False)
    nodes: Mapping[str, Rule] = field(default_factory=dict, hash=False)
    description: str = ""

    @classmethod
    def load(cls, source: str | Path) -> Recipe:
        """Load a recipe shipped with the package by name, or any from a TOML file."""
        shipped = shipped_recipes()
        if isinstance(source, str) and source in shipped:
            home = resources.files("ccgcii") / "recipes" / f"{source}.toml"
            return cls.from_toml(home.read_text("utf-8"), source, f"recipe {source!r}")
        path = Path(source)
        if not path.is_file():
            raise RecipeError(
                f"no recipe {str(source)!r} and no such file{suggest(str(source), shipped)}"
            )
        try:
            written = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RecipeError(f"{path}: no recipe can be read from it ({error})") from error
        return cls.from_toml(written, path.stem, str(path))

    @classmethod
    def from_toml(cls, text: str, name: str, origin: str = "recipe") -> Recipe:
        """Read a recipe from TOML; `name` is for one that does not name itself."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RecipeError(f"{origin}: not valid TOML: {error}") from error
        return cls.from_dict({"name": name, **data}, origin)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], origin: str = "recipe") -> Recipe:
        """Read a recipe from plain data; `origin` opens the message of an error."""
        _refuse_unknown(data, _KEYS, origin)
        for key in ("normalisation", "weighting", "aggregation"):
            if key not in data:
                raise RecipeError(f"{origin}: `{key}` is missing; name a method for it")
        values: dict[str, Any] = {
            key: Step.read(data.get(key, "none"), f"{origin}: {key}") for key in _STEP_KEYS
        }
        values |= {key: _share(data[key], f"{origin}: {key}") for key in _SHARE_KEYS if key in data}
        return cls(
            name=str(data.get("name", "unnamed")),
            description=str(data.get("description", "")),
            treatment=_treatments(data.get("treatment", "none"), f"{origin}: treatment"),
            indicators=_indicators(data.get("indicators", {}), f"{origin}: indicators"),
            weights=_weights(data.get("weights", {}), f"{origin}: weights"),
            levels=_rules(data.get("levels", {}), f"{origin}: levels", _check_level),
            nodes=_rules(data.get("nodes", {}), f"{origin}: nodes"),
            **values,
        )

    def with_overrides(self, overrides: Mapping[str, Any]) -> Recipe:
        """Return the recipe with entries replaced, as `--set KEY=VALUE` does.

        Dots lead inside: `normalisation.upper`, `levels.top.weighting`. A text value is read as
        TOML where it is (`0.5`, `true`, `["log1p"]`), else it is the text itself.
        """
        data = self.to_dict()
        for key, value in overrides.items():
            _assign(data, key, _parsed(value) if isinstance(value, str) else value)
        changes = [f"{key}={value}" for key, value in overrides.items()]
        data["name"] = ", ".join([self.name, *changes])
        return Recipe.from_dict(data, f"recipe {self.name!r} with --set")

    def rule(self, node: str, height: int, *, is_top: bool) -> tuple[Step, Step]:
        """Return weighting and aggregation for a node at a height above the leaves."""
        rules = [self.nodes.get(node), self.levels.get(str(height))]
        if is_top:
            rules.insert(1, self.levels.get(TOP))
        said = [rule for rule in rules if rule is not None]
        weightings = [rule.weighting for rule in said if rule.weighting is not None]
        aggregations = [rule.aggregation for rule in said if rule.aggregation is not None]
        return (*weightings, self.weighting)[0], (*aggregations, self.aggregation)[0]

    def steps(self) -> Iterator[tuple[MethodKind, Step]]:
        """Yield every step that is named anywhere in the recipe, with its kind."""
        yield "imputation", self.imputation
        for chain in (self.treatment, *self.indicators.values()):
            for step in chain:
                yield "treatment", step
        yield "normalisation", self.normalisation
        yield "weighting", self.weighting
        yield "aggregation", self.aggregation
        for rule in (*self.levels.values(), *self.nodes.values()):
            if rule.weighting is not None:
                yield "weighting", rule.weighting
            if rule.aggregation is not None:
                yield "aggregation", rule.aggregation

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain data that `from_dict` reads back."""
        return {
            "name": self.name,
            "description": self.description,
            "imputation": self.imputation.to_dict(),
            "treatment": [step.to_dict() for step in self.treatment],
            "normalisation": self.normalisation.to_dict(),
            "weighting": self.weighting.to_dict(),
            "aggregation": self.aggregation.to_dict(),
            "minimum_cover": self.minimum_cover,
            "minimum_present": self.minimum_present,
            "indicators": {
                key: {"treatment": [step.to_dict() for step in steps]}
                for key, steps in self.indicators.items()
            },
            "weights": dict(self.weights),
            "levels": {key: rule.to_dict() for key, rule in self.levels.items()},
            "nodes": {key: rule.to_dict() for key, rule in self.nodes.items()},
        }

    @property
    def digest(self) -> str:
        """Return the sha256 of what decides the numbers: all but name and description."""
        data = {k: v for k, v in self.to_dict().items() if k not in ("name", "description")}
        canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def shipped_recipes() -> tuple[str, ...]:
    """Return the names of the recipes that come with the package."""
    folder = resources.files("ccgcii") / "recipes"
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml")))


def _treatments(data: object, where: str) -> tuple[Step, ...]:
    steps = data if isinstance(data, list) else [data]
    return tuple(Step.read(step, where) for step in steps)


def _indicators(data: object, where: str) -> dict[str, tuple[Step, ...]]:
    treatments = {}
    for key, entry in _table(data, where).items():
        table = _table(entry, f"{where}.{key}")
        _refuse_unknown(table, ("treatment",), f"{where}.{key}")
        if "treatment" in table:
            treatments[key] = _treatments(table["treatment"], f"{where}.{key}.treatment")
    return treatments


def _weights(data: object, where: str) -> dict[str, float]:
    weights = {}
    for key, value in _table(data, where).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise RecipeError(f"{where}.{key}: {value!r} is not a weight from 0 to 1")
        weights[key] = float(value)
    return weights


def _rules(data: object, where: str, check: Any = None) -> dict[str, Rule]:
    rules = {}
    for key, rule in _table(data, where).items():
        if check is not None:
            check(key, where)
        rules[key] = Rule.read(rule, f"{where}.{key}")
    return rules


def _check_level(key: str, where: str) -> None:
    if key != TOP and not (key.isascii() and key.isdigit() and int(key) >= 1):
        raise RecipeError(
            f"{where}: {key!r} is no level; give 'top' or a height above the leaves (1, 2, ...)"
        )


def _share(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise RecipeError(f"{where}: {value!r} is not a share from 0 to 1")
    return float(value)


def _table(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise RecipeError(f"{where}: give a table, not {data!r}")
    return data


def _refuse_unknown(data: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in data:
        if key not in known:
            raise RecipeError(f"{where}: unknown key {key!r}{suggest(key, known)}")


def _parsed(text: str) -> Any:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | str | list | dict) else text


def _assign(data: dict[str, Any], key: str, value: Any) -> None:
    *way, last = key.split(".")
    place = data
    for word in way:
        inner = place.setdefault(word, {})
        if not isinstance(inner, dict):
            raise RecipeError(f"--set {key}: {word!r} has no entries to set; set it as a whole")
        place = inner
    place[last] = value
