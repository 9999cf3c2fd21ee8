"""模型 the pages of models: which version judges where and how it does; compared, approved, deployed, rolled back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data import learning, lists
from zhongshu.data import model_register as register
from zhongshu.hub import governing
from zhongshu.hub.governing import Ground
from zhongshu.hub.judge.model_forms import CLASSIFY
from zhongshu.hub.sense.normalise import clean as clean_text
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming
from zhongshu.screen import model_card as card
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence

READERS = (Role.ARBITER, Role.CHIEF)


def ground() -> Ground:
    """What an act of this process stands on; NotFound when it keeps no models."""
    hub = gate.hub()
    if hub.models is None:
        raise NotFound("this installation keeps no models / 本系统没有模型目录")
    return hub.models.ground(hub.tools, hub.ids, hub.clock())


@signed_in(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Deployments in force with their alarms, and every version."""
    return _listing(request)


def _listing(request: HttpRequest, refused: BadInput | IllegalMove | None = None) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    watches = register.watches(who)
    newest = {one["deployment"]: one for one in reversed(watches)}
    chief = Role.CHIEF in who.roles
    context = {
        "deployments": [
            card.deployment(one, knowledge, newest.get(one["id"])) | {"may": chief and who.span.holds(one["place"])}
            for one in register.deployments(who)
        ],
        "versions": [card.version(one) for one in register.listed(who)],
        "errors": {"": sentence(refused)} if refused else {},
        "heads": [card.FIGURES[name][0] for name in card.CARD_FIGURES],
    }
    return render(request, "desk/models.html", context, status=STATUS[type(refused)] if refused else 200)


@signed_in(*READERS)
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One version: its card, comparisons, deployments and watches."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, refused: BadInput | IllegalMove | None = None) -> HttpResponse:
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    found = register.shown(who, number)
    if found is None:
        raise NotFound(f"there is no model version {number} / 没有这个模型版本")
    comparisons = register.comparisons(who, number)
    shown = next((one for one in comparisons if one["challenger"] == number), next(iter(comparisons), None))
    deployments = [card.deployment(one, knowledge) for one in register.deployments(who, number)]
    context = {
        "one": card.version(found),
        "about": card.about(found, knowledge),
        "classes": card.classes(found["card"], knowledge),
        "approvals": [{**mark, "moment": datetime.fromisoformat(mark["at"])} for mark in found["approvals"]],
        "comparison": _comparison(who, shown, knowledge) if shown else None,
        "deployments": deployments,
        "watches": [card.watch(one) for one in register.watches(who, number)][:14],
        "watch_heads": list(card.WATCHED.values()),
        "corrected": _corrected(who, found, knowledge),
        "places": _places(who, knowledge),
        "acts": _acts(who, found, deployments),
        "errors": {"": sentence(refused)} if refused else {},
    }
    return render(request, "desk/model.html", context, status=STATUS[type(refused)] if refused else 200)


def _acts(who: Viewer, found: Mapping[str, Any], deployments: list[dict[str, Any]]) -> dict[str, bool]:
    """Which forms this person is offered; what the state alone forbids is left out."""
    state, chief = found["state"], Role.CHIEF in who.roles
    return {
        "compare": found["name"] == CLASSIFY and any(True for _one in _rivals(found)),
        "approve": chief and not (who.user and who.user == found["trained_by"]),
        "deploy": chief and state in ("approved", "deployed"),
        "retire": chief and state not in ("deployed", "retired"),
        "trained": bool(who.user and who.user == found["trained_by"]),
    }


def _rivals(found: Mapping[str, Any]) -> list[str]:
    """Versions in force somewhere, other than this one."""
    return list(
        dict.fromkeys(one.version for one in register.in_force(found["name"]) if one.version != found["version"])
    )


