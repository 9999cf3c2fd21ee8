"""版图 divisions and grids of the demo city: names and codes are real, outlines below the district are made up."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pypinyin import lazy_pinyin

from zhongshu.cities.demo import tiling
from zhongshu.cities.demo.content import SOURCE, rows

Row = dict[str, Any]

LENGTHS = (4, 6, 9, 12)
GRIDS_EACH = (5, 9)
"""Fewest and most grids in one community."""

DEDICATED = 0.04
"""Share of grids that belong to an office, a park, a school … (专属网格)."""

HOMES = {True: (260, 520), False: (385, 500)}
"""Fewest and most households of a grid, by whether only one district is grown. 综合网格 should have 300 to 500;
those of the whole city have homes for 22 million people."""

OVERLAYS = (("police", 2, "警务片区", "Police Beat"), ("urban_management", 3, "环卫片区", "Sanitation Round"))
"""Line of work (a kind of unit), how many grids of it a street has, and their name."""

_TAIL = re.compile("(居民委员会|村民委员会|居委会|村委会|村民委会|居民会|委员会|委会)$")


@dataclass(slots=True)
class Land:
    """版图: divisions and grids as rows with their shapes; `below` lists the children of a division."""

    divisions: list[Row] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    grids: list[Row] = field(default_factory=list)
    grid_shapes: Any = None
    grid_points: Any = None
    below: dict[str, list[str]] = field(default_factory=dict)

    def of(self, level: int) -> list[Row]:
        return [row for row in self.divisions if row["level"] == level]


def short(name: str) -> str:
    """A community's name as people say it: without the committee at its end."""
    bare = _TAIL.sub("", name)
    return bare + "村" if name.endswith(("村委会", "村民委员会")) and not bare.endswith("村") else bare


def english(name: str) -> str:
    """A made-up but readable English name: pinyin, with the generic part translated."""
    for tail, word in (
        ("街道", "Subdistrict"),
        ("社区", "Community"),
        ("区", "District"),
        ("镇", "Town"),
        ("村", "Village"),
    ):
        if name.endswith(tail) and len(name) > len(tail):
            return f"{''.join(lazy_pinyin(name[: -len(tail)])).capitalize()} {word}"
    return "".join(lazy_pinyin(name)).capitalize()


def survey(small: bool, title: tuple[str, str], rng: np.random.Generator) -> Land:
    """The whole land: every district, or for `small` the dense one only (smallest area for each community)."""
    names = {row["code"]: row["name"] for row in rows("divisions.csv", SOURCE)}
    outlines = _outlines()
    communities = [code for code in names if len(code) == 12]
    chosen = sorted(outlines)
    if small:
        chosen = [min(chosen, key=lambda d: outlines[d].area / sum(c.startswith(d) for c in communities))]
    communities = [code for code in communities if code[:6] in chosen]
    return _divide(names, {d: outlines[d] for d in chosen}, communities, title, rng)


def _outlines() -> dict[str, Any]:
    features = json.loads((SOURCE / "districts.geojson").read_text("utf-8"))["features"]
    return {f["properties"]["code"]: shapely.geometry.shape(f["geometry"]) for f in features}


def _divide(
    names: dict[str, str], outlines: dict[str, Any], communities: list[str], title: tuple[str, str], rng: Any
) -> Land:
    counts = rng.integers(GRIDS_EACH[0], GRIDS_EACH[1] + 1, len(communities))
    owner_of_grid = np.repeat(np.arange(len(communities)), counts)
    codes = list(outlines)
    per = [int(sum(n for c, n in zip(communities, counts, strict=True) if c.startswith(d))) for d in codes]
    net = tiling.weave([outlines[d] for d in codes], per, rng)
    grid_of_face = _deal_down(net, codes, communities, counts, rng)
    grid_shapes = tiling.merge(net.faces, grid_of_face, len(owner_of_grid))
    land = Land(grid_shapes=grid_shapes, grid_points=shapely.get_coordinates(shapely.point_on_surface(grid_shapes)))
    _grids(land, communities, owner_of_grid, HOMES[len(outlines) == 1], rng)
    _divisions(land, names, communities, owner_of_grid, title)
    return land


def _deal_down(net: tiling.Net, districts: list[str], communities: list[str], counts: Any, rng: Any) -> Any:
    """Number of the grid of each face: faces go to streets, then to communities, then to grids."""
    first = np.concatenate([[0], np.cumsum(counts)])
    grid = np.zeros(len(net.faces), dtype=np.int64)
    for number, district in enumerate(districts):
        inside = np.flatnonzero(net.district == number)
        members: dict[str, list[int]] = {}
        for index, code in enumerate(communities):
            if code.startswith(district):
                members.setdefault(code[:9], []).append(index)
        groups = list(members.values())
        street = tiling.deal(net.points[inside], [counts[g].sum() for g in groups], rng)
        for s, group in enumerate(groups):
            faces = inside[street == s]
            community = tiling.deal(net.points[faces], counts[group], rng)
            for c, index in enumerate(group):
                own = faces[community == c]
                grid[own] = first[index] + tiling.deal(net.points[own], [1.0] * int(counts[index]), rng)
    return grid


