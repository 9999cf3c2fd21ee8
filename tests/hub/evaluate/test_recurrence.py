"""Recurrence: a real drop is seen, none is made up, and too little to say is said."""

from __future__ import annotations

import numpy as np

from zhongshu.hub.evaluate.recurrence import Floats, Matters, Recurrence, Refused, recurrence

SIDE = 40
PLACES = 60


def city(seed: int, treated: int, left: float, rate: float = 9.0) -> tuple[Matters, Floats]:
    """Sixty places a kilometre apart with lively and quiet ones; the treated ones keep `left` of their reports."""
    random = np.random.default_rng(seed)
    centres = np.stack(np.meshgrid(np.arange(10), np.arange(6)), -1).reshape(-1, 2)[:PLACES] * 1000.0
    lively = random.gamma(4.0, rate / 4.0, PLACES)
    before, after = random.poisson(lively), random.poisson(lively * np.where(np.arange(PLACES) < treated, left, 1.0))
    number = np.concatenate([np.repeat(np.arange(PLACES), before), np.repeat(np.arange(PLACES), after)])
    points = centres[number] + random.normal(0, 20, (len(number), 2))
    day = np.concatenate([random.uniform(-35, -7, before.sum()), random.uniform(0, 28, after.sum())])
    first = random.random(len(number)) < 0.5
    return Matters(points[:, 0], points[:, 1], day, first), centres[:treated]


def test_a_drop_where_something_was_done_is_seen() -> None:
    matters, treated = city(1, 6, 0.1)
    found = recurrence(matters, treated, 150.0, 7.0, 40.0)
    assert isinstance(found, Recurrence)
    assert found.high < 0
    assert found.low < found.change < found.high
    assert found.matched >= 8
    assert found.before > found.after
    assert len(found.centres) == found.matched


def test_matched_places_had_as_much_before_and_are_not_the_treated() -> None:
    matters, treated = city(2, 4, 1.0)
    found = recurrence(matters, treated, 150.0, 7.0, 40.0)
    assert isinstance(found, Recurrence)
    assert abs(found.matched_before - found.before) < 0.35 * found.before + 2.2
    apart = np.hypot(*(found.centres[:, None] - treated[None]).transpose(2, 0, 1))
    assert apart.min() > 300


def test_nothing_is_made_up_where_nothing_was_done() -> None:
    found = [recurrence(*city(seed, 5, 1.0), 150.0, 7.0, 40.0) for seed in range(SIDE)]
    told = [one for one in found if isinstance(one, Recurrence)]
    wrong = sum(one.high < 0 or one.low > 0 for one in told)
    assert len(told) >= 30
    assert wrong <= 6


def test_places_that_were_picked_for_a_peak_calm_down_without_praise() -> None:
    """Of places that are all alike, the five that happened to be liveliest fall back, and so do the matched ones."""
    random = np.random.default_rng(5)
    changes = []
    for _ in range(20):
        counts = random.poisson(8.0, PLACES)
        order = np.argsort(-counts)
        centres = np.stack([np.arange(PLACES) * 1000.0, np.zeros(PLACES)], axis=1)
        later = random.poisson(8.0, PLACES)
        number = np.concatenate([np.repeat(np.arange(PLACES), counts), np.repeat(np.arange(PLACES), later)])
        day = np.concatenate([random.uniform(-28, 0, counts.sum()), random.uniform(0, 28, later.sum())])
        matters = Matters(centres[number, 0], centres[number, 1], day, random.random(len(number)) < 0.5)
        found = recurrence(matters, centres[order[:10:2]], 150.0, 0.0, 40.0)
        changes += [found.change] if isinstance(found, Recurrence) else []
    assert len(changes) >= 10
    assert abs(float(np.mean(changes))) < 1.5


def test_too_early_too_few_and_nothing_before() -> None:
    matters, treated = city(3, 5, 0.2)
    assert recurrence(matters, treated, 150.0, 7.0, 5.0) == Refused("early", days=5.0)
    alone = Matters(*(column[:12] for column in (matters.x, matters.y, matters.day, matters.first)))
    few = recurrence(alone, alone_centre(alone), 150.0, 7.0, 40.0)
    assert isinstance(few, Refused)
    assert (few.why, few.matched < 8) == ("few", True)
    nowhere = np.array([[-5000.0, -5000.0]])
    assert recurrence(matters, nowhere, 150.0, 7.0, 40.0) == Refused("none")


def alone_centre(matters: Matters) -> Floats:
    return np.array([[matters.x[0], matters.y[0]]])
