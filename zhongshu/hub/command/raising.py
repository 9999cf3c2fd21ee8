"""呼叫升级 raising: who is called when a called unit does not answer, and when a call or a directive is over."""

from __future__ import annotations

from zhongshu.kernel.convening import CALL, CallRule, rule_of, wake
from zhongshu.kernel.desk import Desk, Knowledge, Unit, follow
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Level

LEADING = "leading_group"
"""领导小组: the line of work of the unit that leads a city; above the top there is nobody else."""


def raised(fact: Fact, desk: Desk) -> list[Fact]:
    """The unit above the one that did not answer is called too, by the same rule; nobody twice."""
    p, knowledge = fact.payload, desk.knowledge
    rule = rule_of(knowledge.calls, p["call"], p["urgent"])
    unit = knowledge.units.get(p["unit"])
    above = superior(unit, rule, knowledge) if unit else None
    new = [] if above is None or above.code in p["called"] else [above]
    limits = {
        clock: knowledge.calendar(rule.calendar).due(fact.at, rule.minutes(clock)).isoformat()
        for clock in CALL.birth.starts
        if rule.minutes(clock)
    }
    added = [
        {"unit": one.code, "unit_place": one.place, "role": "raised", "raised_from": p["unit"], "limits": limits}
        | {"stopped": [], "missed": [], "wake_at": wake(limits, ())}
        for one in new
    ]
    payload = {"unit": p["unit"], "clock": p["clock"], "to": above.code if above else "", "units": added}
    return [follow(fact, desk, Kind.CALL_RAISED, payload)]


def superior(unit: Unit, rule: CallRule, knowledge: Knowledge) -> Unit | None:
    """Who answers above a unit: its parent, its own line of work one level up, the command unit there; at the top the
    leading group."""
    upper = unit.level.upper
    if upper is None:
        return _other(unit, knowledge.unit_at.get((knowledge.city, LEADING), ""), knowledge)
    place = knowledge.scheme.at(unit.place, upper)
    line = (unit.parent, knowledge.unit_at.get((place, unit.kind), "")) if rule.raise_to == "line" else ()
    codes = (*line, knowledge.unit_at.get((place, "command"), ""), _highest(knowledge))
    return next((found for code in codes if (found := _other(unit, code, knowledge))), None)


def _highest(knowledge: Knowledge) -> str:
    """Where a level has no command unit, the city's answers."""
    return knowledge.unit_at.get((knowledge.scheme.at(knowledge.city, Level.CITY), "command"), "")


def _other(unit: Unit, code: str, knowledge: Knowledge) -> Unit | None:
    return knowledge.units.get(code) if code != unit.code else None


def ended(fact: Fact, desk: Desk) -> list[Fact]:
    """Over when nobody is left who owes anything."""
    if fact.payload["left"]:
        return []
    kind = Kind.CALL_ENDED if fact.kind in CALL.arrows else Kind.DIRECTIVE_ENDED
    return [follow(fact, desk, kind, {"all_units": fact.payload["all_units"]})]
