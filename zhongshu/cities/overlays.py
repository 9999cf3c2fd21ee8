"""块状网格 a department's own grids: only unions of base grids, each base grid at most once in a line of work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely

from zhongshu.cities.read import LINE, SHAPE, Pack, Row
from zhongshu.kernel.errors import Flaw

FILE, OUTLINES = "overlays.csv", "overlays.geojson"
TOLERANCE = 0.001
"""Share of the union's area by which an outline may differ from it: rounding of coordinates, not a cut."""


def faults(pack: Pack) -> Iterator[Flaw]:
    """Whatever forbids loading: a line nobody works in, a doubled grid, a row of two minds, an outline of its own."""
    yield from _lines(pack)
    yield from _doubled(pack)
    yield from _outlines(pack)


def unions(pack: Pack) -> dict[str, Any]:
    """Overlay grid -> union of its base grids; none where one of them is missing or unsound, a fault of its own."""
    shapes = {row["code"]: row[SHAPE] for row in pack.rows("grids") if shapely.is_valid(row[SHAPE])}
    members: dict[str, list[Any]] = {}
    for row in pack.rows("overlays"):
        members.setdefault(row["code"], []).append(shapes.get(row["grid"]))
    return {code: shapely.union_all(held) for code, held in members.items() if None not in held}


def _lines(pack: Pack) -> Iterator[Flaw]:
    kinds = {row["kind"] for row in pack.rows("units")}
    first: dict[str, Row] = {}
    for row in pack.rows("overlays"):
        held = first.setdefault(row["code"], row)
        if row["line"] not in kinds:
            yield Flaw(FILE, row[LINE], "line", row["line"], "a kind that at least one unit has")
        for name in ("name", "name_en", "line"):
            if row[name] != held[name]:
                expected = f"{held[name]}, as line {held[LINE]} says of {row['code']}"
                yield Flaw(FILE, row[LINE], name, row[name], expected)


def _doubled(pack: Pack) -> Iterator[Flaw]:
    """A base grid lies in at most one overlay grid of the same line of work."""
    taken: dict[tuple[str, str], Row] = {}
    for row in pack.rows("overlays"):
        other = taken.setdefault((row["line"], row["grid"]), row)
        if other["code"] != row["code"]:
            expected = f"a grid in one overlay of {row['line']} (line {other[LINE]} has it in {other['code']})"
            yield Flaw(FILE, row[LINE], "grid", row["grid"], expected)


def _outlines(pack: Pack) -> Iterator[Flaw]:
    drawn = [row for row in pack.rows("overlay_shapes") if row[SHAPE] is not None and shapely.is_valid(row[SHAPE])]
    made = unions(pack) if drawn else {}
    for row in drawn:
        union = made.get(row["code"])
        if union is None or not union.area:
            continue
        off = shapely.symmetric_difference(row[SHAPE], union).area / union.area
        if off > TOLERANCE:
            found = f"differs by {off:.2%} of the area"
            expected = f"the union of the base grids of {row['code']} (within {TOLERANCE:.1%})"
            yield Flaw(OUTLINES, row[LINE], "geometry", found, expected)
