"""Made-up contexts for the pages of registers and blocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

NOW = datetime.now(UTC)
DAY = date(2026, 5, 1)
_PAGES = [
    {"label": "登记库", "url": "/data/registers", "here": True},
    {"label": "块数据", "url": "/data/blocks", "here": False},
]
TABS = [{"label": "基础库", "url": "/data/registers", "here": True, "pages": _PAGES}]
ROW = {
    "id": 12,
    "name": "陈**",
    "id_number": "440***********9677",
    "phone": "130******86",
    "sex_name": "男",
    "age": 56,
    "place_name": "东湖社区 001",
    "care_names": ["残疾人"],
    "source_names": ["实有人口", "医保参保"],
    "told": "2 个月前",
    "merged_into": None,
}
PAIR = {
    "id": "person:12+34",
    "subject": "person",
    "first": 12,
    "second": 34,
    "proceeding": 0,
    "both": [ROW, ROW | {"id": 34}],
}
REASONS = [
    {"label": "任取两条", "level": "先验", "bits": "-17.2", "speaks": "against"},
    {"label": "名称", "level": "同音", "bits": "+11.2", "speaks": "for"},
    {"label": "证件号码", "level": "缺", "bits": "+0.0", "speaks": ""},
]
PAIRS = [
    PAIR | {"state": "open", "state_name": "待认定", "score": 0.83, "reasons": REASONS},
    PAIR | {"state": "joined", "state_name": "已归并", "score": 0, "proceeding": 7},
]
LOOK = {"at": NOW, "person": "林晓", "post": "东湖社区承办岗", "purpose": "入户核实"}


def listing() -> dict[str, Any]:
    return {
        "tabs": TABS,
        "subjects": [("person", "人员", True), ("house", "房屋", False), ("organisation", "实有单位", False)],
        "subject": "person",
        "given": {"subject": "person", "q": "", "under": "9901", "measure": "people", "band": "80+"},
        "looked": True,
        "counted": "东湖街道 · 实有人口 · 80+ 岁",
        "rows": [ROW, ROW | {"care_names": [], "age": None}],
        "next": "?after=34",
        "pairs": PAIRS[:1],
        "url": "/data/registers",
    }


def others(subject: str, **row: Any) -> dict[str, Any]:
    given = {"subject": subject, "q": "福", "under": "", "measure": "", "band": ""}
    return listing() | {"subject": subject, "given": given, "counted": "", "rows": [ROW | row], "pairs": []}


def profile() -> dict[str, Any]:
    said = {"said": "130******86", "dataset": "实有人口", "as_of": DAY, "age": "2 个月前", "verified": DAY, "rank": 1}
    return {
        "tabs": TABS,
        "subject": "person",
        "subject_name": "人员",
        "row": ROW,
        "clear": False,
        "values": [
            {
                "name": "phone",
                "label": "联系电话",
                "differs": True,
                "best": said,
                "others": [said | {"verified": None}],
            },
            {"name": "nation", "label": "民族", "differs": False, "best": said | {"verified": None}, "others": []},
        ],
        "episodes": [
            {
                "house": 3,
                "address": "福路1号",
                "relation_name": "户主",
                "since": DAY,
                "until": None,
                "source": "实有人口",
            },
            {"house": 4, "address": "", "relation_name": "", "since": None, "until": DAY, "source": "实有人口"},
        ],
        "pairs": PAIRS,
        "looks": [LOOK],
        "may_read": True,
        "passes": [{"at": NOW, "proof_name": "居民身份证", "state_name": "未使用"}],
        "proofs": [("id_card", "居民身份证"), ("household_book", "户口簿")],
        "url": "/data/registers",
        "here": "/data/registers/person/12",
        "errors": {},
    }


def looks() -> dict[str, Any]:
    back = "/data/registers/person/12"
    return {"tabs": TABS, "row": ROW, "subject_name": "人员", "looks": [LOOK], "back": back, "title": "谁看过这份档案"}


def blocks() -> dict[str, Any]:
    return {
        "tabs": TABS,
        "cuts": [("street", "街镇", True), ("grid", "网格", False)],
        "by": "street",
        "under": "990101",
        "under_name": "城关区",
        "measures": [("people", "实有人口")],
        "measure": "",
        "heads": ["实有人口", "案件"],
        "rows": [
            {"name": "东湖街道", "code": "990101001", "below": "?under=990101001", "cells": [(12, "/x"), (0, "")]}
        ],
        "total": [12, 0],
        "url": "/data/blocks",
    }


def block_list() -> dict[str, Any]:
    row = {"name": "井盖松动", "code": "ZS1", "url": "/cases/1", "category_name": "井盖", "state_name": "办理中"}
    rows = [row | {"place_name": "东湖社区 001"}]
    return {"tabs": TABS, "title": "东湖街道 · 案件", "rows": rows, "next": "?after=1", "back": "/data/blocks"}


def pass_given() -> dict[str, Any]:
    code, address = "ABCD-2345-WXYZ", "https://example.test/looked"
    return {
        "tabs": TABS,
        "row": ROW,
        "code": code,
        "hours": 24,
        "address": address,
        "back": "/data/registers/person/12",
    }


def looked(**more: Any) -> dict[str, Any]:
    row = {"at": NOW, "unit_name": "东湖街道办事处", "purpose": "入户核实", "what": "人员"}
    return {"given": {"code": "", "ending": ""}, "errors": {}, "opened": False, "rows": [row], **more}


SAMPLES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "registers": ("data/registers.html", listing),
    "registers-none": ("data/registers.html", lambda: listing() | {"rows": [], "pairs": [], "looked": False}),
    "registers-house": ("data/registers.html", lambda: others("house", name="福路1号", use_name="出租", area=81.5)),
    "registers-firm": ("data/registers.html", lambda: others("organisation", credit_code="91", legal_person="陈*")),
    "register": ("data/register.html", profile),
    "register-clear": ("data/register.html", lambda: profile() | {"clear": True, "episodes": [], "pairs": []}),
    "register-house": ("data/register.html", lambda: profile() | {"subject": "organisation", "looks": []}),
    "looks": ("data/looks.html", looks),
    "looks-none": ("data/looks.html", lambda: looks() | {"looks": []}),
    "pass": ("data/pass.html", pass_given),
    "looked": ("resident/looked.html", looked),
    "looked-wrong": ("resident/looked.html", lambda: looked(errors={"ending": "证件号码后四位不符，还可试 4 次"})),
    "looked-open": ("resident/looked.html", lambda: looked(opened=True)),
    "looked-nobody": ("resident/looked.html", lambda: looked(opened=True, rows=[])),
    "blocks": ("data/blocks.html", blocks),
    "blocks-none": ("data/blocks.html", lambda: blocks() | {"rows": []}),
    "block-list": ("data/block_list.html", block_list),
    "block-list-none": ("data/block_list.html", lambda: block_list() | {"rows": [], "next": ""}),
}
