"""Measuring classifiers: figures, side by side with an interval, drift and its alarms, abstention by cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge import measuring
from zhongshu.hub.judge.measuring import Held, Judgement, alarms, answers, compare, coverage_at, drift, figures
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.kernel.desk import Guess
from zhongshu.kernel.errors import BadInput

LIMITS = {"model_psi": 0.25, "model_corrected": 0.1, "model_ece": 0.1, "model_unseen": 0.05, "model_watch_least": 50}


@dataclass(frozen=True)
class Said:
    """A model that says what it is told: text -> (category, confidence)."""

    told: dict[str, tuple[str, float]]
    version: str = "x"
    labels: tuple[str, ...] = ("a", "b")
    thresholds: dict[str, float] = field(default_factory=lambda: {"a": 0.8, "b": 0.8})

    def classify(self, texts: Sequence[str], reasons: bool = True) -> list[Guess]:
        return [Guess(*self.told[text]) for text in texts]


def held(truth: str, people: str = "") -> Held:
    return Held(
        range(len(truth)), [f"案件{n}" * 9 for n in range(len(truth))], list(truth), [p == "p" for p in people or truth]
    )


def saying(model: str, confidence: Sequence[float]) -> Said:
    return Said({f"案件{n}" * 9: (c, p) for n, (c, p) in enumerate(zip(model, confidence, strict=True))})


def test_figures_count_by_hand() -> None:
    model = saying("aabb", [0.9, 0.7, 0.9, 0.6])
    found = figures(answers(model, held("abbb").texts), list("abbb"), target=0.9)
    assert (found["n"], found["accuracy"]) == (4, 0.75)
    assert found["per_class"]["a"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "n": 1}
    assert found["macro_f1"] == round((2 / 3 + 0.8) / 2, 4)
    assert (found["coverage"], found["precision"], found["coverage_at"]) == (0.5, 1.0, 0.5)


def test_a_model_without_thresholds_is_never_sure() -> None:
    model = replace(saying("ab", [1.0, 0.9999]), thresholds={})
    assert answers(model, held("ab").texts).sure.tolist() == [True, False]
    assert figures(answers(replace(model, thresholds={"a": 1.0}), held("ab").texts, 1.0), list("ab"))["n"] == 2


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.floats(0.1, 1.0))
def test_coverage_at_a_target_is_the_longest_run_from_the_top(right: list[bool], target: float) -> None:
    confidence = np.linspace(1, 0.5, len(right), dtype=np.float32)
    shares = [sum(right[:n]) / n >= target for n in range(1, len(right) + 1)]
    longest = max((n for n, good in enumerate(shares, start=1) if good), default=0)
    assert coverage_at(confidence, np.array(right), target) == longest / len(right)


def test_side_by_side_says_who_is_better_where_and_how_surely() -> None:
    truth = "ab" * 60
    poor = saying("".join("a" if n % 3 == 0 else c for n, c in enumerate(truth)), [0.9] * 120)
    good = saying(truth, [0.9] * 120)
    found = compare(poor, good, held(truth, "p" * 60 + "-" * 60))
    assert found["challenger"]["macro_f1"] == 1.0
    assert found["gain"] == round(1 - found["champion"]["macro_f1"], 4)
    assert 0 < found["low"] <= found["gain"] <= found["high"]
    assert found["differ"] == 20
    assert {one["truth"] for one in found["examples"]} == {"b"}
    assert found["people"]["champion"]["n"] == 60
    assert "per_class" not in found["people"]["champion"]
    same = compare(good, good, held(truth, "-" * 120))
    assert (same["gain"], same["low"], same["high"], same["differ"], same["people"]) == (0, 0, 0, 0, None)


def test_nothing_held_back_is_no_comparison() -> None:
    with pytest.raises(BadInput, match="no held-back cases"):
        compare(saying("", []), saying("", []), Held([], [], [], []))


def judgements(said: str, confidence: float = 0.9, corrected: str = "", text: str = "垃圾") -> list[Judgement]:
    return [Judgement(n, text, c, confidence, corrected, True) for n, c in enumerate(said)]


def test_no_drift_no_alarm() -> None:
    found = drift(saying("", []), judgements("ab" * 50), judgements("ba" * 50))
    assert found["psi_classes"] == found["psi_confidence"] == found["corrected"] == 0
    assert found["ece"] == pytest.approx(0.1)
    assert found["unseen"] is None
    assert alarms(found, {**LIMITS, "model_ece": 0.2}) == []


def test_each_kind_of_drift_has_its_alarm() -> None:
    first = judgements("ab" * 50)
    for last, code in (
        (judgements("a" * 90 + "b" * 10), "psi_classes"),
        (judgements("ab" * 50, 0.4), "psi_confidence"),
        (judgements("ab" * 40) + judgements("a" * 20, corrected="b"), "corrected"),
        (judgements("ab" * 30) + judgements("a" * 40, corrected="b"), "ece"),
    ):
        assert code in {one["code"] for one in alarms(drift(saying("", []), first, last), LIMITS)}
    few = drift(saying("", []), judgements("a" * 49), judgements("b" * 100))
    assert few["psi_classes"] > 1
    assert alarms(few, LIMITS) == []


def test_words_that_a_model_never_saw_are_noticed() -> None:
    texts = [f"{a}{b}" for a in ("路灯不亮了", "垃圾成堆了") for b in "甲乙丙丁戊己"]
    model, _card = train(texts, ["a"] * 6 + ["b"] * 6, "v", Recipe(folds=2))
    first, last = judgements("ab" * 50, text="路灯不亮了"), judgements("ab" * 50, text="共享单车乱停")
    found = drift(model, first, last)
    assert found["unseen_first"] < 0.5 < found["unseen"]
    assert [one["code"] for one in alarms(found, LIMITS | {"model_ece": 1})] == ["unseen"]


@given(st.lists(st.integers(0, 200), min_size=2, max_size=12))
def test_the_stability_index_of_a_count_with_itself_is_nought(counts: list[int]) -> None:
    assert measuring.stability(counts, counts) == pytest.approx(0)
    assert measuring.stability(counts, counts[::-1]) >= 0


def test_what_a_mistake_costs_raises_or_lowers_where_a_model_abstains() -> None:
    dice = np.random.default_rng(1)
    padding = ["".join(chr(n) for n in dice.integers(0x4E00, 0x9FA5, 14)) for _ in range(300)]
    texts = [before + a for before, a in zip(padding, ("路灯不亮", "垃圾成堆", "施工噪音") * 100, strict=True)]
    labels = ["lamp", "dirt", "noise"] * 100
    noisy = [labels[int(dice.integers(0, len(labels)))] if dice.random() < 0.08 else label for label in labels]
    model, card = train(texts, noisy, "v", Recipe(folds=2, costs={"lamp": 1000.0, "noise": 2.0}, target=0.9))
    assert card.targets == {"lamp": 0.999, "dirt": 0.9, "noise": 0.5}
    assert model.thresholds["lamp"] > model.thresholds["noise"]
    assert sum(card.sureness) == len(texts)


def test_a_weight_makes_a_text_count_more() -> None:
    texts = [f"{a}{b}" for a in ("路灯不亮", "垃圾成堆") for b in "甲乙丙丁戊己"] + ["路灯垃圾"] * 2
    labels = ["lamp"] * 6 + ["dirt"] * 6 + ["lamp", "dirt"]
    said = {}
    for name, pair in (("lamp", [9, 0.1]), ("dirt", [0.1, 9])):
        weights = np.array([1] * 12 + pair, np.float32)
        model, _card = train(texts, labels, "v", Recipe(folds=2), weights)
        said[name] = model.classify(["路灯垃圾"])[0].category
    assert said == {"lamp": "lamp", "dirt": "dirt"}
