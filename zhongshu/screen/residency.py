"""居民凭证 residency: the link by which a member of a community takes part, kept by his browser as a signed cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from zhongshu.data import community
from zhongshu.hub.community_rules import Speaker
from zhongshu.kernel.errors import NotFound
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import viewer

_SALT = "zhongshu.community"
COOKIE = "resident"
GOOD_FOR = 180 * 24 * 3600
"""Seconds that a browser remembers a link; then it is opened once more."""


def token(member: int, serial: int) -> str:
    return signing.Signer(salt=_SALT).sign(f"{member}.{serial}")


def link(member: int, serial: int) -> str:
    """The address that a member opens once on each of his devices, relative to this server."""
    return f"{URLS['community']}/me/{token(member, serial)}"


def read(given: str) -> Mapping[str, Any] | None:
    """The member whose link in force this is; None for a lost, old or made-up one, and for who has left."""
    try:
        number, _, serial = signing.Signer(salt=_SALT).unsign(given).partition(".")
        found = community.member(int(number))
    except (signing.BadSignature, ValueError):
        return None
    good = found is not None and found["left_at"] is None and str(found["serial"]) == serial
    return found if good else None


def enter(response: HttpResponse, given: str, secure: bool) -> Mapping[str, Any]:
    """Let this browser take part. Raises NotFound for a link that opens nothing."""
    found = read(given)
    if found is None:
        raise NotFound(
            "this link is not valid any more; ask the community for a new one / 凭证已失效，请到社区重新领取"
        )
    response.set_cookie(COOKIE, given, max_age=GOOD_FOR, httponly=True, samesite="Lax", secure=secure)
    return found


def speaker(request: HttpRequest) -> Speaker:
    """Who speaks: somebody in a post, else the member of this browser, else nobody."""
    who = viewer(request)
    if who.post:
        return Speaker(viewer=who)
    held = request.COOKIES.get(COOKIE, "")
    return Speaker(member=read(held) if held else None)
