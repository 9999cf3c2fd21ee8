"""底稿 what people wrote by hand for the demo city: departments, classes, limits; kept in `tables/`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE / "tables"
SOURCE = HERE / "source"

DOCUMENTED = "《市容环境和部件事件时限样例》（示范采用，待核）"
OWN_BASIS = "示范城市自拟"
"""Nobody's law: what the made-up city set for itself, said as such wherever a ground is shown."""
DUTY_BASES = {
    "appeal": "按派单目录派单：国办函〔2025〕66号；承办单位和时限为示范城市自拟",
    "event": "分类参照 GB/T 30428.2；承办单位和时限为示范城市自拟",
    "component": "分类参照 GB/T 30428.2；承办单位和时限为示范城市自拟",
}
"""By kind of class: what is known of a rule above the city, and what is not."""


@dataclass(frozen=True, slots=True)
class Limit:
    """时限档: minutes counted by `calendar`; `safe` is 采取安全措施, 0 when there is no such stage."""

    calendar: str
    sign: int
    contact: int
    handle: int
    safe: int = 0


LIMITS = {
    "urgent": Limit("always", 15, 30, 240, 60),
    "flood": Limit("always", 15, 30, 240, 60),
    "repair": Limit("always", 15, 30, 2160, 360),
    "clean2": Limit("sanitation", 30, 60, 120),
    "clean4": Limit("sanitation", 30, 60, 240),
    "days1": Limit("office", 60, 240, 420),
    "days2": Limit("office", 120, 420, 840),
    "days3": Limit("office", 210, 420, 1260),
    "days4": Limit("office", 210, 420, 1680),
    "days5": Limit("office", 210, 420, 2100),
    "days15": Limit("office", 420, 420, 6300),
    "complex": Limit("office", 420, 840, 8400),
}
"""A working day of the office calendar has 420 minutes. Figures: domain.md §2.4 where found, otherwise defaults."""


@dataclass(frozen=True, slots=True)
class Class:
    """A category as written by hand. `host` is empty for a class that only groups others."""

    code: str
    name: str
    name_en: str
    parent: str
    kind: str
    host: str = ""
    assists: tuple[str, ...] = ()
    limit: str = "days5"
    phrases: tuple[str, ...] = ()


def rows(name: str, folder: Path = TABLES) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _lines(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (TABLES / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            mark = line[0] if line[0] in "=-" else ""
            yield mark, [part.strip() for part in line.removeprefix(mark).split("|")]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def events() -> list[Class]:
    """Event classes: E + two digits, E + four digits (domain.md §2.3)."""
    found: list[Class] = []
    big = ""
    for mark, parts in _lines("events.txt"):
        number, _, name = parts[0].partition(" ")
        if mark == "=":
            big = f"E{number}"
            found.append(Class(big, name, parts[1], "", "event"))
        else:
            assists, limit, phrases = _list(parts[3]), parts[4], _list(parts[5])
            found.append(Class(big + number, name, parts[1], big, "event", parts[2], assists, limit, phrases))
    return found


FAULTS = ("坏了没人修", "破损了", "松动不稳", "被撞歪了", "不见了")


def components() -> list[Class]:
    """Component classes: C + two digits, C + four digits (domain.md §2.2)."""
    found: list[Class] = []
    big, owner = "", ""
    for mark, parts in _lines("components.txt"):
        number, _, name = parts[0].partition(" ")
        if mark == "=":
            big, owner = f"C{number}", parts[2]
            found.append(Class(big, name, parts[1], "", "component"))
        else:
            host = parts[2] if len(parts) > 2 else owner
            limit = "repair" if "井盖" in name or "信号" in name or "燃气" in name else "days5"
            phrases = tuple(name + fault for fault in FAULTS[:3])
            found.append(
                Class(big + number, name, parts[1], big, "component", host, ("street/office",), limit, phrases)
            )
    return found


def appeals() -> list[Class]:
    """The hotline tree: A + two digits on each of three levels. A leaf inherits host, assists, limit."""
    found: list[Class] = []
    top = middle = Class("", "", "", "", "appeal")
    tops = middles = leaves = 0
    for mark, parts in _lines("appeals.txt"):
        if mark == "=":
            tops, middles = tops + 1, 0
            top = Class(f"A{tops:02}", parts[0], parts[1], "", "appeal")
            found.append(top)
        elif mark == "-":
            middles, leaves = middles + 1, 0
            code = f"{top.code}{middles:02}"
            middle = Class(code, parts[0], parts[1], top.code, "appeal", parts[2], _list(parts[3]), parts[4])
            found.append(Class(code, parts[0], parts[1], top.code, "appeal"))
        else:
            leaves += 1
            found.append(_leaf(f"{middle.code}{leaves:02}", parts, middle))
    return found


def _leaf(code: str, parts: list[str], middle: Class) -> Class:
    extra = dict(zip(("host", "limit"), parts[3:], strict=False))
    host, limit = extra.get("host") or middle.host, extra.get("limit") or middle.limit
    assists = tuple(assist for assist in middle.assists if assist != host)
    return Class(code, parts[0], parts[1], middle.code, "appeal", host, assists, limit, _list(parts[2]))


def classes() -> list[Class]:
    """Every class of the demo city, parents first."""
    return appeals() + events() + components()
