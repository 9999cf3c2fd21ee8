"""摘要 a case's summary: drafted by the assistant when asked; a summary only once a person has confirmed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.data import people, write
from zhongshu.data.databases import ROAD
from zhongshu.hub.assistant import mask
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import BY_KIND

TOLD: Mapping[str, str] = {
    Kind.DISPATCHED: "派遣",
    Kind.RETURNED: "退单",
    Kind.CONTACTED: "联系",
    Kind.MADE_SAFE: "安全措施",
    Kind.HANDLED: "处理反馈",
    Kind.CHECK_FAILED: "核查不通过",
    Kind.CALLED_BACK: "回访",
    Kind.CLOSED: "办结",
}
"""Steps that the assistant is told of."""
_SAID = ("reason", "result", "text")


def material(found: Mapping[str, Any], category: str, names: Sequence[str]) -> str:
    """What the assistant is sent of a case: its class, what was reported and done, masked; nothing about who."""
    lines = [f"类别：{category}"]
    lines += [f"诉求：{one['text']}" for one in found["reported"]]
    for fact in found["timeline"]:
        if fact["kind"] in TOLD:
            said = [str(fact["payload"][name]) for name in _SAID if fact["payload"].get(name)]
            lines.append(f"{fact['at'][:10]} {TOLD[fact['kind']]} {'；'.join(said)}".strip())
    return mask("\n".join(lines), names)


def draft(hub: Hub, viewer: Viewer, found: Mapping[str, Any], category: str) -> Fact:
    """机器起草: asks the assistant and keeps what it wrote, with who asked. IllegalMove where there is none or no role.

    `found` is the case as the viewer sees it. Unavailable when the assistant gives nothing.
    """
    if hub.assistant is None:
        raise IllegalMove("no assistant is set up / 没有设置起草助手")
    if not may(viewer):
        raise IllegalMove("this post can't ask for a draft / 本岗位不能起草摘要")
    sent = material(found, category, people.names_in(int(found["id"])))
    made = hub.assistant.draft(sent)
    payload = {"text": made.text, "model": made.model, "host": hub.assistant.host, "sent": made.sent}
    payload |= {"by": viewer.user, "unit": viewer.unit}
    fact = Fact(
        hub.ids.take(),
        Kind.SUMMARY_DRAFTED,
        int(found["id"]),
        hub.clock(),
        actor=viewer.post,
        place=found["place"],
        payload=payload,
    )
    with transaction.atomic(using=ROAD):
        write.append([fact])
    return fact


def may(viewer: Viewer) -> bool:
    """Whether this post may ask for a draft: the same that may confirm a summary."""
    return bool(BY_KIND[Kind.SUMMARY_CONFIRMED].roles & viewer.roles)


def standing(found: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """(the summary that a person confirmed last, the draft that was made since and nobody has confirmed)."""
    told = [fact for fact in found["timeline"] if fact["kind"] in (Kind.SUMMARY_DRAFTED, Kind.SUMMARY_CONFIRMED)]
    confirmed = next((fact for fact in reversed(told) if fact["kind"] == Kind.SUMMARY_CONFIRMED), None)
    newest = told[-1] if told and told[-1]["kind"] == Kind.SUMMARY_DRAFTED else None
    return confirmed, newest
