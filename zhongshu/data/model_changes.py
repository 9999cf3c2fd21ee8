"""模型登记的投影 what each fact about a model changes in the register. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]


def _published(c: Changes, f: Fact) -> None:
    p = f.payload
    told = {name: p[name] for name in ("name", "version", "checksum", "card", "state")}
    c.put("model_version", f.subject, **told, trained_by=p["trained_by"], published_at=f.at, approvals=[])


def _approved(c: Changes, f: Fact) -> None:
    c.patch("model_version", f.subject, state=f.payload["state"], approvals=f.payload["approvals"])


def _stated(c: Changes, f: Fact) -> None:
    c.patch("model_version", f.subject, state=f.payload["state"])


def _compared(c: Changes, f: Fact) -> None:
    p = f.payload
    _stated(c, f)
    c.put(
        "model_comparison",
        f.id,
        champion=p["champion"],
        challenger=f.subject,
        by=p["by"],
        at=f.at,
        figures=p["figures"],
    )


def _deployed(c: Changes, f: Fact) -> None:
    """A new deployment of a place ends the one before; `left` is the version it had, and what becomes of that."""
    p = f.payload
    told = {name: p[name] for name in ("name", "version", "lo", "hi", "how", "by", "reason", "before")}
    c.put(
        "model_deployment",
        f.id,
        model=f.subject,
        place=f.place,
        post=f.actor,
        at=f.at,
        ended_at=None,
        ended_by=None,
        **told,
    )
    _stated(c, f)
    if p["before"]:
        _end(c, f)


def _end(c: Changes, f: Fact) -> None:
    c.patch("model_deployment", f.payload["before"], ended_at=f.at, ended_by=f.id)
    for version, state in f.payload["left"]:
        c.patch("model_version", version, state=state)


def _watched(c: Changes, f: Fact) -> None:
    told = {name: f.payload[name] for name in ("deployment", "lo", "hi", "figures", "alarms")}
    c.put("model_watch", f.id, model=f.subject, at=f.at, **told)


RULES: Mapping[str, Rule] = {
    Kind.MODEL_PUBLISHED: _published,
    Kind.MODEL_COMPARED: _compared,
    Kind.MODEL_APPROVED: _approved,
    Kind.MODEL_DEPLOYED: _deployed,
    Kind.MODEL_ROLLED_BACK: _deployed,
    Kind.MODEL_WITHDRAWN: _end,
    Kind.MODEL_RETIRED: _stated,
    Kind.MODEL_WATCHED: _watched,
}
