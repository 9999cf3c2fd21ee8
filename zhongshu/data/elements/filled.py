"""填报的投影 what a filled form changes in its table. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
_COUNTS = ("form", "kind", "entity", "unit", "by", "shown", "filled", "asked", "changed", "seconds", "bare")


def _filled(c: Changes, f: Fact) -> None:
    told = {("subject" if name == "kind" else name): f.payload[name] for name in _COUNTS}
    c.put("form_fill", f.id, place=f.place, at=f.at, **told)


def _given(c: Changes, f: Fact) -> None:
    told = {name: f.payload[name] for name in ("form", "rows", "sha256", "unit", "by")}
    c.put("form_table", f.id, place=f.place, at=f.at, **told)


RULES: Mapping[str, Rule] = {Kind.FORM_FILLED: _filled, Kind.TABLE_GIVEN: _given}
