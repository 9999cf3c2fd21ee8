"""The address tagger: decoding, storage, learning; and the real addresses where they are at hand."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.hub.judge.address_features import Lexicon, columns, lay, lexicon, name_key, runs, tokens_of
from zhongshu.hub.judge.address_parts import Address, numerals, pieces, read, structured
from zhongshu.hub.judge.address_tags import AddressTagger, Span, spans, viterbi
from zhongshu.hub.judge.address_training import (
    AddressRecipe,
    Sample,
    division_names,
    national_names,
    read_samples,
    score,
    train_tagger,
)
from zhongshu.kernel.errors import BadInput

REAL = Path(os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data")) / "addresses"


def sample(*parts: tuple[str, str]) -> Sample:
    tokens, labels = [], []
    for tag, text in parts:
        cut = tokens_of(text)
        tokens += cut
        labels += [f"B-{tag}", *[f"I-{tag}"] * (len(cut) - 1)]
    return Sample(tuple(tokens), tuple(labels))


def made_up() -> list[Sample]:
    districts, roads, estates = (
        ("云山区", "和平区", "海宁区"),
        ("长安路", "建设街", "松江大道"),
        ("阳光花园", "翠竹小区", "明月苑"),
    )
    return [
        sample(("district", d), ("road", r), ("roadno", f"{n}号"), ("poi", e), ("houseno", f"{n + 1}栋"))
        for n, (d, r, e) in enumerate(itertools.product(districts, roads, estates), start=7)
    ]


@pytest.fixture(scope="module")
def tagger() -> AddressTagger:
    return train_tagger(made_up(), "t1", [("district", "云山区")], AddressRecipe(parts=3))


def test_digits_stay_together_and_full_width_is_folded() -> None:
    assert tokens_of("中山路１２８号 3-2") == ["中", "山", "路", "128", "号", "3", "-", "2"]


def test_runs_of_a_row_are_the_keys_of_names() -> None:
    laid = lay([tokens_of("在云山区")])
    assert int(runs(laid.codes, 3)[2][laid.where[1]]) == name_key("云山区")


def test_the_longest_leftmost_name_is_painted() -> None:
    words = lexicon([("district", "云山"), ("town", "云山区"), ("town", "区长")])
    laid = lay([tokens_of("在云山区长")])
    painted = words.paint(runs(laid.codes, 4))[laid.where]
    kinds = painted // 16
    assert painted[0] == 0
    assert kinds[1] == kinds[2] != 0


def test_an_empty_lexicon_paints_nothing() -> None:
    laid = lay([["中", "山"]])
    assert not Lexicon(np.zeros(0, np.uint64), np.zeros(0, np.int32)).paint(runs(laid.codes, 3)).any()


def test_neighbours_in_a_batch_leave_features_alone() -> None:
    words = [lexicon([("road", "长安路")])]
    first, second = tokens_of("云山区长安路7号"), tokens_of("路路路")
    alone = columns(lay([first]), words)
    assert (columns(lay([second, first, second]), words)[3 : 3 + len(first)] == alone).all()


def slowly(scores: np.ndarray, moves: np.ndarray) -> float:
    paths = itertools.product(range(scores.shape[1]), repeat=len(scores))
    return max(
        sum(scores[n, each] for n, each in enumerate(path)) + sum(moves[a, b] for a, b in itertools.pairwise(path))
        for path in paths
    )


@settings(max_examples=30)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 10_000), st.sampled_from([3, 5]))
def test_the_path_found_is_the_best_of_all(sizes: list[int], seed: int, width: int) -> None:
    """With five labels all may follow each, and those that can't win are left out; with three they go the other way."""
    sizes = sorted(sizes)
    random = np.random.default_rng(seed)
    scores = random.normal(scale=2, size=(sum(sizes), width)).astype(np.float32)
    moves = random.normal(scale=0.5, size=(width, width)).astype(np.float32)
    laid = lay([["x"] * size for size in sizes])
    path = viterbi(scores, moves, laid)
    for start, size in zip(laid.starts, laid.sizes, strict=True):
        here = path[start : start + size]
        reached = scores[np.arange(start, start + size), here].sum() + moves[here[:-1], here[1:]].sum()
        assert reached == pytest.approx(slowly(scores[start : start + size], moves), abs=1e-4)


def test_spans_as_conlleval_counts_them() -> None:
    found = spans(list("甲乙丙丁"), ["B-a", "I-a", "I-b", "B-b"])
    assert [(span.tag, span.text) for span in found] == [("a", "甲乙"), ("b", "丙"), ("b", "丁")]


def test_it_learns_and_generalises_to_unseen_names(tagger: AddressTagger) -> None:
    assert score(tagger, made_up()).f1 == 1.0
    assert [(span.tag, span.text) for span in tagger.parse(["和平区松江大道99号"])[0]] == [
        ("district", "和平区"),
        ("road", "松江大道"),
        ("roadno", "99号"),
    ]


