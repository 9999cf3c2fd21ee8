"""Planted links are found, look-alikes are not accused, and what must not matter does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhongshu.bench.causes import false_alarms
from zhongshu.bench.planted_causes import Town, plant
from zhongshu.hub.judge.causes import Events, Plan, associate
from zhongshu.hub.judge.causes.strata import WEEK, Scales, strata
from zhongshu.kernel.errors import BadInput

TOWN = Town(events=8_000, classes=10, side=9_000, centres=25, links=2, sites=12)
QUICK = Plan(permutations=199)


def few(seed: int, count: int = 60) -> Events:
    random = np.random.default_rng(seed)
    x, y = random.uniform(0, 400, (2, count))
    kind = random.integers(0, 2, count)
    t = np.floor(random.uniform(0, 6 * WEEK, count))
    t[0], t[1] = 0, 6 * WEEK - 1
    return Events(x, y, t, kind, np.full(count, -1), np.zeros(count, int))


def test_planted_links_are_found_and_only_they() -> None:
    found, links, innocent = 0, 0, 0
    for seed in range(8):
        events, planted = plant(TOWN, seed)
        said = {(one.first, one.second) for one in associate(events, QUICK)}
        found, links = found + len(said & set(planted)), links + len(planted)
        innocent += len({frozenset(one) for one in said} - {frozenset(one) for one in planted})
    assert found / links >= 0.9
    assert innocent <= 1


def test_a_finding_names_its_lag_distance_and_events() -> None:
    events, ((cause, effect), *_) = plant(TOWN, 3)
    (one,) = [each for each in associate(events, QUICK) if (each.first, each.second) == (cause, effect)]
    assert one.strength == pytest.approx(one.pairs / one.expected)
    assert one.strength > 2
    assert one.p <= one.q < 0.05
    assert 0 < one.meeting.participation < 1
    assert 2 < one.meeting.median_lag < 20
    assert 30 < one.meeting.median_distance < 90
    largest = one.meeting.clusters[0]
    assert set(events.kind[largest.events]) == {cause, effect}
    assert np.all(np.diff(events.t[largest.events]) >= 0)
    assert largest.pairs > 5


def test_look_alikes_and_shuffled_times_raise_no_alarm() -> None:
    innocent = replace(TOWN, links=0)
    assert sum(bool(associate(plant(innocent, seed)[0], QUICK)) for seed in range(8)) <= 1
    assert false_alarms(12) <= 0.09


def test_neither_the_origin_nor_the_order_of_events_matters() -> None:
    events, _ = plant(TOWN, 5)
    moved = Events(
        events.x + 4096.0, events.y - 8192.0, events.t + 5 * WEEK, events.kind, events.caller, events.district + 3
    )
    turned = events.take(np.arange(len(events))[::-1])
    told = [(one.first, one.second, one.pairs, one.p) for one in associate(events, QUICK)]
    assert told == [(one.first, one.second, one.pairs, one.p) for one in associate(moved, QUICK)]
    assert sorted(told) == sorted((one.first, one.second, one.pairs, one.p) for one in associate(turned, QUICK))
    assert told


def test_a_rotation_is_what_turning_the_clock_would_give() -> None:
    """Counting all rotations at once equals rotating the second class and counting again."""
    events, scales = few(1), Scales((50.0, 150.0), (12, 100))
    table = strata(events, 2, scales, 6, 5000.0)
    assert table.turns.tolist() == [6]
    for turn in range(6):
        later = events.kind == 1
        t = np.where(later, (events.t - turn * WEEK) % (6 * WEEK), events.t)
        gap = (t[None] - t[:, None]) % (6 * WEEK)
        apart = np.hypot(events.x[None] - events.x[:, None], events.y[None] - events.y[:, None])
        for number in range(len(scales)):
            distance, lag = scales.of(number)
            close = (apart <= distance) & (gap < lag) & (events.kind[:, None] == 0) & (events.kind[None] == 1)
            wide = [
                np.sum((((events.t[None] - events.t[:, None]) - w * WEEK) % (6 * WEEK) < lag)[~later][:, later])
                for w in range(6)
            ]
            even = (np.mean(wide) + 1) / (wide[turn] + 1)
            assert table.near[number, 0, 1, 0, turn] == pytest.approx(close.sum() * even, rel=1e-5)


def test_pairs_across_districts_do_not_count() -> None:
    events = few(2)
    apart = Events(events.x, events.y, events.t, events.kind, events.caller, events.kind)
    assert strata(apart, 2, Scales((150.0,), (100,)), 6, 5000.0).pairs.sum() == 0
    assert strata(events, 2, Scales((150.0,), (100,)), 6, 5000.0).pairs.sum() > 0


def test_a_repeat_caller_makes_no_link() -> None:
    events, _ = plant(replace(TOWN, links=0), 6)
    angry = 90
    t = np.floor(np.linspace(10 * WEEK, 18 * WEEK, angry)) + np.tile([0.0, 1.0, 2.0], angry // 3)
    mad = Events(
        *(np.full(angry, 4000.0) for _ in range(2)), t, np.arange(angry) % 2, np.full(angry, 5), np.full(angry, 4)
    )
    both = Events(*(np.append(getattr(events, name), getattr(mad, name)) for name in Events.__slots__))
    assert not [one for one in associate(both, QUICK) if {one.first, one.second} == {0, 1}]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_little_says_nothing(count: int) -> None:
    assert associate(few(3).take(np.arange(count))) == []


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="168"):
        associate(few(4), Plan(lags=(24, 200)))
    with pytest.raises(BadInput, match="ascend"):
        associate(few(4), Plan(distances=(300.0, 100.0)))
    with pytest.raises(BadInput, match="from 0"):
        associate(replace(few(4), kind=np.full(60, -1)))
