"""动作表单 the buttons of a case: which moves this very person may make now, in what order, and how a form is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhongshu.hub.forms import ANSWERS, FIELDS
from zhongshu.kernel import lifecycle
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Arrow, Situation, State
from zhongshu.screen import fields, naming
from zhongshu.screen.fields import Field, Scene

ELSEWHERE = frozenset(
    {Kind.MERGED, Kind.MERGE_DECLINED, Kind.UNSTUCK, Kind.PRECEDENT_WITHDRAWN, Kind.SUMMARY_CONFIRMED}
) | frozenset({Kind.ASSIGNMENT_WITHDRAWN, Kind.SUPERVISION_WITHDRAWN})
"""Moves with a place of their own on the screens."""
FIRST = 4
"""So many buttons stand open; the others are folded away under "more"."""

_MAIN = (
    Kind.SIGNED,
    Kind.HANDLED,
    Kind.CHECK_PASSED,
    Kind.CHECK_FAILED,
    Kind.CALLED_BACK,
    Kind.VERIFIED,
    Kind.NOT_FILED,
    Kind.MEETING_HELD,
    Kind.RULED,
    Kind.SUPPLEMENTED,
    Kind.RESUMED,
    Kind.CLASSIFIED,
    Kind.ASSISTED,
    Kind.ANSWERED,
    Kind.CONTACTED,
    Kind.MADE_SAFE,
)
"""What carries a case on, most usual first."""
_AWAITED = {Kind.ANSWERED: "supervise", Kind.CONTACTED: "contact", Kind.MADE_SAFE: "make_safe"}
"""Moves that come first only while their clock has not stopped."""
_UNFILED = frozenset({State.UNCLEAR, State.VERIFYING, State.UNDECIDED})

_GROUPS: tuple[tuple[Any, frozenset[Kind]], ...] = (
    (_("申请"), frozenset({*lifecycle.REQUESTS, Kind.RETURNED})),
    (_("督促"), frozenset({Kind.URGED, Kind.SUPERVISED, Kind.ESCALATED})),
    (
        _("更正"),
        frozenset(
            {
                Kind.CLASSIFIED,
                Kind.SPLIT,
                Kind.REOPENED,
                Kind.REJECTED,
                Kind.VERIFY_ASKED,
                Kind.RETURN_FORBIDDEN,
                Kind.EXCLUSION_REVIEWED,
            }
        ),
    ),
)


def situation(scene: Scene) -> Situation:
    """What the guards of the table of moves look at, as the page knows it."""
    host = scene.knowledge.units.get(scene.case["host"])
    row = {**scene.case, "host_place": host.place if host else ""}
    return Situation(row, {}, scene.viewer, timezone.now())


def allowed(scene: Scene) -> list[Arrow[State]]:
    """The moves that this very person may make on this very case, most usual first."""
    now = situation(scene)
    moves = lifecycle.moves(State(scene.case["state"]), scene.viewer.roles)
    fitting = [one for one in moves if one.kind not in ELSEWHERE and not lifecycle.refusal(one, now)]
    return sorted(fitting, key=_rank)


def _rank(move: Arrow[State]) -> int:
    return _MAIN.index(move.kind) if move.kind in _MAIN else len(_MAIN)


def buttons(scene: Scene) -> list[dict[str, Any]]:
    """kind, label, form fields and `answers` of each allowed move; none whose choice is empty."""
    made = [
        {
            "kind": move.kind.value,
            "label": naming.FACTS[move.kind],
            "fields": fields.form(scene, move.kind),
            "answers": move.answers.value if move.answers else "",
            "note": naming.clause(move.clause),
        }
        for move in allowed(scene)
    ]
    return [one for one in made if all(map(_fillable, one["fields"]))]


def _fillable(one: Field) -> bool:
    return bool(one["options"]) or one["type"] not in ("radio", "select") or not one["required"]


def panel(scene: Scene, offered: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The buttons as the page lays them out: `main` ones, and `more` in groups; answers to requests stand elsewhere."""
    plain = [one for one in offered if not one["answers"]]
    main = [one for one in plain if one["kind"] in _MAIN and _timely(scene, Kind(one["kind"]))][:FIRST]
    rest = [one for one in plain if one not in main]
    named = [(name, [one for one in rest if one["kind"] in kinds]) for name, kinds in _GROUPS]
    grouped = {one["kind"] for _name, group in named for one in group}
    others = (_("办理"), [one for one in rest if one["kind"] not in grouped])
    return {"main": main, "more": [(name, group) for name, group in (others, *named) if group]}


def _timely(scene: Scene, kind: Kind) -> bool:
    if kind == Kind.CLASSIFIED:
        return scene.case["state"] in _UNFILED
    if kind == Kind.MEETING_HELD:
        return scene.case["returned"] > 1 and not scene.case["met"]
    clock = _AWAITED.get(kind)
    return clock is None or any(one["name"] == clock and not one["stopped_at"] for one in scene.case["clocks"])


def payload(scene: Scene, kind: str, given: QueryDict) -> dict[str, Any]:
    """What a posted form says, as the payload of the move. Empty fields are left out, so that the lifecycle names
    them; an option that was not offered raises IllegalMove."""
    asked = fields.form(scene, kind) if kind in FIELDS and kind not in ELSEWHERE else []
    read = {one["name"]: fields.read(scene, one, given) for one in asked}
    found = {name: value for name, value in read.items() if value is not None}
    if kind == Kind.CALLED_BACK and found.get("contacted"):
        missing = [name for name in ANSWERS if name not in found]
        if missing:
            raise BadInput(f"{missing[0]}: found nothing, expected an answer / 已联系到本人的，请把回访问题填写完整")
    return found


def takes_photos(kind: str) -> bool:
    return "photos" in FIELDS.get(kind, {})
