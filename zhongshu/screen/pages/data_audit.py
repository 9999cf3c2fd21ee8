"""使用审计 who used which data when and why, what was refused and what helps; whether the log still is as sealed."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhongshu.data import people
from zhongshu.data.sharing import audit, reading, rules
from zhongshu.data.sharing.diagnosis import Kind
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate, naming, resources, sharing
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import whole
from zhongshu.screen.story import moment, sentence

SIZE = 50
NEWEST = 2**63 - 1
SHOWN = 50
"""Broken seals that the page names; there should be none."""


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """Uses newest first; `dataset`, `unit`, `grant`, `purpose`, `failed`, `diagnosis` narrow them; `verify` looks."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    get = request.GET
    asked: dict[str, Any] = {name: get.get(name, "")[:200] for name in ("dataset", "unit", "purpose", "diagnosis")}
    asked["grant"] = whole(get.get("grant", "")) or 0
    asked["failed"] = True if get.get("failed") == "1" or asked["diagnosis"] else None
    names = {code: naming.called(one) for code, one in rules.catalogued().items()}
    found = reading.uses(who, whole(get.get("cursor", "")) or NEWEST, SIZE, **asked)
    posts = people.post_names({one["post"] for one in found})
    verified = get.get("verify") == "1" and Role.CHIEF in who.roles
    context = {
        "tabs": resources.tabs("audit"),
        "asked": asked,
        "datasets": sorted(names.items(), key=lambda one: one[1]),
        "kinds": [(kind.value, sharing.KINDS[kind]) for kind in Kind],
        "rows": [{**_row(one, names, knowledge), "post": posts.get(one["post"], one["post"])} for one in found],
        "next_cursor": found[-1]["id"] if len(found) == SIZE else "",
        "may_verify": Role.CHIEF in who.roles,
        "verified": verified,
        "broken": [_broken(one, names) for one in islice(audit.verify(), SHOWN)] if verified else [],
    }
    return render(request, "data/audit.html", context)


def _row(one: dict[str, Any], names: dict[str, str], knowledge: Knowledge) -> dict[str, Any]:
    told = sharing.failure(one["failure"])
    page = told.get("page", "").format(dataset=one["dataset"], grant=one["grant"]) if told else ""
    return {
        **one,
        "at": moment(one["at"]),
        "dataset_name": names.get(one["dataset"], one["dataset"] or "—"),
        "unit_name": naming.unit_name(one["unit"], knowledge) if one["unit"] else "—",
        "form_name": sharing.FORMS.get(one["form"], one["form"]),
        "told": told,
        "step_url": page,
    }


def _broken(one: audit.Tampered, names: dict[str, str]) -> dict[str, Any]:
    return {
        "use": one.use,
        "dataset_name": names.get(one.dataset, one.dataset),
        "logged": one.logged,
        "read": one.read,
        "sentence": sentence(one.sentence),
    }
