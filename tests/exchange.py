"""A catalogue of two data sets for the town, with rules that grade them, masks, and rows in the sharing zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests import town
from zhongshu.data.databases import OWNER
from zhongshu.data.sharing import zone

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
WATER = f"{town.CITY}-water"
BUREAU = f"{town.CITY}-data"

ELEMENTS: dict[str, dict[str, Any]] = {
    "identity": {"type": "identity", "subject": "person", "personal": True, "sensitive": True, "mask": "identity"},
    "person_name": {"type": "text", "subject": "person", "personal": True, "mask": "name"},
    "phone": {"type": "phone", "subject": "person", "personal": True, "mask": "phone"},
    "address_text": {"type": "text", "subject": "address", "mask": "none"},
    "state": {"type": "code", "subject": "person", "personal": True, "mask": "none"},
    "place_code": {"type": "place", "subject": "place", "mask": "none"},
    "level": {"type": "number", "subject": "event", "mask": "none"},
}
ITEMS: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "people": {
        "identity": ("identity", "2", "4", "《个人信息保护法》第三十四条"),
        "name": ("person_name", "2", "2", ""),
        "phone": ("phone", "2", "3", ""),
        "address": ("address_text", "2", "3", ""),
        "state": ("state", "2", "2", ""),
        "place": ("place_code", "1", "1", ""),
    },
    "gauges": {
        "level": ("level", "3", "4", "部门内部规定"),
        "place": ("place_code", "1", "1", ""),
    },
    "roads": {"level": ("level", "1", "1", ""), "place": ("place_code", "1", "1", "")},
    "bunkers": {"level": ("level", "3", "core", ""), "place": ("place_code", "3", "core", "")},
}
"""Data set -> item -> (element, share type, declared grade, clause)."""
RULES: tuple[dict[str, Any], ...] = (
    {"code": "G1", "name": "一般个人信息", "personal": "1", "object": "person", "degree": "general"},
    {"code": "G2", "name": "可直接联系到个人", "masks": "phone;address", "object": "person", "degree": "serious"},
    {"code": "G3", "name": "敏感个人信息", "sensitive": "1", "object": "person", "degree": "special"},
    {"code": "G4", "name": "公开后无危害", "subjects": "event;place", "object": "public", "degree": "none"},
)
HARMS = (
    ("person", "general", "2", "2"),
    ("person", "serious", "3", "2"),
    ("person", "special", "4", "2"),
    ("public", "none", "1", "1"),
)
PEOPLE = [
    ("44010219900307887X", "张三丰", "13812345678", "幸福路12号3栋502", town.COMMUNITY),
    ("440102198001011232", "李四", "13900001111", "解放路8号", town.COMMUNITY),
    ("440102197505059876", "欧阳修远", "13700002222", "和平里二单元", town.NEXT_COMMUNITY),
    ("440102196612123456", "远人", "13600003333", "远路1号", town.FAR_COMMUNITY),
]


def furnish() -> None:
    """Write the catalogue, the rules and the rows; the town's people must be there."""
    from zhongshu.data import models as rows

    same: dict[str, Any] = {"valid_from": SINCE, "digest": ""}
    rows.Unit.objects.using(OWNER).get_or_create(
        code=BUREAU, defaults={"name": "数据局", "kind": "data", "level": 1, "place": town.CITY, **same}
    )
    for code, told in ELEMENTS.items():
        more = {"definition": "", "cycle": "month", "grade": "1", "seconds": 1, "name": code, **told}
        rows.Element.objects.using(OWNER).create(code=code, **more, **same)
    for n, (name, items) in enumerate(ITEMS.items(), 1):
        secret = "yes" if name == "bunkers" else "none"
        rows.Dataset.objects.using(OWNER).create(
            code=name,
            name=f"{name}册",
            kind="basic",
            branch="1",
            order_no=n,
            provider=WATER,
            format="table",
            cycle="month",
            secret=secret,
            **same,
        )
        for item, (element, share, grade, clause) in items.items():
            rows.DatasetItem.objects.using(OWNER).create(
                code=f"{name}/{item}",
                dataset=name,
                item=item,
                name=item,
                element=element,
                share=share,
                grade=grade,
                clause=clause,
                key=item == "identity",
                type=ELEMENTS[element]["type"],
                **same,
            )
    for rule in RULES:
        rows.GradeRule.objects.using(OWNER).create(basis="standard", **rule, **same)
    for what, degree, grade, share in HARMS:
        rows.GradeHarm.objects.using(OWNER).create(
            code=f"{what}/{degree}", object=what, degree=degree, grade=grade, share=share, basis="standard", **same
        )
    for code, how, head, tail in (("name", "keep", 1, 0), ("phone", "keep", 3, 4), ("identity", "keep", 3, 4)):
        rows.Mask.objects.using(OWNER).create(
            code=code, name=code, how=how, head=head, tail=tail, grade="2", basis="x", **same
        )
    rows.Mask.objects.using(OWNER).create(code="address", name="住址", how="area", grade="2", basis="default", **same)


def bring(people: list[tuple[str, str, str, str, str]] | None = None, at: datetime = town.NOON) -> zone.Brought:
    """Bring the zone to these people (PEOPLE when not given)."""
    raw: list[zone.Raw] = [
        (
            identity,
            place,
            identity,
            {"identity": identity, "name": name, "phone": phone, "address": address, "state": "参保", "place": place},
        )
        for identity, name, phone, address, place in (PEOPLE if people is None else people)
    ]
    return zone.bring("people", raw, at)