def _comparison(who: Viewer, one: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    found = one["figures"]
    pairs = [("", found["champion"], found["challenger"])] if "champion" in found else []
    if found.get("people"):
        pairs.append(("people", found["people"]["champion"], found["people"]["challenger"]))
    tables = [
        {
            "people": name == "people",
            "n": a["n"],
            "rows": [
                (label, card.number(code, a.get(code)), card.number(code, b.get(code)))
                for code, (label, _share) in card.FIGURES.items()
            ],
        }
        for name, a, b in pairs
    ]
    seen = {row["id"]: row for row in lists.rows(who, [each["case"] for each in found.get("examples", ())])}
    return {
        **one,
        "n": found.get("n", 0),
        "gain": f"{found.get('gain', 0):+.4f}",
        "interval": f"{found.get('low', 0):+.4f} – {found.get('high', 0):+.4f}",
        "sure": "better" if found.get("low", 0) > 0 else "worse" if found.get("high", 0) < 0 else "even",
        "tables": tables,
        "classes": card.moved(found, knowledge),
        "differ": found.get("differ", 0),
        "examples": [
            {
                **{name: naming.category_name(each[name], knowledge) for name in ("truth", "champion", "challenger")},
                "case": seen[each["case"]],
                "better": each["challenger"] == each["truth"],
            }
            for each in found.get("examples", ())
            if each["case"] in seen
        ],
    }


def _corrected(who: Viewer, found: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """The newest cases whose category a person changed after this version had judged them."""
    said = learning.corrected(found["version"], who.span)
    rows = {row["id"]: row for row in lists.rows(who, [case for case, _was in said])}
    return [
        {**naming.case_row(rows[case], knowledge), "was": naming.category_name(was, knowledge)}
        for case, was in said
        if case in rows
    ]


def _places(who: Viewer, knowledge: Knowledge) -> list[tuple[str, str]]:
    """City and districts of the viewer's area, and the own place."""
    own = [
        code
        for code in sorted(knowledge.names)
        if knowledge.scheme.level(code) <= Level.DISTRICT and who.span.holds(code)
    ]
    more = [who.place] if who.place in knowledge.names and who.place not in own else []
    return [(code, naming.place_name(code, knowledge)) for code in (*more, *own)]


@require_POST
@signed_in(*READERS)
def act(request: HttpRequest, number: int) -> HttpResponse:
    """One decision about a version, from a form of its page."""
    who, found = viewer(request), register.numbered(number)
    kind = request.POST.get("act", "")
    if found is None or kind not in _ACTS:
        raise NotFound(f"there is no model version {number}, or no act {kind!r} / 没有这个版本或操作")
    try:
        _ACTS[kind][0](who, found, request.POST)
    except (BadInput, IllegalMove) as error:
        return _page(request, number, error)
    gate.hub().look_again()
    messages.success(request, _ACTS[kind][1])
    return redirect(f"{URLS['models']}/{number}")


def _reason(given: QueryDict) -> str:
    return clean_text(given.get("reason"), 500)


def _compare(who: Viewer, found: register.Version, given: QueryDict) -> None:
    from zhongshu.hub.learning import side_by_side

    on = ground()
    rival = governing.judging(on, found.name, who.place)
    rivals = _rivals({"name": found.name, "version": found.version})
    named = rival.version if rival and rival.model != found.id else next(iter(rivals), "")
    if not named:
        raise IllegalMove("there is no other version in force to compare with / 没有其他在用版本可比对")
    side_by_side(on, who, named, found.version)


def _approve(who: Viewer, found: register.Version, given: QueryDict) -> None:
    governing.approve(ground(), who, found, _reason(given))


def _deploy(who: Viewer, found: register.Version, given: QueryDict) -> None:
    governing.deploy(ground(), who, found, given.get("place", ""), _reason(given))


def _retire(who: Viewer, found: register.Version, given: QueryDict) -> None:
    governing.retire(ground(), who, found, _reason(given))


_ACTS: Mapping[str, tuple[Callable[[Viewer, register.Version, QueryDict], None], Any]] = {
    "compare": (_compare, gettext_lazy("已并列比对，结果已记入账本。")),
    "approve": (_approve, gettext_lazy("已批准，理由已记入账本。")),
    "deploy": (_deploy, gettext_lazy("已部署，下一条诉求起生效。")),
    "retire": (_retire, gettext_lazy("已退役。")),
}


@require_POST
@signed_in(*READERS)
def turn_back(request: HttpRequest, deployment: int) -> HttpResponse:
    """回滚 or 停用本地版本 of a deployment, from the list."""
    who, found = viewer(request), register.deployment(deployment)
    if found is None:
        raise NotFound(f"there is no deployment {deployment} / 没有这项部署")
    undo = governing.withdraw if request.POST.get("act") == "withdraw" else governing.roll_back
    try:
        undo(ground(), who, found.name, found.place, _reason(request.POST))
    except (BadInput, IllegalMove) as error:
        return _listing(request, error)
    gate.hub().look_again()
    messages.success(request, _("已执行，下一条诉求起生效。"))
    return redirect(URLS["models"])


@require_POST
@signed_in(*READERS)
def look(request: HttpRequest) -> HttpResponse:
    """Look now how the deployed models do; the same as the daily watch."""
    from datetime import timedelta

    from zhongshu.hub.learning import watch

    found = watch(ground(), timedelta(0), viewer(request))
    loud = sum(bool(fact.payload["alarms"]) for fact in found)
    messages.success(request, _("已监测 {n} 项部署，{m} 项告警。").format(n=len(found), m=loud))
    return redirect(URLS["models"])
