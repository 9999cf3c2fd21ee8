"""研判记录的投影 what facts say of how a report was judged and what people made of it. Pure, as projection.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhongshu.data.changes import Changes
from zhongshu.kernel.facts import SYSTEM, Fact, Kind

Rule = Callable[[Changes, Fact], None]

_SOURCE = "来源指定"
"""How the reason begins where the source named the class: nothing was judged then."""


def note(c: Changes, f: Fact) -> None:
    """Fold one fact into the rows of judgements; most kinds say nothing of them."""
    rule = _RULES.get(f.kind)
    if rule:
        rule(c, f)


def _blank(f: Fact) -> dict[str, Any]:
    return {
        "case": f.subject,
        "place": f.place,
        "at": f.at,
        "category": "",
        "confidence": 0.0,
        "model": f.versions.get("model", ""),
        "located": "",
        "urgency": 0,
        "score": None,
        "other": None,
        "settled": "",
        "split": False,
        "person": "",
        "person_post": "",
        "person_at": None,
    }


def _born(c: Changes, f: Fact) -> None:
    p = f.payload
    if not p.get("birth", True) or not p.get("report"):
        return
    reasons = p.get("reasons") or [["", 0]]
    told = str(reasons[0][0]).startswith(_SOURCE)
    outcome = "asked" if f.kind == Kind.UNCLEAR else "told" if told else "alone"
    said = {"category": p["category"], "confidence": p["confidence"], "urgency": p.get("urgency", 0)}
    said |= {"located": p.get("located_by", ""), "model": f.versions.get("model", "")}
    if p.get("split"):
        c.patch("judgement", p["report"], case=f.subject, place=f.place, **said)
    else:
        c.put("judgement", p["report"], **{**_blank(f), **said, "outcome": outcome})


def _merged(c: Changes, f: Fact) -> None:
    """By the machine it is how the report was judged; by a person it answers what the machine had proposed, or not."""
    report = f.payload["report"]
    if f.actor == SYSTEM:
        c.put("judgement", report, **{**_blank(f), "outcome": "merged", "score": f.payload.get("score")})
    else:
        said = {"settled": "merged", "person_post": f.actor, "person_at": f.at}
        c.patch("judgement", report, case=f.subject, place=f.place, split=False, **said)


def _proposed(c: Changes, f: Fact) -> None:
    c.patch("judgement", f.payload["report"], other=f.payload["other"], score=f.payload["score"])


def _declined(c: Changes, f: Fact) -> None:
    if f.payload.get("report"):
        c.patch("judgement", f.payload["report"], settled="declined", person_post=f.actor, person_at=f.at)


def _split(c: Changes, f: Fact) -> None:
    """The report is judged anew, as a case of its own: the row keeps that it had been merged and was split."""
    c.patch("judgement", f.payload["report"], split=True, person_post=f.actor, person_at=f.at)


def _classified(c: Changes, f: Fact) -> None:
    p = f.payload
    if p.get("judged"):
        place = {"place": f.place} if p.get("place") else {}
        c.patch("judgement", p["judged"], person=p["category"], person_post=f.actor, person_at=f.at, **place)


_RULES: Mapping[str, Rule] = {
    Kind.JUDGED: _born,
    Kind.UNCLEAR: _born,
    Kind.MERGED: _merged,
    Kind.MERGE_PROPOSED: _proposed,
    Kind.MERGE_DECLINED: _declined,
    Kind.SPLIT: _split,
    Kind.CLASSIFIED: _classified,
}
