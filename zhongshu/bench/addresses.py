"""造地址 a made-up address base of any size and what people say for its rows, both seeded, with the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhongshu.hub.judge.address_match import AddressBase

_FIRST = (
    "云和安宁福祥瑞景兴盛永康锦绣明月清风春华秋实松竹梅兰翠柏金银玉石龙凤鹤鹿"
    "东西南北文化学府科创星海江湖河溪山岭丰收振建朝晨霞虹彩"
)
_SECOND = "平安泰和顺达通远昌荣辉耀光明德仁义礼信智勇善美新城关桥塘坪坡岗洲渡港湾泉源林园苑庭轩台阁堂坊里阳阴川原野"
_ROADS = ("路", "街", "大道", "巷", "东路", "西路", "中路", "二路")
_ESTATES = ("花园", "小区", "家园", "公寓", "新村", "苑", "大厦", "名城", "华庭", "广场")
_UNKNOWN = ("胡同", "弄堂", "里弄", "路", "花园")
_NUMERALS = "零一二三四五六七八九"
KINDS = ("exact", "levels", "typo", "alias", "coded", "numeral", "spoken", "neighbour", "absent")
_WEST, _SOUTH = 113.0, 23.0
_METRE = 1 / 111_195


@dataclass(frozen=True, slots=True)
class Asked:
    """What people say: `texts`, the `row` each means (-1: nothing in the base), `kind` (n,) number of KINDS; `lon`,
    `lat` of the true place (NaN when absent)."""

    texts: list[str]
    row: NDArray[np.int64]
    kind: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def _coined(count: int, endings: Sequence[str], random: np.random.Generator, taken: set[str]) -> list[str]:
    """Names of two or three characters and an ending, none twice."""
    names: list[str] = []
    while len(names) < count:
        core = _FIRST[random.integers(len(_FIRST))] + _SECOND[random.integers(len(_SECOND))]
        if random.random() < 0.4:
            core += _FIRST[random.integers(len(_FIRST))]
        name = core + endings[int(random.integers(len(endings)))]
        if name not in taken:
            taken.add(name)
            names.append(name)
    return names


def address_base(rows: int, seed: int = 1) -> AddressBase:
    """A city of `rows` addresses: 10 districts, 120 streets, 1,200 communities; 3 of 5 rows along roads (houses 12 m
    apart), the rest buildings of estates. One road name in seven is used in two districts; a third of the estates
    has an alias."""
    random = np.random.default_rng(seed)
    taken: set[str] = set()
    districts, streets = _coined(10, ("区",), random, taken), _coined(120, ("街道", "镇"), random, taken)
    communities = _coined(1200, ("社区", "村"), random, taken)
    areas = [(districts[n // 120], streets[n // 10], communities[n]) for n in range(1200)]
    roads = max(20, rows * 3 // 5 // 50)
    estates = max(20, rows * 2 // 5 // 20)
    names = _coined(roads * 6 // 7, _ROADS, random, taken)
    twice = random.integers(0, len(names), roads - len(names))
    road_name = np.concatenate([np.arange(len(names)), twice])
    names += _coined(estates, _ESTATES, random, taken)
    estate_name = np.arange(len(names) - estates, len(names))
    along = _columns(road_name, 50, 1200, random)
    inside = _columns(estate_name, 20, 1200, random)
    number = np.concatenate([along[1] * 2 + 1 + random.integers(0, 2, len(along[1])), inside[1] + 1])
    some = random.permutation(estates)[: estates // 3]
    others = _coined(len(some), ("坊", "里", "庄", "公馆"), random, taken)
    aliases = {other: int(estate_name[which]) for other, which in zip(others, some.tolist(), strict=True)}
    codes = {f"K{n + 1}区": name for n, name in enumerate(districts)}
    both = [np.concatenate(each) for each in zip(along, inside, strict=True)]
    building = np.repeat([False, True], [len(along[0]), len(inside[0])])
    lon, lat = _points(both, building, random)
    return AddressBase(names, both[0], number, building, areas, both[2], lon, lat, aliases, codes)


def _columns(
    name: NDArray[np.int64], each: int, areas: int, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Name, order along it, area and number of the road or estate, of all its addresses."""
    area = np.repeat(random.integers(0, areas, len(name)), each)
    order = np.tile(np.arange(each), len(name))
    return np.repeat(name, each), order, area, np.repeat(np.arange(len(name)), each)


