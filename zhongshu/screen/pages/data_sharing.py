"""共享使用 what my unit may use and provides, how much is used, what was not granted; asking, ordering, failing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.sharing import reading, rules, zone
from zhongshu.data.sharing.diagnosis import SAID, diagnose, tally
from zhongshu.data.sharing.grading import Field
from zhongshu.hub.resources import using
from zhongshu.hub.resources.moves import of_bureau
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, naming, resources, sharing
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import moment

WINDOW = timedelta(days=90)
"""Use is accounted for so long back (default)."""


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """My grants and those that I provide; `dataset` opens the items of one data set to ask for, `grant` one grant."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    names = {code: naming.called(one) for code, one in rules.catalogued().items()}
    fields = rules.fields()
    dataset = request.GET.get("dataset", "")
    own, provided = reading.grants(who, "unit"), reading.grants(who, "provider")
    account = reading.account(who, gate.hub().clock() - WINDOW)
    failed = reading.uses(who, failed=True, size=500)
    context = {
        "tabs": resources.tabs("sharing"),
        "numbers": _numbers(own, failed, reading.fulfilment(who)),
        "datasets": sorted(names.items(), key=lambda one: one[1]),
        "dataset": dataset if dataset in names else "",
        "opened": _opened(dataset, names, fields, (who, knowledge)) if dataset in names else None,
        "own": [_grant(one, names, knowledge) for one in own],
        "provided": [_grant(one, names, knowledge) for one in provided],
        "account": [{**one, **_names(one, names, knowledge), "last": moment(one["last"])} for one in account],
        "fulfilment": [_fulfilled(one, knowledge) for one in reading.fulfilment(who)],
        "unused": [one for one in (_grant(each, names, knowledge) for each in own) if one["id"] in _unused(who, own)],
        "days": WINDOW.days,
        "begin_url": "/data/begin",
    }
    return render(request, "data/sharing.html", context)


def _numbers(
    own: list[dict[str, Any]], failed: list[dict[str, Any]], fulfilled: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """In use, granted of what was decided, and the three diagnoses; each opens its list."""
    granted = sum(one["granted"] for one in fulfilled)
    decided = granted + sum(one["refused"] for one in fulfilled)
    counts = tally(one["failure"] for one in failed)
    active = sum(one["state"] == "active" for one in own)
    found: list[dict[str, Any]] = [
        {"label": _("本单位使用中"), "value": active, "url": "#own", "note": ""},
        {
            "label": _("满足率"),
            "value": f"{granted / decided:.0%}" if decided else "—",
            "url": "#fulfilment",
            "note": f"{granted} / {decided}",
        },
    ]
    found += [
        {"label": sharing.KINDS[kind], "value": n, "url": f"/data/audit?diagnosis={kind}", "note": ""}
        for kind, n in counts.items()
    ]
    return found


def _names(one: Mapping[str, Any], names: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    return {
        "dataset_name": names.get(one["dataset"], one["dataset"]),
        "unit_name": naming.unit_name(one["unit"], knowledge) if one["unit"] else "",
    }


def _grant(one: dict[str, Any], names: Mapping[str, str], knowledge: Knowledge) -> dict[str, Any]:
    return {
        **one,
        **_names(one, names, knowledge),
        "provider_name": naming.unit_name(one["provider"], knowledge),
        "state_name": sharing.STATES.get(one["state"], one["state"]),
        "until": moment(one["until"]),
        "items": [(item["item"], sharing.HOW[item["how"]]) for item in one["plan"]],
        "address": f"/api/data/shared/{one['id']}",
    }


def _unused(who: Viewer, own: list[dict[str, Any]]) -> set[int]:
    """Grants in force that nobody ever used: 不敢用 or 不会用."""
    used = {one["grant"] for one in reading.uses(who, unit=who.unit, failed=False, size=1000)} if own else set()
    return {one["id"] for one in own if one["state"] == "active" and one["id"] not in used}


def _opened(
    dataset: str,
    names: Mapping[str, str],
    fields: Mapping[tuple[str, str], Field],
    seen: tuple[Viewer, Knowledge],
) -> dict[str, Any]:
    """The items of one data set with their share types, and what this post may begin about them."""
    who, knowledge = seen
    own = [one for (of, _item), one in fields.items() if of == dataset]
    options = [(one.item, naming.aside(naming.called(one), one.item, sharing.SHARES[one.share])) for one in own]
    orders = of_bureau(who, knowledge) and bool({Role.CHIEF, Role.ARBITER} & who.roles)
    buttons = [resources.asking("sharing", f"dataset:{dataset}", items=options)] if who.roles else []
    buttons += [resources.asking("requisition", f"dataset:{dataset}", items=options)] if orders else []
    landed = zone.sets().get(dataset)
    return {
        "name": names[dataset],
        "provider": naming.unit_name(own[0].provider, knowledge) if own else "",
        "landed": landed,
        "secret": any(one.secret for one in own),
        "items": [
            {
                "item": one.item,
                "name": naming.called(one),
                "grade": sharing.GRADES.get(one.grade, one.grade),
                "share": (sharing.SHARES[one.share], sharing.SHARE_TONES[one.share]),
                "clause": one.clause,
            }
            for one in own
        ],
        "buttons": buttons,
        "failure": _failure(dataset),
    }


def _failure(dataset: str) -> dict[str, Any]:
    options = [(word, f"{sharing.KINDS[diagnose(word)]}：{sharing.failure(word)['name']}") for word in SAID]
    return {
        "kind": "tell",
        "label": _("说明用不成的原因"),
        "fields": [
            {"name": "dataset", "type": "hidden", "value": dataset},
            {"name": "failure", "label": _("原因"), "type": "radio", "required": True, "options": options},
            {"name": "words", "label": _("情况说明"), "type": "textarea", "required": True, "options": []},
        ],
    }


def _fulfilled(one: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    decided = one["granted"] + one["refused"]
    name = naming.unit_name(one["provider"], knowledge)
    return {**one, "name": name, "share": one["granted"] / decided if decided else None}


@signed_in()
@require_POST
def failed(request: HttpRequest) -> HttpResponse:
    """用不成: what a person says about a data set; the next step is told at once."""
    dataset, word = clean(request.POST.get("dataset"), 64), request.POST.get("failure", "")
    using.tell(gate.hub().desk, viewer(request), dataset, word, clean(request.POST.get("words"), 500))
    told = sharing.failure(word)
    messages.success(request, _("已记下。下一步：{step}。").format(step=told["step"]))
    return redirect(f"/data/sharing?dataset={dataset}")
