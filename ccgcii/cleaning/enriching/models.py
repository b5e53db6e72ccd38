"""A transformer of one's own that reads tone or topics: a local folder, never the network.

The folder is as Hugging Face lays one out, with the network in ONNX: `config.json` (its `id2label`
names the labels), `tokenizer.json`, and `model.onnx` (or `onnx/model.onnx`). ONNX, because its
runtime is a wheel of 20 MB where torch brings gigabytes, and because a folder of weights and tables
runs no code of its own, as pickled weights would.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ccgcii.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

NEEDED = ("onnxruntime", "tokenizers")
_NETWORKS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_WEIGHTS = ("*.safetensors", "*.bin", "*.pt", "*.h5", "*.msgpack")
# Tokens of a text beyond which nothing is read, as most of these networks were trained.
LONGEST = 512
_TONES = {
    **dict.fromkeys(("positive", "pos"), 1.0),
    **dict.fromkeys(("neutral", "neu"), 0.0),
    **dict.fromkeys(("negative", "neg"), -1.0),
    **{f"{stars} star{'s' if stars > 1 else ''}": (stars - 3) / 2 for stars in range(1, 6)},
}


@dataclass(frozen=True)
class TextModel:
    """A network that gives a text a number for each of its labels; loaded when it first reads."""

    folder: Path
    network: Path
    labels: tuple[str, ...]
    longest: int

    @cached_property
    def tones(self) -> tuple[float, ...]:
        """Return what each label is worth, -1 to 1; `ConfigError` for one that names no tone."""
        values = [_TONES.get(label.lower()) for label in self.labels]
        unknown = [label for label, value in zip(self.labels, values, strict=True) if value is None]
        if unknown:
            raise ConfigError(
                f"{self.folder / 'config.json'}: label {unknown[0]!r} names no tone; write "
                "positive, neutral, negative or 1 star to 5 stars into its id2label, in the order "
                "that the model's card gives"
            )
        return tuple(value for value in values if value is not None)

    def topics_among(self, known: Collection[str]) -> tuple[str | None, ...]:
        """Return for each label the topic it is, None for one that is no topic of the taxonomy."""
        found = tuple(label.lower() if label.lower() in known else None for label in self.labels)
        if not any(found):
            raise ConfigError(
                f"{self.folder / 'config.json'}: none of its labels ({', '.join(self.labels[:5])}, "
                f"...) is a topic of the taxonomy ({', '.join(sorted(known)[:5])}, ...); name them "
                "in its id2label, or give a taxonomy with the model's topics"
            )
        return found

    def tone(self, text: str) -> float:
        """Return the tone of a text, -1 to 1: what its labels are worth, by their probability."""
        if not text.strip():
            return 0.0
        logits = self._logits(text)
        shares = np.exp(logits - logits.max())
        return float(np.clip(shares @ np.array(self.tones) / shares.sum(), -1, 1))

    def topics(self, text: str, known: Collection[str], least: float) -> tuple[str, ...]:
        """Return the topics of a text that are at least so probable (each by itself)."""
        if not text.strip():
            return ()
        odds = 1 / (1 + np.exp(-self._logits(text)))
        named = zip(self.topics_among(known), odds.tolist(), strict=True)
        found = [(-odd, topic) for topic, odd in named if topic is not None and odd >= least]
        return tuple(dict.fromkeys(topic for _, topic in sorted(found)))

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415 - an optional extra

        file = self.folder / "tokenizer.json"
        try:
            tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:
            raise ConfigError(f"{file}: no tokenizer that can be read ({error})") from error
        tokenizer.enable_truncation(self.longest)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # noqa: PLC0415 - an optional extra

        options = onnxruntime.SessionOptions()
        # Cleaning runs one process a core already.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            return onnxruntime.InferenceSession(
                str(self.network), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ConfigError(f"{self.network}: no network that can be run ({error})") from error

    def _logits(self, text: str) -> NDArray[np.float64]:
        read = self._tokenizer.encode(text)
        values = {
            "input_ids": read.ids,
            "attention_mask": read.attention_mask,
            "token_type_ids": read.type_ids,
        }
        wanted = [given.name for given in self._session.get_inputs()]
        if unknown := [name for name in wanted if name not in values]:
            raise ConfigError(
                f"{self.network}: wants {unknown[0]!r}, which no text has; export it again for the "
                "task text-classification"
            )
        fed = {name: np.array([values[name]], dtype=np.int64) for name in wanted}
        (logits, *_) = self._session.run(None, fed)
        line = np.asarray(logits, dtype=np.float64).reshape(-1)
        if len(line) != len(self.labels):
            raise ConfigError(
                f"{self.folder}: the network gives {len(line)} numbers, config.json names "
                f"{len(self.labels)} labels; both must be of one model"
            )
        return line


@cache
def open_model(folder: str) -> TextModel:
    """Return the model of a folder, its files checked and nothing loaded yet.

    Raises `ConfigError` naming the folder, what it lacks, and what to do about it.
    """
    path = Path(folder)
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ConfigError(
            f"{path}: a model needs {' and '.join(missing)}; pip install 'ccgcii[transformers]'"
        )
    if not folder or not path.is_dir():
        raise ConfigError(
            f"model = {folder!r}: no such folder; nothing is downloaded while ccgcii runs, so "
            "fetch a model first and give its folder, absolute or relative to ccgcii.toml"
        )
    network = next((path / name for name in _NETWORKS if (path / name).is_file()), None)
    if network is None:
        others = any(next(path.glob(pattern), None) for pattern in _WEIGHTS)
        hint = (
            "only weights of another format" if others else f"neither {' nor '.join(_NETWORKS[:2])}"
        )
        raise ConfigError(
            f"{path}: {hint}; `optimum-cli export onnx --task text-classification --model {path} "
            "FOLDER` writes a folder that ccgcii can read"
        )
    if not (path / "tokenizer.json").is_file():
        raise ConfigError(
            f"{path}: no tokenizer.json; save the tokenizer in its fast form beside the network"
        )
    config = _config(path / "config.json")
    places = config.get("max_position_embeddings")
    longest = min(LONGEST, places) if isinstance(places, int) and places > 0 else LONGEST
    return TextModel(path, network, _labels(path / "config.json", config), longest)


def _config(file: Path) -> dict[str, Any]:
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: cannot be read ({error})") from error
    return config if isinstance(config, dict) else {}


def _labels(file: Path, config: dict[str, Any]) -> tuple[str, ...]:
    named = config.get("id2label")
    try:
        numbered = {int(number): str(label) for number, label in (named or {}).items()}
        return tuple(numbered[number] for number in range(len(numbered) or 1))
    except (AttributeError, KeyError, ValueError):
        raise ConfigError(f"{file}: its id2label names no labels from 0 on") from None
