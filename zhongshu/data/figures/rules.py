"""口径版本 the formulas, weights, windows, cohorts and thresholds in force, from the pack or else the project's own."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone as clock

from zhongshu.data.databases import OWNER
from zhongshu.data.figures.formulas import Formula, Rules, Weight, Window

Row = Mapping[str, Any]

_COLUMNS = {
    "formulas": ("code", "name", "name_en", "numerator", "denominator", "unit", "direction", "basis", "within"),
    "weights": ("score", "name", "name_en", "formula", "weight", "basis"),
    "windows": ("code", "name", "name_en", "unit", "shift_months", "shift_days")
    + ("start_time", "closes_minutes", "basis"),
    "thresholds": ("code", "name", "name_en", "value", "basis"),
}
_MODELS = {"formulas": "Formula", "weights": "Weight", "windows": "Window", "thresholds": "Threshold"}
_NUMBERS: Mapping[str, Callable[[str], Any]] = {
    "weight": float,
    "value": float,
    "shift_months": int,
    "shift_days": int,
    "closes_minutes": int,
    "within": lambda text: text == "1",
}


@cache
def defaults(table: str) -> tuple[Row, ...]:
    """The project's own rows of formulas, weights, windows or thresholds: what a pack that has none is judged by."""
    text = (files(__package__) / f"{table}.csv").read_text(encoding="utf-8")
    found = csv.DictReader(text.splitlines())
    return tuple({name: _NUMBERS.get(name, str)(value) for name, value in row.items()} for row in found)


def _table(table: str, at: datetime, using: str) -> list[Row]:
    """The pack's rows in force; the project's own while the pack never had any."""
    found = _rows(_MODELS[table], at, using).order_by("id").values(*_COLUMNS[table])
    return list(found) or list(defaults(table))


def _rows(model: str, at: datetime, using: str) -> QuerySet[Any]:
    """The versions of a pack table in force. Models are looked up late: commands import us before Django is set up."""
    known: Any = apps.get_model("data", model)
    found: QuerySet[Any] = known.objects.using(using)
    return found.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


def thresholds(at: datetime | None = None, using: str = OWNER) -> dict[str, float]:
    """Every threshold by its code: the project's own, and the pack's over them."""
    own = {str(row["code"]): float(row["value"]) for row in defaults("thresholds")}
    return own | {str(row["code"]): float(row["value"]) for row in _table("thresholds", at or clock.now(), using)}


def thresholds_with_basis(at: datetime | None = None, using: str = OWNER) -> dict[str, Row]:
    """As `thresholds`, each with its name, name_en and basis."""
    own = {str(row["code"]): row for row in defaults("thresholds")}
    return own | {str(row["code"]): row for row in _table("thresholds", at or clock.now(), using)}


def in_force(at: datetime | None = None, using: str = OWNER) -> Rules:
    """What figures of a period are counted by: the rules in force at `at`, e.g. when the period closed."""
    moment = at or clock.now()
    tables = {name: _table(name, moment, using) for name in ("formulas", "weights", "windows")}
    cohorts, cohort_names = _cohorts(moment, using)
    return Rules(
        version=_version(tables, cohorts),
        formulas={row["code"]: Formula(**row) for row in tables["formulas"]},
        weights=tuple(Weight(**row) for row in tables["weights"]),
        windows={row["code"]: Window(**row) for row in tables["windows"]},
        cohorts=cohorts,
        cohort_names=cohort_names,
    )


def _version(tables: Mapping[str, list[Row]], cohorts: Mapping[str, str]) -> str:
    said = repr([[tuple(row.values()) for row in rows] for rows in tables.values()]) + repr(sorted(cohorts.items()))
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def _cohorts(at: datetime, using: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The table of cohorts; without one, streets are compared by the kind that the table of divisions gives them."""
    named = list(_rows("Cohort", at, using).order_by("code").values_list("division", "cohort", "name", "name_en"))
    if named:
        return {row[0]: row[1] for row in named}, {row[1]: (row[2], row[3]) for row in named}
    kinds = dict(
        _rows("Division", at, using).filter(level=3).exclude(kind="").order_by("code").values_list("code", "kind")
    )
    return kinds, {kind: _KINDS.get(kind, (kind, kind)) for kind in set(kinds.values())}


_KINDS = {"town": ("镇", "Towns"), "street": ("街道", "Subdistricts")}
