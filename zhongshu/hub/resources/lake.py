"""数据湖 what people may do with the lake: ask it within their range, have it filled, have a day's files checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhongshu.data.lake.place import lake
from zhongshu.data.lake.wanted import Wanted
from zhongshu.hub import errands
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

if TYPE_CHECKING:
    from zhongshu.data.lake.asking import Answer

LONGEST = {"rows": timedelta(days=31)}
"""How long a time may be asked for, of single rows; of sums, four years."""
LONG = timedelta(days=1464)


def ask(viewer: Viewer, knowledge: Knowledge, wanted: Wanted, grain: str = "") -> Answer:
    """The answer within the viewer's range. BadInput when more is asked for than a person waits for."""
    from zhongshu.data.lake.asking import Asker

    asker = Asker(lake(), knowledge.scheme, viewer)
    grain = grain or asker.grain(wanted)
    _checked(wanted, grain)
    return asker.ask(wanted, grain)


def single(viewer: Viewer, knowledge: Knowledge, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """The single rows behind an answer. BadInput when the time asked for is too long."""
    from zhongshu.data.lake.asking import Asker

    _checked(wanted, "rows")
    return list(Asker(lake(), knowledge.scheme, viewer).single(wanted, limit).to_pylist())


def _checked(wanted: Wanted, grain: str) -> None:
    longest = LONGEST.get(grain, LONG)
    if wanted.end - wanted.start > longest:
        raise BadInput(f"to: found {wanted.end - wanted.start}, expected at most {longest.days} days / 时段过长")


def may_fill(viewer: Viewer) -> bool:
    """Who answers for the whole city's data."""
    return viewer.level is Level.CITY and Role.CHIEF in viewer.roles


def fill(viewer: Viewer, start: Callable[[Sequence[str]], Any] = errands.started) -> None:
    """Have the lake filled now, by a process of its own. IllegalMove for whom it is not."""
    if not may_fill(viewer):
        raise IllegalMove("only a chief of the city has the lake filled / 仅市级负责人可以立即入湖")
    start(errands.FILL)


def check(viewer: Viewer, knowledge: Knowledge, day: date, now: datetime) -> list[str]:
    """What is wrong with the files of a day, a sentence each. IllegalMove for whom it is not."""
    if not may_fill(viewer):
        raise IllegalMove("only a chief of the city has files checked / 仅市级负责人可以核验")
    from zhongshu.data.lake import tidying
    from zhongshu.data.lake.moving import Mover

    return tidying.verify(Mover(lake(), knowledge.scheme, now), day)
