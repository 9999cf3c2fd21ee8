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
    """退单/派单异议: the unit says, with a reason and a clause, that it is not its duty; a ruling decides."""
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
    """重启: a closed case lives again, within the window."""
    REDONE = "Redone"
    """重办/二次办理: a reporter said "unsolved"; decided and dispatched once more, and counted."""
    REJECTED = "Rejected"
    """不予受理: with a reason code, and the channel that the reporter was told of."""
    VERIFY_ASKED = "VerifyAsked"
    """交核实: somebody goes and looks before the case is filed."""
    VERIFIED = "Verified"
    """核实属实: it is so; the case is filed and decided."""
    NOT_FILED = "NotFiled"
    """不予立案: it is not so, or no matter for this city."""
    CONTACTED = "Contacted"
    """首次联系: a reporter was spoken to."""
    MADE_SAFE = "MadeSafe"
    """采取安全措施: the first stage of a two-stage limit; the repair follows."""
    ASSIST_ADDED = "AssistAdded"
    """协办/加派: more units help, each with its own limit; the host answers as one."""
    ASSISTED = "Assisted"
    """协办反馈: an assisting unit says what it did."""
    EXTENSION_ASKED = "ExtensionAsked"
    """申请延期."""
    EXTENDED = "Extended"
    """准予延期: a new limit; an overdue that happened stays."""
    EXTENSION_REFUSED = "ExtensionRefused"
    """不准延期."""
    HANG_ASKED = "HangAsked"
    """申请挂账: cannot be done now; with reason, owner and the date of review."""
    HUNG = "Hung"
    """挂账: on the public ledger until the review; clocks of handling stand still."""
    HANG_REFUSED = "HangRefused"
    """不准挂账."""
    RESUMED = "Resumed"
    """解挂: taken up again; the clocks go on where they stood."""
    SUPPLEMENT_ASKED = "SupplementAsked"
    """待补充: the reporter must add something; clocks of handling stand still."""
    SUPPLEMENTED = "Supplemented"
    """已补充, or the time to add has run out; the clocks go on."""
    RETURN_FORBIDDEN = "ReturnForbidden"
    """禁止退回: by ruling; the host may not return this case any more."""
    MEETING_HELD = "MeetingHeld"
    """联席会议: who attended and what was said; two returns force one before any ruling."""
    URGED = "Urged"
    """催办."""
    SUPERVISED = "Supervised"
    """督办: an issue put to the host, with a limit to answer."""
    ANSWERED = "Answered"
    """督办回复."""
    ARCHIVED = "Archived"
    """归档: the window for opening it again has passed."""
    VOID_ASKED = "VoidAsked"
    """申请作废."""
    VOIDED = "Voided"
    """作废, by a second person."""
    VOID_REFUSED = "VoidRefused"
    """不准作废."""
    EXCLUSION_ASKED = "ExclusionAsked"
    """考核申诉: asked that this case be left out of the figures, with the clause."""
    EXCLUDED = "Excluded"
    """不纳入考核, by a second person."""
    EXCLUSION_REFUSED = "ExclusionRefused"
    """申诉不成立."""
    EXCLUSION_REVIEWED = "ExclusionReviewed"
    """剔除抽查: a third person looked at an exclusion again; not upheld, it counts again."""
    NEARLY_OVERDUE = "NearlyOverdue"
    """预逾期: a set share of a limit is used."""
    RETIMED = "Retimed"
    """时限重算: an explicit act moved the open clocks of a case to another version of their calendar."""
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
