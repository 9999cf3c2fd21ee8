"""热点问题 hot issues: what many people say of one place, how hot it is and why, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import hot, lists
from zhongshu.data.figures import rules
from zhongshu.hub import issue_acts
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.screen import drawing, gate, naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole as whole_number
from zhongshu.screen.story import moment, sentence

BOXES: Mapping[str, Any] = {
    "hot": gettext_lazy("热点"),
    "ignored": gettext_lazy("无人认领"),
    "taken": gettext_lazy("已认领"),
    "rising": gettext_lazy("升温"),
    "watched": gettext_lazy("关注中"),
    "cooled": gettext_lazy("已降温"),
    "ended": gettext_lazy("已结束"),
}
STATES: Mapping[str, tuple[Any, str, str]] = {
    "hot": (gettext_lazy("热点"), "danger", "flag"),
    "watched": (gettext_lazy("关注中"), "", "eye"),
    "cooled": (gettext_lazy("已降温"), "ok", "check"),
    "ended": (gettext_lazy("已结束"), "", "archive"),
    "merged": (gettext_lazy("已并入"), "", "right"),
}
TRENDS: Mapping[str, tuple[Any, str]] = {
    "rising": (gettext_lazy("上升"), "warn"),
    "steady": (gettext_lazy("持平"), ""),
    "falling": (gettext_lazy("回落"), "ok"),
    "still": (gettext_lazy("近两周无新增"), ""),
}
PHRASES: Mapping[str, Any] = {
    "place": gettext_lazy("地点"),
    "people": gettext_lazy("人群"),
    "problem": gettext_lazy("问题"),
}
ACTS = (Kind.ISSUE_KNOWN, Kind.ISSUE_SILENCED)
SHOWN = 3
SIZE = 50


def in_time() -> tuple[datetime, date]:
    """The moment before which a hot issue must have been taken up, and today."""
    days = rules.thresholds()["hot_ignored_days"]
    return gate.hub().clock() - timedelta(days=days), timezone.localdate()


def ignored(who: Viewer) -> int:
    """How many hot issues nobody has taken up in time, for the alarm beside 绕道走."""
    return hot.ignored(who, in_time())


def _after(text: str) -> tuple[float, int] | None:
    """ "heat:id" of the last row of the page before."""
    heat, _colon, last = text.partition(":")
    try:
        return float(heat), int(last)
    except ValueError:
        return None


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Issues of one box, the hottest first."""
    who, hub = viewer(request), gate.hub()
    box = request.GET.get("box", "hot")
    box = box if box in BOXES else "hot"
    given = in_time()
    found = hot.listed(who, box, given, _after(request.GET.get("cursor", "")))
    last = found[-1] if len(found) == hot.SIZE else None
    context = {
        "rows": [_row(one, hub.tools.knowledge, given) for one in issue_acts.own(who, found, hub.clock())],
        "tabs": [
            {"label": label, "url": f"{URLS['issues']}?box={key}", "here": key == box} for key, label in BOXES.items()
        ],
        "alarm": ignored(who),
        "alarm_url": f"{URLS['issues']}?box=ignored",
        "next_cursor": f"{last['heat']}:{last['id']}" if last else "",
        "looks": [
            {**one, "place_name": naming.place_name(one["place"], hub.tools.knowledge)} for one in hot.looks(who)
        ],
        **_limits(),
    }
    return render(request, "desk/issues.html", context)


def _limits() -> dict[str, Any]:
    """Weights and bars with their basis, as the page publishes them."""
    found = rules.thresholds_with_basis()
    label = "name_en" if naming.english() else "name"
    names = [code for code in found if code.startswith(("heat_", "hot_"))]
    return {
        "limits": [
            {
                "name": found[code][label] or found[code]["name"],
                "value": f"{found[code]['value']:g}",
                "basis": found[code]["basis"],
            }
            for code in names
        ],
        "days": int(found["hot_window_days"]["value"]),
        "ignored_days": f"{found['hot_ignored_days']['value']:g}",
    }


