"""归并与判异 two entities joined, or kept apart, and both undone: what these moves change. Pure, as projection.py.

A join moves no record: the second entity ends and points to the first, so that undoing it is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.data.registers.subjects import subject_of
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact


def pair_id(subject: str, one: int, other: int) -> str:
    """ "person:12+34", the smaller first. BadInput for one and the same."""
    if one == other:
        raise BadInput("second: found the same entity twice, expected two / 请选择两份不同的档案")
    return f"{subject_of(subject).name}:{min(one, other)}+{max(one, other)}"


def parsed(pair: str) -> tuple[str, int, int]:
    """(subject, first, second) of a pair's id. BadInput when it is none."""
    subject, _, ids = pair.partition(":")
    first, _, second = ids.partition("+")
    if not (first.isdecimal() and second.isdecimal() and int(first) < int(second)):
        raise BadInput(f"subject: found {pair!r}, expected one like person:12+34 / 编号有误")
    return subject_of(subject).name, int(first), int(second)


def _decided(state: str) -> Callable[[Changes, Fact], None]:
    def rule(c: Changes, f: Fact) -> None:
        pair = f.payload["subject"]
        subject, first, second = parsed(pair)
        c.patch("identity_pair", pair, state=state, decided_at=f.at, by=f.payload["by"], proceeding=f.subject)
        if state == "joined":
            c.patch(subject, second, merged_into=first, valid_to=f.at.date())
        elif f.payload["family"] == "merging":
            c.patch(subject, second, merged_into=None, valid_to=None)

    return rule


EFFECTS: Mapping[str, Callable[[Changes, Fact], None]] = {
    "merging.join": _decided("joined"),
    "merging.undo": _decided("open"),
    "parting.part": _decided("apart"),
    "parting.undo": _decided("open"),
}
"""What a proceeding of these families changes besides its own row."""
