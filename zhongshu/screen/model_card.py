"""模型卡 how models are called on the screens, and what their cards, deployments and watches say in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import people
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming
from zhongshu.screen.templatetags.screen import amount, listed

STATES: Mapping[str, tuple[Any, str, str]] = {
    "published": (gettext_lazy("已发布"), "", "inbox"),
    "challenger": (gettext_lazy("挑战者"), "info", "scale"),
    "approved": (gettext_lazy("已批准"), "info", "check"),
    "deployed": (gettext_lazy("在用"), "ok", "check"),
    "retired": (gettext_lazy("已退役"), "", "archive"),
    "rolled_back": (gettext_lazy("已回滚"), "warn", "back"),
}
"""State of a version -> its word, tone and picture."""
KINDS: Mapping[str, Any] = {"classify": gettext_lazy("事项分类"), "address": gettext_lazy("地址解析")}
HOW: Mapping[str, Any] = {
    "set_up": gettext_lazy("首次启用（未经人工批准）"),
    "deployed": gettext_lazy("部署"),
    "rolled_back": gettext_lazy("回滚"),
}
FIGURES: Mapping[str, tuple[Any, bool]] = {
    "macro_f1": (gettext_lazy("宏平均 F1"), False),
    "accuracy": (gettext_lazy("准确率"), True),
    "coverage": (gettext_lazy("自动办理占比"), True),
    "precision": (gettext_lazy("自动办理准确率"), True),
    "coverage_at": (gettext_lazy("准确率 97% 时可自动办理"), True),
    "ece": (gettext_lazy("置信度误差"), False),
}
"""Figure -> its name, and whether it is shown as a percentage."""
WATCHED: Mapping[str, Any] = {
    "psi_classes": gettext_lazy("类别分布偏移"),
    "psi_confidence": gettext_lazy("置信度分布偏移"),
    "corrected": gettext_lazy("被人改判"),
    "ece": gettext_lazy("置信度误差"),
    "unseen": gettext_lazy("未见过的字串"),
}
SOURCES: Mapping[str, Any] = {
    "corrected": gettext_lazy("改判"),
    "classified": gettext_lazy("人工研判"),
    "ruled": gettext_lazy("裁定"),
    "closed": gettext_lazy("办结而未改"),
    "sample": gettext_lazy("城市包样本"),
    "file": gettext_lazy("文件样本"),
}
CLASSES = 40
"""Rows of the table of classes; those that differ most, or are weakest, come first."""


CARD_FIGURES = ("macro_f1", "coverage", "precision", "ece")


def version(one: Mapping[str, Any]) -> dict[str, Any]:
    word, tone, picture = STATES[one["state"]]
    card = one["card"]
    said = {**card, "ece": card.get("calibration_error")}
    return {
        "id": one["id"],
        "version": one["version"],
        "kind": KINDS.get(one["name"], one["name"]),
        "state": {"word": word, "tone": tone, "picture": picture},
        "published_at": one["published_at"],
        "n": card.get("n"),
        "figures": [number(name, said.get(name)) for name in CARD_FIGURES],
        "approvals": one["approvals"],
    }


def number(name: str, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1%}" if FIGURES[name][1] else f"{value:.3f}"


def deployment(
    one: Mapping[str, Any], knowledge: Knowledge, watched: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        **one,
        "place_name": naming.place_name(one["place"], knowledge),
        "kind": KINDS.get(one["name"], one["name"]),
        "how_name": HOW.get(one["how"], one["how"]),
        "reason": "" if one["how"] == "set_up" else one["reason"],
        "whole": one["place"] == knowledge.city,
        "watch": watch(watched) if watched else None,
    }


def watch(one: Mapping[str, Any]) -> dict[str, Any]:
    found = one["figures"]
    limits = {alarm["code"]: alarm for alarm in one["alarms"]}
    return {
        "at": one["at"],
        "version": one["version"],
        "alarms": [_alarm(alarm) for alarm in one["alarms"]],
        "few": "psi_classes" not in found,
        "last": found.get("last", 0),
        "cells": [
            {"name": name, "value": _figure(found.get(code)), "loud": code in limits} for code, name in WATCHED.items()
        ],
    }


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _alarm(one: Mapping[str, Any]) -> str:
    name = WATCHED.get(one["code"], one["code"])
    return _("{name} {value}，超过 {limit}").format(name=name, value=f"{one['value']:.3f}", limit=f"{one['limit']:g}")


def about(found: Mapping[str, Any], knowledge: Knowledge) -> list[tuple[Any, str]]:
    """The card in words: what it learnt from, when, how it is made."""
    card = found["card"]
    data = card.get("data") if isinstance(card.get("data"), dict) else {"said": card.get("data")}
    counts = listed(f"{SOURCES.get(name, name)} {amount(n)}" for name, n in data.get("counts", {}).items())
    names = people.names({found["trained_by"]}) if found["trained_by"] else {}
    rows = [
        (_("训练数据"), counts or str(data.get("said") or "")),
        (_("案件起止"), _period(data)),
        (_("留出未训练"), str(amount(data.get("held_back", "")))),
        (_("数据指纹"), data.get("fingerprint", "")),
        (_("账本位置"), listed(f"{month} #{seq}" for month, seq in data.get("ledger", {}).items())),
        (_("城市包"), data.get("pack", "")),
        (_("特征"), str(amount(card.get("features") or ""))),
        (_("制作方"), card.get("maker", "")),
        (_("许可"), card.get("license", "")),
        (_("训练人"), names.get(found["trained_by"], "")),
        (_("校验值"), found["checksum"][:16]),
    ]
    return [(name, said) for name, said in rows if said]


def _period(data: Mapping[str, Any]) -> str:
    if not data.get("from"):
        return ""
    first, last = (
        timezone.localtime(datetime.fromisoformat(data[name])).strftime("%Y-%m-%d %H:%M") for name in ("from", "until")
    )
    return f"{first} – {last}"


def classes(card: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Each class with its figures and threshold, the weakest first."""
    each, bars, targets = card.get("per_class", {}), card.get("thresholds", {}), card.get("targets", {})
    rows = [
        {
            "name": naming.category_name(code, knowledge),
            "code": code,
            "n": row["n"],
            "cells": [f"{row[name]:.3f}" for name in ("precision", "recall", "f1")],
            "target": f"{targets[code]:.1%}" if code in targets else "",
            "bar": f"{bars[code]:.2f}" if code in bars else "",
            "never": bars.get(code, 1.0) >= 1.0,
            "f1": row["f1"],
        }
        for code, row in each.items()
    ]
    return sorted(rows, key=lambda row: (row["f1"], -row["n"]))[:CLASSES]


def moved(found: Mapping[str, Any], knowledge: Knowledge) -> list[dict[str, Any]]:
    """Classes with the F1 of both, those that changed most first."""
    if "champion" not in found:
        return []
    other = found["challenger"]["per_class"]
    rows = [
        {
            "name": naming.category_name(code, knowledge),
            "n": row["n"],
            "champion": f"{row['f1']:.3f}",
            "challenger": f"{other[code]['f1']:.3f}",
            "step": other[code]["f1"] - row["f1"],
        }
        for code, row in found["champion"]["per_class"].items()
    ]
    return sorted((row for row in rows if row["step"]), key=lambda row: -abs(row["step"]))[:CLASSES]