def _row(found: Mapping[str, Any], knowledge: Knowledge, given: tuple[datetime, date]) -> dict[str, Any]:
    """An issue with its names, as the list and the page want it."""
    turn = found["turn"] or {}
    state, tone, picture = STATES[found["state"]]
    trend, trend_tone = TRENDS[found["trend"]]
    return {
        **found,
        "turn": turn,
        "url": f"{URLS['issues']}/{found['id']}",
        "state_name": state,
        "tone": tone,
        "picture": picture,
        "trend_name": trend,
        "trend_tone": trend_tone,
        "first_at": _when(found["first_at"]),
        "last_at": _when(found["last_at"]),
        "hot_at": moment(turn.get("hot_at")),
        "place_name": naming.place_name(found["place"], knowledge),
        "spark": drawing.bars(found["days"]),
        "places": [(naming.place_name(code, knowledge), n) for code, n in found["places"].items()],
        "classes": [(naming.category_name(code, knowledge), n) for code, n in found["classes"].items()],
        "alarm": _alarmed(found["state"], turn, given),
        "silent": _silent(turn, given[1]),
    }


def _when(text: Any) -> datetime | None:
    return text if isinstance(text, datetime) else moment(text)


def _silent(turn: Mapping[str, Any], today: date) -> bool:
    until = turn.get("silenced_until") or ""
    return until != "" and date.fromisoformat(until) >= today


def _alarmed(state: str, turn: Mapping[str, Any], given: tuple[datetime, date]) -> bool:
    """绕道走: hot for so long, and nobody took it up or said that it is known. As `hot.BOXES` counts them."""
    since = moment(turn.get("hot_at"))
    answered = turn.get("taken_at") or turn.get("known_at") or _silent(turn, given[1])
    return state == "hot" and since is not None and since <= given[0] and not answered


def _found(who: Viewer, issue: int) -> dict[str, Any]:
    found = hot.whole(who, issue)
    if found is None:
        raise NotFound(f"there is no issue {issue} here / 没有这个热点，或不在您的范围内")
    return issue_acts.own(who, [found], gate.hub().clock())[0]


@signed_in()
def show(request: HttpRequest, issue: int) -> HttpResponse:
    """One issue with its cases."""
    found = _found(viewer(request), issue)
    if found["merged_into"] and request.GET.get("stay") != "1":
        return redirect(f"{URLS['issues']}/{found['merged_into']}?from={found['number']}")
    return _page(request, found)


def _page(request: HttpRequest, found: dict[str, Any], refused: Exception | None = None) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    ids = hot.cases(who, found["id"], whole_number(request.GET.get("cursor", "")), SIZE + 1)
    base = f"{URLS['issues']}/{found['id']}"
    points = hot.points(who, found["id"])
    context = {
        "issue": _row(found, knowledge, in_time()),
        "turns": _turns(found["turn"] or {}, knowledge),
        "phrases": [(text, PHRASES[kind], share) for text, kind, share in found["phrases"]],
        "cases": [naming.case_row(row, knowledge) for row in lists.rows(who, ids[:SIZE])],
        "next_cursor": ids[SIZE - 1] if len(ids) > SIZE else "",
        "plot": drawing.plot(points),
        "at": f"{found['lon']:.6f},{found['lat']:.6f}" if found["lon"] is not None else "",
        "begins": _begins(who, found),
        "acts": _acts(found, knowledge) if issue_acts.may(who, found) else [],
        "act_url": f"{base}/act",
        "typical_url": f"{URLS['case']}{found['typical']}" if lists.rows(who, [found["typical"]]) else "",
        "merged_from": request.GET.get("from", "")[:32],
        "errors": {"": sentence(refused)} if refused else {},
        **_limits(),
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove) else 200
    return render(request, "desk/issue.html", context, status=status)