def _points(
    columns: Sequence[NDArray[np.int64]], building: NDArray[np.bool_], random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Communities lie in a grid 1.2 km wide; a road runs straight through one, an estate's buildings lie in rows."""
    _, order, area, which = columns
    identity = which * 2 + building
    drawn = random.uniform(-1, 1, (3, int(identity.max()) + 1))
    angle = drawn[2][identity] * np.pi
    x = (area % 40) * 1200 + drawn[0][identity] * 300
    y = (area // 40) * 1200 + drawn[1][identity] * 300
    x = x + np.where(building, order % 5 * 40, np.cos(angle) * (order - 25) * 12)
    y = y + np.where(building, order // 5 * 40, np.sin(angle) * (order - 25) * 12)
    return _WEST + x * _METRE / np.cos(np.radians(_SOUTH)), _SOUTH + y * _METRE


def said(base: AddressBase, count: int, seed: int = 2) -> Asked:
    """`count` ways to say rows of the base, each kind as often as the others; see KINDS."""
    random = np.random.default_rng(seed)
    kind = np.arange(count) % len(KINDS)
    row = random.integers(0, len(base.name), count)
    alias_of = {name: alias for alias, name in base.aliases.items()}
    aliased = np.flatnonzero(np.isin(base.name, list(alias_of)))
    wants = kind == KINDS.index("alias")
    row[wants] = random.choice(aliased, wants.sum())
    code_of = {name: code for code, name in base.codes.items()}
    tongue = _Tongue(base, alias_of, code_of, random)
    texts = [tongue.say(KINDS[which], here) for which, here in zip(kind.tolist(), row.tolist(), strict=True)]
    absent = kind == KINDS.index("absent")
    lon, lat = np.where(absent, np.nan, base.lon[row]), np.where(absent, np.nan, base.lat[row])
    return Asked(texts, np.where(absent, -1, row), kind, lon, lat)


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How rows are put into words."""

    base: AddressBase
    aliases: dict[int, str]
    codes: dict[str, str]
    random: np.random.Generator

    def say(self, kind: str, row: int) -> str:
        base = self.base
        district, street, community = base.areas[base.area[row]]
        name = base.names[base.name[row]]
        unit = ("号", "栋")[int(base.building[row])]
        number = f"{base.number[row]}{unit}"
        ways: dict[str, Callable[[], str]] = {
            "exact": lambda: district + street + community + name + number,
            "levels": lambda: self._some(district, street, community) + name + number,
            "typo": lambda: district + street + self._mistyped(name) + number,
            "alias": lambda: district + self.aliases[int(base.name[row])] + number,
            "coded": lambda: self.codes[district] + name + number,
            "numeral": lambda: district + name + _numeral(int(base.number[row])) + unit,
            "spoken": lambda: f"我家住在{_short(street)}的{name}{number}，半夜施工吵得睡不着",
            "neighbour": lambda: f"{district}{name}{number}{self.random.choice(['对面', '旁边', '门口'])}有一堆垃圾",
            "absent": lambda: district + street + self._unknown() + number,
        }
        return ways[kind]()

    def _some(self, *levels: str) -> str:
        return "".join(level for level in levels if self.random.random() < 0.35)

    def _unknown(self) -> str:
        return _coined(1, _UNKNOWN, self.random, set(self.base.names))[0]

    def _mistyped(self, name: str) -> str:
        """One character replaced, dropped, doubled or swapped with the next."""
        place = int(self.random.integers(0, len(name) - 1))
        kind = int(self.random.integers(0, 4))
        if kind == 0:
            return name[:place] + _SECOND[self.random.integers(len(_SECOND))] + name[place + 1 :]
        if kind == 1:
            return name[:place] + name[place + 1 :]
        if kind == 2:
            return name[:place] + name[place] + name[place:]
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _short(street: str) -> str:
    return street.removesuffix("街道").removesuffix("镇")


def _numeral(number: int) -> str:
    if number >= 100:
        return "".join(_NUMERALS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones or not tens else "")
