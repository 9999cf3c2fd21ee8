"""评价 the figures of a period, each over its named base and each opening the cases it was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from zhongshu.data import lists
from zhongshu.data.figures import shown
from zhongshu.data.figures.counting import added, behind, counted, crossed
from zhongshu.data.figures.formulas import Formula, Rate, Rules
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import EVERYWHERE
from zhongshu.screen import gate, naming, periods
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.periods import Scope
from zhongshu.screen.queries import whole as whole_number

SETS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "rates": (gettext_lazy("三率"), ("response", "solve", "satisfaction", "valid_share", "no_contact_share")),
    "time": (
        gettext_lazy("时限"),
        ("on_time_closure", "closure", "on_time_disposal", "on_time_sign", "on_time_contact", "supervise_on_time"),
    ),
    "flow": (gettext_lazy("流程"), ()),
}
"""Tabs of the page; the last shows every formula that the others don't."""
SIZE = 50
IN_SIGHT = 15
"""Rows of a table that are all shown; a longer one folds those that say least."""

Counters = Mapping[str, int]


def tabs(request: HttpRequest, scope: Scope, here: str) -> list[dict[str, Any]]:
    """The pages of the evaluation as tabs, each keeping the period."""
    names = (
        ("figures", gettext_lazy("口径"), URLS["evaluation"]),
        ("topics", gettext_lazy("每月一题"), f"{URLS['evaluation']}/topics"),
        ("hanging", gettext_lazy("挂账台账"), f"{URLS['evaluation']}/hanging"),
        ("transfers", gettext_lazy("多次流转"), f"{URLS['evaluation']}/transfers"),
        ("paces", gettext_lazy("各环节用时"), f"{URLS['evaluation']}/paces"),
        ("replies", gettext_lazy("答复质量"), URLS["replies"]),
        ("exclusions", gettext_lazy("不纳入考核"), f"{URLS['evaluation']}/exclusions"),
    )
    return [{"label": label, "url": f"{url}?{scope.query}", "here": key == here} for key, label, url in names]


def chosen(name: str, in_force: Rules) -> list[Formula]:
    """The formulas of one tab that are in force."""
    known = {code for _label, codes in SETS.values() for code in codes}
    codes = SETS[name][1] or [code for code in in_force.formulas if code not in known]
    return [in_force.formulas[code] for code in codes if code in in_force.formulas]


def figure_rows(scope: Scope, who: Viewer) -> Mapping[str, Counters]:
    """Key -> counters. What was kept of a closed period is read, not counted, by those who see the whole of it."""
    if _read(scope, who):
        return {key: one.counters for key, one in shown.kept(scope.window, scope.first, scope.cut).items()}
    with viewing(who):
        return counted(scope.asked)


def _both(scope: Scope, cohorts: Scope, who: Viewer) -> tuple[Mapping[str, Counters], Mapping[str, Counters]]:
    """The rows of the scope, and the same period by cohort."""
    if scope.cut == "cohort" or _read(scope, who) or _read(cohorts, who):
        found = figure_rows(scope, who)
        return found, found if scope.cut == "cohort" else figure_rows(cohorts, who)
    with viewing(who):
        return crossed(scope.asked, cohorts.asked.cut)


def _read(scope: Scope, who: Viewer) -> bool:
    """Whether these figures were kept when their period closed."""
    return scope.closed and who.span == EVERYWHERE and scope.cut in shown.KEPT


def _cell(formula: Formula, rate: Rate, url: str) -> dict[str, Any]:
    return {
        "value": said(formula, rate),
        "interval": interval(rate),
        "part": None if rate.part is None else f"{rate.part:g}",
        "base": None if rate.base is None else f"{rate.base:g}",
        "part_url": f"{url}&{urlencode({'formula': formula.code, 'part': 'numerator'})}",
        "base_url": f"{url}&{urlencode({'formula': formula.code, 'part': 'denominator'})}",
    }


def said(formula: Formula, rate: Rate) -> str:
    """The value as a person reads it."""
    if rate.value is None:
        return "—"
    return f"{rate.value:.1%}" if formula.unit == "percent" else f"{rate.value:g}"


def interval(rate: Rate) -> str:
    """The 95 % interval, "" for what is no share."""
    return "" if rate.low is None or rate.high is None else f"{rate.low:.1%}–{rate.high:.1%}"


def row(name: str, counters: Counters, formulas: list[Formula], scope: Scope, key: str | None) -> dict[str, Any]:
    """One row of the table. `key` None is the whole, whose figures that stand within a cohort only are left out."""
    url = f"{URLS['evaluation']}/cases?{scope.query}" + (f"&{urlencode({'key': key})}" if key is not None else "")
    hidden = scope.rules.within_only() if key is None else set()
    cells = [None if one.code in hidden else _cell(one, one.rate(counters), url) for one in formulas]
    scores = {code: value for code, value in scope.rules.scores(counters).items() if code not in hidden}
    return {"name": name, "cells": cells, "scores": scores, "counters": counters}


