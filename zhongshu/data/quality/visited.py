"""抽样核实的投影 what a drawing and a confirmed row change in their tables. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
_DRAWN = ("dataset", "items", "size", "of", "seed", "until", "unit", "by")
_SAID = ("verdict", "wrong", "note", "unit", "by", "corrections")


def _drawn(c: Changes, f: Fact) -> None:
    p = f.payload
    c.put("quality_visit", f.subject, place=f.place, at=f.at, **{name: p[name] for name in _DRAWN})
    for n, (key, place) in enumerate(p["rows"]):
        c.put("quality_visit_row", f"{f.subject}:{n}", visit=f.subject, dataset=p["dataset"], key=key, place=place)


def _confirmed(c: Changes, f: Fact) -> None:
    c.patch("quality_visit_row", f.payload["row"], at=f.at, **{name: f.payload[name] for name in _SAID})


RULES: Mapping[str, Rule] = {Kind.SAMPLE_DRAWN: _drawn, Kind.ROW_CONFIRMED: _confirmed}
