"""What the checker says of a catalogue beyond what each cell shows by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zhongshu.cities.catalogue import faults
from zhongshu.cities.read import LINE, Pack

Row = dict[str, Any]
SET: Row = {"dataset": "permits", "class": "3-02-001-01", "kind": "department", "dated": "day"}
SET |= {"stored": "source:permits"}
ITEM: Row = {"dataset": "permits", "item": "permit", "share": "1", "condition": "", "clause": "", "open": False}
ITEM |= {"element": "permit_no"}
DAY = ITEM | {"item": "day", "element": ""}
SOURCE: Row = {"source": "permits", "dataset": "permits", "kind": "file", "location": "feeds/a.csv", "relation": ""}
SOURCE |= {"mode": "incremental", "watermark": "day", "schedule": "30 2 * * *", "mapping": ("permit=许可证号",)}
RULE: Row = {"dataset": "permits", "item": "day", "demand": "type", "value": "date"}


def told(table: str, **spoilt: Any) -> list[tuple[str, str, str]]:
    """(file, field, found) of each fault of a sound catalogue with one row spoilt."""
    tables: dict[str, list[Row]] = {
        "datasets": [dict(SET)],
        "dataset_items": [dict(ITEM), dict(DAY)],
        "sources": [dict(SOURCE)],
        "standard_rules": [dict(RULE)],
        "elements": [{"element": "permit_no"}],
    }
    tables[table][0] |= spoilt
    pack = Pack(Path(), {}, {name: [{LINE: 2, **row} for row in rows] for name, rows in tables.items()})
    return [(flaw.file, flaw.field, flaw.found) for flaw in faults(pack)]


def test_a_sound_catalogue_has_no_fault() -> None:
    assert told("datasets") == []


FAULTS = [
    ("datasets", {"dataset": "permits", "class": "9-1"}, "class"),
    ("datasets", {"kind": "basic"}, "class"),
    ("datasets", {"dated": "nobody"}, "dated"),
    ("datasets", {"stored": "source:other"}, "stored"),
    ("datasets", {"stored": "file:../secret"}, "stored"),
    ("datasets", {"stored": "file:/etc/passwd"}, "stored"),
    ("datasets", {"stored": "somewhere"}, "stored"),
    ("dataset_items", {"item": "Permit No"}, "item"),
    ("dataset_items", {"share": "2"}, "condition"),
    ("dataset_items", {"share": "3"}, "clause"),
    ("dataset_items", {"share": "3", "clause": "某法", "open": True}, "open"),
    ("dataset_items", {"element": "nobody"}, "element"),
    ("sources", {"location": "/feeds/a.csv"}, "location"),
    ("sources", {"kind": "postgresql", "location": "postgresql://x", "relation": "t"}, "location"),
    ("sources", {"kind": "postgresql", "location": "ZHONGSHU_SOURCE_TAX"}, "relation"),
    ("sources", {"watermark": ""}, "watermark"),
    ("sources", {"schedule": "every day"}, "schedule"),
    ("sources", {"mapping": ("nobody=x",)}, "mapping"),
    ("standard_rules", {"item": "nobody"}, "item"),
    ("standard_rules", {"item": "", "value": "date"}, "item"),
    ("standard_rules", {"demand": "rows", "value": "1"}, "item"),
    ("standard_rules", {"demand": "range", "value": "1-2"}, "value"),
    ("standard_rules", {"demand": "pattern", "value": "["}, "value"),
    ("standard_rules", {"demand": "length", "value": "ten"}, "value"),
    ("standard_rules", {"demand": "not_before", "value": "nobody"}, "value"),
    ("standard_rules", {"demand": "required", "value": "1"}, "value"),
]


@pytest.mark.parametrize(("table", "spoilt", "field"), FAULTS)
def test_each_fault_is_named(table: str, spoilt: Row, field: str) -> None:
    found = told(table, **spoilt)
    assert (f"{table}.csv", field) in [(file, name) for file, name, _found in found]


def test_a_data_set_without_items_is_told() -> None:
    pack = Pack(Path(), {}, {"datasets": [{LINE: 2, **SET, "stored": "", "dated": ""}]})
    assert [flaw.expected for flaw in faults(pack)] == ["at least one row in dataset_items.csv"]
