"""归集与检查的投影 what facts of gathering and of checking a feed change: a row each. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]

COUNTS = ("read", "added", "changed", "same", "rejected")
_SAID = ("source", "dataset", "unit", "sentence", "seconds", "mark", "rejects")
_FEED = ("standard", "dataset", "unit", "file", "rows", "passed", "findings", "report", "by")


def _gathered(c: Changes, f: Fact) -> None:
    told = {name: f.payload[name] for name in (*_SAID, *COUNTS)}
    c.put("gather_run", f.id, at=f.at, place=f.place, ok=f.kind == Kind.GATHERED, **told)


def _checked(c: Changes, f: Fact) -> None:
    c.put("feed_check", f.id, at=f.at, place=f.place, **{name: f.payload[name] for name in _FEED})


RULES: Mapping[str, Rule] = {
    Kind.GATHERED: _gathered,
    Kind.GATHER_FAILED: _gathered,
    Kind.FEED_CHECKED: _checked,
}
