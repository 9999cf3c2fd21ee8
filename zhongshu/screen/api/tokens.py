"""接入凭证 tokens: who an integration is, remembered for half a minute so that the road is spared a statement."""

from __future__ import annotations

import threading
import time

from zhongshu.data import integrations
from zhongshu.data.integrations import Integration
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import ZhongshuError
from zhongshu.kernel.places import EVERYWHERE, NOWHERE, Level, Scheme

REMEMBER = 30.0
"""Seconds: a revoked token is refused at the latest after this."""
ROOM = 1024
"""Tokens remembered at once, good and bad."""


class Unauthorised(ZhongshuError):
    """A token is missing, unknown or revoked (HTTP 401)."""


class Forbidden(ZhongshuError):
    """The holder of this token may not do this (HTTP 403)."""


_known: dict[str, tuple[float, Integration | None]] = {}
_lock = threading.Lock()


def forget() -> None:
    """Look every token up again."""
    with _lock:
        _known.clear()


def _find(token: str) -> Integration | None:
    now = time.monotonic()
    held = _known.get(token)
    if held is not None and held[0] > now:
        return held[1]
    found = integrations.find(token)
    with _lock:
        if len(_known) >= ROOM:
            _known.clear()
        _known[token] = (now + REMEMBER, found)
    return found


def holder(authorization: str) -> Integration | None:
    """The integration of an Authorization header, None when there is no header. Raises Unauthorised."""
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorised("the Authorization header needs the form “Bearer TOKEN” / 请使用 Bearer 凭证")
    return known(token.strip())


def known(token: str) -> Integration:
    """The integration that holds a token. Raises Unauthorised."""
    found = _find(token) if 0 < len(token) <= 200 else None
    if found is None:
        raise Unauthorised("this token is unknown or was revoked / 凭证无效或已停用")
    return found


def demand(integration: Integration | None, channel: str) -> Integration:
    """The integration, when it may use `channel`. Raises Unauthorised or Forbidden."""
    if integration is None:
        raise Unauthorised(f"channel {channel} needs a token / 渠道“{channel}”需要接入凭证")
    if channel not in integration.channels:
        allowed = ", ".join(sorted(integration.channels))
        raise Forbidden(f"channel: found {channel}, expected one of {allowed} / 该凭证无权使用此渠道")
    return integration


def viewer(integration: Integration, scheme: Scheme, city: str) -> Viewer:
    """An integration as someone who looks: its division's cases, no role, so no act."""
    place = integration.place
    if not place:
        return Viewer(f"integration:{integration.name}", integration.name, span=NOWHERE)
    level = scheme.level(place)
    span = EVERYWHERE if level is Level.CITY and place == city else scheme.span(place)
    return Viewer(f"integration:{integration.name}", integration.name, "", level, place, span)
