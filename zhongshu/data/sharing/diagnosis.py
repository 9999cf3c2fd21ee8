"""不能用、不敢用、不会用 why a use failed, in three kinds that need three different next steps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The three kinds of the diagnosis."""

    CANNOT = "cannot"
    """不能用: no access, or the data aren't there or aren't good."""
    DARE_NOT = "dare_not"
    """不敢用: no rule, ground or audit covers the use."""
    DONT_KNOW = "dont_know"
    """不会用: access and ground are there, skill isn't."""


@dataclass(frozen=True, slots=True)
class Step:
    """下一步: what helps, and the page where it is done ("" when it is a person's help)."""

    kind: Kind
    name: str
    english: str
    step: str
    step_english: str
    page: str


STEPS: Mapping[str, Step] = {
    "no_grant": Step(
        Kind.CANNOT, "没有授权", "No grant", "提出共享申请", "Apply for the items", "/data/sharing?dataset={dataset}"
    ),
    "not_shared": Step(
        Kind.CANNOT,
        "信息项不予共享",
        "Item is not shared",
        "提请复核定级与共享类型",
        "Ask for a review of grade and share type",
        "/data/grades?dataset={dataset}",
    ),
    "expired": Step(
        Kind.CANNOT, "授权已到期", "Grant has expired", "重新申请", "Apply again", "/data/sharing?dataset={dataset}"
    ),
    "ended": Step(
        Kind.CANNOT,
        "授权已终止",
        "Grant has ended",
        "查看终止理由后重新申请",
        "Read why it ended, then apply again",
        "/data/proceedings/{grant}",
    ),
    "not_yet": Step(Kind.CANNOT, "授权未生效", "Not in force yet", "等待生效", "Wait", "/data/proceedings/{grant}"),
    "quality": Step(
        Kind.CANNOT,
        "数据质量不足",
        "Data are not good enough",
        "向数源单位开质量工单",
        "Open a ticket to the source",
        "/data/quality?dataset={dataset}",
    ),
    "purpose": Step(
        Kind.DARE_NOT,
        "用途未获授权",
        "Purpose is not covered",
        "按新用途另行申请，或由数据管理部门出具意见",
        "Apply for the new purpose, or ask the data bureau",
        "/data/sharing?dataset={dataset}",
    ),
    "no_basis": Step(
        Kind.DARE_NOT,
        "依据不明",
        "No clear ground",
        "请数据管理部门出具合规意见",
        "Ask the data bureau for an opinion on compliance",
        "/data/sharing?dataset={dataset}",
    ),
    "unused": Step(
        Kind.DARE_NOT,
        "已授权而从未使用",
        "Granted and never used",
        "联系使用单位，问清是不敢还是不会",
        "Ask the unit whether it dares not or does not know how",
        "/data/proceedings/{grant}",
    ),
    "item": Step(
        Kind.DONT_KNOW,
        "信息项不在授权内",
        "Item is not in the grant",
        "查看授权的信息项与示例",
        "Look at the items of the grant and the example",
        "/data/sharing?grant={grant}",
    ),
    "odd_request": Step(
        Kind.DONT_KNOW,
        "请求写法有误",
        "Request is malformed",
        "查看接口示例，约请培训",
        "Look at the example of the interface, ask for training",
        "/data/sharing?grant={grant}",
    ),
    "no_skill": Step(
        Kind.DONT_KNOW,
        "不会取数或不懂字段",
        "Does not know how",
        "约请提供方或数据管理部门培训",
        "Ask the provider or the data bureau for training",
        "/data/sharing?grant={grant}",
    ),
}
"""Word of a failure -> what it means and what helps."""
SAID = ("quality", "no_basis", "no_skill")
"""Failures that a person tells; the others are seen by the machine."""


def diagnose(failure: str) -> Kind:
    """The kind of a failure. KeyError for a word that isn't one."""
    return STEPS[failure].kind


def tally(failures: Iterable[str]) -> dict[Kind, int]:
    """How many of each kind, all three named."""
    found = dict.fromkeys(Kind, 0)
    for one in failures:
        found[diagnose(one)] += 1
    return found
