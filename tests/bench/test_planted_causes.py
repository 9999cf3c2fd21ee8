"""The made-up city of the bench `causes`: same seed, same city; shuffling keeps every stratum."""

from __future__ import annotations

import numpy as np

from zhongshu.bench import causes
from zhongshu.bench.planted_causes import Town, plant, shuffled

TOWN = Town(events=3_000, classes=10, side=9_000, centres=10, links=2, sites=5)


def test_same_seed_same_city() -> None:
    (one, links), (two, again) = plant(TOWN, 4), plant(TOWN, 4)
    assert links == again
    assert len({kind for link in links for kind in link}) == 4
    for name in type(one).__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert abs(len(one) - TOWN.events) < TOWN.classes
    assert set(one.kind) == set(range(10))


def test_shuffling_keeps_place_class_and_times_of_each_district() -> None:
    events, _ = plant(TOWN, 5)
    other = shuffled(events, 1)
    np.testing.assert_array_equal(events.x, other.x)
    for district in set(events.district):
        for kind in range(10):
            mine = (events.district == district) & (events.kind == kind)
            np.testing.assert_array_equal(np.sort(events.t[mine]), np.sort(other.t[mine]))
    assert np.mean(events.t == other.t) < 0.2


def test_judged_by_what_was_planted() -> None:
    assert causes.judged([], [(1, 2)]) == (0.0, 0)


def test_the_bench_has_its_figures() -> None:
    assert causes.run.__doc__
    assert causes._knox_figures(200, 19)[0].keys() >= {"knox_seconds", "knox_pairs"}
    _, _, hit = causes._outbreak(8, 60, 1500)
    assert hit
