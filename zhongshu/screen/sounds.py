"""语音 voice notes: what a telephone recorded, known by its first bytes and never by what its sender calls it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from zhongshu.kernel.errors import BadInput
from zhongshu.screen.photos import Photo

LIMIT = 5 * 1024 * 1024
"""Bytes: more than three minutes as telephones record speech."""
AT_MOST = 3
_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "audio/mp4"),
)
"""Where in a file which bytes say what it is: WebM, Ogg, MP4."""


def spoken(files: Iterable[UploadedFile[Any]]) -> list[Photo]:
    """Each file as a voice note to keep; BadInput naming the file, what was found and what was expected."""
    found = list(files)
    if len(found) > AT_MOST:
        raise BadInput(f"voice: found {len(found)} files, expected at most {AT_MOST} / 语音最多 {AT_MOST} 段")
    return [_spoken(file) for file in found]


def _spoken(file: UploadedFile[Any]) -> Photo:
    name = (file.name or "voice")[:120]
    if (file.size or 0) > LIMIT:
        raise BadInput(f"voice: {name}: found {(file.size or 0) >> 20} MB, expected at most 5 MB / 语音超过 5 MB")
    content = file.read()
    mime = next((mime for at, sign, mime in _KINDS if content[at : at + len(sign)] == sign), "")
    if not mime:
        raise BadInput(f"voice: {name}: found no recording, expected WebM, Ogg or MP4 / “{name}”不是可用的语音")
    return Photo(name, mime, content, hashlib.sha256(content).hexdigest())
