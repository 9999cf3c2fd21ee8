"""地址和表单里的值 values that pages and the API read alike: a number, a box, a page's mark, a local moment."""

from __future__ import annotations

from datetime import datetime

from zhongshu.data.lists import Box
from zhongshu.hub.sense.normalise import whole
from zhongshu.kernel.clocks import CITY_TIME

__all__ = ["box_of", "local_moment", "mark_of", "mark_text", "whole"]


def box_of(text: str) -> Box | None:
    """`west,south,east,north` in degrees, WGS-84; None when it isn't a box on Earth."""
    try:
        west, south, east, north = (float(edge) for edge in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -90 <= south < north <= 90 else None


def local_moment(text: str) -> datetime | None:
    """The city's wall time of a form's field as a moment; None when it isn't one."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CITY_TIME)
    except ValueError:
        return None


def mark_of(text: str) -> tuple[str, int] | None:
    """Where the next page begins: the sorted value and the id of the last row seen, as `mark_text` writes them."""
    value, _tilde, last = text.rpartition("~")
    number = whole(last)
    return (value[:200], number) if number is not None else None


def mark_text(mark: tuple[str, int] | None) -> str:
    """A mark as an address holds it; empty for none."""
    return f"{mark[0]}~{mark[1]}" if mark else ""
