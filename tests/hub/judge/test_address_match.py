"""Matching against an address base: planted variants, abstention, calibration."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.bench.addresses import KINDS, address_base, said
from zhongshu.bench.place import judged
from zhongshu.hub.judge.address_fitting import calibration_error, fit
from zhongshu.hub.judge.address_match import FEATURES, AddressBase, AddressMatcher, Match


def town() -> AddressBase:
    """Two roads of one name in two districts, an estate with an alias; 12 m between houses."""
    number = np.array([1, 3, 5, 1, 3, 5, 1, 2])
    return AddressBase(
        names=["长安路", "长安路", "明月花园"],
        name=np.array([0, 0, 0, 1, 1, 1, 2, 2]),
        number=number,
        building=np.array([False] * 6 + [True] * 2),
        areas=[("云山区", "清泉街道"), ("和平区", "松江镇")],
        area=np.array([0, 0, 0, 1, 1, 1, 0, 0]),
        lon=113 + np.array([0.0, 0.0001, 0.0002, 0.1, 0.1001, 0.1002, 0.01, 0.0105]),
        lat=np.full(8, 23.0),
        aliases={"月光城": 2},
        codes={"K1区": "和平区"},
    )


@pytest.fixture(scope="module")
def matcher() -> AddressMatcher:
    return AddressMatcher(town())


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("云山区长安路3号", 1),
        ("和平区长安路3号", 4),
        ("K1区长安路3号", 4),
        ("松江长安路三号", 4),
        ("云山区月光城二栋", 7),
        ("明月花圆2栋门口有垃圾", 7),
        ("我家住在清泉街道长安路５号，半夜施工", 2),
    ],
)
def test_what_people_say_is_found(matcher: AddressMatcher, text: str, row: int) -> None:
    found = matcher.match([text])[0]
    assert (found.row, found.exact) == (row, True)
    assert found.confidence >= matcher.sure


@pytest.mark.parametrize("text", ["", "长安路3号", "半夜施工", "123", "云山区"])
def test_it_abstains_when_it_can_not_know(matcher: AddressMatcher, text: str) -> None:
    assert matcher.match([text])[0].row == -1


def test_two_roads_of_one_name_are_both_offered(matcher: AddressMatcher) -> None:
    found = matcher.match(["长安路3号"])[0]
    assert {row for row, _ in found.others[:2]} == {1, 4}
    assert found.confidence == pytest.approx(0.5, abs=0.05)


def test_a_number_that_is_missing_gives_a_neighbour(matcher: AddressMatcher) -> None:
    found = matcher.match(["云山区清泉街道长安路4号"])[0]
    best = found.row if found.row >= 0 else found.others[0][0]
    assert best in (1, 2)
    assert not found.exact


def test_a_batch_says_what_each_text_says_alone(matcher: AddressMatcher) -> None:
    texts = ["云山区长安路3号", "", "明月花园1栋", "长安路"] * 5
    assert matcher.match(texts) == [matcher.match([text])[0] for text in texts]


def test_fitted_on_one_city_it_serves_another() -> None:
    one = AddressMatcher(address_base(4000, seed=3))
    asked = said(one.base, 450, seed=4)
    weights = fit(one, asked.texts, asked.row)
    assert weights.features.shape == (len(FEATURES),)
    other = AddressMatcher(address_base(5000, seed=5), weights)
    truth = said(other.base, 450, seed=6)
    figures = judged(other, truth, other.match(truth.texts))
    assert figures["match_near"] > 0.9
    assert figures["match_precision"] > 0.95
    assert figures["match_absent_answered"] < 0.1


def test_the_made_up_base_is_the_same_each_time() -> None:
    one, other = address_base(1000), address_base(1000)
    assert one.names == other.names
    assert (one.lon == other.lon).all()
    assert said(one, 50).texts == said(other, 50).texts
    assert (said(one, 90).row[said(one, 90).kind == KINDS.index("absent")] == -1).all()


def test_calibration_error_of_sure_and_wrong_answers() -> None:
    sure = [Match(0, 1.0)] * 10
    assert calibration_error(sure, np.ones(10, bool)) == 0
    assert calibration_error(sure, np.zeros(10, bool)) == 1
