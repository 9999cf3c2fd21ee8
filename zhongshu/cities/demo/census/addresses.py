"""写法 how offices write the same address, and what only one data set knows of a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.cities.demo.census.ground import Ground, Ints
from zhongshu.cities.demo.census.people import TODAY, YEAR, Homes, People, Town

FLAT, UNITS, FLOORS = 2, 3, 8
"""Homes on a floor, stairs of a building, floors."""

STYLES = (("栋", "单元", "房"), ("幢", "单元", "室"), ("-", "-", ""), ("号楼", "单元", ""), ("栋", "-", "房"))
"""What stands after building, unit and room: the full form of the register of houses first."""


def parts(homes: Homes, home: Ints) -> tuple[Ints, Ints, Ints]:
    """Building, unit and room number of homes."""
    serial = homes.serial[home]
    flat, floor = serial % FLAT, serial // FLAT % FLOORS
    unit, building = serial // (FLAT * FLOORS) % UNITS, serial // (FLAT * FLOORS * UNITS)
    return building + 1, unit + 1, (floor + 1) * 100 + flat + 1


def written(ground: Ground, homes: Homes, home: Ints, style: int, rng: np.random.Generator) -> pa.Array:
    """The address of each home as this office writes it; some leave the street out, a few write wide digits."""
    said = pa.array(ground.names).take(pa.array(homes.address[home]))
    bare = pc.if_else(
        pa.array(rng.random(len(home)) < 0.3), pc.replace_substring_regex(said, "^.*?(街道|镇)", ""), said
    )
    building, unit, room = (pa.array(part).cast(pa.string()) for part in parts(homes, home))
    after = STYLES[style]
    text = pc.binary_join_element_wise(bare, building, after[0], unit, after[1], room, after[2], "")
    wide = pa.array(rng.random(len(home)) < 0.01)
    return pc.if_else(wide, pc.replace_substring(pc.replace_substring(text, "1", "１"), "2", "２"), text)


def house_codes(ground: Ground, home: Ints) -> pa.Array:
    """房屋编码 of homes: the district's own serial."""
    return pa.array(np.char.add(f"{ground.district}H", np.char.zfill((home + ground.before).astype("U7"), 7)))


def days(since_1970: Ints) -> pa.Array:
    return pa.array(np.datetime_as_string(since_1970.astype("datetime64[D]"), unit="D"))


@dataclass(frozen=True, slots=True)
class Visit:
    """What a data set tells of: `who` of the people, at which `home`."""

    dataset: str
    who: Ints
    home: Ints


def more(town: Town, visit: Visit, rng: np.random.Generator) -> pa.Array:
    """Items of one data set, as JSON texts."""
    dataset, who, home, people = visit.dataset, visit.who, visit.home, town.people
    count = len(who)
    if dataset == "population":
        return _living(town.ground, people, who, home)
    if dataset == "disabled":
        kind = np.array(["视力", "听力", "言语", "肢体", "智力", "精神", "多重"])[rng.integers(0, 7, count)]
        return _json(("category", pa.array(kind)), ("grade", pa.array(rng.integers(1, 5, count)).cast(pa.string())))
    if dataset == "low_income":
        return _json(("monthly", pa.array(rng.integers(3, 13, count) * 100).cast(pa.string())))
    if dataset == "pupils":
        age = (TODAY - people.born[who]) / YEAR
        return _json(("grade", pa.array(np.clip(age - 6, 1, 12).astype(np.int64)).cast(pa.string())))
    return pa.repeat("{}", count)


_ROLES = np.array(["head", "spouse", "child", "parent"])


def _living(ground: Ground, people: People, who: Ints, home: Ints) -> pa.Array:
    """Residence: the house, since when, how; and the house before with the day of leaving it, when it is known."""
    now = home == people.home[who]
    moved = people.former[who] >= 0
    since = np.where(moved & now, people.moved[who], people.born[who] + 1)
    left = now & moved
    known = (
        ("house", house_codes(ground, home)),
        ("since", days(np.maximum(since, TODAY - 9000))),
        ("relation", pa.array(_ROLES[people.role[who]])),
    )
    before = (("was", house_codes(ground, np.maximum(people.former[who], 0))), ("left", days(people.moved[who])))
    return pc.if_else(pa.array(left), _json(*known, *before), _json(*known))


def _json(*items: tuple[str, pa.Array]) -> pa.Array:
    pieces: list[pa.Array | str] = []
    for n, (name, values) in enumerate(items):
        pieces += [f'{"{" if n == 0 else ", "}"{name}": "', values, '"']
    return pc.binary_join_element_wise(*pieces, "}", "")
