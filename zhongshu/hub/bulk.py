"""批量操作 one move on many cases, some at a time: each step's facts and results are committed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.data import bulk
from zhongshu.data.bulk import Job
from zhongshu.data.databases import ROAD
from zhongshu.hub.enrich import UNDO_WITHIN, UNDOABLE
from zhongshu.hub.hub import Hub, Move
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove, NotFound

STEP = 25
"""Cases of one step: about a tenth of a second each way, so that progress is seen and the road is not held up."""
MOST = 1000
"""Cases of one job."""


def begin(viewer: Viewer, kind: str, payload: Mapping[str, Any], cases: Sequence[int]) -> int:
    """A job for this move on these cases, nothing done yet; returns its number."""
    return bulk.begin(viewer, kind, payload, [(case, 0) for case in dict.fromkeys(cases)][:MOST])


def found(viewer: Viewer, number: int) -> Job:
    """One's own job. NotFound for any other."""
    job = bulk.job(viewer, number)
    if job is None:
        raise NotFound(f"there is no job {number} of yours / 没有这一批操作")
    return job


def step(hub: Hub, viewer: Viewer, number: int) -> Job:
    """The next STEP cases; what is refused keeps its sentence and the others happen. The job as it is then."""
    job = found(viewer, number)
    with transaction.atomic(using=ROAD):
        todo = bulk.items(number, "waiting", STEP)
        undo = {item["case"]: {"undoes": item["undoes"]} if item["undoes"] else {} for item in todo}
        moves = [Move(viewer, item["case"], job.kind, {**job.payload, **undo[item["case"]]}) for item in todo]
        outcomes = hub.act_many(moves) if moves else []
        bulk.settle(
            [
                (item["id"], one.facts[0].id if one.facts else 0, str(one.error) if one.error else "")
                for item, one in zip(todo, outcomes, strict=True)
            ]
        )
        bulk.end(number)
    return found(viewer, number)


def undoable(hub: Hub, job: Job) -> bool:
    """Whether it may still be taken back as a whole: of such a kind, not long ago, and not yet taken back."""
    return job.kind in UNDOABLE and job.done > 0 and not job.undone and hub.clock() - job.made_at <= UNDO_WITHIN


def undo(hub: Hub, viewer: Viewer, number: int) -> int:
    """撤回: a job that takes back what this one did, case by case, each by a fact of its own; returns its number.

    Raises IllegalMove for a kind that nobody can take back, one taken back already, or one too long ago.
    """
    job = found(viewer, number)
    with transaction.atomic(using=ROAD):
        if not undoable(hub, job):
            raise IllegalMove("this can't be taken back / 这一批操作不能撤回，或已超过十分钟")
        done = [(item["case"], item["fact"]) for item in bulk.items(number, "done")]
        return bulk.begin(viewer, UNDOABLE[job.kind], {}, done, number)
