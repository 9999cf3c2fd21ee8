"""研判页 how the reports of a day were judged: by whom, how sure, why, what people corrected; corrected right here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import judgements
from zhongshu.data.figures.formulas import wilson
from zhongshu.data.judgements import BANDS, Asked, Band, Day
from zhongshu.kernel import lifecycle
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import period
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role, State
from zhongshu.screen import gate, grounds, naming, places, story
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.desk import choices, descendants
from zhongshu.screen.periods import read_day
from zhongshu.screen.queries import whole

SHOWS: Mapping[str, Any] = {
    "all": gettext_lazy("已研判"),
    "alone": gettext_lazy("机器自判"),
    "told": gettext_lazy("来源指定"),
    "asked": gettext_lazy("转人工"),
    "waiting": gettext_lazy("待人工"),
    "corrected": gettext_lazy("被改判"),
    "merged": gettext_lazy("自动并案"),
    "proposed": gettext_lazy("疑似重复"),
    "agreed": gettext_lazy("人工并案"),
    "declined": gettext_lazy("不并案"),
    "split": gettext_lazy("拆案"),
}
OUTCOMES: Mapping[str, tuple[Any, str, str]] = {
    "alone": (gettext_lazy("机器自判"), "ok", "spark"),
    "asked": (gettext_lazy("转人工"), "warn", "question"),
    "told": (gettext_lazy("来源指定"), "", "inbox"),
    "merged": (gettext_lazy("自动并案"), "info", "people"),
}
TURNS = 12
"""Pairs of classes that the table of corrections shows."""
_KEPT = ("day", "category", "place", "model")


@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """Counts, corrections and calibration of one day, and its judgements one page at a time."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    chosen = read_day(request.GET.get("day", ""), timezone.localdate())
    asked = _asked(request.GET, chosen, knowledge)
    found = judgements.page(who, asked)
    shown = found[: judgements.SIZE]
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)} | {"day": chosen.isoformat()}
    base = f"{URLS['judgement']}?{urlencode(kept)}"
    figures = judgements.day(who, asked)
    options = _options(who, knowledge, figures)
    context = {
        "day": chosen,
        "filters": {**request.GET.dict(), "show": asked.show},
        "counts": [
            {
                "key": key,
                "label": label,
                "n": figures.counts[key],
                "url": f"{base}&show={key}",
                "here": key == asked.show,
            }
            for key, label in SHOWS.items()
        ],
        "rows": _rows(who, shown, knowledge),
        "next_cursor": f"{shown[-1]['at'].isoformat()}~{shown[-1]['id']}" if len(found) > len(shown) else "",
        "bands": [_band(n, one, base) for n, one in enumerate(figures.bands) if one.judged],
        "turns": [_turn(one, base, knowledge) for one in figures.turns[:TURNS]],
        "turns_more": max(0, len(figures.turns) - TURNS),
        "model_now": knowledge.versions.get("model", ""),
        "options": options,
        "categories": [name for _code, name in options["categories"]] if _may_correct(who) else [],
        "back": request.get_full_path(),
        "turned": asked.turn and [naming.category_name(code, knowledge) for code in asked.turn],
        "base": base,
        "contents": [
            ("rows", _("研判记录"), figures.counts[asked.show]),
            ("calibration", _("把握与结果"), 0),
            ("turns", _("由什么改成什么"), len(figures.turns)),
        ],
    }
    return render(request, "desk/judgement.html", context)


def _asked(given: Mapping[str, str], chosen: date, knowledge: Knowledge) -> Asked:
    """A query string as what to look for; what makes no sense is passed over."""
    category, place, band = given.get("category", ""), given.get("place", ""), whole(given.get("band", ""))
    turn = (given.get("from", "")[:32], given.get("to", "")[:32])
    return Asked(
        *period(chosen, chosen),
        show=given.get("show", "") if given.get("show", "") in SHOWS else "all",
        categories=descendants(category, knowledge) if category else (),
        place=knowledge.scheme.span(place) if place in knowledge.names else None,
        model=given.get("model", "")[:64],
        band=band if band is not None and band < len(BANDS) else None,
        turn=turn if any(turn) else None,
        after=_after(given.get("cursor", "")),
    )


def _after(text: str) -> tuple[datetime, int] | None:
    """ "moment~report" of the last row of the page before."""
    moment, _tilde, report = text.partition("~")
    try:
        return datetime.fromisoformat(moment.replace(" ", "+")), int(report)
    except ValueError:
        return None


