"""外接模型 plug-in classifiers: a folder with a card and an ONNX graph, or a scikit-learn pipeline kept by skops.

Neither is ever unpickled. ONNX is data that an engine reads; a skops file may name only the types that skops itself
trusts (scikit-learn, NumPy and SciPy), and is refused with their names when it names others.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.registry import VERSION
from zhongshu.kernel.desk import Guess
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float32]

GRAPH, PIPELINE, PLUG = "model.onnx", "model.skops", "plug.json"
FILES = frozenset({GRAPH, PIPELINE})
_CARD = "card.toml"
_SHOWN = 4
_BATCH = 2_000


@dataclass(frozen=True)
class Plugged:
    """外接模型. `parts` are its files as they came; `thresholds` empty: nobody measured it, a person decides each."""

    version: str
    labels: tuple[str, ...]
    parts: Mapping[str, bytes] = field(repr=False)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    output: str = ""

    @cached_property
    def _engine(self) -> Callable[[Sequence[str]], Floats]:
        if GRAPH in self.parts:
            return _graph(self.parts[GRAPH], self.output)
        return _pipeline(self.parts[PIPELINE], self.labels)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Confidence of every label, shape (len(texts), labels); BadInput when the model answers in another shape."""
        found = np.concatenate(
            [self._engine(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
            or [np.zeros((0, len(self.labels)), np.float32)]
        )
        if found.shape != (len(texts), len(self.labels)):
            raise BadInput(
                f"{self.version}: labels: the model answers in shape {found.shape}, expected "
                f"({len(texts)}, {len(self.labels)}), one column for each of the card's labels"
            )
        return found

    def classify(self, texts: Sequence[str], reasons: bool = True) -> list[Guess]:
        """One guess a text; a plug-in gives no reasons, asked or not."""
        chances = self.probabilities(texts)
        best = np.argsort(-chances, axis=1, kind="stable")[:, :_SHOWN]
        values = np.take_along_axis(chances, best, axis=1).astype(float).round(4)
        return [
            Guess(self.labels[row[0]], value[0], (), tuple((self.labels[i], p) for i, p in _rest(row, value)))
            for row, value in zip(best.tolist(), values.tolist(), strict=True)
        ]


def _rest(row: Sequence[int], value: Sequence[float]) -> list[tuple[int, float]]:
    return [(i, p) for i, p in zip(row[1:], value[1:], strict=True) if p > 0]


def _graph(content: bytes, output: str) -> Callable[[Sequence[str]], Floats]:
    """An ONNX graph of one input of strings, shape (n,) or (n, 1)."""
    try:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as raised
    except ImportError as error:
        raise BadInput(
            "this model is an ONNX graph, and onnxruntime is not installed; run: pip install 'zhongshu[onnx]'"
        ) from error
    faults = (raised.Fail, raised.InvalidGraph, raised.InvalidProtobuf, raised.InvalidArgument, raised.NotImplemented)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError, *faults) as error:
        raise BadInput(f"{GRAPH}: not a graph that onnxruntime {onnxruntime.__version__} can run ({error})") from error
    inputs, outputs = session.get_inputs(), [one.name for one in session.get_outputs()]
    if len(inputs) != 1 or inputs[0].type != "tensor(string)":
        found = ", ".join(f"{one.name} {one.type}" for one in inputs)
        raise BadInput(f"{GRAPH}: inputs: found {found}, expected one tensor(string): the text")
    if output and output not in outputs:
        raise BadInput(f"{_CARD}: output: found {output!r}, expected one of {', '.join(outputs)}")
    given, wide, wanted = inputs[0].name, len(inputs[0].shape) == 2, output or outputs[-1]

    def run(texts: Sequence[str]) -> Floats:
        column = np.array(texts, dtype=object)
        (found,) = session.run([wanted], {given: column[:, None] if wide else column})
        if not isinstance(found, np.ndarray):
            raise BadInput(f"{GRAPH}: {wanted}: found a {type(found).__name__}, expected a tensor (zipmap off)")
        return np.asarray(found, np.float32)

    return run


def _pipeline(content: bytes, labels: Sequence[str]) -> Callable[[Sequence[str]], Floats]:
    """A fitted scikit-learn pipeline from texts to `predict_proba`; only types that skops trusts by itself."""
    try:
        from skops import io
    except ImportError as error:
        raise BadInput(
            "this model is a scikit-learn pipeline, and skops is not installed; run: pip install 'zhongshu[skops]'"
        ) from error
    try:
        strange = io.get_untrusted_types(data=content)
        found: Any = None if strange else io.loads(content, trusted=[])
    except (BadZipFile, KeyError, TypeError, ValueError, AttributeError, ImportError) as error:
        raise BadInput(f"{PIPELINE}: not a file of skops that can be read ({error})") from error
    if strange:
        raise BadInput(
            f"{PIPELINE}: holds {', '.join(strange)}, expected only types of scikit-learn, NumPy and SciPy; export it "
            "to ONNX instead"
        )
    classes = [str(one) for one in getattr(found, "classes_", ())]
    if not hasattr(found, "predict_proba") or classes != list(labels):
        raise BadInput(
            f"{_CARD}: labels: the pipeline's classes are {', '.join(classes[:8]) or 'none'}; expected predict_proba "
            "and the same labels in the same order"
        )

    def run(texts: Sequence[str]) -> Floats:
        return np.asarray(found.predict_proba(list(texts)), np.float32)

    return run


def read_folder(folder: Path, expected: str = "") -> tuple[Plugged, dict[str, Any]]:
    """A plug-in and its card, tried on one text. `expected` is the file's SHA-256, as its maker told it elsewhere.

    BadInput names the file, the field, what was found and what was expected.
    """
    card = _card(folder / _CARD)
    present = sorted(name for name in FILES if (folder / name).is_file())
    if len(present) != 1:
        raise BadInput(
            f"{folder}: found {' and '.join(present) or 'no model'}, expected one of {', '.join(sorted(FILES))}"
        )
    content = {present[0]: (folder / present[0]).read_bytes()}
    digest = hashlib.sha256(content[present[0]]).hexdigest()
    if expected.lower() != digest:
        raise BadInput(
            f"--sha256: found {expected or 'nothing'!r}, expected what the maker tells for {present[0]}; "
            f"the file {folder / present[0]} has {digest}"
        )
    about = {"version": card["version"], "labels": card["labels"], "output": card.get("output", "")}
    about["thresholds"] = card.get("thresholds", {})
    plugged = unplug({**content, PLUG: json.dumps(about, ensure_ascii=False).encode()})
    plugged.probabilities(["试一试"])
    return plugged, {**card, "form": present[0], "checksum": digest}


def _card(path: Path) -> dict[str, Any]:
    try:
        card = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path}: found {error}, expected a card in TOML") from error
    for name, kind, wanted in _FIELDS:
        if not isinstance(card.get(name), kind) or not card[name]:
            raise BadInput(f"{path}: {name}: found {card.get(name)!r}, expected {wanted}")
    if not VERSION.fullmatch(card["version"]):
        raise BadInput(f"{path}: version: found {card['version']!r}, expected letters, digits, '.', '_' or '-'")
    strange = [one for one in card["labels"] if not isinstance(one, str)]
    if strange or len(set(card["labels"])) != len(card["labels"]):
        raise BadInput(f"{path}: labels: found {strange or 'one twice'}, expected category codes, each once")
    for code, value in card.get("thresholds", {}).items():
        if code not in card["labels"] or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise BadInput(f"{path}: thresholds.{code}: found {value!r}, expected 0..1 for one of the labels")
    return card


_FIELDS: tuple[tuple[str, type, str], ...] = (
    ("version", str, "a name for this version"),
    ("labels", list, "the category codes, in the order of the model's answers"),
    ("maker", str, "who made it"),
    ("license", str, "its licence"),
    ("data", str, "what it was trained on, how much and from when"),
)


def unplug(parts: Mapping[str, bytes]) -> Plugged:
    """A plug-in from its files; the engine starts at the first text."""
    about = json.loads(parts[PLUG])
    return Plugged(about["version"], tuple(about["labels"]), dict(parts), about["thresholds"], about["output"])
