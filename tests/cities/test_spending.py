"""A pack's spending: each fault with its place; the demo's rows say of themselves that they are made up."""

from __future__ import annotations

import csv
from pathlib import Path

from zhongshu.cities.check import check

Row = dict[str, str]
HEAD = "code,unit,place,year,kind,project,project_en,amount,source,source_en"


def _rows(pack: Path, table: str) -> list[Row]:
    with (pack / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_fault_of_spending_is_named(own: Path) -> None:
    one, other = [row for row in _rows(own, "units") if row["level"] == "3" and row["kind"] == "office"][:2]
    lines = (
        f"S1,{one['code']},{one['place']},2025,screen,大屏,,5,决算,",
        f"S2,{one['code']},{other['place']},2025,screen,大屏,,5,决算,",
        f"S3,nobody,{one['place']},2025,screen,大屏,,5,决算,",
        f"S1,{one['code']},{one['place']},2025,data,治理,,5,决算,",
        f"S4,{one['code']},{one['place']},1825,castle,大屏,,-1,,",
    )
    (own / "spending.csv").write_text("\n".join((HEAD, *lines)) + "\n", "utf-8")
    found = check(own)
    assert {one.file for one in found} == {"spending.csv"}
    assert sorted((one.line, one.field) for one in found) == [
        (3, "place"),
        (4, "unit"),
        (5, "code"),
        (6, "amount"),
        (6, "kind"),
        (6, "source"),
        (6, "year"),
    ]


def test_the_demo_spends_on_every_level_and_says_that_it_is_made_up(small: Path) -> None:
    rows = _rows(small, "spending")
    level = {row["code"]: row["level"] for row in _rows(small, "divisions")}
    assert {level[row["place"]] for row in rows} == {"1", "2", "3", "4"}
    assert {row["year"] for row in rows} == {"2024", "2025"}
    assert all("编造" in row["source"] and "Made up" in row["source_en"] for row in rows)
    assert len({row["code"] for row in rows}) == len(rows)
