"""共性支撑 the page of shared services: what each does, where machines and people reach it, how it stands just now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhongshu.data import services as data
from zhongshu.data.services import Standing
from zhongshu.screen import naming
from zhongshu.screen.pages.account import signed_in
from zhongshu.screen.services import ACTS, SERVICES, Service


@require_safe
@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """Every service with its state; nothing here is of a case, so everybody in a post sees the same."""
    held = data.standings()
    context = {
        "rows": [_row(one, held[one.code]) for one in SERVICES],
        "acts": ACTS,
        "described": "/api/openapi.json",
    }
    return render(request, "desk/services.html", context)


def _row(one: Service, now: Standing) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "does": one.does,
        "api": one.api,
        "commands": [f"zhongshu {name}" for name in one.commands],
        "page": one.page,
        "held_name": one.held,
        "offline": one.offline,
        "held": now.held,
        "last": now.last,
        "age": naming.ago(now.last) if now.last else "",
    }
