"""Measures of two groupings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.cluster import pair_confusion_matrix

from zhongshu.hub.judge.agreement import Disagreement, Score, b_cubed, chosen, disagreements, open_pairs, pairs

groupings = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=40)


@given(groupings)
def test_pairs_as_scikit_learn_counts_them(both: list[tuple[int, int]]) -> None:
    truth, said = np.array(both).T
    ((_, wrong), (missed, right)) = pair_confusion_matrix(truth, said)
    score = pairs(truth, said)
    assert score.precision * (right + wrong) == pytest.approx(right)
    assert score.recall * (right + missed) == pytest.approx(right)
    assert 0 <= score.f1 <= 1


@given(groupings)
def test_b_cubed_by_its_definition(both: list[tuple[int, int]]) -> None:
    truth, said = np.array(both).T
    together = (truth[:, None] == truth) & (said[:, None] == said)
    score = b_cubed(truth, said)
    assert score.precision == pytest.approx((together.sum(1) / (said[:, None] == said).sum(1)).mean())
    assert score.recall == pytest.approx((together.sum(1) / (truth[:, None] == truth).sum(1)).mean())


@given(groupings)
def test_no_disagreement_only_when_the_groups_are_equal(both: list[tuple[int, int]]) -> None:
    truth, said = np.array(both).T
    score = pairs(truth, said)
    assert (not disagreements(truth, said)) == (score.precision == 1 and score.recall == 1)


def test_unlisted_texts_are_counted_as_strangers() -> None:
    truth, said = np.array([0, 0, 1, -1, -1]), np.array([7, 7, 8, 7, 9])
    assert open_pairs(truth, said) == Score(1 / 3, 1.0)


def test_where_two_groupings_disagree() -> None:
    found = disagreements(np.array([0, 0, 0, 1, 1]), np.array([5, 5, 6, 5, 5]))
    assert Disagreement("split", 0, 5, (2,)) in found
    assert [one.kind for one in found] == ["mixed", "split"]


def test_the_bar_is_the_middle_of_the_best_that_are_sure() -> None:
    sure, unsure = Score(1.0, 0.5), Score(0.9, 0.9)
    good, poor = Score(0.8, 0.8), Score(0.2, 0.2)
    bars = [0.1, 0.2, 0.3, 0.4, 0.5]
    scores = [(unsure, good), (sure, good), (sure, good), (sure, good), (sure, poor)]
    assert chosen(bars, scores) == 0.3
    assert chosen(bars[:1], scores[:1]) == 0.1
