"""Counts that give nobody away, attacked by somebody who knows everything that is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.data.returning.blocks import Block, bounds, suppress

TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=5)
)


def attack(block: Block) -> list[tuple[float, float]]:
    """What can be said of each small cell."""
    held = np.argwhere(~block.shown & (block.counts < block.k)).tolist()
    told = (block.shown, block.rows_told, block.columns_told)
    return [bounds(block.counts, *told, (i, j)) for i, j in held]


@settings(max_examples=60)
@given(TABLES)
def test_nobody_can_say_of_a_small_cell_that_it_is_small_nor_what_it_is(counts: list[list[int]]) -> None:
    block = suppress(counts)
    assert all(high >= block.k - 1e-6 and high - low >= 1 - 1e-6 for low, high in attack(block))
    assert not (block.shown & (block.counts > 0) & (block.counts < block.k)).any()
    assert not (block.rows_told & (block.counts.sum(1) > 0) & (block.counts.sum(1) < block.k)).any()


def test_a_single_small_cell_takes_others_with_it_because_totals_would_tell_it() -> None:
    block = suppress([[3, 40, 50], [60, 70, 80], [30, 20, 90]])
    assert (block.small, block.beside) == (1, 3)
    assert not block.shown[0, 0]
    assert (~block.shown).sum(0).tolist() == (~block.shown).sum(1).tolist() or (~block.shown).sum() == 4


def test_a_table_without_small_cells_is_told_whole() -> None:
    block = suppress([[10, 0], [25, 31]])
    assert block.shown.all()
    assert block.rows_told.all()
    assert block.columns_told.all()


def test_what_primary_suppression_alone_would_give_away_is_seen_by_the_attack() -> None:
    table = np.array([[3, 40], [60, 70]])
    shown = table >= 10
    everything = np.array([True, True])
    assert bounds(table, shown, everything, everything, (0, 0)) == (3.0, 3.0)


@pytest.mark.parametrize(("counts", "k"), [([[1, -1]], 10), ([[1, 2]], 1), ([1, 2], 10)])
def test_what_is_no_table_of_counts_is_refused(counts: list[list[int]], k: int) -> None:
    with pytest.raises(ValueError, match="expected a table of counts"):
        suppress(counts, k)
