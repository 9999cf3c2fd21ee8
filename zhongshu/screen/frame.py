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
from zhongshu.kernel.places import Level
from zhongshu.screen import naming
from zhongshu.screen.configuration import DIRECTIVES
from zhongshu.screen.palette import THEMES

URLS: Mapping[str, str] = {
    "home": "/",
    "report": "/report",
    "track": "/track",
    "looked": "/looked",
    "sign_in": "/accounts/login/",
    "sign_out": "/accounts/logout/",
    "language": "/i18n/setlang/",
    "post": "/post",
    "cases": "/cases",
    "case": "/cases/",
    "operator": "/operator",
    "field": "/field",
    "officers": "/officers",
    "nearby": "/nearby",
    "community": "/community",
    "cockpit": "/cockpit",
    "beside": "/cockpit/beside",
    "signs": "/signs",
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
    "audit": "/audit",
    "services": "/services",
    "levels": "/levels",
    "data": "/data",
    "live": "/live",
    "map": "/map",
    "map_table": "/map/table",
    "map_points": "/map/points.geojson",
    "assets": "/map/components/{z}/{x}/{y}.mvt",
    "go": "/go",
    "design": "/design",
    "divisions": "/map/divisions.geojson",
    "places": "/map/places.json",
    "tiles": "/map/cases/{z}/{x}/{y}.mvt",
}
"""Every address that a template writes by itself; the views answer at these."""

CONTENT_SECURITY_POLICY = "; ".join(" ".join((name, *allowed)) for name, allowed in DIRECTIVES.items())
"""The header as one text."""

SIZES = ("elder",)
"""Sizes besides the ordinary one: 长辈版, the large print."""

