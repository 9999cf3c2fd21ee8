"""模型格式 the kinds of models there are: what each holds, and how it becomes files without pickle."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from zhongshu.hub.judge.address_match import FEATURES, Weights
from zhongshu.hub.judge.address_tags import AddressTagger
from zhongshu.hub.judge.classifier import Calibration, Classifier
from zhongshu.hub.judge.ngrams import Ngrams
from zhongshu.hub.judge.plugged import FILES, Plugged, unplug
from zhongshu.hub.judge.registry import Form, Registry
from zhongshu.kernel.desk import Guess
from zhongshu.kernel.errors import BadInput

_ARRAYS, _ABOUT, _TAGGER, _WEIGHTS = "model.npz", "model.json", "tagger.npz", "weights.json"
_SHAPE = ("longest", "limit", "head", "boost", "title")


class Judges(Protocol):
    """会分类的模型 any model that says a category, whoever made it."""

    @property
    def version(self) -> str: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Category -> confidence below which a person decides; always below 1 only where it was measured."""

    def classify(self, texts: Sequence[str], reasons: bool = True) -> list[Guess]: ...


class ClassifyForm:
    """分类模型: our own as arrays (npz) and JSON; plug-ins as they came (see `plugged`)."""

    def pack(self, model: Judges) -> dict[str, bytes]:
        if isinstance(model, Plugged):
            return dict(model.parts)
        if isinstance(model, Classifier):
            return _pack(model)
        raise BadInput(f"{type(model).__name__} can't be published as a classifier; expected one of ours or a plug-in")

    def unpack(self, parts: Mapping[str, bytes]) -> Judges:
        return unplug(parts) if FILES & set(parts) else _unpack(parts)


def _pack(model: Classifier) -> dict[str, bytes]:
    arrays = io.BytesIO()
    np.savez(
        arrays,
        keys=model.ngrams.keys,
        weights=model.ngrams.weights,
        coef=model.coef,
        intercept=model.intercept,
        bias=model.calibration.bias,
    )
    about = {
        "version": model.version,
        "labels": model.labels,
        "scale": model.calibration.scale,
        "thresholds": dict(model.thresholds),
        "shape": {name: getattr(model.ngrams, name) for name in _SHAPE},
    }
    return {_ARRAYS: arrays.getvalue(), _ABOUT: json.dumps(about, ensure_ascii=False, indent=1).encode()}


def _unpack(parts: Mapping[str, bytes]) -> Classifier:
    about = json.loads(parts[_ABOUT])
    with np.load(io.BytesIO(parts[_ARRAYS]), allow_pickle=False) as arrays:
        return Classifier(
            version=about["version"],
            labels=tuple(about["labels"]),
            ngrams=Ngrams(arrays["keys"], arrays["weights"], **about["shape"]),
            coef=arrays["coef"],
            intercept=arrays["intercept"],
            calibration=Calibration(about["scale"], arrays["bias"]),
            thresholds=about["thresholds"],
        )


class AddressForm:
    """地址标注器, as it saves itself."""

    def pack(self, model: AddressTagger) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / _TAGGER
            model.save(path)
            return {_TAGGER: path.read_bytes()}

    def unpack(self, parts: Mapping[str, bytes]) -> AddressTagger:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / _TAGGER
            path.write_bytes(parts[_TAGGER])
            return AddressTagger.load(path)


class MatchingForm:
    """地址匹配的权重, as JSON that a person can read: what each feature of a match is worth."""

    def pack(self, model: Weights) -> dict[str, bytes]:
        found = {
            "version": model.version,
            "none": model.none,
            "features": dict(zip(FEATURES, model.features, strict=True)),
        }
        return {_WEIGHTS: json.dumps(found, ensure_ascii=False, indent=1).encode()}

    def unpack(self, parts: Mapping[str, bytes]) -> Weights:
        found = json.loads(parts[_WEIGHTS])
        worth = np.array([float(found["features"][name]) for name in FEATURES])
        return Weights(worth, float(found["none"]), str(found["version"]))


CLASSIFY = "classify"
ADDRESS = "address"
MATCHING = "matching"
FORMS: Mapping[str, Form[Any]] = {CLASSIFY: ClassifyForm(), ADDRESS: AddressForm(), MATCHING: MatchingForm()}
"""Name of a kind of model -> how it is kept."""


def registry(home: Path, name: str) -> Registry[Any]:
    """The registry of one kind of model; BadInput when there is no such kind."""
    if name not in FORMS:
        raise BadInput(f"kind of model: found {name!r}, expected one of {', '.join(FORMS)}")
    return Registry(home, name, FORMS[name])


def classifiers(home: Path) -> Registry[Judges]:
    return Registry(home, CLASSIFY, ClassifyForm())


def taggers(home: Path) -> Registry[AddressTagger]:
    return Registry(home, ADDRESS, AddressForm())


def matchers(home: Path) -> Registry[Weights]:
    return Registry(home, MATCHING, MatchingForm())
