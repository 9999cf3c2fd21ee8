"""载入 load a pack into the database: checked first, then all or nothing; a second load changes only what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from django.db import models as django_models
from pypinyin import Style, lazy_pinyin

from zhongshu.cities.check import examine
from zhongshu.cities.read import SHAPE, Pack, Row, midnight
from zhongshu.data import models
from zhongshu.data.packs import Change, Content, columns, store
from zhongshu.kernel.errors import PackError

MODELS: dict[str, type[django_models.Model]] = {
    "divisions": models.Division,
    "grids": models.Grid,
    "units": models.Unit,
    "posts": models.Post,
    "categories": models.Category,
    "crosswalk": models.CrossWalk,
    "duties": models.Duty,
    "calendars": models.Calendar,
    "calendar_days": models.CalendarDay,
    "clocks": models.ClockRule,
    "limits": models.Limit,
    "indicators": models.Indicator,
    "sign_limits": models.SignLimit,
    "words": models.Word,
    "lexicon": models.Lexicon,
    "places": models.AddressPlace,
    "components": models.Component,
    "sensors": models.Sensor,
    "samples": models.Sample,
    "emergencies": models.Emergency,
    "powers": models.Power,
    "calls": models.CallRule,
    "formulas": models.Formula,
    "weights": models.Weight,
    "windows": models.Window,
    "cohorts": models.Cohort,
    "thresholds": models.Threshold,
    "overlays": models.Overlay,
    "keywords": models.KeywordRule,
    "raises": models.Raise,
    "reply_criteria": models.ReplyCriterion,
    "reply_words": models.ReplyWord,
    "grade_harms": models.GradeHarm,
    "grade_rules": models.GradeRule,
    "masks": models.Mask,
    "share_limits": models.ShareLimit,
    "flows": models.DataFlow,
    "datasets": models.Dataset,
    "dataset_items": models.DatasetItem,
    "code_lists": models.CodeItem,
    "elements": models.Element,
    "forms": models.Form,
    "form_fields": models.FormField,
    "source_ranks": models.SourceRank,
    "systems": models.System,
    "sources": models.Source,
    "standards": models.Standard,
    "standard_rules": models.StandardRule,
    "quality_rules": models.QualityRule,
    "officers": models.Officer,
    "point_rules": models.PointRule,
    "courses": models.Course,
    "course_questions": models.CourseQuestion,
    "course_demands": models.CourseDemand,
    "spending": models.Spending,
}
"""Table of a pack -> table of the database."""

_CODES: dict[str, Callable[[Row], str]] = {
    "sign_limits": lambda row: str(row["indicator"]),
    "source_ranks": lambda row: f"{row['subject']}/{row['item']}/{row['dataset']}",
    "crosswalk": lambda row: f"{row['from_code']}>{row['to_code']}",
    "calendar_days": lambda row: f"{row['calendar']}/{row['date']}",
    "limits": lambda row: f"{row['duty'] or row['category']}/{row['area_grade']}/{row['work_nature']}",
    "words": lambda row: str(row["key"]),
    "weights": lambda row: f"{row['score']}/{row['formula']}",
    "cohorts": lambda row: f"{row['cohort']}/{row['division']}",
    "lexicon": lambda row: f"{row['word']}/{row['kind']}",
    "powers": lambda row: f"{row['item']}/{row['level']}/{row['place']}/{row['power']}",
    "overlays": lambda row: f"{row['code']}/{row['grid']}",
    "reply_words": lambda row: f"{row['criterion']}/{row['part']}",
    "grade_harms": lambda row: f"{row['object']}/{row['degree']}",
    "datasets": lambda row: str(row["dataset"]),
    "dataset_items": lambda row: f"{row['dataset']}/{row['item']}",
    "code_lists": lambda row: f"{row['list']}/{row['code']}",
    "elements": lambda row: str(row["element"]),
    "forms": lambda row: str(row["form"]),
    "form_fields": lambda row: f"{row['form']}/{row['field']}",
    "courses": lambda row: str(row["course"]),
    "course_questions": lambda row: f"{row['course']}/{row['question']}",
    "course_demands": lambda row: f"{row['course']}/{row['demand']}",
    "systems": lambda row: str(row["system"]),
    "sources": lambda row: str(row["source"]),
    "standards": lambda row: str(row["standard"]),
    "standard_rules": lambda row: str(row["rule"]),
    "samples": lambda row: hashlib.blake2b(row["text"].encode(), digest_size=12).hexdigest(),
}
"""Tables whose natural key is not one column called code."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: table of the database -> rows added, changed, ended, unchanged."""

    version: str
    tables: Mapping[str, Change]

    @property
    def touched(self) -> int:
        return sum(change.touched for change in self.tables.values())


