"""建与用 which modules of the hub people used in the last month, by the facts that they left: built, used, by whom.

What only reads (a page looked at) leaves no fact and is counted nowhere: nobody is watched for this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.signs.shape import MONTH
from zhongshu.kernel.facts import RESIDENT, SYSTEM, Kind
from zhongshu.kernel.places import Level, Span

K = Kind
LOWER = frozenset({int(Level.STREET), int(Level.COMMUNITY)})


@dataclass(frozen=True, slots=True)
class Module:
    """模块: the kinds of fact and the families of proceedings by which one sees that it was used."""

    code: str
    kinds: frozenset[Kind] = frozenset()
    families: frozenset[str] = frozenset()


def _module(code: str, *kinds: Kind, families: str = "") -> Module:
    return Module(code, frozenset(kinds), frozenset(families.split()))


MODULES: tuple[Module, ...] = (
    _module("intake", K.REPORTED, K.REJECTED, K.SUPPLEMENT_ASKED, K.SUPPLEMENTED, K.CONTACTED),
    _module("judging", K.JUDGED, K.UNCLEAR, K.CLASSIFIED),
    _module("verifying", K.VERIFY_ASKED, K.VERIFIED, K.NOT_FILED),
    _module("merging", K.MERGED, K.MERGE_PROPOSED, K.MERGE_DECLINED, K.ABSORBED, K.SPLIT),
    _module(
        "ruling",
        *(K.DECIDED, K.UNDECIDED, K.RULED, K.RETURNED, K.RETURN_FORBIDDEN, K.MEETING_HELD, K.PRECEDENT_WITHDRAWN),
    ),
    _module(
        "handling",
        *(K.DISPATCHED, K.SIGNED, K.MADE_SAFE, K.HANDLED, K.ASSIST_ADDED, K.ASSISTED, K.CLAIMED, K.ASSIGNED),
        *(K.ASSIGNMENT_WITHDRAWN, K.REOPENED, K.REDONE, K.CLOSED, K.ARCHIVED, K.VOID_ASKED, K.VOIDED, K.VOID_REFUSED),
    ),
    _module("checking", K.CHECK_PASSED, K.CHECK_FAILED),
    _module("calling_back", K.CALLED_BACK),
    _module(
        "limits",
        *(K.EXTENSION_ASKED, K.EXTENDED, K.EXTENSION_REFUSED, K.HANG_ASKED, K.HUNG, K.HANG_REFUSED, K.RESUMED),
        *(K.NEARLY_OVERDUE, K.OVERDUE, K.ESCALATED, K.RETIMED),
    ),
    _module("supervising", K.URGED, K.SUPERVISED, K.ANSWERED, K.SUPERVISION_WITHDRAWN),
    _module("evaluating", K.EVALUATED, K.EXCLUSION_ASKED, K.EXCLUDED, K.EXCLUSION_REFUSED, K.EXCLUSION_REVIEWED),
    _module("summaries", K.SUMMARY_DRAFTED, K.SUMMARY_CONFIRMED),
    _module("stuck", K.STUCK, K.UNSTUCK),
    _module("scenarios", K.SENSED, K.WARNED, K.CLEARED),
    _module(
        "calls",
        *(K.CALLED, K.CALL_WIDENED, K.CALL_ACKNOWLEDGED, K.CALL_ARRIVED, K.CALL_ACTED, K.CALL_RELEASED),
        *(K.CALL_EXCUSED, K.CALL_SCORED, K.CALL_UNANSWERED, K.CALL_RAISED, K.CALL_WITHDRAWN, K.CALL_ENDED),
    ),
    _module(
        "directives",
        *(K.DIRECTED, K.DIRECTIVE_RECEIVED, K.DIRECTIVE_EXECUTED, K.DIRECTIVE_EXCEPTED, K.EXCEPTION_GRANTED),
        *(K.EXCEPTION_DECLINED, K.PROOF_ACCEPTED, K.PROOF_RETURNED, K.DIRECTIVE_MISSED, K.HELD_ACCOUNTABLE),
        *(K.DIRECTIVE_WITHDRAWN, K.DIRECTIVE_ENDED),
    ),
    _module("duty", K.DUTY_BEGUN, K.DUTY_NOTED, K.DUTY_HANDED),
    _module("signs", K.SIGN_RED, K.SIGN_EASED, K.SIGN_ANSWERED),
    _module("issues", K.ISSUE_HOT, K.ISSUE_COOLED, K.ISSUE_KNOWN, K.ISSUE_SILENCED),
    _module(
        "causes",
        *(K.CAUSE_FOUND, K.CAUSE_CONFIRMED, K.CAUSE_DISMISSED, K.CAUSE_TASKED, K.CAUSE_UNTASKED, K.CAUSE_TREATED),
        K.CAUSE_SETTLED,
    ),
    _module(
        "models",
        *(K.MODEL_PUBLISHED, K.MODEL_COMPARED, K.MODEL_APPROVED, K.MODEL_DEPLOYED, K.MODEL_ROLLED_BACK),
        *(K.MODEL_WITHDRAWN, K.MODEL_RETIRED, K.MODEL_WATCHED),
    ),
    _module("field", K.CHECKED_IN, K.HELPED),
    _module(
        "community",
        *(K.MEMBER_ADMITTED, K.MEMBER_MOVED, K.TOPIC_POSTED, K.TOPIC_REPLIED, K.BALLOT_CAST, K.TOPIC_MOVED),
    ),
    _module(
        "taking_part",
        *(K.TASK_POSTED, K.TASK_MOVED, K.NEIGHBOUR_LOOKED, K.LOOK_SETTLED),
        *(K.POINTS_RECKONED, K.POINTS_MOVED, K.POINTS_USED),
    ),
    _module("registers", families="merging parting"),
    _module("gathering", K.GATHERED, K.GATHER_FAILED),
    _module("standards", K.FEED_CHECKED, families="standard dispute"),
    _module("quality", K.SAMPLE_DRAWN, K.ROW_CONFIRMED, families="ticket correction authority"),
    _module("filling", K.FORM_FILLED, K.TABLE_GIVEN),
    _module("forms", families="form admission same"),
    _module("training", K.COURSE_TAKEN, families="class"),
    _module("sharing", K.DATA_USED, K.DATA_USE_FAILED, families="sharing requisition regrade"),
    _module("returns", K.RETURN_OPENED, K.DATA_FLOWED, families="return"),
    _module("lake", K.LAKE_FILED, K.LAKE_ERASED),
)
"""Every part of the hub that leaves facts, in the order of the page. Each kind and family is in exactly one."""
OF_PROCEEDINGS = frozenset({K.PROCEEDING_BEGUN, K.PROCEEDING_MOVED, K.PROCEEDING_OVERDUE})
"""Kinds that belong to the module of their family."""

PEOPLE, ITSELF, UNUSED = "people", "itself", "unused"


@dataclass(slots=True)
class Use:
    """一个模块的使用: acts of posts by level, of residents, of the system by itself; the newest act of a person."""

    by_level: dict[int, int] = field(default_factory=lambda: dict.fromkeys(map(int, Level), 0))
    residents: int = 0
    system: int = 0
    newest: datetime | None = None

    @property
    def posts(self) -> int:
        return sum(self.by_level.values())

    @property
    def people(self) -> int:
        return self.posts + self.residents

    @property
    def lower(self) -> int:
        """Acts of posts at streets and communities."""
        return sum(count for level, count in self.by_level.items() if level in LOWER)

    @property
    def state(self) -> str:
        """people: somebody used it; itself: it ran and nobody touched it; unused: nothing happened."""
        return PEOPLE if self.people else ITSELF if self.system else UNUSED


@dataclass(frozen=True, slots=True)
class Hand:
    """谁用的: how often the posts of one unit did one kind of thing."""

    unit: str
    kind: str
    family: str
    acts: int
    newest: datetime


_FACTS = """
FROM ledger l
LEFT JOIN data_post p ON p.code = l.actor AND p.valid_to IS NULL
LEFT JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
LEFT JOIN proceeding r ON r.id = l.subject AND l.kind = ANY (%(proceedings)s)
WHERE l.at >= %(since)s AND l.at < %(now)s AND l.recorded_at >= %(since)s AND l.place >= %(lo)s AND l.place < %(hi)s
"""
_COUNTED = f"""SELECT l.kind, coalesce(r.family, ''), l.actor = %(system)s, u.level, count(*), max(l.at)
{_FACTS} AND (l.actor IN (%(system)s, %(resident)s) OR u.level IS NOT NULL) GROUP BY 1, 2, 3, 4"""
_HANDS = f"""SELECT u.code, l.kind, coalesce(r.family, ''), count(*), max(l.at)
{_FACTS} AND u.code IS NOT NULL AND (l.kind = ANY (%(kinds)s) OR r.family = ANY (%(families)s))
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2 LIMIT 200"""


def _given(span: Span, now: datetime) -> dict[str, Any]:
    held: dict[str, Any] = {"now": now, "since": now - MONTH, "lo": span.lo, "hi": span.hi}
    return held | {"system": SYSTEM, "resident": RESIDENT, "proceedings": [str(one) for one in OF_PROCEEDINGS]}


def module_of(kind: str, family: str) -> str:
    """The module whose use a fact shows; "" of a kind that no module names."""
    return _OWNERS.get(("family", family) if family else ("kind", kind), "")


_OWNERS: Mapping[tuple[str, str], str] = {
    **{("kind", str(kind)): one.code for one in MODULES for kind in one.kinds},
    **{("family", family): one.code for one in MODULES for family in one.families},
}


def taken(span: Span, now: datetime) -> dict[str, Use]:
    """Module -> how it was used within the span in the month before; one statement over that month's ledger."""
    found = {one.code: Use() for one in MODULES}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_COUNTED, _given(span, now))
        for kind, family, itself, level, count, newest in cursor.fetchall():
            use = found.get(module_of(kind, family))
            if use is not None:
                _add(use, itself, level, (count, newest))
    return found


def _add(use: Use, itself: bool, level: int | None, told: tuple[int, datetime]) -> None:
    count, newest = told
    if itself:
        use.system += count
        return
    if level is None:
        use.residents += count
    else:
        use.by_level[level] = use.by_level.get(level, 0) + count
    use.newest = max(use.newest or newest, newest)


def hands(span: Span, now: datetime, module: Module) -> list[Hand]:
    """Which units used a module and what they did, the busiest first."""
    given = _given(span, now) | {"kinds": [str(one) for one in module.kinds], "families": list(module.families)}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_HANDS, given)
        return [Hand(*values) for values in cursor.fetchall()]


_PARTS = """
SELECT (SELECT count(*) FROM model_version WHERE state <> 'retired'),
  (SELECT count(DISTINCT model) FROM model_deployment WHERE ended_at IS NULL)
"""


def models() -> tuple[int, int]:
    """(versions published and not retired, versions that judge somewhere now)."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_PARTS)
        published, judging = cursor.fetchone()
    return int(published), int(judging)
