"""A transformer back end on a tiny network made here: embeddings of words, averaged, as logits."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from ccgcii import ConfigError, Document, Record, find_cities, open_model
from ccgcii.cleaning.digests import layer_digests
from ccgcii.cleaning.enriching import models
from ccgcii.cleaning.runs import clean
from ccgcii_cleaning.quality import Sentiment, Topics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cleaning.conftest import Open

NOW = datetime(2020, 6, 1, tzinfo=UTC)
TONES = {"magnifique": (0.0, 0.0, 9.0), "affreux": (9.0, 0.0, 0.0)}


def make_model(
    folder: Path,
    labels: tuple[str, ...] = ("negative", "neutral", "positive"),
    words: Mapping[str, tuple[float, ...]] = TONES,
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
) -> Path:
    """Write a folder as Hugging Face lays one out: a network whose logits are sums of vectors."""
    folder.mkdir(parents=True)
    vocabulary = {"[UNK]": 0} | {word: n for n, word in enumerate(words, 1)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.array([[-1.0] * len(labels), *words.values()], dtype=np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["vectors"]),
        helper.make_node("ReduceMax", ["vectors", "axis"], ["logits"], keepdims=0),
    ]
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in inputs
    ]
    out = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(labels)])
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([1], dtype=np.int64), "axis"),
    ]
    graph = helper.make_graph(nodes, "tiny", given, [out], constants)
    network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(network, str(folder / "model.onnx"))
    config = {"id2label": {str(n): label for n, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def read(reader: Sentiment | Topics, document: Document) -> Document:
    result = reader.clean(document)
    assert isinstance(result, Document)
    return result


def french(text: str) -> Document:
    mentions = tuple(find_cities(text, "fr"))
    return Document("t", "x", "", NOW, text=text, language="fr", mentions=mentions)


def test_a_model_reads_the_tone_of_languages_without_a_list(tmp_path: Path) -> None:
    folder = str(make_model(tmp_path / "tone"))
    reader = pickle.loads(pickle.dumps(Sentiment(backend="transformers", model=folder)))
    good, bad = (read(reader, french(f"Wuhan est {w}")) for w in TONES)
    assert good.sentiment == pytest.approx(1, abs=0.01)
    assert bad.sentiment == pytest.approx(-1, abs=0.01)
    assert read(reader, french("Wuhan est")).sentiment == pytest.approx(0, abs=0.01)


def test_the_lists_go_on_reading_what_the_model_is_not_meant_for(tmp_path: Path) -> None:
    folder = str(make_model(tmp_path / "tone"))
    reader = Sentiment(backend="transformers", model=folder, languages=("fr",))
    text = "Wuhan is wonderful"
    english = Document(
        "t", "x", "", NOW, text=text, language="en", mentions=tuple(find_cities(text, "en"))
    )
    assert reader.clean(english) == Sentiment().clean(english)
    assert reader.clean(french("Wuhan est affreux")) != Sentiment().clean(
        french("Wuhan est affreux")
    )


def test_stars_are_tones_too(tmp_path: Path) -> None:
    words = {"magnifique": (0.0, 0.0, 0.0, 0.0, 9.0)}
    labels = tuple(f"{n} star{'s' * (n > 1)}" for n in range(1, 6))
    model = open_model(str(make_model(tmp_path / "stars", labels, words)))
    assert list(model.tones) == [-1, -0.5, 0, 0.5, 1]
    assert model.tone("magnifique") > 0.95
    assert model.tone(" ") == 0


def test_a_model_tells_topics_of_the_taxonomy(tmp_path: Path) -> None:
    words = {"marathon": (5.0, -5.0, 5.0), "museum": (-5.0, 3.0, 5.0)}
    folder = str(make_model(tmp_path / "topics", ("Sport", "culture", "gossip"), words))
    reader = Topics(backend="transformers", model=folder)
    post = Document("t", "x", "", NOW, title="marathon", text="museum")
    assert read(reader, post).topics == ("sport", "culture")
    assert read(reader, Document("t", "x", "", NOW, text="")).topics == ()
    strict = Topics(backend="transformers", model=folder, least=0.99)
    assert read(strict, Document("t", "x", "", NOW, text="museum")).topics == ()


def test_a_model_cleans_a_study_and_a_new_one_is_seen(open_study: Open, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tone")
    options = {"sentiment": {"backend": "transformers", "model": str(folder)}}
    filling = open_study(tmp_path / "study", filters=options)
    moment = datetime(2020, 5, 1, tzinfo=UTC)
    text = "Wuhan est magnifique et je veux y retourner avec tous mes amis"
    filling.record(Record("1", "x", text=text, author="a", published_at=moment))
    assert clean(filling.workspace).kept == 1
    assert filling.rows("SELECT sentiment FROM document") == [(1000,)]
    before = layer_digests([Sentiment(backend="transformers", model=str(folder))])
    (folder / "model.onnx").write_bytes(b"another")
    assert layer_digests([Sentiment(backend="transformers", model=str(folder))]) != before


def change(folder: Path, name: str, content: bytes | None) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", None, "neither model.onnx nor onnx/model.onnx; `optimum-cli export onnx"),
        ("tokenizer.json", None, "no tokenizer.json"),
        ("config.json", None, "config.json: cannot be read"),
        ("config.json", b"{}", "names no labels"),
        ("config.json", b'{"id2label": {"0": "LABEL_0"}}', "'LABEL_0' names no tone"),
        ("config.json", b'{"id2label": {"1": "positive"}}', "names no labels from 0 on"),
    ],
)
def test_what_a_folder_lacks_is_told_before_anything_is_cleaned(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    folder = make_model(tmp_path / "tone")
    change(folder, name, content)
    with pytest.raises(ConfigError, match=said) as error:
        Sentiment(backend="transformers", model=str(folder))
    assert str(folder) in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", b"nothing", "no network that can be run"),
        ("tokenizer.json", b"{}", "no tokenizer that can be read"),
        ("config.json", b'{"id2label": {"0": "positive"}}', "3 numbers.* names 1 labels"),
    ],
)
def test_what_cannot_be_loaded_is_told_when_it_is_read(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    folder = make_model(tmp_path / "tone")
    change(folder, name, content)
    with pytest.raises(ConfigError, match=said):
        open_model(str(folder)).tone("magnifique")


def test_a_network_that_wants_more_than_a_text_is_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "tone", inputs=("input_ids", "pixel_values"))
    with pytest.raises(ConfigError, match="'pixel_values'"):
        open_model(str(folder)).tone("magnifique")


def test_weights_of_another_format_and_missing_folders_name_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "model.safetensors").write_bytes(b"")
    with pytest.raises(ConfigError, match="only weights of another format; `optimum-cli export"):
        open_model(str(tmp_path / "torch"))
    with pytest.raises(ConfigError, match=r"no such folder; nothing is downloaded"):
        open_model(str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"model = ''"):
        Sentiment(backend="transformers")


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"\[filters.sentiment\] backend = 'transformer'; did you"
    ):
        Sentiment(backend="transformer")
    with pytest.raises(
        ConfigError, match=r"\[filters.topics\] model .* backend = \"transformers\""
    ):
        Topics(model=str(tmp_path))
    folder = str(make_model(tmp_path / "tone"))
    with pytest.raises(ConfigError, match=r"none of its labels \(negative"):
        Topics(backend="transformers", model=folder)


def test_the_extra_is_named_where_it_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed: Any = ("onnxruntime", "a_package_that_nobody_has")
    monkeypatch.setattr(models, "NEEDED", needed)
    with pytest.raises(ConfigError, match=r"pip install 'ccgcii\[transformers\]'"):
        open_model(str(tmp_path / "other"))