PEOPLE = frozenset(Role) - {Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation (导航): the page that URLS names by `key`, the roles that see it, the menu it is in.

    A new page is one row of NAV and one of URLS. The menu is one of GROUPS; a page in none of them stands alone.
    """

    key: str
    label: Any
    roles: frozenset[Role]
    group: str = "work"
    public: bool = False


GROUPS: Mapping[str, Any] = {
    "work": _("办件"),
    "command": _("指挥"),
    "insight": _("分析"),
    "data": _("数据"),
    "govern": _("治理"),
}
"""The menus of the bar in their order, at most seven. A menu with one entry for this person is a plain link."""

_UPPER = frozenset({Role.ARBITER, Role.CHIEF})

NAV: tuple[Item, ...] = (
    Item("report", _("我要反映"), frozenset(), "", public=True),
    Item("track", _("办理进度"), frozenset(), "", public=True),
    Item("nearby", _("附近"), frozenset(), "", public=True),
    Item("cases", _("工作台"), PEOPLE),
    Item("field", _("外勤"), frozenset({Role.HANDLER, Role.CHECKER})),
    Item("operator", _("受理"), frozenset({Role.OPERATOR})),
    Item("arbitration", _("裁定"), _UPPER),
    Item("stuck", _("卡单"), frozenset({Role.OPERATOR, Role.CHIEF})),
    Item("community", _("社区"), PEOPLE, public=True),
    Item("cockpit", _("驾驶舱"), PEOPLE, "command"),
    Item("signs", _("体征"), PEOPLE, "command"),
    Item("map", _("地图"), PEOPLE, "command"),
    Item("calls", _("呼应"), PEOPLE, "command"),
    Item("directives", _("指令"), PEOPLE, "command"),
    Item("officers", _("网格队伍"), frozenset({Role.CHIEF}), "command"),
    Item("duty", _("值班台"), frozenset({Role.OPERATOR, Role.ARBITER, Role.CHIEF}), "command"),
    Item("rota", _("值班"), frozenset({Role.CHIEF}), "command"),
    Item("judgement", _("研判"), PEOPLE, "insight"),
    Item("issues", _("热点"), PEOPLE, "insight"),
    Item("causes", _("找源头"), PEOPLE, "insight"),
    Item("proactive", _("无呼也应"), PEOPLE, "insight"),
    Item("evaluation", _("评价"), PEOPLE, "insight"),
    Item("data", _("数据"), PEOPLE, "data"),
    Item("powers", _("权责"), _UPPER, "govern"),
    Item("models", _("模型"), _UPPER, "govern"),
    Item("audit", _("自查"), frozenset({Role.CHIEF}), "govern"),
    Item("services", _("共性支撑"), _UPPER, "govern"),
    Item("levels", _("三级五级"), _UPPER, "govern"),
)
"""Every page that the bar, the menu of a phone and the jump list (/go) know of. One table: nothing else lists pages."""


@dataclass(frozen=True, slots=True)
class Start:
    """A start page (首页): the page that URLS names by `key`, for posts that have none but these roles.

    `kinds` are the lines of work of their units and `level` where these are; without them, of any.
    """

    key: str
    roles: frozenset[Role]
    kinds: frozenset[str] = frozenset()
    level: Level | None = None

    def fits(self, viewer: Viewer, kind: str) -> bool:
        """Whether the post that this person works in, in a unit of this kind, begins its day here."""
        placed = self.level in (None, viewer.level) and (not self.kinds or kind in self.kinds)
        return placed and bool(viewer.roles) and viewer.roles <= self.roles


LEADING = frozenset({"leading_group", "leading_office", "command", "hotline", "party", "office"})
"""Lines of work that answer for a whole place and not for one kind of matter."""

STARTS: tuple[Start, ...] = (
    Start("data", PEOPLE, frozenset({"data"})),
    Start("cockpit", frozenset({Role.CHIEF}), LEADING),
    Start("field", frozenset({Role.CHECKER}), frozenset({"office"}), Level.COMMUNITY),
    Start("operator", frozenset({Role.OPERATOR})),
    Start("cases", PEOPLE),
)
"""Where somebody begins after signing in, the first that fits: the data bureau, chiefs of a place, grid officers,
operators, and everybody else at the work list: posts of several roles, and the chief of a department, whose moves
are answers to what was asked; the list opens for a chief with that."""


def start(viewer: Viewer, kind: str) -> str:
    """The address of the page that this post begins at; `kind` is its unit's line of work."""
    return URLS[next((one.key for one in STARTS if one.fits(viewer, kind)), "cases")]


def nav(roles: Iterable[Role], path: str, counts: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """The pages that these roles open: key, label, url, group, how much waits there, and whether it is `here`."""
    held, waiting = frozenset(roles), counts or {}
    shown = [item for item in NAV if item.roles & held or (item.public and not held)]
    return [
        {
            "key": item.key,
            "label": item.label,
            "url": URLS[item.key],
            "group": item.group,
            "count": waiting.get(item.key, 0),
            "here": _inside(path, URLS[item.key]),
        }
        for item in shown
    ]


def menus(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pages as the bar shows them: links (`items` of one) and menus with label, items, count and `here`."""
    found: dict[str, dict[str, Any]] = {}
    for page in pages:
        key = page["group"] or page["key"]
        menu = found.setdefault(key, {"key": key, "label": GROUPS.get(page["group"], page["label"]), "items": []})
        menu["items"].append(page)
    for menu in found.values():
        menu["count"] = sum(page["count"] for page in menu["items"])
        menu["here"] = next((page for page in menu["items"] if page["here"]), None)
    order = [*GROUPS]
    return sorted(found.values(), key=lambda one: order.index(one["key"]) if one["key"] in order else -1)


def _inside(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")


def _kept(request: HttpRequest, name: str, known: Iterable[str]) -> str:
    """What somebody chose for this screen: a cookie, since residents choose too and nobody else need know."""
    said = request.COOKIES.get(name, "")
    return said if said in known else ""


def _demo_accounts() -> list[tuple[str, str]]:
    """(account, title) for the log-in page of a demo; nobody in earnest, and never a password."""
    if not getattr(settings, "ZHONGSHU_DEMO", False):
        return []
    return [(account, naming.said(name, post)) for account, name, post in accounts.listed()]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Reads what the middleware put on the request: `viewer`, `post_title`, `posts`, `city_name`.

    `posts` is a list of (post code, title) that this person holds; `counts` says how much waits on a page, by its key
    in NAV. All five may be absent.
    """
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    return {
        "urls": URLS,
        "viewer": viewer if viewer.post else None,
        "post_title": getattr(request, "post_title", ""),
        "posts": getattr(request, "posts", []),
        "city_name": getattr(request, "city_name", ""),
        "nav": menus(nav(viewer.roles, request.path, getattr(request, "counts", None))),
        "theme": _kept(request, "theme", THEMES),
        "size": _kept(request, "size", SIZES),
        "demo_accounts": SimpleLazyObject(_demo_accounts),
        "path": request.path,
        "layout": "parts/pane.html" if request.headers.get("HX-Target") == "pane" else "base.html",
        "here": request.get_full_path(),
        "address": request.build_absolute_uri(),
    }
