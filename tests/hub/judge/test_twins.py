"""Near-duplicate texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.bench.merge import LEAST, generated
from zhongshu.hub.judge.twins import FINE, Grain, groups, twins


def _jaccard(one: str, other: str, size: int) -> float:
    a, b = (
        {("\x02" * size + text + "\x01" * size)[n : n + size] for n in range(len(text) + size)} for text in (one, other)
    )
    return len(a & b) / len(a | b)


@settings(max_examples=40)
@given(st.lists(st.text("路灯坏了中山井盖", min_size=4, max_size=12), min_size=2, max_size=8))
def test_every_pair_is_as_alike_as_asked(texts: list[str]) -> None:
    for left, right in zip(*twins(texts, 0.5, FINE), strict=True):
        assert left < right
        assert _jaccard(texts[left], texts[right], 3) >= 0.35


def test_copies_are_found_among_many() -> None:
    texts, source = generated(20_000)
    left, right = twins(texts, LEAST, FINE)
    assert (source[left] == source[right]).all()
    copies = np.flatnonzero(source != np.arange(len(texts)))
    assert len(copies) > 500
    assert len(np.intersect1d(copies, right)) / len(copies) > 0.95
    assert len(set(texts)) > 19_000


def test_a_greeting_ties_texts_only_when_asked() -> None:
    texts = [
        "尊敬的各位领导您好我是本市的一名普通居民" + tail
        for tail in ("路灯坏了很久无人修理过道很黑", "楼上装修噪音扰民影响休息睡眠")
    ]
    assert groups(texts).tolist() == [0, 0]
    assert groups(texts, 0.9, openings=False).tolist() == [0, 1]
    assert twins([])[0].shape == (0,)


@pytest.mark.parametrize("grain", [Grain(), FINE, Grain(shingle=2, bands=8, rows=2)])
def test_a_text_and_its_copy_at_any_grain(grain: Grain) -> None:
    left, right = twins(["中山路路灯坏了请修理", "井盖丢失很危险请处理", "中山路路灯 坏了请修理"], 0.9, grain)
    assert (left.tolist(), right.tolist()) == ([0], [2])
