"""Following a stream of matters day by day: what many people say becomes hot, what one worker copies does not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from zhongshu.bench.planted import START
from zhongshu.bench.planted_issues import Stream, followed
from zhongshu.hub.judge.gather import Matter
from zhongshu.hub.judge.heat import Voice


def test_many_people_are_hot_and_one_worker_is_not() -> None:
    matters, voices, plant = [], [], []
    for n in range(20):
        at = START + timedelta(hours=5 * n + 1)
        works = n % 2 == 0
        lon, place, code = (113.3, "c1", "noise") if works else (113.5, "c2", "rubbish")
        text = f"夜里打桩第{n}次" if works else "暴露垃圾，已查看"
        matters.append(Matter(n + 1, at, text, text, place, (code,), lon, 23.1))
        voices.append(Voice(at, f"1380000{n:04}" if works else "staff"))
        plant.append("night_works" if works else "bad_worker")
    known, states, given = followed(Stream(matters, voices, np.array(plant)), 5)
    assert len({known[n] for n in range(0, 20, 2)}) == len({known[n] for n in range(1, 20, 2)}) == 1
    assert known[0] != known[1]
    assert (states["hot"], given) == (1, 2)
