"""模型库 the model registry: a folder per version, arrays as npz, everything else as JSON, a checksum over both."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from zhongshu.hub.judge.classifier import Calibration, Classifier
from zhongshu.hub.judge.ngrams import Ngrams
from zhongshu.kernel.errors import BadInput, NotFound

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ARRAYS, _ABOUT, _CARD, _SUM = "model.npz", "model.json", "card.json", "sha256"
_SHAPE = ("longest", "limit", "head", "boost", "title")


def _digest(parts: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(parts):
        whole.update(hashlib.sha256(parts[name]).digest())
    return whole.hexdigest()


def _pack(model: Classifier, card: Mapping[str, Any]) -> dict[str, bytes]:
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
    return {
        _ARRAYS: arrays.getvalue(),
        _ABOUT: json.dumps(about, ensure_ascii=False, indent=1).encode(),
        _CARD: json.dumps(card, ensure_ascii=False, indent=1).encode(),
    }


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


class Registry:
    """模型库: `home`/models/`name`/`version`/ holds the model, its card and their checksum. A version never changes."""

    def __init__(self, home: Path, name: str = "classify") -> None:
        self._folder = home / "models" / name

    def versions(self) -> list[str]:
        """Every published version, oldest first (by time of publication, then name)."""
        found = [path.parent for path in self._folder.glob(f"*/{_SUM}")]
        return [path.name for path in sorted(found, key=lambda path: ((path / _SUM).stat().st_mtime_ns, path.name))]

    def latest(self) -> str:
        """The version published last, "" when there is none."""
        return (self.versions() or [""])[-1]

    def publish(self, model: Classifier, card: Any) -> Path:
        """Write a version whole or not at all; BadInput when it exists or its name can't be a folder.

        `card` is a dataclass or a mapping that JSON can hold.
        """
        if not _VERSION.fullmatch(model.version):
            raise BadInput(f"model version {model.version!r}: expected letters, digits, '.', '_' or '-', 64 at most")
        parts = _pack(model, card if isinstance(card, Mapping) else asdict(card))
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self._folder))
        try:
            for name, content in [*parts.items(), (_SUM, _digest(parts).encode())]:
                _write(draft / name, content)
            draft.chmod(0o755)
            target = self._folder / model.version
            draft.rename(target)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if (self._folder / model.version).exists():
                raise BadInput(f"model version {model.version} exists already; a version never changes") from error
            raise
        return target

    def _read(self, version: str) -> dict[str, bytes]:
        folder = self._folder / (version or self.latest() or "none")
        if not _VERSION.fullmatch(folder.name) or not (folder / _SUM).exists():
            known = ", ".join(self.versions()) or "none"
            raise NotFound(f"no model {version or 'at all'} in {self._folder}; published: {known}")
        try:
            parts = {name: (folder / name).read_bytes() for name in (_ARRAYS, _ABOUT, _CARD)}
        except FileNotFoundError as error:
            raise BadInput(
                f"model {folder.name} is damaged: {error.filename} is missing; train or copy it again"
            ) from error
        if _digest(parts) != (folder / _SUM).read_text().strip():
            raise BadInput(
                f"model {folder.name} is damaged: its checksum differs from {folder / _SUM}; train or copy it again"
            )
        return parts

    def load(self, version: str = "") -> Classifier:
        """A version, "" for the latest; NotFound when there is none, BadInput when it is damaged."""
        parts = self._read(version)
        try:
            return _unpack(parts)
        except (KeyError, TypeError, ValueError, BadZipFile) as error:
            raise BadInput(
                f"model {version or self.latest()} can't be read by this release ({error}); train it again"
            ) from error

    def card(self, version: str = "") -> dict[str, Any]:
        """The card of a version, "" for the latest; the same errors as `load`."""
        card: dict[str, Any] = json.loads(self._read(version)[_CARD])
        return card


def _write(path: Path, content: bytes) -> None:
    """Down to the disk before the folder gets its name: a power cut leaves a draft, never half a version."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
