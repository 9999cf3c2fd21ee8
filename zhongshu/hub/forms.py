"""表单 forms: what each move of a person may carry and how each field is read; all else is refused in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from zhongshu.data import cases, precedents
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import KINDS, SCORES
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level

Reader = Callable[[str, object], Any]
"""Field name and what was sent -> the value as the ledger keeps it. None and "" never come here: they are left out."""

TEXT = 4000
PHOTOS = 9
UNITS = 20
CASES = 500
"""Cases of one matter: those of a cause may be many."""
OWN = (Kind.CALLED_BACK, Kind.SPLIT, Kind.REOPENED, Kind.CONTACTED)
"""Moves that name a report, which must be this case's."""
ANSWERS = ("responded", "solved", "satisfaction")
"""What only a reporter who was reached can have said."""


def _odd(name: str, given: object, expected: str, expected_zh: str) -> BadInput:
    return BadInput(f"{name}: found {clean(given, 40)!r}, expected {expected} / “{name}”应为{expected_zh}")


def _whole(low: int, high: int) -> Reader:
    def read(name: str, given: object) -> int:
        short = isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 20
        number = int(given) if short or type(given) is int else low - 1  # type: ignore[call-overload]
        if not low <= number <= high:
            raise _odd(name, given, f"a whole number from {low} to {high}", f" {low} 至 {high} 的整数")
        return int(number)

    return read


def _text(limit: int) -> Reader:
    def read(name: str, given: object) -> str:
        if not isinstance(given, str):
            raise _odd(name, given, "text", "文字")
        return clean(given, limit)

    return read


def _yes_no(name: str, given: object) -> bool:
    if not isinstance(given, bool):
        raise _odd(name, given, "true or false", "是或否")
    return given


def _codes(name: str, given: object) -> list[str]:
    """Codes in a list, or apart by blanks, commas or 、 in one text."""
    pieces = re.split(r"[\s,，、;；]+", given.strip()) if isinstance(given, str) else given
    if not isinstance(pieces, list) or not 1 <= len(pieces) <= UNITS or not all(isinstance(one, str) for one in pieces):
        raise _odd(name, given, f"a list of 1 to {UNITS} codes", f" 1 至 {UNITS} 个代码")
    return list(dict.fromkeys(clean(one, 64) for one in pieces))


def _date(name: str, given: object) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise _odd(name, given, "a date such as 2026-12-31", "日期，如 2026-12-31") from None


def _moment(name: str, given: object) -> str:
    """A moment with its zone, kept in UTC."""
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _odd(name, given, "a moment such as 2026-12-31T09:00+08:00", "带时区的时间，如 2026-12-31T09:00+08:00")
    return moment.astimezone(UTC).isoformat()


def _degrees(limit: float) -> Reader:
    def read(name: str, given: object) -> float:
        try:
            value = float(given) if type(given) in (int, float, str) else limit + 1  # type: ignore[arg-type]
        except (ValueError, OverflowError):
            value = limit + 1
        if not -limit <= value <= limit:
            raise _odd(name, given, f"degrees from -{limit:g} to {limit:g}", f" -{limit:g} 至 {limit:g} 的度数")
        return value

    return read


def _ids(most: int) -> Reader:
    def read(name: str, given: object) -> list[int]:
        pieces = re.split(r"[\s,，、;；]+", given.strip()) if isinstance(given, str) else given
        if not isinstance(pieces, list) or len(pieces) > most:
            raise _odd(name, given, f"a list of at most {most} numbers", f"至多 {most} 个编号")
        return list(dict.fromkeys(_ID(name, one) for one in pieces))

    return read


def _one_of(*codes: str) -> Reader:
    def read(name: str, given: object) -> str:
        if given not in codes:
            raise _odd(name, given, f"one of {', '.join(codes)}", f"以下之一：{'、'.join(codes)}")
        return str(given)

    return read