def _options(who: Viewer, knowledge: Knowledge, figures: Day) -> dict[str, list[tuple[Any, Any]]]:
    found = choices(who, knowledge, {})
    bands = [(n, _edges(low, high)) for n, (low, high) in enumerate(BANDS)]
    models = [(version, f"{version}（{n}）") for version, n in figures.models]
    return {"categories": found["categories"], "places": found["places"], "models": models, "bands": bands}


def _edges(low: float, high: float) -> str:
    return f"{low:.0%}–{min(high, 1):.0%}"


def _band(n: int, one: Band, base: str) -> dict[str, Any]:
    """One band of the calibration: how sure, how many were not corrected, how many of those looked at were right."""
    share = one.kept / one.judged if one.judged else None
    found = wilson(one.kept, one.judged) if one.judged else None
    return {
        "name": _edges(one.low, one.high),
        "url": f"{base}&band={n}",
        "mean": one.mean,
        "judged": one.judged,
        "kept": one.kept,
        "share": share,
        "interval": f"{found[0]:.0%}–{found[1]:.0%}" if found else "",
        "looked": one.looked,
        "agreed": one.agreed,
        "right": one.agreed / one.looked if one.looked else None,
        "x": n * 44 + 8,
        "height": round((share or 0) * 100),
        "level": 100 - round((one.mean or 0) * 100),
    }


def _turn(one: tuple[str, str, int], base: str, knowledge: Knowledge) -> dict[str, Any]:
    judged, person, n = one
    return {
        "judged": naming.category_name(judged, knowledge) if judged else _("未判出"),
        "person": naming.category_name(person, knowledge),
        "n": n,
        "url": f"{base}&show=corrected&{urlencode({'from': judged, 'to': person})}",
    }


def _may_correct(who: Viewer) -> bool:
    return bool(lifecycle.arrow(Kind.CLASSIFIED).roles & who.roles)


def _rows(who: Viewer, found: Sequence[Mapping[str, Any]], knowledge: Knowledge) -> list[dict[str, Any]]:
    reports = [row["id"] for row in found]
    told, texts = judgements.told(who, found), judgements.texts(who, reports)
    waiting, grounds = judgements.proposals(who, reports), story.grounds()
    rows = [
        {**_row(row, told.get(row["id"], {}), knowledge), **_acts(who, row, waiting)}
        | {"title": title_of(texts.get(row["id"], row["title"] or ""))}
        for row in found
    ]
    return [{**row, "needs": [grounds.get(why, why) for why in row["needs"]]} for row in rows]


def _row(row: Mapping[str, Any], fact: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """A judgement with its names; what the fact says comes before what the case says now."""
    payload: Mapping[str, Any] = fact.get("payload", {})
    outcome, tone, picture = OUTCOMES[row["outcome"]]
    merged = row["outcome"] == "merged" and not row["split"]
    reasons = payload.get("reasons") or ([] if merged else row["reasons"] or [])
    return {
        **row,
        "outcome_name": outcome,
        "tone": tone,
        "picture": picture,
        "category_name": naming.category_name(row["category"], knowledge) if row["category"] else "",
        "person_name": naming.category_name(row["person"], knowledge) if row["person"] else "",
        "corrected": row["person"] not in ("", row["category"]),
        "merged_in": merged,
        "reasons": grounds.reasons(tuple(pair) for pair in reasons),
        "others": [
            (naming.category_name(code, knowledge), share)
            for code, share in (payload.get("others") or (() if merged else row["others"] or ()))
        ],
        "similar": _similar(payload),
        "needs": [str(why[1]) for why in (payload.get("needs") or row["needs"] or ())],
        "located_name": places.LOCATED.get(row["located"], _("没有定位")),
        "place_name": naming.place_name(row["place"], knowledge),
        "state_name": naming.STATES.get(row["state"] or "", ""),
        "model": fact.get("versions", {}).get("model", row["model"]),
    }


def _similar(payload: Mapping[str, Any]) -> list[int]:
    """类似的历史案件: the numbers of past cases that the judgement itself names."""
    found = [one.get("case") if isinstance(one, dict) else one for one in payload.get("similar", ())]
    return [one for one in found if isinstance(one, int)]


def _acts(who: Viewer, row: Mapping[str, Any], waiting: set[int]) -> dict[str, Any]:
    """What this post may do about a judgement right here, by the moves that the case's own page makes."""
    held = who.roles & frozenset(Role)
    kinds = {one.kind for one in lifecycle.moves(State(row["state"]), held)} if row["state"] else set()
    merged = row["outcome"] == "merged" and not row["split"]
    return {
        "act_url": f"{URLS['case']}{row['case']}/act",
        "may_correct": Kind.CLASSIFIED in kinds and not merged,
        "may_split": Kind.SPLIT in kinds and merged,
        "may_settle": row["id"] in waiting and Kind.MERGED in kinds,
    }
