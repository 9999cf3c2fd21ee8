"""Small pictures: bars fit their height, dots their square, and no number is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.screen import drawing
from zhongshu.screen.templatetags.screen import amount


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_bars_stand_on_the_ground_and_fit(counts: list[int]) -> None:
    made = drawing.bars([[str(n), count] for n, count in enumerate(counts)])
    assert made["total"] == sum(counts)
    assert len(made["rows"]) == len(counts)
    assert all(0 < one["height"] <= drawing.TALL for one in made["bars"])
    assert all(one["y"] + one["height"] == drawing.TALL for one in made["bars"])


@given(st.lists(st.tuples(st.floats(110, 110.3), st.floats(30, 30.2)), min_size=1, max_size=30))
def test_dots_fit_the_square(points: list[tuple[float, float]]) -> None:
    made = drawing.plot([{"id": n, "lon": x, "lat": y, "closed": False} for n, (x, y) in enumerate(points)])
    assert made
    assert all(0 <= dot["x"] <= drawing.SIDE and 0 <= dot["y"] <= drawing.SIDE for dot in made["dots"])
    assert 0 < made["rule"] <= drawing.SIDE / 2


def test_no_points_no_plot() -> None:
    assert drawing.plot([]) is None


@pytest.mark.parametrize(
    ("value", "said"), [(11193, "11,193"), (0, "0"), (1.5, "1.5"), (2345.6, "2,346"), (None, "—"), ("83%", "83%")]
)
def test_numbers_are_written_in_thousands(value: object, said: object) -> None:
    assert amount(value) == said
