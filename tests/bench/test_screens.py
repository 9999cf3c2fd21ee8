"""The people of bench `screens`: what they do, where they stand, which tile they look at."""

from __future__ import annotations

import pytest

from zhongshu.bench import screens
from zhongshu.bench.visiting import MIX, Visitor, tile_of


def test_a_hundred_people_are_a_hundred() -> None:
    assert sum(share for parts in screens.SHARES.values() for _, share in parts) == 100
    assert set(screens.SHARES) == set(MIX)


@pytest.mark.parametrize("role", sorted(MIX))
def test_everything_in_the_mix_can_be_done(role: str) -> None:
    assert all(callable(getattr(Visitor, kind)) for kind in MIX[role])


@pytest.mark.parametrize(
    ("lon", "lat", "zoom", "tile"), [(0, 0, 1, (1, 1)), (-179.9, 85, 3, (0, 0)), (113.2644, 23.1291, 13, (6673, 3554))]
)
def test_a_point_lies_in_its_tile(lon: float, lat: float, zoom: int, tile: tuple[int, int]) -> None:
    assert tile_of(lon, lat, zoom) == tile