def _grids(land: Land, communities: list[str], owner: Any, homes: tuple[int, int], rng: Any) -> None:
    dedicated = rng.random(len(owner)) < DEDICATED
    households = np.where(dedicated, 0, rng.integers(*homes, len(owner)))
    serial: dict[int, int] = {}
    for index, community in enumerate(owner):
        serial[community] = serial.get(community, 0) + 1
        code = communities[community]
        land.grids.append(
            {
                "code": f"{code}{serial[community]:03}",
                "division": code,
                "kind": "dedicated" if dedicated[index] else "base",
                "households": int(households[index]),
            }
        )


def _divisions(land: Land, names: dict[str, str], communities: list[str], owner: Any, title: tuple[str, str]) -> None:
    """Rows of every division, upper levels summed from the communities below them."""
    homes = np.bincount(owner, [g["households"] for g in land.grids], len(communities)).astype(int)
    shapes = tiling.merge(land.grid_shapes, owner, len(communities))
    held = [(c, shapes[i], int(homes[i])) for i, c in enumerate(communities)]
    found = [_division(code, short(names[code]), 4, shape, n) for code, shape, n in held]
    for level in (3, 2, 1):
        length = LENGTHS[level - 1]
        groups: dict[str, list[tuple[str, Any, int]]] = {}
        for item in held:
            groups.setdefault(item[0][:length], []).append(item)
        held = [
            (code, shapely.normalize(shapely.coverage_union_all([g[1] for g in group])), sum(g[2] for g in group))
            for code, group in groups.items()
        ]
        found += [_division(c, names.get(c, title[0]), level, shape, n) for c, shape, n in held]
    found.sort(key=lambda pair: (pair[0]["level"], pair[0]["code"]))
    _grade(found)
    for row, shape in found:
        row["name_en"] = title[1] if row["level"] == 1 else english(row["name"])
        land.divisions.append(row)
        land.shapes.append(shape)
        land.below.setdefault(row["parent"], []).append(row["code"])


def _grade(found: list[tuple[Row, Any]]) -> None:
    """管理区域等级: streets by how densely people live there: the densest third A, the next B, the rest C."""
    streets = sorted(
        (pair for pair in found if pair[0]["level"] == 3),
        key=lambda pair: (-pair[0]["households"] / pair[1].area, pair[0]["code"]),
    )
    for n, (row, _) in enumerate(streets):
        row["area_grade"] = "ABC"[3 * n // len(streets)]


_KINDS = {1: "city", 2: "district", 3: "street", 4: "community"}


def _division(code: str, name: str, level: int, shape: Any, households: int) -> tuple[Row, Any]:
    kind = _KINDS[level]
    if level > 2 and name.endswith(("镇", "村")):
        kind = "town" if name.endswith("镇") else "village"
    parent = code[: LENGTHS[level - 2]].ljust(12, "0") if level > 1 else ""
    row = {
        "code": code.ljust(12, "0"),
        "name": name,
        "level": level,
        "parent": parent,
        "kind": kind,
        "households": households,
        "population": int(households * 2.6),
    }
    return row, shape


def overlays(land: Land) -> list[Row]:
    """块状网格: the police's and the sanitation's own grids as base grids put together, never cut.

    A police beat is a street's left or right half of communities; a sanitation round every third part of a street.
    """
    names = {row["code"]: (row["name"], row["name_en"]) for row in land.divisions}
    street_length = LENGTHS[2]
    found = []
    for line, parts, chinese, english_word in OVERLAYS:
        for grid in land.grids:
            home = grid["division"]
            street = home[:street_length].ljust(LENGTHS[3], "0")
            held = land.below[street]
            part = held.index(home) * parts // len(held) + 1
            name, name_en = names[street]
            code = f"{street[:street_length]}-{line}-{part}"
            named = {"name": f"{name}{chinese}{part}", "name_en": f"{name_en} {english_word} {part}"}
            found.append({"code": code, **named, "line": line, "grid": grid["code"]})
    return found


def overlay_outlines(land: Land, rows: list[Row]) -> tuple[list[Row], Any]:
    """Each overlay grid once, with the union of its base grids."""
    number = {row["code"]: index for index, row in enumerate(land.grids)}
    members: dict[str, list[int]] = {}
    for row in rows:
        members.setdefault(row["code"], []).append(number[row["grid"]])
    shapes = [shapely.normalize(shapely.coverage_union_all(land.grid_shapes[held])) for held in members.values()]
    return [{"code": code} for code in members], np.array(shapes, dtype=object)