def test_empty_texts_and_order_are_kept(tagger: AddressTagger) -> None:
    texts = ["", "云山区长安路7号阳光花园3栋", "", "和平区"]
    alone = [tagger.parse([text])[0] for text in texts]
    assert tagger.parse(texts) == alone
    assert alone[0] == []


def test_parts_are_the_spans_of_the_labels(tagger: AddressTagger) -> None:
    texts = ["云山区长安路7号阳光花园3栋", "路路", "7", "海宁区海宁区建设街旁明月苑12栋和平"]
    batch = [tokens_of(text) for text in texts]
    assert tagger.parse(texts) == [
        spans(tokens, labels) for tokens, labels in zip(batch, tagger.tag(batch), strict=True)
    ]


def test_saved_and_loaded_it_says_the_same(tagger: AddressTagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "tagger.npz")
    loaded = AddressTagger.load(tmp_path / "tagger.npz")
    texts = ["云山区长安路7号阳光花园3栋", "海宁区建设街5号"]
    assert (loaded.version, loaded.labels) == ("t1", tagger.labels)
    assert loaded.parse(texts) == tagger.parse(texts)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "tagger.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BadInput, match="not a whole address tagger"):
        AddressTagger.load(tmp_path / "tagger.npz")


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(BadInput, match="needs tagged addresses"):
        train_tagger([], "t")


def test_samples_are_read_and_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("路 B-subRoad\n7 B-roadno\n\n村 B-town\n", encoding="utf-8")
    assert read_samples(tmp_path / "a.txt") == [
        Sample(("路", "7"), ("B-subroad", "B-roadno")),
        Sample(("村",), ("B-town",)),
    ]
    (tmp_path / "b.txt").write_text("路 B-road\n7\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_samples(tmp_path / "b.txt")


def test_the_names_of_the_nation_come_with_the_project() -> None:
    names = national_names()
    assert {kind.removesuffix("-short") for kind, _ in names} == {"prov", "city", "district", "town"}
    assert len({name for kind, name in names if kind == "town"}) > 30_000
    assert ("town-short", "和平街") in names


def test_divisions_come_with_their_short_forms() -> None:
    assert division_names([("town", "和平街道")]) == [
        ("town", "和平街道"),
        ("town-short", "和平街"),
        ("town-short", "和平"),
    ]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("十二号", "12号"),
        ("一百零八号", "108号"),
        ("二十栋三单元", "20栋3单元"),
        ("一二八号", "128号"),
        ("第三号楼", "第三号楼"),
        ("三里路", "三里路"),
    ],
)
def test_chinese_numbers_before_a_counting_word(said: str, meant: str) -> None:
    assert numerals(said) == meant


def spanned(*parts: tuple[str, str]) -> list[Span]:
    return [Span(tag, text, 0, 0) for tag, text in parts]


def test_a_structured_address_has_bare_numbers() -> None:
    found = structured(
        spanned(("district", "云山区"), ("road", "长安路"), ("roadno", "128号"), ("poi", "明月苑"), ("houseno", "三栋"))
    )
    assert found == Address(("", "", "云山区", "", ""), "长安路", "128", estate="明月苑", building="3")


def test_a_crossing_has_two_roads_and_a_relation() -> None:
    found = structured(spanned(("road", "长安路"), ("assist", "与"), ("subroad", "建设街"), ("assist", "交叉口")))
    assert (found.road, found.crossing, found.relation) == ("长安路", "建设街", "交叉口")


def test_a_side_is_kept_apart_from_the_estate() -> None:
    found = structured(spanned(("poi", "第一小学门口")))
    assert (found.estate, found.relation) == ("第一小学", "门口")


def test_pieces_of_a_complaint_end_behind_the_place() -> None:
    assert pieces("尊敬的领导：我家住在云山区长安路十二号对面，每天半夜施工。谢谢") == ["云山区长安路12号对面"]
    assert pieces("半夜施工吵得睡不着") == []


def test_addresses_are_read_from_complaints(tagger: AddressTagger) -> None:
    found = read(tagger, ["我家住在云山区长安路十二号，半夜施工", "没有人管"])
    assert [(each.divisions[2], each.road, each.number) for each in found[0]] == [("云山区", "长安路", "12")]
    assert found[1] == []


def test_coded_divisions_are_kept_as_they_stand(tagger: AddressTagger) -> None:
    (found,) = read(tagger, ["希望K9县长安路3号的路灯修好"])[0]
    assert (found.divisions[2], found.road, found.number) == ("K9县", "长安路", "3")


@pytest.mark.real
def test_real_addresses_are_tagged_from_a_small_part() -> None:
    path = REAL / "train.txt"
    samples = read_samples(path) if path.exists() else pytest.skip("real addresses aren't here: set ZHONGSHU_REAL_DATA")
    small = train_tagger(samples[:1200], "part", None, AddressRecipe(seeds=(0,), parts=4))
    reached = score(small, samples[1200:2200])
    assert reached.f1 > 0.8
    assert reached.tags["district"][1] > 0.9
