"""Plug-in models: a folder with a card and an ONNX graph or a skops pipeline; what is refused, and with which words."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import skops.io
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.plugged import read_folder
from zhongshu.kernel.errors import BadInput

LAMPS = [f"{a}{b}" for a in ("路灯不亮", "路灯损坏", "灯杆倾斜") for b in "甲乙丙丁"]
DIRT = [f"{a}{b}" for a in ("垃圾未清", "垃圾成堆", "臭味难闻") for b in "甲乙丙丁"]
CARD = """
version = "outside-1"
labels = ["dirt", "lamp"]
maker = "某研究所"
license = "Apache-2.0"
data = "24 made-up texts"
"""


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    made = make_pipeline(
        TfidfVectorizer(token_pattern="[^ ]", lowercase=False, ngram_range=(1, 2)), LogisticRegression(C=100)
    )
    return made.fit(LAMPS + DIRT, ["lamp"] * 12 + ["dirt"] * 12)


@pytest.fixture(scope="module")
def graph(pipeline: Pipeline) -> bytes:
    options = {id(pipeline): {"zipmap": False}, TfidfVectorizer: {"tokenexp": "[^ ]"}}
    made = to_onnx(pipeline, initial_types=[("text", StringTensorType([None, 1]))], options=options, target_opset=17)
    return made.SerializeToString()


def lay(folder: Path, files: dict[str, bytes | str]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_an_onnx_folder_is_published_and_judges_as_the_pipeline_it_came_from(
    tmp_path: Path, pipeline: Pipeline, graph: bytes
) -> None:
    folder = lay(tmp_path / "plug", {"card.toml": CARD + "[thresholds]\nlamp = 0.6\n", "model.onnx": graph})
    model, card = read_folder(folder, sha(graph))
    registry = classifiers(tmp_path)
    registry.publish(model, card)
    again = registry.load("outside-1")
    texts = ["门口路灯不亮了", "楼下垃圾成堆"]
    assert [guess.category for guess in again.classify(texts)] == ["lamp", "dirt"]
    assert again.thresholds == {"lamp": 0.6}
    assert registry.card("outside-1")["maker"] == "某研究所"
    assert registry.card("outside-1")["form"] == "model.onnx"
    np.testing.assert_allclose(model.probabilities(texts), pipeline.predict_proba(texts), atol=1e-5)
    assert again.classify([]) == []


def test_a_skops_folder_judges_as_its_pipeline(tmp_path: Path, pipeline: Pipeline) -> None:
    content = skops.io.dumps(pipeline)
    folder = lay(tmp_path / "plug", {"card.toml": CARD, "model.skops": content})
    model, _card = read_folder(folder, sha(content).upper())
    (guess,) = model.classify(["路灯损坏"])
    assert (guess.category, guess.others[0][0]) == ("lamp", "dirt")
    assert model.thresholds == {}


def test_a_pipeline_that_names_a_function_is_refused_with_its_name(tmp_path: Path, pipeline: Pipeline) -> None:
    content = skops.io.dumps(make_pipeline(FunctionTransformer(lay), *[step for _, step in pipeline.steps]))
    folder = lay(tmp_path / "plug", {"card.toml": CARD, "model.skops": content})
    with pytest.raises(BadInput, match=r"model.skops: holds .*lay, expected only types of scikit-learn"):
        read_folder(folder, sha(content))


@pytest.mark.parametrize("name", ["model.onnx", "model.skops"])
def test_what_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    folder = lay(tmp_path / "plug", {"card.toml": CARD, name: b"nothing"})
    with pytest.raises(BadInput, match=name):
        read_folder(folder, sha(b"nothing"))


def test_the_checksum_must_be_given_and_fit(tmp_path: Path, graph: bytes) -> None:
    folder = lay(tmp_path / "plug", {"card.toml": CARD, "model.onnx": graph})
    with pytest.raises(BadInput, match="--sha256: found 'nothing'"):
        read_folder(folder)
    with pytest.raises(BadInput, match=f"--sha256: found 'abc', .* has {sha(graph)}"):
        read_folder(folder, "abc")


@pytest.mark.parametrize(
    ("said", "now", "sentence"),
    [
        ('version = "outside-1"', "", "card.toml: version: found None, expected a name"),
        ('version = "outside-1"', 'version = "a/b"', "card.toml: version: found 'a/b'"),
        ('maker = "某研究所"', "maker = 3", "card.toml: maker: found 3, expected who made it"),
        ('["dirt", "lamp"]', '["dirt", "dirt"]', "card.toml: labels: found one twice"),
        ('["dirt", "lamp"]', '["dirt", "lamp", "noise"]', "labels: the model answers in shape"),
        ('license = "Apache-2.0"', 'license = "x"\noutput = "y"', "card.toml: output: found 'y', expected one of"),
        ('data = "24 made-up texts"', 'data = "x"\nthresholds = {noise = 0.5}', "thresholds.noise: found 0.5"),
        ("version", "vers ion", "expected a card in TOML"),
    ],
)
def test_a_faulty_card_is_named(tmp_path: Path, graph: bytes, said: str, now: str, sentence: str) -> None:
    folder = lay(tmp_path / "plug", {"card.toml": CARD.replace(said, now), "model.onnx": graph})
    with pytest.raises(BadInput, match=sentence):
        read_folder(folder, sha(graph))


def test_a_folder_holds_one_model(tmp_path: Path, graph: bytes) -> None:
    with pytest.raises(BadInput, match="found no model, expected one of model.onnx, model.skops"):
        read_folder(lay(tmp_path / "empty", {"card.toml": CARD}))
    with pytest.raises(BadInput, match="found model.onnx and model.skops"):
        read_folder(lay(tmp_path / "two", {"card.toml": CARD, "model.onnx": graph, "model.skops": b""}))