def table(scope: Scope, who: Viewer, knowledge: Knowledge, group: str) -> dict[str, Any]:
    """Formulas, score names, the whole, one row for each cohort and one for each key."""
    formulas = chosen(group, scope.rules)
    cohorts = periods.by(scope, "cohort", knowledge)
    found, by_cohort = _both(scope, cohorts, who)
    total = added(list(found.values())) if found else None
    several = len([key for key in by_cohort if key]) > 1
    name = periods.key_name
    return {
        "formulas": [(one, (naming.english() and one.name_en) or one.name) for one in formulas],
        "scores": _scores(scope.rules) if group == "rates" else [],
        "whole": row("", total, formulas, scope, None if several else "*") if total else None,
        "cohorts": []
        if scope.cut == "cohort" or not several
        else [
            row(name(key, "cohort", knowledge, scope.rules), counters, formulas, cohorts, key)
            for key, counters in by_cohort.items()
            if key
        ],
        "rows": [
            row(name(key, scope.cut, knowledge, scope.rules), counters, formulas, scope, key)
            for key, counters in found.items()
        ],
    }


def folded(rows: list[dict[str, Any]], small: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows in sight and those folded away: of a long table, those with too few answers to be compared."""
    if len(rows) <= IN_SIGHT:
        return rows, []
    seen = [row for row in rows if row["counters"].get("valid", 0) >= small] or rows[:IN_SIGHT]
    return seen, [row for row in rows if row not in seen]


def _scores(in_force: Rules) -> list[tuple[str, str]]:
    names = {one.score: (naming.english() and one.name_en) or one.name for one in in_force.weights}
    full = {score: sum(abs(one.weight) for one in in_force.weights if one.score == score) for score in names}
    return [(score, f"{name}（{full[score]:g}）" if full[score] > 1 else name) for score, name in names.items()]


def context_of(request: HttpRequest, scope: Scope, here: str) -> dict[str, Any]:
    """What every page of the evaluation says of its period."""
    windows = [(one.code, (naming.english() and one.name_en) or one.name) for one in scope.rules.windows.values()]
    return {
        "scope": scope,
        "tabs": tabs(request, scope, here),
        "windows": windows,
        "cuts": list(periods.CUTS.items()),
        "as_of": timezone.now(),
    }


@signed_in()
def figures(request: HttpRequest) -> HttpResponse:
    """The table of one period."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    scope = periods.read(request.GET, knowledge)
    group = request.GET.get("set", "rates")
    group = group if group in SETS else "rates"
    base = f"{URLS['evaluation']}?{scope.query}"
    small = int(knowledge.thresholds.get("small_sample", 30))
    found = table(scope, who, knowledge, group)
    rows, few = folded(found["rows"], small)
    context = {
        **context_of(request, scope, "figures"),
        **found,
        "rows": rows,
        "few_rows": few,
        "set": group,
        "sets": [(key, label, f"{base}&set={key}") for key, (label, _codes) in SETS.items()],
        "small": small,
        "export": f"{URLS['evaluation']}/export?{scope.query}&set={group}",
    }
    return render(request, "desk/evaluation.html", context)


def keys_of(scope: Scope, key: str | None, who: Viewer) -> list[str]:
    """The keys that a list is about: one, or all of them for the whole."""
    return [key] if key not in (None, "*") else list(figure_rows(scope, who))


@signed_in()
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that one figure was counted from, one page at a time, oldest id first."""
    who, knowledge = viewer(request), gate.hub().tools.knowledge
    scope = periods.read(request.GET, knowledge)
    formula = scope.rules.formula(request.GET.get("formula", ""))
    part, key = request.GET.get("part", "numerator"), request.GET.get("key")
    after = whole_number(request.GET.get("cursor", "")) or 0
    one = scope if key not in (None, "*") else periods.by(scope, "all", knowledge)
    with viewing(who):
        ids = behind(one.asked, key if one is scope and key else "", formula.counters(part), (after, SIZE + 1))
    found = {item["id"]: item for item in lists.rows(who, ids[:SIZE])}
    context = {
        **context_of(request, scope, "figures"),
        "cases": [naming.case_row(found[case], knowledge) for case in ids[:SIZE] if case in found],
        "next_cursor": ids[SIZE - 1] if len(ids) > SIZE else "",
        "formula_name": (naming.english() and formula.name_en) or formula.name,
        "lineage_url": f"{URLS['data']}/lineage?node=formula:{formula.code}",
        "said": formula.numerator if part == "numerator" else formula.denominator,
        "part": part,
        "key_name": periods.key_name(key or "", scope.cut, knowledge, scope.rules),
        "back": f"{URLS['evaluation']}?{scope.query}",
    }
    return render(request, "desk/evaluation_cases.html", context)
