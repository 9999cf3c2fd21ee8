"""The prospective scan: an outbreak of today is seen, people and seasons raise no alarm."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.hub.judge.causes.scan import Window, _Cylinders, _cylinders, _recent, _reference, _shuffles, scan

GRID = np.stack(np.meshgrid(np.arange(10), np.arange(10)), -1).reshape(-1, 2) * 500.0
WINDOW = Window(cells=12, days=10)


def town(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A crowded middle, and more and more of everything towards today."""
    random = np.random.default_rng(seed)
    weight = random.gamma(0.5, 1, 100)
    return random.choice(100, 4000, p=weight / weight.sum()), (89 * random.beta(2, 1, 4000)).astype(int)


def greatest(cylinders: _Cylinders, recent: np.ndarray) -> float:
    return max(
        float(cylinders.ratios(held, cylinders.expected[k]).max()) for k, held in enumerate(cylinders.layers(recent))
    )


def test_an_outbreak_is_seen_with_its_cells_and_days() -> None:
    cell, day = town(1)
    quiet = int(np.argsort(np.bincount(cell, minlength=100))[30])
    cell, day = np.append(cell, [quiet] * 15), np.append(day, [88, 87, 86] * 5)
    first = scan(GRID, cell, day, WINDOW, 99)[0]
    assert quiet in first.cells
    assert first.p == pytest.approx(0.01)
    assert first.days <= 5
    assert first.observed > 3 * first.expected


def test_population_and_growth_raise_few_alarms() -> None:
    least = [scan(GRID, *town(seed), WINDOW, 39)[0].p for seed in range(20)]
    assert np.sum(np.array(least) <= 0.05) <= 4
    assert np.mean(least) > 0.25


def test_moving_the_map_or_the_calendar_changes_nothing() -> None:
    cell, day = town(2)
    here, there = scan(GRID, cell, day, WINDOW, 19), scan(GRID + 4096.0, cell, day + 1000, WINDOW, 19)
    assert [(one.days, one.observed, one.p) for one in here] == [(one.days, one.observed, one.p) for one in there]


def test_the_short_way_gives_the_same_greatest_ratios() -> None:
    cell, day = town(3)
    age = day.max() - day
    late = age < 10
    cylinders = _cylinders(GRID, cell, _recent(cell[late], age[late], 100, 10), WINDOW)
    draws, again = _shuffles(cell, age[late], (100, 10)), _shuffles(cell, age[late], (100, 10))
    full = np.array([greatest(cylinders, next(draws)) for _ in range(60)])
    np.testing.assert_allclose(_reference(cylinders, again, 60), np.where(full >= full[:9].min(), full, 0.0))


def test_shuffling_keeps_the_days() -> None:
    cell, day = town(4)
    age = day.max() - day
    late = age < 10
    drawn = next(_shuffles(cell, age[late], (100, 10)))
    np.testing.assert_array_equal(drawn.sum(axis=0), _recent(cell[late], age[late], 100, 10).sum(axis=0))


def test_zones_that_hold_too_much_of_the_city_are_left_out() -> None:
    cell, day = town(5)
    found = scan(GRID, cell, day, Window(cells=100, days=10, share=0.1), 19)
    assert max(np.isin(cell, one.cells).sum() for one in found) <= 0.1 * len(cell)


def test_an_empty_city_raises_no_alarm() -> None:
    assert scan(GRID, np.zeros(0, int), np.zeros(0, int)) == []
