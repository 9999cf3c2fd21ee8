"""Trained beside other communities of like load: by hand, with load as the only cause, and too few to say anything."""

from __future__ import annotations

import pytest

from zhongshu.data.training.strata import Community, compared, thirds


def community(n: int, trained: bool, load: float, wrong: int, rows: int = 50) -> Community:
    return Community(f"{n:03}", trained, load, wrong, rows)


def test_load_alone_is_not_taken_for_training() -> None:
    """Who carries much errs much and has no time for courses: in all the trained err less, within thirds they don't."""
    made = []
    for n in range(30):
        third = n // 10
        trained = n % 10 >= (2, 5, 8)[third]
        made.append(community(n, trained, float(n), (2, 6, 12)[third] + n % 2))
    sides = {side: [one for one in made if one.trained is side] for side in (True, False)}
    crude = {side: sum(one.wrong for one in held) / (50 * len(held)) for side, held in sides.items()}
    assert crude[True] < crude[False] - 0.04
    found = compared(made)
    assert found.bounds is not None
    assert found.bounds[0] < 0 < found.bounds[1]
    assert [(len(one.trained.held), len(one.other.held)) for one in found.used] == [(8, 2), (5, 5), (2, 8)]


def test_the_difference_within_thirds_has_the_weights_of_mantel_and_haenszel() -> None:
    made = [community(n, n % 2 == 0, n // 10, (2, 5)[n % 2] * (1 + n // 10), 50 * (1 + n // 10)) for n in range(30)]
    found = compared(made)
    assert found.difference == pytest.approx(-0.06)
    assert found.bounds is not None
    assert found.bounds[0] < -0.06 < found.bounds[1] < 0


def test_too_few_say_nothing() -> None:
    few = [community(n, n % 2 == 0, 1.0, 1) for n in range(9)]
    found = compared(few)
    assert (found.difference, found.bounds) == (None, None)
    assert len(found.strata) == 3
    assert compared([]).strata == ()
    assert [one.low for one in thirds([community(1, True, 4.0, 0, 0), community(2, True, 7.0, 0)])] == [7.0]
    alone = compared([community(n, n > 0, float(n), 1) for n in range(30)])
    assert alone.difference is None
