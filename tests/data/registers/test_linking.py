"""Which records are one: features, the veto of two proven numbers, and a hamlet with twins, moves and shared phones."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from tests import hamlet
from zhongshu.bench.resolve import score
from zhongshu.data.registers import features
from zhongshu.data.registers.linking import Linked, link, part


@pytest.fixture(scope="module")
def found() -> Linked:
    return link(features.of_people(hamlet.told()["person"]), "person", threads=1)


def test_people_of_a_hamlet_are_found(found: Linked) -> None:
    reached = score(found.cluster, hamlet.told()["person"]["truth"].to_numpy())
    assert reached["f1"] >= 0.99
    assert reached["precision"] >= 0.995


def test_nobody_has_two_proven_numbers(found: Linked) -> None:
    number = features.of_people(hamlet.told()["person"])["number"].to_pylist()
    held: dict[int, set[str]] = {}
    for cluster, one in zip(found.cluster.tolist(), number, strict=True):
        held.setdefault(cluster, set()).update({one} - {None})
    assert max(len(one) for one in held.values()) == 1


def test_a_pair_left_to_people_is_of_two_clusters(found: Linked) -> None:
    sides = [found.cluster[found.pairs[side].to_numpy()] for side in ("id_l", "id_r")]
    assert not (sides[0] == sides[1]).any()


def test_a_cluster_with_two_numbers_comes_apart_at_its_weakest_pair() -> None:
    left, right = np.array([0, 1, 2]), np.array([1, 2, 3])
    apart = part(np.zeros(4, np.int64), np.array([5, -1, -1, 6]), left, right, np.array([9.0, 2.0, 8.0]))
    assert apart[0] == apart[1] != apart[2] == apart[3]


@pytest.mark.parametrize(
    ("said", "road", "room"),
    [
        ("东街街道福寿路12号3栋2单元501房", "福寿路12号", "福寿路12号/3-2-501"),
        ("福寿路12号3-2-501", "福寿路12号", "福寿路12号/3-2-501"),
        ("福寿路１２号 3幢2单元501室", "福寿路12号", "福寿路12号/3-2-501"),
        ("福寿路12号", "福寿路12号", None),
        ("村口大树下", None, None),
        (None, None, None),
    ],
)
def test_addresses_are_read_however_they_are_written(said: str | None, road: str | None, room: str | None) -> None:
    roads, rooms = features.addresses(pa.array([said], pa.string()))
    assert (roads[0].as_py(), rooms[0].as_py()) == (road, room)


def test_what_a_proven_number_says_goes_before_the_lunar_calendar() -> None:
    told = {"id": [1], "name": ["张□"], "id_number": ["11010519491231002x"], "phone": ["+86 138-0013-8000"]}
    table = pa.table({**told, "born": pa.array([date(1949, 11, 12)]), "address": [""]})
    made = features.of_people(table).to_pylist()[0]
    assert (made["born"], made["phone"], made["c2"]) == (date(1949, 12, 31), "13800138000", features.UNREAD)


def test_firms_are_compared_by_the_core_of_their_name() -> None:
    told = {"id": [1, 2], "name": ["城关区金泰餐饮服务有限公司", "金泰餐饮服务"], "credit_code": ["", ""]}
    table = pa.table({**told, "legal_person": ["", ""], "phone": ["", ""], "address": ["", ""]})
    assert features.of_firms(table)["core"].to_pylist() == ["金泰餐饮服务", "金泰餐饮服务"]
