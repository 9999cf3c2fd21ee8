"""模型库 the model registry: a folder per version of any kind of model: its files, its card and their checksums."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from zipfile import BadZipFile

from zhongshu.kernel.errors import BadInput, NotFound

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CARD, SUMS = "card.json", "sha256"


class Versioned(Protocol):
    """What every published model knows of itself."""

    @property
    def version(self) -> str: ...


M = TypeVar("M", bound=Versioned)


class Form(Protocol[M]):
    """格式 how models of one kind become files, by name, and are read again.

    `unpack` may raise KeyError, TypeError or ValueError for files that it can't read; it never runs what they hold.
    """

    def pack(self, model: M) -> Mapping[str, bytes]: ...

    def unpack(self, parts: Mapping[str, bytes]) -> M: ...


def sums(parts: Mapping[str, bytes]) -> str:
    """One line a file as `sha256sum` writes and checks them, by name."""
    return "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts))


def checksum(parts: Mapping[str, bytes]) -> str:
    """One SHA-256 over all files and their names."""
    return hashlib.sha256(sums(parts).encode()).hexdigest()


class Registry(Generic[M]):
    """模型库: `home`/models/`name`/`version`/ holds a model, its card and their checksums. A version never changes."""

    def __init__(self, home: Path, name: str, form: Form[M]) -> None:
        self.name = name
        self.folder = home / "models" / name
        self._form = form

    def versions(self) -> list[str]:
        """Every published version, oldest first (by time of publication, then name)."""
        found = [path.parent for path in self.folder.glob(f"*/{SUMS}")]
        return [path.name for path in sorted(found, key=lambda path: ((path / SUMS).stat().st_mtime_ns, path.name))]

    def latest(self) -> str:
        """The version published last, "" when there is none."""
        return (self.versions() or [""])[-1]

    def publish(self, model: M, card: Any) -> Path:
        """Write a version whole or not at all; BadInput when it exists or its name can't be a folder.

        `card` is a dataclass or a mapping that JSON can hold.
        """
        if not VERSION.fullmatch(model.version):
            raise BadInput(f"model version {model.version!r}: expected letters, digits, '.', '_' or '-', 64 at most")
        said = card if isinstance(card, Mapping) else asdict(card)
        parts = {**self._form.pack(model), CARD: json.dumps(said, ensure_ascii=False, indent=1).encode()}
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        try:
            for name, content in [*parts.items(), (SUMS, sums(parts).encode())]:
                _write(draft / name, content)
            draft.chmod(0o755)
            target = self.folder / model.version
            draft.rename(target)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if (self.folder / model.version).exists():
                raise BadInput(f"model version {model.version} exists already; a version never changes") from error
            raise
        return target

    def _read(self, version: str) -> dict[str, bytes]:
        """Every file of a version, each as its checksum says."""
        folder = self.folder / (version or self.latest() or "none")
        if not VERSION.fullmatch(folder.name) or not (folder / SUMS).exists():
            known = ", ".join(self.versions()) or "none"
            raise NotFound(f"no model {version or 'at all'} in {self.folder}; published: {known}")
        listed = _listed(folder)
        try:
            parts = {name: (folder / name).read_bytes() for name in listed}
        except FileNotFoundError as error:
            raise BadInput(
                f"model {folder.name} is damaged: {error.filename} is missing; train or copy it again"
            ) from error
        for name, content in parts.items():
            found = hashlib.sha256(content).hexdigest()
            if found != listed[name]:
                raise BadInput(
                    f"model {folder.name} is damaged: {folder / name}: found checksum {found[:12]}…, expected "
                    f"{listed[name][:12]}…; train or copy it again"
                )
        return parts

    def load(self, version: str = "") -> M:
        """A version, "" for the latest; NotFound when there is none, BadInput when it is damaged."""
        parts = self._read(version)
        try:
            return self._form.unpack({name: part for name, part in parts.items() if name != CARD})
        except (KeyError, TypeError, ValueError, BadZipFile) as error:
            raise BadInput(
                f"model {version or self.latest()} can't be read by this release ({error}); train it again"
            ) from error

    def card(self, version: str = "") -> dict[str, Any]:
        """The card of a version, "" for the latest; the same errors as `load`."""
        card: dict[str, Any] = json.loads(self._read(version)[CARD])
        return card

    def checksum(self, version: str = "") -> str:
        """One SHA-256 of a whole version, "" for the latest; the same errors as `load`."""
        return checksum(self._read(version))


def _listed(folder: Path) -> dict[str, str]:
    """File -> SHA-256, as the folder itself says; BadInput for a line that is none, or names a file elsewhere."""
    found: dict[str, str] = {}
    text = (folder / SUMS).read_text(encoding="utf-8")
    if re.fullmatch("[0-9a-f]{64}", text.strip()):
        return _listed_before(folder, text.strip())
    for number, line in enumerate(text.splitlines(), start=1):
        digest, _, name = line.partition("  ")
        if not re.fullmatch("[0-9a-f]{64}", digest) or Path(name).name != name or not name:
            raise BadInput(
                f"{folder / SUMS}:{number}: found {line[:80]!r}, expected a SHA-256, two blanks and the name of a file "
                "of this folder; train the model again"
            )
        found[name] = digest
    if CARD not in found:
        raise BadInput(f"{folder / SUMS}: {CARD}: not found, expected a line for it; train the model again")
    return found


def _listed_before(folder: Path, expected: str) -> dict[str, str]:
    """Versions published by 0.1 have one SHA-256 over those of their files, by name."""
    paths = sorted(path for path in folder.iterdir() if path.name != SUMS)
    digests = {path.name: hashlib.sha256(path.read_bytes()) for path in paths}
    found = hashlib.sha256(b"".join(one.digest() for one in digests.values())).hexdigest()
    if found != expected:
        raise BadInput(
            f"model {folder.name} is damaged, a file is missing or changed: found checksum {found[:12]}…, expected "
            f"{expected[:12]}…; train or copy it again"
        )
    return {name: one.hexdigest() for name, one in digests.items()}


def _write(path: Path, content: bytes) -> None:
    """Down to the disk before the folder gets its name: a power cut leaves a draft, never half a version."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
