"""Made-up contexts for the pages of vital signs and the map."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from zhongshu.data.signs.book import Bar, Sign
from zhongshu.data.signs.reading import Now
from zhongshu.data.signs.states import Limit
from zhongshu.screen import drawing

NOW = datetime.now(UTC)
BAR = Bar(Limit(True, 1, 50, 2, 30), "value", "", "default", "示范默认值", "Default", "示范中心", "", date(2025, 1, 1))
SIGN = Sign(
    *("V26", 26, "工单逾期数", "Overdue", "件", "cases", "society", "RT", "command", "案件账本", "Ledger", "overdue"),
    *((), False, 15, BAR),
)
HELD = Now("V26", "440104000000", NOW, NOW, 64, 64, 64, 64, "red", NOW, None, None)
LOOKS = [("red", "红", "danger", "alert", 2), ("stale", "已过时", "warn", "clock", 1)]
PLACES = [("440100000000", "示范市"), ("440104000000", "东区")]


def row(look: str = "red") -> dict[str, Any]:
    tones = {
        "red": ("红", "danger", "alert"),
        "stale": ("已过时", "warn", "clock"),
        "ok": ("正常", "ok", "check"),
        "nosource": ("无数据源", "", "barred"),
    }
    word, tone, picture = tones[look]
    shown = {"look": look, "look_name": word, "tone": tone, "picture": picture, "stale": look == "stale"}
    return {
        **shown,
        "code": "V26",
        "no": 26,
        "name": "工单逾期数",
        "unit": "件",
        "system": "society",
        "system_name": "社会",
        "cycle_name": "实时",
        "source": "案件账本",
        "standin": look == "stale",
        "computed": look != "nosource",
        "value": "64",
        "as_of": NOW,
        "measured_at": NOW,
        "age": "3 分钟前",
        "since": NOW,
        "basis": "此刻在册 · 计数",
        "limits": "红 ≥ 50",
        "ground": "默认值",
        "ground_text": "示范默认值",
        "author": "示范中心",
        "owner": "城市运行指挥中心",
        "url": "/signs/V26?place=440104000000",
        "list_url": "/signs/V26/objects?place=440104000000",
        "trend": drawing.line([1, 3, 2, 8]),
    }


def alarm(state: str = "open") -> dict[str, Any]:
    number = {"open": 7, "filed": 8, "dismissed": 9}[state]
    return {
        "id": number,
        "key": str(number),
        "name": "工单逾期数",
        "unit": "件",
        "value_text": "64",
        "limit_text": "50",
        "place_name": "东区",
        "age": "9 分钟前",
        "at": NOW,
        "eased_at": NOW if state == "filed" else None,
        "state": state,
        "case_url": "/cases/12",
        "reason": "正在处理",
        "url": "/signs/V26#alarms",
        "act_url": f"/signs/alarms/{number}/act",
    }


def group(code: str, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    looks = [("正常", "ok", "check", len(rows)), ("无数据源", "", "barred", 1)]
    missing = [row("nosource")]
    return {"code": code, "name": name, "n": len(rows) + 1, "rows": rows, "missing": missing, "looks": looks}


def signs() -> dict[str, Any]:
    return {
        "first": [row()],
        "unjudged": [row("stale")],
        "groups": [group("society", "社会", [row("ok")]), group("culture", "文化", [])],
        "narrowed": False,
        "found": 4,
        "systems": [("society", "社会")],
        "looks": LOOKS,
        "owners": [("城市运行指挥中心", "城市运行指挥中心")],
        "filters": {"look": "red"},
        "place": PLACES[0][0],
        "places": PLACES,
        "place_name": "示范市",
        "computed": 73,
        "numbers": 43,
        "listed": 84,
        "alarms": [alarm()] * 13,
        "alarms_more": 1,
    }


def sign() -> dict[str, Any]:
    drawn = drawing.line([1.0, 5.0, 64.0], (720, 180), [1.0, 50.0])
    marks = [("amber", drawn["marks"][0]), ("red", drawn["marks"][1])]
    chart = {**drawn, "marks": marks, "rows": [(NOW, "64")], "first": NOW, "last_at": NOW}
    reason = {
        "name": "category",
        "label": "类别",
        "type": "select",
        "required": True,
        "options": [("A", "甲")],
        "value": "A",
    }
    return {
        "sign": SIGN,
        "one": row(),
        "place": PLACES[1][0],
        "place_name": "东区",
        "places": PLACES,
        "classes": ["市政 / 井盖"],
        "periods": [("3d", "近 3 天", True), ("30d", "近 30 天", False)],
        "chart": chart,
        "like": {"n": 12, "p50": "4", "p90": "9", "p97": "12", "rank": 99, "year": "7"},
        "below": [row() | {"place_name": "东湖街道", "here": True}, row("stale") | {"place_name": "石榴街道"}],
        "alarms": [alarm(), alarm("filed"), alarm("dismissed")],
        "may": True,
        "fields": [reason],
        "objects_url": "/signs/V26/objects",
    }


def objects(cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "sign": SIGN,
        "name": "工单逾期数",
        "url": "/signs/V26",
        "place": PLACES[1][0],
        "place_name": "东区",
        "kind_name": "案件",
        "every": False,
        "share": True,
        "of_cases": bool(cases),
        "cases": cases,
        "rows": [{"ref": "W1", "url": "/map", "place_name": "东湖街道", "amount": "3", "at": NOW}],
        "next": "12",
        "bulk_acts": [("Urged", "催办"), ("Supervised", "督办")],
        "bulk_undoable": [("Supervised", "督办")],
        "bulk_final": [("Urged", "催办")],
        "bulk_minutes": 10,
        "answer_limits": ((1440, "一日内答复"),),
        "bulk_url": "/cases/bulk",
    }


SWITCHES = [("cases", "案件", True), ("heat", "案件热力", False), ("components", "城市部件", False)]


def cockpit() -> dict[str, Any]:
    """What the cockpit has of signs and layers."""
    return {"signs": [row(), row("stale")], "looks": LOOKS, "switches": SWITCHES}


def map_page() -> dict[str, Any]:
    labels = (("编号", "none"), ("名称", "ascending"), ("状态", "descending"), ("区划", "none"), ("时间", "none"))
    case = {"code": "ZS1", "name": "井盖松动", "what": "井盖", "value": "", "state_name": "办理中", "url": "/cases/1"}
    place = {"place_name": "东湖街道", "at": NOW, "point": "113.3,23.1", "odd": True, "late": True}
    sensor = {"code": "W1", "name": "桥下", "what": "", "value": "30 cm", "state_name": "越限", "url": ""}
    return {
        "switches": SWITCHES,
        "bounds": "113.1,22.95,113.6,23.35",
        "layers": [("cases", "案件", True), ("components", "城市部件", False)],
        "layer": "cases",
        "layer_name": "案件",
        "only": False,
        "only_name": "仅逾期",
        "q": "",
        "bbox": "113,22,114,23",
        "columns": [{"label": label, "sorted": way, "url": "/map/table?sort=code"} for label, way in labels],
        "rows": [{**case, **place}, {**sensor, **place, "late": False, "point": ""}],
        "next_url": "/map/table?after=a~1",
        "count": "1,000+",
        "middle": {"wgs84": "113.3, 23.1", "gcj02": "113.305, 23.097"},
    }


def samples(cases: Callable[[], list[dict[str, Any]]]) -> dict[str, tuple[str, Callable[[], dict[str, Any]]]]:
    return {
        "signs": ("desk/signs.html", signs),
        "signs-none": (
            "desk/signs.html",
            lambda: signs() | {"first": [], "unjudged": [], "groups": [], "found": 0, "alarms": []},
        ),
        "sign": ("desk/sign.html", sign),
        "sign-bare": (
            "desk/sign.html",
            lambda: (
                sign() | {"one": row("nosource"), "chart": None, "like": None, "below": [], "alarms": [], "may": False}
            ),
        ),
        "map": ("desk/map.html", map_page),
        "map-table": ("parts/map_table.html", lambda: map_page() | {"rows": [], "next_url": "", "middle": None}),
        "sign-objects": ("desk/sign_objects.html", lambda: objects(cases())),
        "sign-objects-other": ("desk/sign_objects.html", lambda: objects([]) | {"every": True}),
    }
