"""分级共享表检查 what is wrong with a pack's grades, masks and flows beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.kernel.errors import Flaw

_NEEDS = {"keep": ("head", "tail"), "aggregate": ("k",), "delay": ("days",)}
"""What a measure can't do without."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """A rule that matches everything or whose harm has no grade; a measure without its figure; a flow that can't be."""
    harms = {(row["object"], row["degree"]) for row in pack.rows("grade_harms")}
    for row in pack.rows("grade_rules"):
        if (row["object"], row["degree"]) not in harms:
            yield Flaw(
                "grade_rules.csv", row[LINE], "degree", f"{row['object']}/{row['degree']}", "a row of grade_harms"
            )
        if not any(row[name] not in (None, "", ()) for name in CONDITIONS):
            yield Flaw("grade_rules.csv", row[LINE], "code", row["code"], "one condition at least: it matches all data")
    for row in pack.rows("masks"):
        yield from (
            Flaw("masks.csv", row[LINE], name, "", f"a number: {row['how']} needs it")
            for name in _NEEDS.get(row["how"], ())
            if row[name] is None
        )
    yield from _flows(pack)


CONDITIONS = ("classes", "datasets", "elements", "subjects", "types", "masks", "personal", "sensitive") + (
    "region",
    "min_rows",
    "depth",
    "coverage",
)


def _flows(pack: Pack) -> Iterator[Flaw]:
    rows: dict[str, Row] = {row["code"]: row for row in pack.rows("flows")}
    for row in pack.rows("flows"):
        if row["direction"] == "up" and row["answers"]:
            yield Flaw("flows.csv", row[LINE], "answers", ";".join(row["answers"]), "nothing: it goes up")
        if row["direction"] == "down" and row["within_days"] is None:
            yield Flaw("flows.csv", row[LINE], "within_days", "", "the days within which it must come")
        if (row["how"] == "form") != (row["direction"] == "up"):
            yield Flaw("flows.csv", row[LINE], "how", row["how"], "form for what goes up, another word for what comes")
        for code in row["answers"]:
            if rows.get(code, row)["direction"] == "down" and code != row["code"] and code in rows:
                yield Flaw("flows.csv", row[LINE], "answers", code, "a flow that goes up")
