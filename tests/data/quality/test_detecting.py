"""Wrong cells found from rows that a person looked through: on a made-up table, and on the two public ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhongshu.bench.quality import course, dirty
from zhongshu.data.quality import looks, scoring
from zhongshu.data.quality.cells import Cells, cells
from zhongshu.data.quality.detecting import BUDGET, Detector, quality_of, suspects
from zhongshu.data.quality.votes import votes
from zhongshu.kernel.settings import load

TABLES = Path(load().real_data) / "tables"


def table() -> tuple[Cells, np.ndarray]:
    """Streets with their districts; some cells lack a letter, hold the wrong district, or nothing at all."""
    draw = np.random.default_rng(5)
    streets = [f"街道{one}" for one in "甲乙丙丁戊己庚辛"]
    row = draw.integers(0, 8, 300)
    right = {
        "street": [streets[n] for n in row],
        "district": [f"第{n % 3 + 1}区" for n in row],
        "phone": [f"1{draw.integers(3, 10)}{draw.integers(0, 10**9):09}" for _ in row],
    }
    wrong = {name: list(values) for name, values in right.items()}
    for n in range(0, 300, 15):
        wrong["phone"][n] = wrong["phone"][n][:6] + "O" + wrong["phone"][n][7:]
        wrong["district"][n + 4] = "N/A"
        wrong["street"][n + 7] = wrong["street"][n + 7] + "x"
    truth = np.array([[a != b for a, b in zip(wrong[name], right[name], strict=True)] for name in right]).T
    return cells(wrong), truth


def looked_through(held: Cells, truth: np.ndarray, seed: int) -> Detector:
    detector = Detector(held, seed)
    for _ in range(BUDGET):
        row = detector.next_row()
        assert row is not None and row not in detector.labels
        detector.label(row, [held.items[n] for n in np.flatnonzero(truth[row])])
    return detector


def test_wrong_cells_are_found_and_told() -> None:
    held, truth = table()
    detector = looked_through(held, truth, 1)
    assert detector.next_row() is None
    chances = detector.chances()
    assert quality_of(chances >= 0.5, truth, list(detector.labels))["f1"] > 0.95
    found = suspects(held, chances)
    nothing = next(one for one in found if one.value == "N/A")
    assert (nothing.item, nothing.why) == ("district", "nothing")
    assert nothing.instead.endswith("区")
    assert nothing.by == "street"
    assert [one.chance for one in found] == sorted((one.chance for one in found), reverse=True)


def test_without_labels_nothing_is_suspected_and_small_tables_end() -> None:
    held = cells({"a": ["1", None], "b": ["x", "y"]})
    detector = Detector(held)
    assert not detector.chances().any()
    assert {detector.next_row() for _ in range(1)} <= {0, 1}
    detector.label(0, [])
    detector.label(1, ["a"])
    assert detector.next_row() is None
    assert detector.chances()[1].tolist() == [1.0, 0.0]


def test_looks_and_votes() -> None:
    assert looks.shape("Ab-12号") == "Aa-99字"
    assert looks.short_shape("AB 123") == "A 9"
    held = looks.column(["a", "a", "b"])
    seen, odd = looks.looks(held)
    assert seen.shape[0] == len(odd) == 2
    told = votes([looks.column(["k", "k", "k", "m"]), looks.column(["1", "1", "2", "3"])], 1)
    assert told.against[0].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert told.agree[0].tolist() == [0.5, 0.5, 0.0, 0.0]


@pytest.mark.real
@pytest.mark.skipif(not TABLES.exists(), reason=f"{TABLES} isn't here: set ZHONGSHU_REAL_DATA")
@pytest.mark.parametrize(("name", "least"), [("beers", 0.98), ("hospital", 0.88)])
def test_public_tables(name: str, least: float) -> None:
    held, truth = dirty(name)
    detector = course(held, truth, 3)
    assert len(detector.labels) == BUDGET
    assert quality_of(detector.chances() >= 0.5, truth, list(detector.labels))["f1"] >= least


def test_scores_standing_and_masks() -> None:
    bars = scoring.Bars(0.9, 3, 5, 2)
    assert scoring.standing([0.8, 0.95, 0.7, None, 0.99], False, bars) == "suspend"
    assert scoring.standing([0.95, 0.8, 0.7, None, 0.99], False, bars) == ""
    assert scoring.standing([0.8, 0.95], False, bars) == ""
    assert scoring.standing([0.95, 0.96, 0.1], True, bars) == "restore"
    assert scoring.standing([0.95, 0.1], True, bars) == ""
    assert scoring.fell({"accuracy": 0.8, "timeliness": 0.9}, {"accuracy": 0.85, "timeliness": 0.99}) == "timeliness"
    assert scoring.fell({"accuracy": 0.9}, {"accuracy": 0.85}) == ""
