"""What a filter was when it judged: a digest of its options, so that a change is seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ccgcii.documents import LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccgcii.catalogues import Event
    from ccgcii.cleaning.pipeline import AnyFilter

# Kinds of files that decide what a filter does: lists, and the networks of models.
_READ = (".toml", ".csv", ".json", ".txt", ".onnx")
LayerDigests = dict[str, dict[str, str]]


# What is found in a document beside its topics and tone, by a list and not by a filter.
EVENTS = "list of events"


def layer_digests(filters: Sequence[AnyFilter], events: Iterable[Event] = ()) -> LayerDigests:
    """Return {layer: {filter: digest}}; two filters that judge alike have one digest.

    Counted are the type, its `version` if it names one, and every option, also the content of a
    file that an option names. The list of events is as a filter of the last layer.
    """
    layers: LayerDigests = {}
    for thing in filters:
        layers.setdefault(str(thing.layer), {})[thing.name] = _digest(thing)
    listed = [(e.key, e.starts, e.ends, e.words_en, e.words_zh) for e in events]
    if listed:
        said = _plain(sorted(listed)).encode("utf-8", "replace")
        layers.setdefault(str(max(LAYERS)), {})[EVENTS] = blake2b(said, digest_size=6).hexdigest()
    return layers


def _digest(thing: AnyFilter) -> str:
    kind = f"{type(thing).__module__}.{type(thing).__qualname__}"
    version = str(getattr(thing, "version", ""))
    options = thing if is_dataclass(thing) else getattr(thing, "__dict__", {})
    said = f"{kind}\0{version}\0{_plain(options)}"
    return blake2b(said.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    """Write a value the same way in every process: sets sorted, mappings by key."""
    if is_dataclass(value) and not isinstance(value, type):
        inside = ((item.name, getattr(value, item.name)) for item in fields(value))
        return f"{type(value).__name__}({','.join(f'{n}={_plain(v)}' for n, v in inside)})"
    if isinstance(value, Mapping):
        pairs = sorted((_plain(key), _plain(inner)) for key, inner in value.items())
        return f"{{{','.join(f'{key}:{inner}' for key, inner in pairs)}}}"
    if isinstance(value, AbstractSet):
        return f"{{{','.join(sorted(_plain(inner) for inner in value))}}}"
    if isinstance(value, str):
        return repr(value) + _content(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return f"[{','.join(_plain(inner) for inner in value)}]"
    # An object without a repr of its own shows its address, which says nothing.
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _content(option: str) -> str:
    path = Path(option) if "/" in option or option.endswith(_READ) else None
    if path is None:
        return ""
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.name.endswith(_READ)]
        return "".join(f"{file.relative_to(path)}={_hash(file)}" for file in files)
    return _hash(path) if path.is_file() and option.endswith(_READ) else ""


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "blake2b").hexdigest()[:12]
