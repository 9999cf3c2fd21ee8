"""事实 facts: whatever happens, in the past tense, with a cause; never changed, never removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

SYSTEM = "system"
"""Actor of facts that a room derived by itself (系统)."""

RESIDENT = "resident"
"""Actor of facts that a person outside the administration caused (市民)."""


class Kind(StrEnum):
    """The few nouns of the road (事实类型). The docstring of each value is its contract."""

    REPORTED = "Reported"
    """诉求上报: one person or device said something once. subject = report id."""
    JUDGED = "Judged"
    """研判: category, place, urgency and special need are known. subject = case id from here on."""
    UNCLEAR = "Unclear"
    """待人工研判: the model abstained; a person must classify."""
    MERGED = "Merged"
    """并案: this report is the same matter as the subject case."""
    MERGE_PROPOSED = "MergeProposed"
    """疑似重复: perhaps the same matter; a person decides."""
    MERGE_DECLINED = "MergeDeclined"
    """不是同一件事: a person refused a proposed merge."""
    ABSORBED = "Absorbed"
    """已并入: the last report of this case went to another case, where the matter lives on."""
    SPLIT = "Split"
    """拆案: a merged report becomes a case of its own again."""
    CLASSIFIED = "Classified"
    """人工研判/改判: a person set the category or the place; re-decides."""
    WARNED = "Warned"
    """预警: a reading or a pattern crossed its threshold; becomes a case before anyone calls."""
    DECIDED = "Decided"
    """决策: host, assists, legal basis and limits, with the duty row that matched."""
    UNDECIDED = "Undecided"
    """无匹配条目: nothing matched or the match is forbidden; the arbitration desk decides."""
    RULED = "Ruled"
    """裁定: the arbitration post named the host."""
    DISPATCHED = "Dispatched"
    """派遣: tasks and clocks were given to posts."""
    SIGNED = "Signed"
    """签收."""
    RETURNED = "Returned"
    """退单: the unit says, with a reason, that it is not its duty; decides again."""
    ESCALATED = "Escalated"
    """提级: the next level up now also answers for it."""
    OVERDUE = "Overdue"
    """逾期: a clock ran out."""
    HANDLED = "Handled"
    """处理反馈: the unit says what it did, with photos."""
    CHECK_PASSED = "CheckPassed"
    """核查通过, by another person."""
    CHECK_FAILED = "CheckFailed"
    """核查不通过: back to the unit."""
    CALLED_BACK = "CalledBack"
    """回访: one reporter was asked: contacted, solved, satisfied."""
    CLOSED = "Closed"
    """办结."""
    REOPENED = "Reopened"
    """重启/重办."""
    EVALUATED = "Evaluated"
    """评价: the closed case's own figures."""
    STUCK = "Stuck"
    """卡住: a room raised; a person must look."""
    UNSTUCK = "Unstuck"
    """解卡: a person sent a stuck fact down the road again."""
    SENSED = "Sensed"
    """感知读数: one reading of a device, kept with the observations and not in the ledger. subject = observation id."""
    CLEARED = "Cleared"
    """预警解除: the reading fell below the clearing level. subject = the case that the warning began."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact (事实).

    `id` is unique over the whole ledger and given before the fact is written, so that causes are known;
    `at` is when it happened (UTC), not when it was written; `place` is a division code, "" when unknown;
    `versions` names the rules and models used; `payload` holds JSON values only.
    """

    id: int
    kind: str
    subject: int
    at: datetime
    cause: int | None = None
    actor: str = SYSTEM
    place: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
