"""示范分级共享 the demo city's rules of grades, masks and legal limits, and what goes up and comes back."""

from __future__ import annotations

from typing import Any

from zhongshu.cities.demo.content import rows

Row = dict[str, Any]
WRITTEN = ("grade_harms", "grade_rules", "masks", "share_limits")


def tables(units: list[Row]) -> dict[str, list[Row]]:
    """Every table of grades and sharing; `units` are the city's first."""
    city = {unit["kind"]: unit["code"] for unit in units if unit["level"] == 1}
    flows = [{**row, "unit": city[row["unit"]]} for row in rows("flows.csv")]
    return {**{name: list(rows(f"{name}.csv")) for name in WRITTEN}, "flows": flows}
