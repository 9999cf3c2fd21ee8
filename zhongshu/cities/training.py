"""培训检查 what is wrong with the courses of a pack beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.cities.read import LINE, Pack
from zhongshu.kernel.errors import Flaw
from zhongshu.kernel.lifecycle import Role


def faults(pack: Pack) -> Iterator[Flaw]:
    """Questions without the option that is right; roles that nobody can have; courses that ask nothing."""
    asked = {row["course"] for row in pack.rows("course_questions")}
    for row in pack.rows("course_questions"):
        options = len(row["options"].split("|"))
        if row["right"] > options or options < 2:
            yield Flaw(
                "course_questions.csv", row[LINE], "right", str(row["right"]), f"one of {max(options, 2)} options"
            )
    for row in pack.rows("course_demands"):
        strange = [role for role in row["roles"] or () if role not in set(Role)]
        if strange:
            yield Flaw("course_demands.csv", row[LINE], "roles", strange[0], f"some of {', '.join(Role)}")
    for row in pack.rows("courses"):
        if row["course"] not in asked:
            yield Flaw("courses.csv", row[LINE], "course", row["course"], "at least one question in course_questions")