def load(folder: Path, effective: date | None = None) -> LoadResult:
    """Check and load the pack in `folder`, in force from `effective` at midnight of its own zone.

    Without a date: the pack's own date on the first load, now on later ones. PackError lists every fault; then
    nothing was changed.
    """
    verdict = examine(folder)
    if verdict.flaws or verdict.pack is None:
        raise PackError(verdict.flaws)
    pack = verdict.pack
    moment = midnight(effective, pack.zone) if effective else None
    return LoadResult(pack.version, store(content(pack), moment))


def content(pack: Pack) -> Content:
    """The pack as rows of the database, each with its digest and, where it has a name, its pinyin."""
    for row in pack.rows("divisions"):
        row[SHAPE] = pack.shapes.get(row["code"])
    for row in pack.rows("overlays"):
        row["overlay"] = row["code"]
    for row in pack.rows("code_lists"):
        row["value"] = row["code"]
    tables = {model: _rows(model, name, pack.rows(name)) for name, model in MODELS.items()}
    accounts = [(row["username"], row["name"], row["posts"]) for row in pack.rows("accounts")]
    # Files of data sets lie beside the pack.
    about = {**pack.about, "folder": str(pack.folder.resolve())}
    return Content(about, tables, accounts)


def _rows(model: type[django_models.Model], name: str, found: list[Row]) -> list[tuple[Any, ...]]:
    names = columns(model)
    plain = [column for column in names if column not in (*_MADE, *_BOX)]
    code_of = _CODES.get(name, _own_code)
    shapes = _geometry([row[SHAPE] for row in found]) if "geometry" in names else [()] * len(found)
    rows = []
    for row, shape in zip(found, shapes, strict=True):
        code = code_of(row)
        values = tuple(_stored(row.get(column, "")) for column in plain)
        digest = _digest((code, *values), shape[0] if shape else None)
        made = {"code": code, "digest": digest, "sort_key": pinyin(row.get("name", ""))}
        by_name = {**dict(zip(plain, values, strict=True)), **dict(zip(_BOX, shape, strict=False)), **made}
        rows.append(tuple(by_name[column] for column in names))
    return rows


def _own_code(row: Row) -> str:
    return str(row["code"])


_MADE = ("code", "digest", "sort_key")
_BOX = ("geometry", "west", "south", "east", "north")


def _geometry(shapes: list[Any]) -> list[tuple[Any, ...]]:
    """WKB and bounding box of each shape; empty when there is none."""
    return [
        (wkb, *(float(edge) for edge in box)) if wkb is not None else (None,) * 5
        for wkb, box in zip(shapely.to_wkb(shapes), shapely.bounds(shapes), strict=True)
    ]


def _stored(value: Any) -> Any:
    return ";".join(value) if isinstance(value, tuple) else value


def _digest(values: Iterable[Any], wkb: bytes | None) -> str:
    return hashlib.blake2b(repr(values).encode() + (wkb or b""), digest_size=16).hexdigest()


@cache
def pinyin(name: str) -> str:
    """The sort key of a name: its pinyin with tones as digits, all in lower case."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3)).lower()
