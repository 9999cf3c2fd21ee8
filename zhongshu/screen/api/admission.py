"""准入 admission: what one sender may say about a report; the rest is the sense room's normalising."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhongshu.data.integrations import Integration
from zhongshu.hub.sense.normalise import Intake, normalise
from zhongshu.kernel.errors import BadInput
from zhongshu.screen.api.tokens import demand

OPEN_CHANNEL = "web"
"""The one channel that anybody may use without a token."""
KEY_LENGTH = 16
"""Shortest key of a sender without a token: a guessable one would show somebody else's answer."""
TRUSTED_ONLY = ("at", "category", "merge", "source")
PHOTOS = 9


def admit(raw: Any, sender: Integration | None, now: datetime) -> Intake:
    """One raw report of `sender` to an Intake.

    Raises BadInput naming the field, Unauthorised or Forbidden. A sender that is not trusted can't choose its source,
    so two senders' keys never meet.
    """
    if not isinstance(raw, Mapping):
        raise BadInput(f"report: found {type(raw).__name__}, expected an object / 每条诉求应为一个 JSON 对象")
    _shapes(raw)
    channel = str(raw.get("channel") or (OPEN_CHANNEL if sender is None else "api"))
    given = {**raw, "channel": channel}
    if sender is None and channel == OPEN_CHANNEL:
        given["source"] = OPEN_CHANNEL
    else:
        sender = demand(sender, channel)
        given["source"] = raw.get("source") or sender.name
    if sender is None or not sender.trusted:
        _untrusted(raw, sender)
    return normalise(given, now)


def _untrusted(raw: Mapping[str, Any], sender: Integration | None) -> None:
    for name in TRUSTED_ONLY:
        if raw.get(name) not in (None, ""):
            raise BadInput(f"{name}: only a trusted integration may set this / 只有受信接入方可填写“{name}”")
    key = raw.get("key")
    if sender is None and key and len(str(key)) < KEY_LENGTH:
        raise BadInput(f"key: found {len(str(key))} characters, expected at least {KEY_LENGTH}, drawn at random")


def _shapes(raw: Mapping[str, Any]) -> None:
    for name, value in raw.items():
        if name == "photos":
            _photos(value)
        elif isinstance(value, (dict, list)):
            raise BadInput(f"{name[:40]}: found {type(value).__name__}, expected a single value / 应为单个值")


def _photos(value: Any) -> None:
    fits = value is None or (isinstance(value, list) and len(value) <= PHOTOS)
    if not fits or not all(isinstance(one, int) and 0 < one < 2**63 for one in value or ()):
        raise BadInput(f"photos: expected a list of at most {PHOTOS} ids of uploaded photos / 照片编号列表有误")
