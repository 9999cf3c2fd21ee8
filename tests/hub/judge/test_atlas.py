"""Point to area: equal to shapely asked one by one, edges and corners included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.bench.locate import irregular_areas
from zhongshu.hub.judge.atlas import Atlas
from zhongshu.kernel.errors import BadInput


def brute(shapes, lon, lat) -> list[int]:
    points = shapely.points(lon, lat)
    covers = np.stack([shapely.covers(shape, points) for shape in shapes])
    return np.where(covers.any(axis=0), covers.argmax(axis=0), -1).tolist()


def hard_points(shapes, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random points, every vertex, every middle of an edge, and points a hair beside them."""
    random = np.random.default_rng(seed)
    corners = shapely.get_coordinates(shapes)
    middles = (corners[1:] + corners[:-1]) / 2
    west, south, east, north = shapely.total_bounds(shapes)
    anywhere = random.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (400, 2))
    edge = np.concatenate([corners, middles])
    beside = edge + random.normal(scale=1e-12, size=edge.shape)
    points = np.concatenate([anywhere, edge, beside])
    return points[:, 0], points[:, 1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equals_shapely_on_irregular_areas(seed: int) -> None:
    areas = irregular_areas(60, seed)
    lon, lat = hard_points(areas, seed)
    atlas = Atlas([str(i) for i in range(len(areas))], areas)
    assert atlas.find(lon, lat).tolist() == brute(areas, lon, lat)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 9))
def test_equals_shapely_on_overlaps_holes_and_parts(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    shapes = []
    for _ in range(count):
        disc = shapely.Point(random.integers(0, 9, 2)).buffer(
            random.integers(1, 4), quad_segs=int(random.integers(1, 5))
        )
        box = shapely.box(*(corner := random.integers(0, 9, 2)), *(corner + random.integers(1, 4, 2)))
        shapes.append([disc, box, disc.difference(box), disc.symmetric_difference(box)][random.integers(4)])
    lon, lat = hard_points(shapes, seed)
    assert Atlas([str(i) for i in range(count)], shapes).find(lon, lat).tolist() == brute(shapes, lon, lat)


def test_shared_edges_belong_to_the_lower_index() -> None:
    atlas = Atlas(["a", "b"], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    assert atlas.find([1.0, 1.0, 0.5, 2.0], [0.0, 0.5, 1.0, 1.0]).tolist() == [0, 0, 0, 1]
    assert atlas.code(1.5, 0.5) == "b"
    assert atlas.code(3, 3) == ""


def test_missing_and_far_points() -> None:
    atlas = Atlas(["a"], [shapely.box(0, 0, 1, 1)])
    found = atlas.find([np.nan, np.inf, -np.inf, 1e300, 0.5], [0.5, 0.5, 0.5, -1e300, np.nan])
    assert found.tolist() == [-1] * 5
    assert atlas.find([], []).tolist() == []


def test_saved_and_loaded(tmp_path: Path) -> None:
    areas = irregular_areas(40)
    atlas = Atlas([f"格{i}" for i in range(len(areas))], areas)
    atlas.save(tmp_path / "atlas.npz")
    again = Atlas.load(tmp_path / "atlas.npz")
    lon, lat = hard_points(areas, 5)
    assert again.codes == atlas.codes
    assert again.find(lon, lat).tolist() == atlas.find(lon, lat).tolist()
    (tmp_path / "atlas.npz").write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(BadInput, match="not a whole atlas"):
        Atlas.load(tmp_path / "atlas.npz")


def test_refuses_unequal_lists() -> None:
    with pytest.raises(BadInput, match="2 codes but 1 shapes"):
        Atlas(["a", "b"], [shapely.box(0, 0, 1, 1)])
    with pytest.raises(BadInput, match="at least one"):
        Atlas([], [])
