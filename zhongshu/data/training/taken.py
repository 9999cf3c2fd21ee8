"""培训的投影 what an attempt at a course changes: a row. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
_SAID = ("course", "person", "how", "right", "asked", "passed", "until", "note", "unit", "by")


def _taken(c: Changes, f: Fact) -> None:
    c.put("course_taken", f.id, place=f.place, at=f.at, **{name: f.payload[name] for name in _SAID})


RULES: Mapping[str, Rule] = {Kind.COURSE_TAKEN: _taken}
