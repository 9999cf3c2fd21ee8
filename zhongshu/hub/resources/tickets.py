"""质量工单与更正 what tickets to a source, corrections and the loss of authority are about, and when they may begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhongshu.data.quality import kept
from zhongshu.data.quality.rules import Rule
from zhongshu.hub.resources.moves import EVERYBODY, About, Looked, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound

if TYPE_CHECKING:
    from zhongshu.data.catalogue import entries

RULE, DATASET, RECORD = "rule:", "dataset:", "record:"
"""Subjects: one rule of a data set, a data set, one row of a data set by its key."""


def rule_of(subject: str) -> Rule:
    """The rule in force that "rule:CODE" names. NotFound when there is none."""
    code = subject.removeprefix(RULE)
    found = next((one for held in kept.rules().values() for one in held if one.code == code), None)
    if found is None or not subject.startswith(RULE):
        raise NotFound(f"there is no quality rule {code[:60]!r} / 没有这条质量规则")
    return found


def _entry(dataset: str) -> entries.Dataset:
    """A data set in force. The hub imports us before the application is configured, so that this one comes late."""
    from zhongshu.data.catalogue import entries

    return entries.one(dataset)


def _provider(found: entries.Dataset, knowledge: Knowledge) -> tuple[str, ...]:
    if found.provider not in knowledge.units:
        raise NotFound(f"{found.dataset}: its provider is no unit in force / 提供方不是现行单位")
    return (found.provider,)


def _ticket(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    rule = rule_of(subject)
    found = _entry(rule.dataset)
    return About(f"{found.name}：{rule.name}", _provider(found, knowledge))


def _correction(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    dataset, slash, key = subject.removeprefix(RECORD).partition("/")
    if not subject.startswith(RECORD) or not slash or not key:
        raise BadInput(f"subject: found {subject[:60]!r}, expected {RECORD}DATASET/KEY / 标的应为一条记录")
    found = _entry(dataset)
    item = found.item(str(given.get("item", "")))
    if item is None:
        known = ", ".join(one.item for one in found.items)
        raise BadInput(f"item: found {given.get('item')!r}, expected one of {known} / 没有这一信息项")
    return About(f"{found.name}：更正{item.name}", _provider(found, knowledge))


def _authority(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    found = _entry(subject.removeprefix(DATASET))
    return About(f"{found.name}：权威来源资格", _provider(found, knowledge), EVERYBODY)


def _one_at_a_time(looked: Looked) -> str:
    if kept.is_open("ticket", str(looked.row["subject"])):
        return "this rule has an open ticket already / 该规则已有在办工单"
    return ""


TICKET = Rules(_ticket, {"issue": _one_at_a_time})
CORRECTION = Rules(_correction, {})
AUTHORITY = Rules(_authority, {})
