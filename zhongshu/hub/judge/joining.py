"""反映人自述 joining: a reporter says himself which open matter his report is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.hub.judge.emergency import emergency
from zhongshu.hub.judge.merge import AROUND, Verdict
from zhongshu.kernel.desk import Desk
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.lifecycle import ENDED, State
from zhongshu.kernel.places import Place, metres_apart

SAID = "反映人自述 reporter said so"
"""The ground of such a merge, as the ledger keeps it."""


def said(fact: Fact, place: Place, desk: Desk) -> Verdict | None:
    """The case that the reporter named, while it is open and near; None where it can't be joined, or none was named.

    Whoever reports an emergency is never put into a matter that is none, whatever he says.
    """
    named = int(fact.payload.get("joins") or 0)
    row = _row(named, desk) if named else None
    if row is None or State(row["state"]) in ENDED or not near(place, row):
        return None
    rows = desk.knowledge.emergencies
    if emergency(fact.payload["text"], rows) and not emergency(row["text"], rows):
        return None
    return Verdict("merge", named, 1.0, ((SAID, 1.0),))


def near(place: Place, row: Mapping[str, Any]) -> bool:
    """Within the reach of a merge; true where one of both places is not known: then only the words can tell."""
    apart = metres_apart((place.lon, place.lat), (row["lon"], row["lat"]))
    return apart is None or apart <= AROUND


def _row(case: int, desk: Desk) -> Mapping[str, Any] | None:
    try:
        return desk.case(case)
    except NotFound:
        return None
