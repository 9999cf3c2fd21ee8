"""Made-up contexts for the pages of models, in the shapes that the views give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime.now(UTC)
STATE = {"word": "挑战者", "tone": "info", "picture": "scale"}
CELLS = [{"name": "被人改判", "value": "0.130", "loud": True}, {"name": "置信度误差", "value": "0.010", "loud": False}]


def version() -> dict[str, Any]:
    approvals = [{"name": "市值班长", "reason": "更准", "moment": NOW}]
    figures = ["0.931", "84.0%", "97.1%", "0.021"]
    about = {"id": 1, "version": "led-1", "kind": "事项分类", "state": STATE, "published_at": NOW, "n": 9679}
    return about | {"figures": figures, "approvals": approvals}


def watch() -> dict[str, Any]:
    alarms = ["被人改判 0.130，超过 0.1"]
    return {"at": NOW, "version": "demo-1", "alarms": alarms, "few": False, "last": 1000, "cells": CELLS}


def deployment() -> dict[str, Any]:
    placed = {"id": 4, "model": 1, "version": "demo-1", "place_name": "示范市", "kind": "事项分类", "whole": False}
    return placed | {"how_name": "部署", "reason": "更准", "at": NOW, "ended_at": None, "may": True, "watch": watch()}


def models() -> dict[str, Any]:
    heads = ["宏平均 F1", "自动办理占比", "自动办理准确率", "置信度误差"]
    found = {"deployments": [deployment()], "versions": [version()], "heads": heads, "errors": {}}
    return found


def comparison(case: dict[str, Any]) -> dict[str, Any]:
    table = {"people": False, "n": 202, "rows": [("宏平均 F1", "0.912", "0.931")]}
    example = {"truth": "噪声", "champion": "照明", "challenger": "噪声", "case": case, "better": True}
    moved = {"name": "噪声", "n": 30, "champion": "0.800", "challenger": "0.900", "step": 0.1}
    named = {"champion_version": "demo-1", "challenger_version": "led-1", "at": NOW, "n": 202, "sure": "better"}
    said = {"gain": "+0.0190", "interval": "+0.0100 – +0.0280", "differ": 12}
    return named | said | {"tables": [table, table | {"people": True}], "classes": [moved], "examples": [example]}


def model(case: dict[str, Any]) -> dict[str, Any]:
    cells = ["0.900", "0.800", "0.850"]
    each = {"name": "噪声", "code": "A0101", "n": 30, "cells": cells, "target": "99.0%", "bar": "0.82", "never": False}
    return {
        "one": version(),
        "about": [("训练数据", "改判 12，城市包样本 8876"), ("校验值", "4071eaf1dd963268")],
        "classes": [each, each | {"never": True}],
        "approvals": version()["approvals"],
        "comparison": comparison(case),
        "deployments": [deployment(), deployment() | {"ended_at": NOW}],
        "watches": [watch(), watch() | {"alarms": []}, watch() | {"alarms": [], "few": True}],
        "watch_heads": ["被人改判", "置信度误差"],
        "corrected": [case | {"was": "照明"}],
        "places": [("990100000000", "示范市")],
        "acts": {"compare": True, "approve": True, "deploy": True, "retire": True, "trained": True},
        "errors": {"": "须先与在用版本比对"},
    }


def model_new() -> dict[str, Any]:
    bare = {"about": [], "classes": [], "approvals": [], "comparison": None, "deployments": [], "watches": []}
    return model({}) | bare | {"corrected": [], "acts": {}, "errors": {}}


SUMMARY = {"text": "居民反映夜间施工，已派街道。", "at": NOW, "edited": False, "ask": True, "url": "/cases/1006/draft"}
DRAFTED = SUMMARY | {"draft": {"id": 7, "payload": {"text": "居民反映夜间施工。", "model": "small-model"}}}
