"""One installation for the tests of a module: what one test leaves behind, the next has to live with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation, write_pack


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="zhongshu-faults-"))
    folder.chmod(0o711)
    built = Installation(folder / "home")
    try:
        built.settle(write_pack(folder / "pack"))
        yield built
    finally:
        built.end()
        shutil.rmtree(folder)


@pytest.fixture
def serving(installation: Installation) -> Installation:
    """The installation, with `zhongshu serve` running."""
    if installation.served is None or installation.served.poll() is not None:
        installation.serve()
    return installation