def _begins(who: Viewer, found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """转为任务: the matters that this post may begin, with the issue and its cases attached."""
    if found["state"] in ("merged", "ended"):
        return []
    offered = ((CALL, URLS["calls"], _("发起呼叫")), (DIRECTIVE, URLS["directives"], _("下达指令")))
    return [
        (f"{url}/new?issue={found['id']}", label) for matter, url, label in offered if matter.birth.roles & who.roles
    ]


def _acts(found: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """The dialogs: known, with the topic it is part of, and silenced, up to a day."""
    reason = {"name": "reason", "label": _("理由"), "type": "textarea", "required": True, "options": []}
    codes = list(dict.fromkeys(code for own in found["classes"] for code in _upwards(own, knowledge)))
    topic = {
        "name": "topic",
        "label": _("列入每月一题的哪一类"),
        "type": "select",
        "required": False,
        "options": [(code, naming.category_name(code, knowledge)) for code in codes],
    }
    until = {
        "name": "until",
        "label": _("静默到哪一天"),
        "type": "date",
        "required": True,
        "options": [],
        "least": (timezone.localdate() + timedelta(days=1)).isoformat(),
    }
    fields = {Kind.ISSUE_KNOWN: [topic, reason], Kind.ISSUE_SILENCED: [until, reason]}
    return [{"kind": kind.value, "label": naming.FACTS[kind], "fields": fields[kind]} for kind in ACTS]


def _upwards(code: str, knowledge: Knowledge) -> list[str]:
    found: list[str] = []
    while code in knowledge.categories and code not in found:
        found.append(code)
        code = knowledge.categories[code].parent
    return found


def _turns(turn: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """What became of the issue, in order of time."""
    said = [
        (turn.get("hot_at"), _("热点形成"), "", "", "", ""),
        (turn.get("taken_at"), _("转为任务"), turn.get("taken_by"), "", _matter_url(turn), _("打开任务")),
        (turn.get("known_at"), _("标为已知"), turn.get("known_by"), turn.get("known_reason"), *_topic(turn, knowledge)),
        (turn.get("silenced_at"), _("静默"), turn.get("silenced_by"), _silence(turn), "", ""),
        (turn.get("cooled_at"), _("热点降温"), "", "", "", ""),
    ]
    told = [
        {"at": moment(at), "name": name, "by": by, "text": text, "url": url, "link": link}
        for at, name, by, text, url, link in said
        if at
    ]
    return sorted(told, key=lambda one: one["at"])


def _matter_url(turn: Mapping[str, Any]) -> str:
    return f"{URLS[turn['matter'] + 's']}/{turn['matter_id']}" if turn.get("matter_id") else ""


def _topic(turn: Mapping[str, Any], knowledge: Knowledge) -> tuple[str, str]:
    """Address and name of the topic of 每月一题 that the issue is part of."""
    if not turn.get("topic"):
        return "", ""
    return f"{URLS['evaluation']}/topic?topic={turn['topic']}", naming.category_name(turn["topic"], knowledge)


def _silence(turn: Mapping[str, Any]) -> str:
    return _("到 {day}：{reason}").format(day=turn.get("silenced_until"), reason=turn.get("silenced_reason"))


@require_POST
@signed_in()
def act(request: HttpRequest, issue: int) -> HttpResponse:
    """标为已知 or 静默, from a dialog of the page; what is refused comes back on the page with its sentence."""
    who, kind = viewer(request), request.POST.get("kind", "")
    found = _found(who, issue)
    given = {
        name: request.POST.get(name, "").strip() for name in ("reason", "topic", "until") if request.POST.get(name)
    }
    try:
        issue_acts.act(gate.hub(), who, issue, kind, given)
    except (BadInput, IllegalMove) as error:
        return _page(request, found, error)
    messages.success(request, _("已完成：{act}").format(act=naming.FACTS[kind]))
    return redirect(f"{URLS['issues']}/{issue}")
