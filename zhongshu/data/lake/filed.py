"""湖中文件的投影 what filing and erasing change in the list of the lake's files. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]

REPLACED, ERASED = "replaced", "erased"
_TOLD = ("table", "place", "prefix", "rows", "bytes", "sha256", "path")


def _filed(c: Changes, f: Fact) -> None:
    """New files; whatever they hold of an earlier file of the same day and district is in them."""
    for one in f.payload["files"]:
        told = {name: one[name] for name in _TOLD}
        c.put("lake_file", one["id"], **told, day=f.payload["day"], filed_at=f.at, gone_at=None, gone="")
        for old in one["replaces"]:
            c.patch("lake_file", old, gone_at=f.at, gone=REPLACED)


def _erased(c: Changes, f: Fact) -> None:
    for one in f.payload["files"]:
        c.patch("lake_file", one["id"], gone_at=f.at, gone=ERASED)


RULES: Mapping[str, Rule] = {Kind.LAKE_FILED: _filed, Kind.LAKE_ERASED: _erased}
