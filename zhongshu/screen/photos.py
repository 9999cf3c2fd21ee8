"""照片 photos: what somebody uploads is read as a picture and written anew, so nothing hidden in the file stays."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from zhongshu.kernel.errors import BadInput

LIMIT = 10 * 1024 * 1024
AT_MOST = 9
LONGEST = 2560
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SMALL = 480
"""Pixels of the longer edge: enough to know a place or a thing again, too little to read a face far off."""
PIXELS = 60_000_000
"""More than any telephone's camera makes; a small file may unfold to far more to exhaust us."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A clean picture without EXIF: no place, no device, no owner."""

    name: str
    mime: str
    content: bytes
    sha256: str


def clean(files: Iterable[UploadedFile[Any]]) -> list[Photo]:
    """Each file as a clean picture; BadInput naming the file, what was found and what was expected."""
    found = list(files)
    if len(found) > AT_MOST:
        raise BadInput(f"photos: found {len(found)} files, expected at most {AT_MOST} / 照片最多 {AT_MOST} 张")
    return [_clean(file) for file in found]


def _clean(file: UploadedFile[Any]) -> Photo:
    name = (file.name or "photo")[:120]
    if (file.size or 0) > LIMIT:
        raise BadInput(
            f"photos: {name}: found {(file.size or 0) >> 20} MB, expected at most 10 MB / 照片“{name}”超过 10 MB"
        )
    try:
        image: Image.Image = Image.open(file)
        kind = image.format or ""
        if kind not in KINDS or image.width * image.height > PIXELS:
            raise UnidentifiedImageError(kind)
        image = ImageOps.exif_transpose(image)
        image.thumbnail((LONGEST, LONGEST))
        held = io.BytesIO()
        image.save(held, kind, quality=85)
    except (OSError, SyntaxError, ValueError):
        raise BadInput(
            f"photos: {name}: found no picture that can be read, expected JPEG, PNG or WebP / “{name}”不是可用的照片"
        ) from None
    content = held.getvalue()
    return Photo(name, KINDS[kind], content, hashlib.sha256(content).hexdigest())


def small(content: bytes) -> bytes:
    """A kept picture as a JPEG of at most SMALL pixels."""
    image: Image.Image = Image.open(io.BytesIO(content))
    image.draft("RGB", (SMALL, SMALL))
    image.thumbnail((SMALL, SMALL))
    held = io.BytesIO()
    image.convert("RGB").save(held, "JPEG", quality=75)
    return held.getvalue()
