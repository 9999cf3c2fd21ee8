"""培训的投影 what an attempt at a course changes, and who sits in a class: rows. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
_SAID = ("course", "person", "how", "right", "asked", "passed", "until", "note", "unit", "by")


def _taken(c: Changes, f: Fact) -> None:
    c.put("course_taken", f.id, place=f.place, at=f.at, **{name: f.payload[name] for name in _SAID})


RULES: Mapping[str, Rule] = {Kind.COURSE_TAKEN: _taken}


def seat_id(taught: int, person: int) -> str:
    return f"{taught}:{person}"


def _enrolled(c: Changes, f: Fact) -> None:
    """Whoever left and comes again has his seat anew."""
    seat, told = f.payload["given"]["seat"], {"noted_by": 0, "noted_at": None}
    c.put(
        "class_seat",
        seat_id(f.subject, seat["person"]),
        **seat,
        **told,
        taught=f.subject,
        state="enrolled",
        by=f.payload["by"],
        at=f.at,
    )


def _left(c: Changes, f: Fact) -> None:
    c.patch("class_seat", seat_id(f.subject, f.payload["given"]["seat"]["person"]), state="left")


def _noted(state: str) -> Rule:
    def rule(c: Changes, f: Fact) -> None:
        who = seat_id(f.subject, f.payload["given"]["seat"]["person"])
        c.patch("class_seat", who, state=state, noted_by=f.payload["by"], noted_at=f.at)

    return rule


EFFECTS: Mapping[str, Rule] = {
    "class.enrol": _enrolled,
    "class.leave": _left,
    "class.attend": _noted("attended"),
    "class.absent": _noted("absent"),
}
"""What a move of a class changes besides its own row, by "family.move"."""
