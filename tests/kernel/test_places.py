"""Coordinates come back from every datum to where they were."""

from __future__ import annotations

from math import cos, hypot, radians

from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.places import Datum, bd09_to_gcj02, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02

inland = st.tuples(st.floats(74, 134), st.floats(18, 53))
abroad = st.tuples(st.floats(-180, 71), st.floats(-85, 85))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return 111_195 * hypot((a[0] - b[0]) * cos(radians(a[1])), a[1] - b[1])


def test_published_vectors() -> None:
    """What coordtransform (npm, wandergis) prints in its README for the same point."""
    assert wgs84_to_gcj02(116.404, 39.915) == (116.41024449916938, 39.91640428150164)
    assert bd09_to_gcj02(116.404, 39.915) == (116.39762729119315, 39.90865673957631)


@given(inland)
def test_gcj02_and_back(point: tuple[float, float]) -> None:
    shifted = wgs84_to_gcj02(*point)
    assert 5 < metres(point, shifted) < 1500, "the shift of GCJ-02 is some hundred metres"
    assert metres(point, gcj02_to_wgs84(*shifted)) < 0.001
    assert to_wgs84(*shifted, Datum.GCJ02) == gcj02_to_wgs84(*shifted)


@given(inland)
def test_bd09_lies_on_top_of_gcj02(point: tuple[float, float]) -> None:
    gcj = bd09_to_gcj02(*point)
    assert 300 < metres(point, gcj) < 1500, "BD-09 adds about 0.0065 degrees east and 0.006 north"
    assert to_wgs84(*point, Datum.BD09) == gcj02_to_wgs84(*gcj)


@given(abroad)
def test_outside_the_box_nothing_is_shifted(point: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*point) == point
    assert gcj02_to_wgs84(*point) == point


@given(inland)
def test_wgs84_stays_what_it_is(point: tuple[float, float]) -> None:
    assert to_wgs84(*point, Datum.WGS84) == point


def test_a_known_point() -> None:
    """Published pair of one landmark in both systems (within the metres that public tables differ by)."""
    assert metres(wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164)) < 1
