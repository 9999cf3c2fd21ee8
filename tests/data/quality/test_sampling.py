"""A share with its bounds, and a sample in which each row is as likely as any other."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data.quality.sampling import difference, draw, interval


@pytest.mark.parametrize(
    ("met", "checked", "low", "high"), [(100, 100, 0.963, 1.0), (0, 10, 0.0, 0.278), (45, 50, 0.786, 0.957)]
)
def test_bounds_of_a_share(met: int, checked: int, low: float, high: float) -> None:
    assert interval(met, checked) == pytest.approx((low, high), abs=5e-4)
    assert interval(0, 0) is None


def test_bounds_of_a_difference_as_published() -> None:
    """Newcombe 1998, table II: 56 of 70 less 48 of 80."""
    assert difference((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference((1, 2), (0, 0)) is None


@given(st.integers(1, 2000), st.integers(0, 2000))
def test_the_share_lies_between(checked: int, met: int) -> None:
    found = interval(min(met, checked), checked)
    assert found is not None
    assert 0 <= found[0] <= min(met, checked) / checked <= found[1] <= 1


def test_a_sample_of_parts() -> None:
    parts = [pl.DataFrame({"n": range(start, start + 50)}) for start in range(0, 500, 50)]
    found, of = draw(parts, 40, 7)
    assert (len(found), of, found["n"].n_unique()) == (40, 500, 40)
    assert found.equals(draw(parts, 40, 7)[0])
    assert not found.equals(draw(parts, 40, 8)[0])
    assert len(draw(parts[:1], 80, 7)[0]) == 50


def test_each_row_is_as_likely_as_any_other() -> None:
    parts = [pl.DataFrame({"n": [0, 1, 2]}), pl.DataFrame({"n": [3, 4, 5, 6, 7, 8, 9]})]
    seen = np.zeros(10)
    for seed in range(2000):
        seen[draw(parts, 3, seed)[0]["n"].to_numpy()] += 1
    assert np.abs(seen / 2000 - 0.3).max() < 0.05