def _photos(name: str, given: object) -> list[int]:
    if not isinstance(given, list) or len(given) > PHOTOS:
        raise _odd(name, given, f"a list of at most {PHOTOS} ids", f"至多 {PHOTOS} 个附件编号")
    return [_ID(name, one) for one in given]


_ID = _whole(1, 2**63 - 1)
_WORDS = _text(TEXT)
_CODE = _text(64)

_MINUTES = _whole(1, 525_600)
_NATURE = _one_of("general", "works", "special")

REJECTIONS = ("proceedings", "secret", "emergency", "elsewhere", "settled")
"""不予受理原因: 诉讼仲裁复议纪检信访在办, 涉密或隐私, 110/119/120 事项, 非本市, 已办结且无新事实."""

HANGINGS = ("budget", "dispute", "season", "planning", "other")
"""挂账原因: 需财政资金, 法律纠纷, 施工季节, 规划调整, 其他."""

FIELDS: Mapping[str, Mapping[str, Reader]] = {
    Kind.REJECTED: {"reason_code": _one_of(*REJECTIONS), "told": _WORDS},
    Kind.VERIFY_ASKED: {"unit": _CODE, "reason": _WORDS},
    Kind.VERIFIED: {"text": _WORDS, "photos": _photos},
    Kind.NOT_FILED: {"reason": _WORDS, "photos": _photos},
    Kind.CLASSIFIED: {
        "category": _CODE,
        "place": _CODE,
        "reason": _WORDS,
        "nature": _NATURE,
        "lon": _degrees(180),
        "lat": _degrees(90),
    },
    Kind.MEETING_HELD: {"attendees": _codes, "minutes": _WORDS},
    Kind.RULED: {"host": _CODE, "reason": _WORDS, "basis": _WORDS, "forbid_return": _yes_no},
    Kind.RETURN_FORBIDDEN: {"ruling": _WORDS},
    Kind.SIGNED: {},
    Kind.RETURNED: {"reason": _WORDS, "clause": _WORDS, "suggested": _CODE},
    Kind.CONTACTED: {"report": _ID, "text": _WORDS},
    Kind.MADE_SAFE: {"result": _WORDS, "photos": _photos},
    Kind.ASSIST_ADDED: {"units": _codes, "reason": _WORDS, "minutes": _MINUTES},
    Kind.ASSISTED: {"result": _WORDS, "photos": _photos},
    Kind.EXTENSION_ASKED: {"reason": _WORDS, "extra_minutes": _MINUTES, "photos": _photos},
    Kind.EXTENDED: {"extra_minutes": _MINUTES, "note": _WORDS},
    Kind.EXTENSION_REFUSED: {"reason": _WORDS},
    Kind.HANG_ASKED: {"reason_code": _one_of(*HANGINGS), "reason": _WORDS, "review_on": _date, "owner": _WORDS},
    Kind.HUNG: {"note": _WORDS},
    Kind.HANG_REFUSED: {"reason": _WORDS},
    Kind.RESUMED: {"reason": _WORDS},
    Kind.SUPPLEMENT_ASKED: {"text": _WORDS},
    Kind.SUPPLEMENTED: {"text": _WORDS},
    Kind.URGED: {"text": _WORDS},
    Kind.SUPERVISED: {"issue": _WORDS, "answer_minutes": _MINUTES},
    Kind.ANSWERED: {"text": _WORDS},
    Kind.VOID_ASKED: {"reason": _WORDS},
    Kind.VOIDED: {"note": _WORDS},
    Kind.VOID_REFUSED: {"reason": _WORDS},
    Kind.EXCLUSION_ASKED: {"reason": _WORDS, "clause": _WORDS},
    Kind.EXCLUDED: {"note": _WORDS},
    Kind.EXCLUSION_REFUSED: {"reason": _WORDS},
    Kind.EXCLUSION_REVIEWED: {"upheld": _yes_no, "reason": _WORDS},
    Kind.ESCALATED: {"level": _whole(Level.CITY, Level.COMMUNITY), "unit": _CODE, "reason": _WORDS},
    Kind.HANDLED: {"result": _WORDS, "despite": _WORDS, "photos": _photos},
    Kind.CHECK_PASSED: {"reason": _WORDS},
    Kind.CHECK_FAILED: {"reason": _WORDS},
    Kind.CALLED_BACK: {
        "report": _ID,
        "contacted": _yes_no,
        "responded": _yes_no,
        "solved": _yes_no,
        "satisfaction": _whole(1, 5),
        "text": _WORDS,
    },
    Kind.REOPENED: {"reason": _WORDS, "report": _ID, "category": _CODE},
    Kind.MERGED: {"report": _ID, "proposal": _ID, "said": _one_of("reporter")},
    Kind.MERGE_DECLINED: {"report": _ID, "proposal": _ID},
    Kind.SPLIT: {"report": _ID, "reason": _WORDS, "category": _CODE},
    Kind.PRECEDENT_WITHDRAWN: {"precedent": _ID, "reason": _WORDS},
    Kind.CALLED: {
        "kind": _one_of(*KINDS),
        "urgent": _yes_no,
        "text": _WORDS,
        "authority": _WORDS,
        "on_behalf": _WORDS,
        "place": _CODE,
        "address": _WORDS,
        "lon": _degrees(180),
        "lat": _degrees(90),
        "units": _codes,
        "arrive_by": _moment,
        "leave": _WORDS,
        "cases": _ids(CASES),
        "issue": _ID,
        "cause": _ID,
    },
    Kind.CALL_WIDENED: {"units": _codes, "reason": _WORDS, "arrive_by": _moment},
    Kind.CALL_ACKNOWLEDGED: {"text": _WORDS},
    Kind.CALL_ARRIVED: {"lon": _degrees(180), "lat": _degrees(90), "reason": _WORDS, "photos": _photos},
    Kind.CALL_ACTED: {"result": _WORDS, "photos": _photos},
    Kind.CALL_RELEASED: {"unit": _CODE, "text": _WORDS},
    Kind.CALL_EXCUSED: {"unit": _CODE, "reason": _WORDS},
    Kind.CALL_SCORED: {"unit": _CODE, "score": _whole(SCORES[0], SCORES[-1]), "word": _WORDS},
    Kind.CALL_WITHDRAWN: {"reason": _WORDS},
    Kind.DIRECTED: {
        "form": _one_of("order", "ban"),
        "urgent": _yes_no,
        "text": _WORDS,
        "authority": _WORDS,
        "place": _CODE,
        "units": _codes,
        "receive_minutes": _MINUTES,
        "deadline": _moment,
        "proof": _one_of("text", "photos"),
        "cases": _ids(CASES),
        "issue": _ID,
        "calls": _ids(UNITS),
        "cause": _ID,
    },
    Kind.DIRECTIVE_RECEIVED: {"text": _WORDS},
    Kind.DIRECTIVE_EXECUTED: {"result": _WORDS, "photos": _photos},
    Kind.DIRECTIVE_EXCEPTED: {"reason": _WORDS, "photos": _photos},
    Kind.EXCEPTION_GRANTED: {"unit": _CODE, "reason": _WORDS},
    Kind.EXCEPTION_DECLINED: {"unit": _CODE, "reason": _WORDS, "deadline": _moment},
    Kind.PROOF_ACCEPTED: {"unit": _CODE, "text": _WORDS},
    Kind.PROOF_RETURNED: {"unit": _CODE, "reason": _WORDS, "deadline": _moment},
    Kind.HELD_ACCOUNTABLE: {"unit": _CODE, "measure": _WORDS, "reason": _WORDS},
    Kind.DIRECTIVE_WITHDRAWN: {"reason": _WORDS},
    Kind.CLAIMED: {},
    Kind.ASSIGNED: {"person": _ID, "note": _WORDS},
    Kind.ASSIGNMENT_WITHDRAWN: {"undoes": _ID},
    Kind.SUPERVISION_WITHDRAWN: {"undoes": _ID},
    Kind.ISSUE_KNOWN: {"topic": _CODE, "reason": _WORDS},
    Kind.ISSUE_SILENCED: {"until": _date, "reason": _WORDS},
    Kind.CAUSE_CONFIRMED: {"reason": _WORDS},
    Kind.CAUSE_DISMISSED: {"reason": _WORDS},
    Kind.CAUSE_SETTLED: {"reason": _WORDS},
    Kind.SUMMARY_CONFIRMED: {"text": _text(1000), "draft": _ID},
}

