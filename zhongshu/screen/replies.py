"""答复评分的样子 how the score of a reply looks: while it is written, when it is held, and after it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhongshu.hub import replying
from zhongshu.hub.judge.points import Point
from zhongshu.hub.judge.reply import Assessment, Mark
from zhongshu.hub.judge.rubric import Rubric
from zhongshu.kernel.facts import Kind
from zhongshu.screen import acts, gate, naming
from zhongshu.screen.fields import Scene
from zhongshu.screen.frame import URLS

_KEPT = "zhongshu.reply.photos"
KEPT_SECONDS = 3600
"""So long a held reply keeps the photos that came with it."""

Found = Mapping[str, Any]


def _name(row: Any) -> str:
    return str(row.en if naming.english() else row.zh)


def flag_name(code: str) -> str:
    """What a flag is called, "" for none."""
    flag = gate.hub().tools.rubric.flags.get(code)
    return _name(flag) if flag else code


def shown(found: Assessment, table: Rubric) -> dict[str, Any]:
    """A score in words: total, the flag with what it means, each mark with its words, each point and what met it."""
    flag = table.flags.get(found.flag)
    return {
        "total": found.total,
        "flag": flag and {"name": _name(flag), "meaning": _meaning(flag), "words": found.flags[found.flag]},
        "held": replying.held(found, table),
        "marks": [_mark(found.marks[code], table) for code in table.criteria if code in found.marks],
        "points": [_point(point) for point in found.points],
        "met": sum(point.met for point in found.points),
    }


def _meaning(row: Any) -> str:
    return str(row.meaning_en if naming.english() else row.meaning_zh)


def _mark(mark: Mark, table: Rubric) -> dict[str, Any]:
    criterion = table.criteria[mark.criterion]
    said = [] if mark.criterion == "point" else list(dict.fromkeys(word for word, _code in mark.words))
    return {
        "name": _name(criterion),
        "meaning": _meaning(criterion),
        "score": mark.score,
        "note": mark.told(table, naming.english()),
        "words": said,
    }


def _point(point: Point) -> dict[str, Any]:
    words = [*point.words, *([point.answer] if point.answer else [])]
    return {"text": point.text, "met": point.met, "words": list(dict.fromkeys(words))}


def advice(scene: Scene, text: str) -> dict[str, Any] | None:
    """How a reply on this case would score now; None where nobody waits for one."""
    hub = gate.hub()
    found = replying.scored(scene.case, text, hub.clock(), (scene.knowledge, hub.tools.rubric))
    return shown(found, hub.tools.rubric) if found else None


def judged(scene: Scene) -> dict[str, Any] | None:
    """How the last reply of this case scored when it was sent.

    With its words where scoring the same texts again gives the same numbers; otherwise (a report has joined or left
    since) with the numbers alone.
    """
    told = [fact for fact in scene.case["timeline"] if fact["kind"] in replying.REPLIES]
    sent = [fact for fact in told if fact["payload"].get("reply")]
    if not sent:
        return None
    fact = sent[-1]
    kept, at = fact["payload"]["reply"], datetime.fromisoformat(fact["at"])
    table = replying.table_named(kept["rubric"], at)
    text = fact["payload"][replying.REPLIES[fact["kind"]]]
    again = replying.scored(scene.case, text, at, (scene.knowledge, table))
    same = again is not None and _numbers(again) == (kept["points"], {**kept["marks"], "timely": None})
    found = shown(again, table) if again is not None and same else shown(_bare(kept), table)
    timely = next(mark for mark in found["marks"] if mark["name"] == _name(table.criteria["timely"]))
    timely["score"] = kept["marks"].get("timely")
    return {**found, "total": kept["total"], "text": text, "at": at, "despite": fact["payload"].get("despite", "")}


def _numbers(found: Assessment) -> tuple[list[float], dict[str, float | None]]:
    marks = {code: mark.score for code, mark in found.marks.items()}
    return [point.score for point in found.points], {**marks, "timely": None}


def _bare(kept: Found) -> Assessment:
    marks = {code: Mark(code, score) for code, score in kept["marks"].items()}
    points = tuple(Point("", score=score) for score in kept["points"])
    flags = {kept["flag"]: ""} if kept["flag"] else {}
    return Assessment(0, kept["total"], marks, points, flags)


def holds(scene: Scene, kind: str, payload: Found) -> bool:
    """Whether this reply, from somebody who may send it, was refused because its score holds it."""
    if kind not in replying.REPLIES or payload.get(replying.DESPITE):
        return False
    if Kind(kind) not in {move.kind for move in acts.allowed(scene)}:
        return False
    text = str(payload.get(replying.REPLIES[kind], ""))
    found = advice(scene, text) if text else None
    return bool(found and found["held"])


def held(request: HttpRequest, scene: Scene, payload: Found, photos: Sequence[int]) -> HttpResponse:
    """The page that gives a held reply back: to be bettered, or sent all the same with a reason. Needs no script."""
    case, text = int(scene.case["id"]), str(payload["result"])
    context = {
        "case": scene.case,
        "text": text,
        "found": advice(scene, text),
        "photos": len(photos),
        "kept": signing.dumps([case, *photos], salt=_KEPT) if photos else "",
        "act_url": request.get_full_path(),
        "advice_url": f"{URLS['case']}{case}/reply",
    }
    return render(request, "desk/reply_held.html", context, status=409)


def kept(given: Mapping[str, str], case: int) -> list[int]:
    """Photos that came with a reply of this case that was held; none when the mark isn't ours or too old."""
    try:
        of, *photos = signing.loads(given.get("kept", ""), salt=_KEPT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return [int(one) for one in photos] if of == case else []
