"""查询凭证 tracking: a link that opens one report's public state without an account, and no other report's."""

from __future__ import annotations

from django.core import signing

from zhongshu.kernel.errors import NotFound

_SIGNER = "zhongshu.track"


def track_token(report: int) -> str:
    """The unguessable token of one report: its id and an HMAC under this installation's key."""
    return signing.Signer(salt=_SIGNER).sign(str(report))


def untrack(token: str) -> int:
    """The report that a token opens; NotFound when it was not made here."""
    try:
        return int(signing.Signer(salt=_SIGNER).unsign(token))
    except (signing.BadSignature, ValueError):
        raise NotFound("this tracking link is not valid / 查询链接无效") from None


def track_url(report: int) -> str:
    """The page where the reporter sees what became of it, relative to this server."""
    return f"/track/{track_token(report)}"
