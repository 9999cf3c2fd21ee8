"""Urgency and special need."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.needs import needs
from zhongshu.kernel.desk import Words

WORDS = Words(
    urgent={"受伤": "有人受伤", "坍塌": "建筑险情", "漏电": "触电危险", "险情": "险情", "被困": "有人被困"},
    special={"独居老人": "独居", "老人": "高龄", "孕妇": "孕产", "轮椅": "行动不便"},
)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("路灯不亮", 0),
        ("没有人员受伤", 0),
        ("暂无人员受伤，请修复", 0),
        ("目前险情已排除", 0),
        ("为防止坍塌请加固", 0),
        ("有人受伤", 2),
        ("围墙坍塌，没有人员受伤", 2),
        ("没有人处理，路灯漏电", 2),
        ("险情没有排除", 2),
        ("家有孕妇，楼道无灯", 1),
        ("独居老人被困电梯", 3),
        ("老人没有受伤，但漏电严重", 3),
        ("多次反映路灯不亮", 1),
        ("多次反映有老人出行难", 2),
        ("多次反映漏电", 2),
    ],
)
def test_urgency(text: str, urgency: int) -> None:
    assert needs(text, WORDS).urgency == urgency


def test_each_raise_is_explained() -> None:
    found = needs("独居老人家漏电，第三次反映", WORDS)
    assert found.special == (("独居老人", "独居"),)
    assert found.reasons == (("漏电", "触电危险", 2), ("独居老人", "独居", 1))
    assert needs("一直没人管", WORDS).reasons == (("一直没人管", "多次反映仍未解决", 1),)


def test_vulnerability_outweighs_volume() -> None:
    loud = needs("多次反映" * 40, WORDS)
    quiet = needs("孕妇被困", WORDS)
    assert quiet.urgency > loud.urgency


@given(st.text(max_size=60))
def test_any_text_is_graded(text: str) -> None:
    found = needs(text, WORDS)
    assert 0 <= found.urgency <= 3
    assert (found.urgency == 0) == (not found.reasons)
