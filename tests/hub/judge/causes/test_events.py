"""Caps per caller."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.causes.events import Events, capped


def calls(callers: list[int], kinds: list[int], t: list[float]) -> Events:
    flat = np.zeros(len(callers))
    return Events(flat, flat, np.array(t, float), np.array(kinds, int), np.array(callers, int), np.zeros(len(t), int))


def test_one_person_does_not_count_forty_times() -> None:
    events = calls([7] * 40 + [8, -1, -1, -1], [0] * 44, [float(n) for n in range(44)])
    np.testing.assert_array_equal(capped(events, 2), [0, 1, 40, 41, 42, 43])


def test_another_class_or_month_counts_again() -> None:
    events = calls([7] * 4, [0, 0, 1, 0], [0.0, 1.0, 2.0, 900.0])
    np.testing.assert_array_equal(capped(events, 1), [0, 2, 3])


def test_no_events_at_all() -> None:
    assert len(capped(calls([], [], []))) == 0


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 2), st.integers(0, 2000)), max_size=60), st.integers(1, 3))
def test_nobody_exceeds_the_cap(rows: list[tuple[int, int, int]], most: int) -> None:
    events = calls([c for c, _, _ in rows], [k for _, k, _ in rows], [float(t) for _, _, t in rows])
    kept = capped(events, most)
    left = events.take(kept)
    period = np.floor((left.t - events.t.min(initial=0.0)) / 672)
    known = left.caller >= 0
    keys = np.stack([left.caller[known], left.kind[known], period[known]])
    assert np.all(np.unique(keys, axis=1, return_counts=True)[1] <= most)
    assert np.sum(events.caller == -1) == np.sum(left.caller == -1)
