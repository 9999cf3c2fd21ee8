"""附近有没有同一件事: asked while a resident writes, and once more after he has sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from zhongshu.hub.alike import MOST, alike, seen
from zhongshu.kernel.errors import BadInput
from zhongshu.screen import gate, joining
from zhongshu.screen.photos import small

LEAST = 4
"""Letters: who has said less has not said what it is about."""
ASKED = ("text", "address", "lon", "lat")


@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """至多三件附近的在办事项. Nothing is kept; nothing is shown to whoever asks too often."""
    if not ratelimit.consume(request, action="alike"):
        return HttpResponse(status=204)
    found = shown(request.POST)
    return render(request, "parts/near.html", {"near": found, "none_of_them": request.POST.get("join") == "none"})


@require_safe
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """照片 of a case that was shown, small, while its reporter lets it be seen and the case is open; else 404."""
    named = joining.photo_of(token)
    content = seen(*named, gate.hub().tools.knowledge) if named else None
    if content is None:
        raise Http404
    return HttpResponse(small(content), content_type="image/jpeg", headers={"Cache-Control": "private, max-age=300"})


def shown(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is near this report, as a stranger may see it; nothing without words or without a place."""
    raw = {name: given.get(name) or "" for name in ASKED}
    if sum(one.isalnum() for one in str(raw["text"])) < LEAST:
        return []
    hub = gate.hub()
    try:
        found = alike(hub, {**raw, "channel": "web"})
    except BadInput:
        return []
    return joining.to_strangers(found, str(raw["text"]), hub.tools.knowledge, given.get("join", ""))


def near_case(text: str, own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same for a report that was taken in and became a case of its own."""
    hub = gate.hub()
    raw = {"text": text, "address": own["address"], "lon": own["lon"], "lat": own["lat"], "channel": "web"}
    found = [one for one in alike(hub, raw, MOST + 1) if one.case != own["id"]]
    return joining.to_strangers(found[:MOST], text, hub.tools.knowledge)
