"""Classifier and training: small made-up texts, and the real messages."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.hub.judge.classifier import NOTHING, Calibration
from zhongshu.hub.judge.ngrams import EMPTY, gram_text, learn
from zhongshu.hub.judge.training import Recipe, calibrate, choose_thresholds, coverage_curve, train
from zhongshu.hub.judge.twins import folds, groups
from zhongshu.kernel.errors import BadInput

REAL = Path(os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data")) / "messages"
SUBJECTS = {
    "噪音": ["工地夜间施工噪音扰民", "广场舞音响声音太大", "装修电钻声太吵", "酒吧深夜噪音"],
    "道路": ["路面坑洼积水", "人行道地砖破损", "井盖缺失路面塌陷", "沥青路面开裂"],
    "照明": ["路灯不亮", "整条街路灯熄灭", "小区灯杆损坏", "隧道照明灯闪烁"],
}


def made_up(each: int = 40) -> tuple[list[str], list[str]]:
    random = np.random.default_rng(7)
    texts, labels = [], []
    for label, openings in SUBJECTS.items():
        for number in range(each):
            place = "".join(chr(c) for c in random.integers(0x5000, 0x5400, 24))
            texts.append(f"{place}{openings[number % len(openings)]}请处理{number}")
            labels.append(label)
    return texts, labels


@pytest.fixture(scope="module")
def trained():
    return train(*made_up(), "t1")


def test_learns_and_explains(trained) -> None:
    model, card = trained
    assert card.macro_f1 > 0.95
    assert card.n == 120
    assert card.categories == 3
    assert set(card.per_class) == set(SUBJECTS)
    (guess,) = model.classify(["门口路灯不亮，请处理"])
    assert guess.category == "照明"
    assert 0.5 < guess.confidence <= 1
    assert {name for name, _ in guess.others} == {"噪音", "道路"}
    assert guess.confidence + sum(p for _, p in guess.others) == pytest.approx(1, abs=1e-3)
    assert any("灯" in word for word, _ in guess.reasons)
    assert all(word in "门口路灯不亮，请处理".replace("，", ",") and weight > 0 for word, weight in guess.reasons)


def test_an_ngram_of_the_title_is_one_of_its_own() -> None:
    texts = [
        "路灯不亮请派人来看一看" + "还有别的事情" * 3 + "和路灯",
        "路灯很暗晚上看不清" + "还有别的事情" * 3 + "和路灯",
    ]
    plain = learn(texts, replace(EMPTY, longest=2), 2, 1000)
    known = learn(texts, replace(EMPTY, longest=2, title=4), 2, 1000)
    of_title = known.keys != known.plain
    assert {gram_text(key) for key in known.plain[of_title].tolist()} == {"路", "灯", "路灯"}
    np.testing.assert_array_equal(np.sort(known.keys[~of_title]), np.sort(plain.keys))
    column = np.flatnonzero(of_title & (known.plain > 0xFFFF))
    twice = known.counts(["路灯旁边的路灯", "别的事情和路灯", "路灯"])[:, column].toarray()
    assert twice.ravel().tolist() == [1, 0, 1]


def test_four_characters_leave_no_room_for_a_title() -> None:
    with pytest.raises(BadInput, match="no room"):
        learn(["路灯不亮"], replace(EMPTY, longest=4, title=40), 1, 10)


def test_short_texts_have_no_title_apart(trained) -> None:
    model, card = trained
    assert card.recipe["title"] == model.ngrams.title == 0
    texts, labels = made_up()
    _, longer = train([text + "此外还有很多事情要说" * 10 for text in texts], labels, "t0", Recipe(folds=2))
    assert longer.recipe["title"] == 40


def test_caution_answers_less_by_itself() -> None:
    random = np.random.default_rng(3)
    confidence = random.random(2_000).astype(np.float32)
    right = random.random(2_000) < confidence
    said = random.integers(0, 2, 2_000)
    bold, careful = (choose_thresholds(confidence, said, right, Recipe(caution=z), np.full(2, 0.9)) for z in (0.0, 2.0))
    assert (careful > bold).all()


def test_batch_equals_single(trained) -> None:
    model, _ = trained
    texts = ["路灯不亮", "路面塌陷", "", "zzz", "施工噪音\n扰民 ＡＢＣ１２"]
    together = model.classify(texts)
    alone = [model.classify([text])[0] for text in texts]
    assert [g.category for g in together] == [g.category for g in alone]
    assert [g.reasons for g in together] == [g.reasons for g in alone]
    assert together[2] == NOTHING
    assert not model.sure(together[2])
    assert model.classify([]) == []
    assert model.classify(["路灯不亮"], reasons=False)[0].reasons == ()


def test_strange_text_never_raises(trained) -> None:
    model, _ = trained
    assert len(model.classify(["\ud800", "\0\0", "😀" * 50, "路" * 100_000])) == 4


def test_two_and_many_categories() -> None:
    texts, labels = made_up()
    two = [(t, y) for t, y in zip(texts, labels, strict=True) if y != "照明"]
    model, card = train([t for t, _ in two], [y for _, y in two], "two")
    assert model.classify(["工地夜间施工噪音扰民"])[0].category == "噪音"
    assert card.categories == 2
    words = [chr(0x4E00 + 3 * i) + chr(0x6000 + 5 * i) for i in range(120)]
    many = [
        f"{w}{'甲乙丙丁戊己庚辛壬癸'[k]}{w}{chr(0x7000 + 10 * i + k) * 3}"
        for i, w in enumerate(words)
        for k in range(10)
    ]
    model, card = train(many, [w for w in words for _ in range(10)], "many")
    assert card.macro_f1 > 0.95
    assert model.classify([words[50]])[0].category == words[50]


def test_refuses_what_teaches_nothing() -> None:
    with pytest.raises(BadInput, match="two categories"):
        train(["甲", "乙"], ["x", "x"], "v")
    with pytest.raises(BadInput, match="2 texts but 1"):
        train(["甲", "乙"], ["x"], "v")


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="路灯坏了Ａa1 。", max_size=12), min_size=1, max_size=6))
def test_counts_are_those_of_a_plain_loop(texts: list[str]) -> None:
    ngrams = learn(texts, replace(EMPTY, boost=0.0), 1, 10**6)
    fold = str.maketrans({"Ａ": "a", "1": "0"})
    counts = ngrams.counts(texts).toarray()
    words = [gram_text(int(key)) for key in ngrams.keys]
    plain = [text.translate(fold) for text in texts]
    expected = {text[i : i + n] for text in plain for n in (1, 2, 3) for i in range(len(text) - n + 1)}
    assert set(words) == expected
    for row, text in enumerate(plain):
        for column, word in enumerate(words):
            found = sum(text[i : i + len(word)] == word for i in range(len(text)))
            assert counts[row, column] == found


def test_near_duplicates_share_a_fold() -> None:
    base = "尊敬的领导您好我是阳光小区居民楼下工地夜间施工噪音扰民严重影响休息请尽快处理谢谢"
    texts = [
        base,
        "补充：" + base + "再次反映",
        "路灯不亮已经一个月了请维修人员来看看",
        base[:25] + "完全不同的后半段内容讲的是别的事情",
    ]
    group = groups(texts)
    assert group[0] == group[1] == group[3]
    assert group[2] != group[0]
    fold = folds(np.array([0, 0, 1, 0]), group, 2)
    assert fold[0] == fold[1] == fold[3]
    assert groups(["", "", "a"]).tolist() == [0, 0, 1]


def test_calibration_is_honest() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(4000, 3)).astype(np.float32)
    chances = Calibration(2.0, np.array([0.5, 0, -0.5], np.float32))(scores)
    truth = (random.random(4000)[:, None] > chances.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    found = calibrate(scores, truth)
    assert found.scale == pytest.approx(2.0, abs=0.15)
    assert found.bias[0] - found.bias[2] == pytest.approx(1.0, abs=0.2)


def test_thresholds_reach_the_target() -> None:
    random = np.random.default_rng(2)
    confidence = random.random(20_000).astype(np.float32)
    right = random.random(20_000) < confidence
    said = random.integers(0, 2, 20_000)
    bars = choose_thresholds(confidence, said, right, Recipe(), np.full(2, 0.9))
    for category, bar in enumerate(bars):
        sure = (said == category) & (confidence >= bar)
        assert right[sure].mean() == pytest.approx(0.9, abs=0.015)
    none = choose_thresholds(confidence, said, np.zeros(20_000, bool), Recipe(), np.full(2, 0.97))
    assert none.tolist() == [1.0, 1.0]
    curve = coverage_curve(confidence, right)
    assert curve[0][1] > curve[-1][1]


def _read(name: str) -> list[dict[str, str]]:
    path = REAL / name
    if not path.exists():
        pytest.skip("real messages are not at hand: set ZHONGSHU_REAL_DATA")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real
def test_real_messages_reach_the_goal_on_two_folds() -> None:
    """Bi-grams and two folds only, to stay short: the full figure is `zhongshu bench classify`."""
    rows = _read("labelled_segmented.csv")
    recipe = Recipe(shape=replace(Recipe().shape, longest=2), folds=2)
    _, card = train([row["text_segmented"] for row in rows], [row["label"] for row in rows], "real", recipe)
    assert card.macro_f1 >= 0.905
    assert card.precision >= 0.955
    assert card.coverage >= 0.75
    assert card.calibration_error <= 0.03


@pytest.mark.real
def test_raw_messages() -> None:
    rows = _read("labelled_raw.csv")
    _, card = train([row["subject"] + "\n" + row["body"] for row in rows], [row["label"] for row in rows], "raw")
    assert card.macro_f1 >= 0.75