READERS: Mapping[str, Reader] = {
    "text": _WORDS,
    "code": _CODE,
    "codes": _codes,
    "date": _date,
    "moment": _moment,
    "flag": _yes_no,
    "count": _whole(0, 2**31 - 1),
    "id": _ID,
    "minutes": _MINUTES,
}
"""By the word that tables of moves use for a type."""


def read(kind: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The payload of one move, each field of its type, empty ones left out. BadInput names the field that is odd."""
    if kind == Kind.UNSTUCK:
        raise IllegalMove("a stuck fact is sent again from the list of them / 卡单请在“卡单”页重新送上流程")
    readers = FIELDS.get(kind, {})
    extra = [clean(name, 40) for name in given if name not in readers]
    if extra and kind in FIELDS:
        raise BadInput(f"{extra[0]}: {kind} carries no such field / “{kind}”没有“{extra[0]}”这一项")
    sent = {name: given[name] for name in readers if given.get(name) is not None}
    found = {name: readers[name](name, value) for name, value in sent.items() if value != ""}
    if kind == Kind.CALLED_BACK and found.get("contacted") is False:
        said = [name for name in ANSWERS if name in found]
        if said:
            raise BadInput(f"{said[0]}: nobody was reached who could have said so / 未联系到本人，不能填写其答复")
    return {name: value for name, value in found.items() if value != ""}


def check(kind: str, given: Mapping[str, Any], row: Mapping[str, Any], knowledge: Knowledge, viewer: Viewer) -> None:
    """Whatever the payload points at must exist and be this case's or within the viewer's place; else IllegalMove."""
    units = knowledge.units
    for name, known in (("category", knowledge.categories), ("host", units), ("unit", units), ("suggested", units)):
        if given.get(name) and given[name] not in known:
            raise IllegalMove(f"{name}: there is no {given[name]!r} / 没有“{given[name]}”这个代码")
    strange = [code for name in ("units", "attendees") for code in given.get(name, ()) if code not in knowledge.units]
    if strange:
        raise IllegalMove(f"units: there is no {strange[0]!r} / 没有“{strange[0]}”这个单位")
    place = given.get("place")
    if place and (place not in knowledge.names or not viewer.span.holds(place)):
        raise IllegalMove(f"place: there is no division {place!r} here / 没有这个区划，或不在您的范围内")
    own = {one["report"] for one in row["reporters"]}
    if kind in OWN and given.get("report", 0) not in own | {0}:
        raise IllegalMove(f"report {given['report']} is no part of this case / 这条诉求不在本案中")
    if kind == Kind.PRECEDENT_WITHDRAWN and precedents.of(given["precedent"]) != (row["id"], True):
        raise IllegalMove("no precedent in force stands on this case / 本案没有有效的裁定先例")
    _photographed(kind, given, row, knowledge)
    proposal = given.get("proposal")
    if proposal and row["id"] not in cases.proposed(proposal):
        raise IllegalMove("this proposal is about other cases / 这条建议不涉及本案")


def _photographed(kind: str, given: Mapping[str, Any], row: Mapping[str, Any], knowledge: Knowledge) -> None:
    """处理反馈须附照片: as many as the class asks for."""
    category = knowledge.categories.get(row["category"])
    wanted = category.photos if category and kind == Kind.HANDLED else 0
    if len(given.get("photos", ())) < wanted:
        raise IllegalMove(f"photos: this class needs {wanted} of them / 此类事项的处理反馈须附 {wanted} 张照片")
