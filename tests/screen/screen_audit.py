"""Made-up contexts for the self-audit and the shared services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from zhongshu.data.spending import Part, Row
from zhongshu.data.tendencies import TENDENCIES
from zhongshu.data.usage import Hand, Use
from zhongshu.kernel.facts import Kind
from zhongshu.screen import levels, naming, services, spending, tendencies, usage

NOW = datetime.now(UTC)
PLACES = [("440100000000", "示范市"), ("440104000000", "东区")]


def _row(code: str, shown: bool = True) -> dict[str, Any]:
    said, one = tendencies.WORDS[code], TENDENCIES[code]
    return {
        "code": code,
        "of": one.of,
        "name": said.name,
        "basis": said.basis,
        "whole": one.whole,
        "act": said.act,
        "act_url": said.page,
        "value": "62.5%" if shown else "",
        "a": "5" if shown else "0",
        "b": "8" if shown else "0",
        "newest": NOW if shown else None,
        "list_url": f"/audit/{code}?place=440100000000" if shown else "",
    }


def audit() -> dict[str, Any]:
    rows = [_row(code, code != "uses_below") for code in TENDENCIES]
    heads = [row for row in rows if not row["whole"]]
    return {
        "groups": [
            (name, about, [row for row in rows if row["of"] == of]) for of, (name, about) in tendencies.NAMES.items()
        ],
        "missing": tendencies.MISSING,
        "spent": spent(),
        "used": used(),
        "place": PLACES[0][0],
        "place_name": "示范市",
        "places": PLACES,
        "age": "3 分钟前",
        "at": NOW,
        "heads": heads,
        "below": [{"name": name, "url": f"/audit?place={code}", "cells": heads} for code, name in PLACES[1:]],
        "level_name": "区级",
    }


PARTS = (Part("device", 1, 32_600_000.0, 1), Part("software", 2, 2_300_000.0, 2), Part("training", 4, 3500.0, 1))
LEVELS = [naming.LEVELS[level] for level in (1, 2, 3, 4)]


def _uses() -> dict[str, Use]:
    found = {code: Use() for code in usage.NAMES}
    found["handling"] = Use({1: 2, 2: 30, 3: 60, 4: 8}, 0, 5, NOW)
    found["signs"] = Use(system=9)
    return found


def spent() -> dict[str, Any]:
    rows = spending.table(PARTS, PLACES[0][0], 2025)
    return {"year": 2025, "years": [2025, 2024], "rows": rows, "levels": LEVELS, "synthetic": True}


def used() -> dict[str, Any]:
    more = {"age": "3 分钟前", "models": (3, 1), "scenarios": 1, "warned": 1200}
    return {**usage.summary(_uses(), PLACES[0][0]), **more}


def projects() -> dict[str, Any]:
    row = Row("SP0001", "44-data", PLACES[0][0], "device", "政务云", "Cloud", 32_600_000.0, "演示编造", "Made up")
    shown = {**vars_of(row), "name": "政务云", "kind_name": spending.KINDS["device"], "unit_name": "市数据局"}
    shown |= {"place_name": "示范市", "level_name": LEVELS[0]}
    told = {"name": spending.name_of("hard"), "year": 2025, "level_name": LEVELS[0], "place": PLACES[0][0]}
    return {**told, "place_name": "示范市", "rows": [shown], "next": 100, "synthetic": True}


def vars_of(row: Row) -> dict[str, Any]:
    return {"code": row.code, "amount": row.amount, "source": row.source}


def modules() -> dict[str, Any]:
    found = _uses()
    place, name = PLACES[0]
    told = {"rows": usage.rows(found, place), "state": "", "levels": LEVELS, "seen_only": usage.SEEN_ONLY}
    told |= {"place": place, "place_name": name, "places": PLACES, "at": NOW, "age": "3 分钟前"}
    return {**usage.summary(found, place), **told}


def module() -> dict[str, Any]:
    name, page = usage.NAMES["handling"]
    hand = Hand("x", Kind.SIGNED, "", 1200, NOW)
    row = {
        "unit_name": "东湖街道办",
        "level_name": LEVELS[2],
        "kind_name": usage.kind_name(hand.kind, ""),
        "acts": 1200,
    }
    told = {"name": name, "page": page, "place": PLACES[0][0], "place_name": "示范市"}
    return {**told, "rows": [{**row, "newest": NOW}]}


def listed(cases: list[dict[str, Any]]) -> dict[str, Any]:
    said = tendencies.WORDS["closed_below" if cases else "people_taught"]
    row = {"ref": "东湖街道办", "url": "/cases?unit=1", "place_name": "东湖街道", "a": "0", "b": "12", "at": None}
    return {
        "name": said.name,
        "basis": said.basis,
        "act": said.act,
        "act_url": said.page,
        "kind_name": tendencies.KINDS["unit"][0],
        "place": PLACES[0][0],
        "place_name": "示范市",
        "every": not cases,
        "of_cases": bool(cases),
        "cases": cases,
        "rows": [row, row | {"at": NOW}],
        "next": "x",
    }


def shared() -> dict[str, Any]:
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "does": one.does,
            "api": one.api,
            "commands": [f"zhongshu {name}" for name in one.commands],
            "page": one.page,
            "held_name": one.held,
            "offline": one.offline,
            "held": 1200,
            "last": NOW if one.api else None,
            "age": "3 分钟前",
        }
        for one in services.SERVICES
    ]
    return {"rows": rows, "acts": services.ACTS, "described": "/api/openapi.json"}


def five_levels(units: bool) -> dict[str, Any]:
    rows = [
        {
            "level": one.level,
            "name": one.name,
            "platform": one.platform,
            "does": one.does,
            "pages": one.pages,
            "acts": 12,
            "acts_url": f"/levels?level={one.level}#list",
            "units": [(3, "/levels?level=1&duty=checks#list"), (0, ""), (2, "/levels?level=1&duty=handles#list")],
            "both": 1 if one.level == 4 else 0,
            "both_url": "/levels?level=4&duty=both#list",
        }
        for one in levels.APPLICATIONS
    ]
    act = {"at": NOW, "name": "签收", "by": "市政府", "title": "路灯不亮", "url": "/cases/1"}
    shown = {"duty": levels.DUTIES["checks"], "units": ["市监督中心"]} if units else {"acts": [act], "most": 200}
    duties = [(code, name, levels.EXPLAINED[code]) for code, name in levels.DUTIES.items()]
    return {"name": "示范市", "rows": rows, "duties": duties, "opened": {"name": rows[0]["name"], **shown}}


def samples(cases: Callable[[], list[dict[str, Any]]]) -> dict[str, tuple[str, Callable[[], dict[str, Any]]]]:
    return {
        "self-audit": ("desk/audit.html", audit),
        "self-audit-no-money": ("desk/audit.html", lambda: audit() | {"spent": None, "missing": tendencies.NO_MONEY}),
        "self-audit-spending": ("desk/audit_spending.html", projects),
        "self-audit-spending-none": ("desk/audit_spending.html", lambda: projects() | {"rows": [], "next": ""}),
        "self-audit-used": ("desk/audit_used.html", modules),
        "self-audit-used-none": ("desk/audit_used.html", lambda: modules() | {"rows": []}),
        "self-audit-module": ("desk/audit_module.html", module),
        "self-audit-module-none": ("desk/audit_module.html", lambda: module() | {"rows": []}),
        "self-audit-cases": ("desk/audit_list.html", lambda: listed(cases())),
        "self-audit-units": ("desk/audit_list.html", lambda: listed([])),
        "services": ("desk/services.html", shared),
        "levels": ("desk/levels.html", lambda: five_levels(False)),
        "levels-units": ("desk/levels.html", lambda: five_levels(True)),
    }
