"""答复送出前 a reply before it is sent: what it has to answer, how it scores, and when its sender must say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhongshu.data import replies
from zhongshu.hub.judge.reply import Assessment, Exchange, assess
from zhongshu.hub.judge.rubric import Rubric, over, rubric
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind

Row = Mapping[str, Any]

REPLIES: Mapping[str, str] = {Kind.HANDLED: "result"}
"""Moves that write to those who reported, and the field that they read. What one office tells another isn't here."""
DESPITE = "despite"
"""The field that says why a reply is sent although its flag holds it."""
INSPECTIONS = frozenset({"grid", "patrol", "sensor"})
"""Channels behind which nobody waits for an answer."""
OTHERS = 3
"""So many further reports of a merged case are read beside its own text: its first reporters' words cover the rest."""
LONG = 1000


def table(at: datetime | None = None) -> Rubric:
    """The rubric in force: the project's newest version, and the city's rows of that moment over it."""
    criteria, words, digest = replies.rubric_rows(at)
    return over(rubric(), criteria, words, digest)


def table_named(name: str, at: datetime) -> Rubric:
    """The rubric that a fact of that moment was scored by. NotFound for a version that there has never been."""
    version, _, city = name.partition("+")
    own = rubric(int(version))
    return over(own, *replies.rubric_rows(at)) if city else own


def exchange(row: Row, reply: str, now: datetime, knowledge: Knowledge) -> Exchange | None:
    """What a reply on this case answers; None where no person has asked. `row` is the hub's or a page's.

    The limit is the running clock of handling, whatever extensions and pauses made of it.
    """
    reports = row["reporters"] if "reporters" in row else row["reported"]
    asked = [one for one in reports if one["channel"] not in INSPECTIONS]
    if not asked:
        return None
    handle = next((one for one in row["clocks"] if one["name"] == "handle"), None)
    started, due = (datetime.fromisoformat(handle[name]) for name in ("starts_at", "due_at")) if handle else (None,) * 2
    category = knowledge.categories.get(row["category"])
    about = f"{category.name if category else ''} {row['address']}"
    return Exchange(row["title"], _body(row, asked), reply, started, now, due, about)


def _body(row: Row, asked: Sequence[Row]) -> str:
    joined = (one["text"][:LONG] for one in asked if one["merged"])
    return "\n".join(dict.fromkeys([row["text"], *list(joined)[:OTHERS]]))


def scored(row: Row, reply: str, now: datetime, known: tuple[Knowledge, Rubric]) -> Assessment | None:
    """How a reply on this case scores now; None where no person has asked."""
    found = exchange(row, reply, now, known[0])
    return assess(found, known[1]) if found else None


def held(found: Assessment, by: Rubric) -> bool:
    """Whether who sends it must say why."""
    return bool(found.flag) and by.flags[found.flag].holds


def checked(kind: str, given: Row, row: Row, now: datetime, known: tuple[Knowledge, Rubric]) -> dict[str, Any]:
    """The payload of a reply with its score under "reply"; IllegalMove when it is held and says no reason.

    A reason that nobody asked for is left out.
    """
    payload = {name: value for name, value in given.items() if name != DESPITE}
    found = scored(row, str(given[REPLIES[kind]]), now, known)
    if found is None:
        return payload
    stopped = held(found, known[1])
    if stopped and not given.get(DESPITE):
        raise IllegalMove(_sentence(found, known[1]))
    reason = {DESPITE: given[DESPITE]} if stopped else {}
    return {**payload, **reason, "reply": record(found, known[1], stopped)}


def _sentence(found: Assessment, by: Rubric) -> str:
    flag = by.flags[found.flag]
    return (
        f"result: this reply looks {flag.en}: {flag.meaning_en}; better it, or say under {DESPITE} why it is sent"
        f" / 答复疑似“{flag.zh}”：{flag.meaning_zh}；请修改后再送，或写明仍要发送的理由"
    )


def record(found: Assessment, by: Rubric, stopped: bool) -> dict[str, Any]:
    """What the ledger keeps: codes and numbers. The words can be found again in the texts, which it holds already."""
    return {
        "rubric": by.name,
        "total": found.total,
        "flag": found.flag,
        "held": stopped,
        "marks": {code: mark.score for code, mark in found.marks.items()},
        "points": [point.score for point in found.points],
    }
