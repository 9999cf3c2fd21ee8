"""路 the road: which room takes which fact next. This table is the whole map; no other file imports a room.

感知 sense → 研判 judge → 决策 decide → 指挥 command → 处置 handle → 评价 evaluate. A kind that is not here waits for a
person or is the end. Loops are rows.
"""

from __future__ import annotations

from zhongshu.hub import command, decide, evaluate, handle, judge, sense
from zhongshu.kernel.desk import Room
from zhongshu.kernel.facts import Kind

ROAD: dict[str, Room] = {
    Kind.SENSED: sense.room,
    Kind.REPORTED: judge.room,
    Kind.SPLIT: judge.room,
    Kind.REOPENED: judge.room,
    Kind.REDONE: judge.room,
    Kind.JUDGED: decide.room,
    Kind.UNCLEAR: decide.room,
    Kind.WARNED: decide.room,
    Kind.CLASSIFIED: decide.room,
    Kind.VERIFIED: decide.room,
    Kind.RETURNED: decide.room,
    Kind.DECIDED: command.room,
    Kind.RULED: command.room,
    Kind.OVERDUE: command.room,
    Kind.MERGED: handle.room,
    Kind.CHECK_PASSED: handle.room,
    Kind.CALLED_BACK: handle.room,
    Kind.CLOSED: evaluate.room,
    Kind.CALL_UNANSWERED: command.room,
    Kind.CALL_SCORED: command.room,
    Kind.PROOF_ACCEPTED: command.room,
    Kind.EXCEPTION_GRANTED: command.room,
}
