"""页框 the frame of every page: its addresses, and the navigation that a post's roles open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from zhongshu.data import accounts
from zhongshu.kernel.access import NOBODY, Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen.configuration import DIRECTIVES

URLS: Mapping[str, str] = {
    "home": "/",
    "report": "/report",
    "track": "/track",
    "sign_in": "/accounts/login/",
    "sign_out": "/accounts/logout/",
    "language": "/i18n/setlang/",
    "post": "/post",
    "cases": "/cases",
    "case": "/cases/",
    "operator": "/operator",
    "cockpit": "/cockpit",
    "beside": "/cockpit/beside",
    "evaluation": "/evaluation",
    "arbitration": "/arbitration",
    "stuck": "/stuck",
    "calls": "/calls",
    "directives": "/directives",
    "proactive": "/proactive",
    "replies": "/replies",
    "issues": "/issues",
    "judgement": "/judgement",
    "causes": "/causes",
    "rota": "/rota",
    "duty": "/duty",
    "powers": "/powers",
    "models": "/models",
    "data": "/data",
    "live": "/live",
    "divisions": "/map/divisions.geojson",
    "places": "/map/places.json",
    "tiles": "/map/cases/{z}/{x}/{y}.mvt",
}
"""Every address that a template writes by itself; the views answer at these."""

CONTENT_SECURITY_POLICY = "; ".join(" ".join((name, *allowed)) for name, allowed in DIRECTIVES.items())
"""The header as one text."""

PEOPLE = frozenset(Role) - {Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation (导航)."""

    key: str
    label: Any
    roles: frozenset[Role]
    public: bool = False


NAV: tuple[Item, ...] = (
    Item("report", _("我要反映"), frozenset(), public=True),
    Item("track", _("办理进度"), frozenset(), public=True),
    Item("cases", _("工作台"), PEOPLE),
    Item("operator", _("受理"), frozenset({Role.OPERATOR})),
    Item("cockpit", _("驾驶舱"), PEOPLE),
    Item("judgement", _("研判"), PEOPLE),
    Item("issues", _("热点"), PEOPLE),
    Item("causes", _("找源头"), PEOPLE),
    Item("evaluation", _("评价"), PEOPLE),
    Item("arbitration", _("裁定"), frozenset({Role.ARBITER, Role.CHIEF})),
    Item("stuck", _("卡单"), frozenset({Role.OPERATOR, Role.CHIEF})),
    Item("calls", _("呼应"), PEOPLE),
    Item("directives", _("指令"), PEOPLE),
    Item("data", _("数据"), PEOPLE),
    Item("duty", _("值班台"), frozenset({Role.OPERATOR, Role.ARBITER, Role.CHIEF})),
    Item("rota", _("值班"), frozenset({Role.CHIEF})),
    Item("powers", _("权责"), frozenset({Role.ARBITER, Role.CHIEF})),
    Item("models", _("模型"), frozenset({Role.ARBITER, Role.CHIEF})),
)


def nav(roles: Iterable[Role], path: str) -> list[dict[str, Any]]:
    """What the bar shows to someone with these roles: key, label, url and whether it is `here`."""
    held = frozenset(roles)
    shown = [item for item in NAV if item.roles & held or (item.public and not held)]
    return [
        {"key": item.key, "label": item.label, "url": URLS[item.key], "here": _inside(path, URLS[item.key])}
        for item in shown
    ]


def _inside(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")


def _demo_accounts() -> list[tuple[str, str]]:
    """(account, title) for the log-in page of a demo; nobody in earnest, and never a password."""
    return accounts.listed() if getattr(settings, "ZHONGSHU_DEMO", False) else []


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Reads what the middleware put on the request: `viewer`, `post_title`, `posts`, `city_name`.

    `posts` is a list of (post code, title) that this person holds; all four may be absent.
    """
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    theme = request.COOKIES.get("theme", "")
    return {
        "urls": URLS,
        "viewer": viewer if viewer.post else None,
        "post_title": getattr(request, "post_title", ""),
        "posts": getattr(request, "posts", []),
        "city_name": getattr(request, "city_name", ""),
        "nav": nav(viewer.roles, request.path),
        "theme": theme if theme in {"light", "dark"} else "",
        "demo_accounts": SimpleLazyObject(_demo_accounts),
        "path": request.path,
        "layout": "parts/pane.html" if request.headers.get("HX-Target") == "pane" else "base.html",
        "here": request.get_full_path(),
    }
