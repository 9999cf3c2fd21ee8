"""处置·反馈 the room: a checked case waits for every reporter's word; "unsolved" opens it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhongshu.kernel.desk import Desk, follow
from zhongshu.kernel.facts import Fact, Kind


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Facts are grouped by case, so that several call-backs in one batch close the case once."""
    groups: dict[int, list[Fact]] = {}
    emptied = [fact for fact in batch if fact.kind == Kind.MERGED and fact.payload.get("emptied")]
    for fact in batch:
        if fact.kind == Kind.MERGED:
            continue
        groups.setdefault(fact.subject, []).append(fact)
    settled = [fact for facts in groups.values() for fact in _settle(facts, desk)]
    return settled + [_absorbed(fact, desk) for fact in emptied]


def _absorbed(fact: Fact, desk: Desk) -> Fact:
    """The case whose only report moved away ends; nobody is called back about it twice."""
    return follow(fact, desk, Kind.ABSORBED, {"into": fact.subject}, subject=fact.payload["emptied"])


def _settle(facts: list[Fact], desk: Desk) -> list[Fact]:
    case = desk.case(facts[0].subject)
    said = list(case["answers"]) + [fact.payload for fact in facts if fact.kind == Kind.CALLED_BACK]
    answers = [answer for answer in said if answer.get("final", True)]
    reporters = [one["report"] for one in case["reporters"] if one["contact"]]
    waiting = set(reporters) - {answer["report"] for answer in answers}
    if waiting:
        return []
    if any(answer.get("solved") is False for answer in answers):
        counted = {name: case[name] for name in ("host", "category", "grid")}
        again = {"reason": "回访未解决 / unsolved", "reports": reporters, **counted}
        return [follow(facts[-1], desk, Kind.REDONE, again)]
    return [follow(facts[-1], desk, Kind.CLOSED, {"reason": _reason(reporters, answers), **_outcome(answers)})]


def _reason(reporters: Sequence[int], answers: Sequence[Mapping[str, Any]]) -> str:
    """联系不上 is a result of its own: the case closes, but nobody said that it is solved."""
    if not reporters:
        return "无可回访的诉求人 / nobody to call back"
    if not any(answer["contacted"] for answer in answers):
        return "联系不上诉求人 / no reporter could be reached"
    return "回访完成 / every reporter answered"


def _outcome(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    valid = [answer for answer in answers if answer["contacted"]]
    missed = len(answers) - len(valid)
    return {
        "asked": len(answers),
        "valid": len(valid),
        "no_contact": missed,
        "solved": sum(bool(answer.get("solved")) for answer in valid),
    }
