"""热点处置的投影 what facts say of an issue: hot, cooled, taken up, known, silenced. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data import convened
from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]


def _say(c: Changes, issue: int, place: str, **said: Any) -> None:
    """Whatever is said first of an issue makes its row; columns that nobody spoke of stay as they are."""
    if issue in c.puts.get("issue_turn", {}):
        c.patch("issue_turn", issue, **said)
    else:
        c.put("issue_turn", issue, place=place, **said)


def _named(f: Fact) -> dict[str, Any]:
    return {"number": f.payload["number"], "title": f.payload["title"]}


def _hot(c: Changes, f: Fact) -> None:
    _say(c, f.subject, f.place, **_named(f), hot_at=f.at, cooled_at=None)


def _cooled(c: Changes, f: Fact) -> None:
    _say(c, f.subject, f.place, cooled_at=f.at)


def _known(c: Changes, f: Fact) -> None:
    said = {"known_reason": f.payload["reason"], "topic": f.payload.get("topic", "")}
    _say(c, f.subject, f.place, **_named(f), known_at=f.at, known_by=f.actor, **said)


def _silenced(c: Changes, f: Fact) -> None:
    said = {"silenced_reason": f.payload["reason"], "silenced_until": f.payload["until"]}
    _say(c, f.subject, f.place, **_named(f), silenced_at=f.at, silenced_by=f.actor, **said)


def _taking(matter: str, rule: Rule) -> Rule:
    """转为任务: the call or directive that somebody makes of an issue takes it up."""

    def both(c: Changes, f: Fact) -> None:
        rule(c, f)
        issue = f.payload.get("issue")
        if issue:
            took = {"taken_at": f.at, "taken_by": f.actor, "matter": matter, "matter_id": f.subject}
            _say(c, issue, f.payload["issue_place"], **took)

    return both


RULES: Mapping[str, Rule] = {
    Kind.CALLED: _taking("call", convened.RULES[Kind.CALLED]),
    Kind.DIRECTED: _taking("directive", convened.RULES[Kind.DIRECTED]),
    Kind.ISSUE_HOT: _hot,
    Kind.ISSUE_COOLED: _cooled,
    Kind.ISSUE_KNOWN: _known,
    Kind.ISSUE_SILENCED: _silenced,
}
