"""规则 categories, cross-walk, duties and calendar days of the demo city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from zhongshu.cities.demo.content import DOCUMENTED, DUTY_BASES, LIMITS, OWN_BASIS, Class, rows

Row = dict[str, Any]

URGENT = ("urgent", "flood", "repair")
YEARS = (2025, 2026, 2027)
VERIFIED = {name: "community/party" for name in ("擅自饲养家禽家畜", "无证掘路")}
"""Event classes that somebody goes and looks at before they are filed."""
DEAR = 100.0
"""误判代价 of a class that can't wait, in looks of a person: answered without one only where 99 of 100 are right."""
SMALL = ("沿街晾挂", "非装饰性树挂", "乱堆物堆料", "街头散发广告")
"""社区小事: a community that handles one may close it itself."""


def categories(classes: list[Class]) -> list[Row]:
    """Categories with the words that speak for them; a rule-based baseline reads these (domain.md §2.5)."""
    return [
        {
            "code": c.code,
            "name": c.name,
            "name_en": c.name_en,
            "parent": c.parent,
            "kind": c.kind,
            "threshold": None,
            "urgent": bool(c.host) and c.limit in URGENT,
            "keywords": [phrase for phrase in (c.name, *c.phrases) if len(phrase) <= 8 and c.host],
            "negative_keywords": [],
            "verify": VERIFIED.get(c.name, "") if c.kind == "event" else "",
            "photos": None,
            "small": c.kind == "event" and c.name in SMALL,
            "mistake_cost": DEAR if c.host and c.limit in URGENT else None,
        }
        for c in classes
    ]


def duties(classes: list[Class], departments: set[str]) -> list[Row]:
    """One duty for each class that can be reported, and those that depend on a condition, a place or an owner."""
    found = [_duty(c, departments, 0, {}) for c in classes if c.host]
    by_code = {c.code: c for c in classes}
    serial: dict[str, int] = {}
    for extra in rows("conditions.csv"):
        for c in _meant(by_code, extra["category"]):
            serial[c.code] = serial.get(c.code, 0) + 1
            found.append(_duty(c, departments, serial[c.code], extra))
    found.append(_last_resort())
    return sorted(found, key=lambda row: str(row["code"]))


def _last_resort() -> Row:
    """兜底: an event that no other duty answers for is its street's."""
    last = Class("*/event", "兜底", "Last resort", "", "event", "street/office", ("district/urban_management",))
    return {**_duty(last, set(), 0, {}), "code": "D-LAST-00", "assists": ["district/urban_management"]}


def emergencies() -> list[Row]:
    """Words that bypass the list, with who answers (domain.md §9)."""
    return [{**row, "words": row["words"].split(";")} for row in rows("emergencies.csv")]


def keywords(classes: list[Class]) -> list[Row]:
    """What words say of a class, by hand; where a name stands in several trees, the first one is meant."""
    by_code = {c.code: c for c in classes}
    found = []
    for row in rows("keywords.csv"):
        code = next(_meant(by_code, row["category"])).code
        listed = {name: list(filter(None, row[name].split(";"))) for name in ("words", "not_words")}
        found.append({"code": f"K-{code}", "category": code, **listed, "weight": row["weight"], "basis": "expert"})
    return sorted(found, key=lambda row: str(row["code"]))


def raises(classes: list[Class]) -> list[Row]:
    """加急: what weather and days make more urgent; a name may be that of a group of classes."""
    named = {c.name: c.code for c in reversed(classes)}
    return [
        {**row, "code": f"R{number:02}-{row['what']}", "category": named[row["category"]]}
        for number, row in enumerate(rows("raises.csv"), 1)
    ]


def powers() -> list[Row]:
    """权力清单: which level may exercise, convene, evaluate or veto what."""
    levels = {"city": 1, "district": 2, "street": 3, "community": 4}
    return [{**row, "level": levels[row["level"]], "place": ""} for row in rows("powers.csv")]


def _meant(by_code: dict[str, Class], name: str) -> Iterator[Class]:
    """Classes called `name` (a name may occur in the hotline tree and among the events)."""
    yield from (c for c in by_code.values() if c.host and name in (c.name, c.code))


def _duty(c: Class, departments: set[str], number: int, extra: dict[str, str]) -> Row:
    host = holder(extra.get("host") or c.host, departments)
    wanted = tuple(filter(None, extra.get("assists", "").split(";"))) or c.assists
    assists = [assist for assist in dict.fromkeys(holder(a, departments) for a in wanted) if assist != host]
    limit = LIMITS[extra.get("limit") or c.limit]
    return {
        "code": f"D-{c.code}-{number:02}",
        "category": c.code,
        "condition": extra.get("condition", ""),
        "place_type": extra.get("place_type", ""),
        "ownership": extra.get("ownership", ""),
        "host": host,
        "assists": assists,
        "basis": extra.get("basis") or (DOCUMENTED if c.kind == "event" and "clean" in c.limit else DUTY_BASES[c.kind]),
        "list_kind": _list_kind(host, assists),
        "calendar": limit.calendar,
        "sign_minutes": limit.sign,
        "contact_minutes": limit.contact,
        "handle_minutes": limit.handle,
        "make_safe_minutes": limit.safe or None,
    }


def holder(host: str, departments: set[str]) -> str:
    """A line of work that districts don't have is the city's."""
    level, kind = host.split("/")
    return f"city/{kind}" if level == "district" and kind not in departments else host


def _list_kind(host: str, assists: list[str]) -> str:
    """基本: the street's own; 配合: it helps; 收回: the item was taken back from it."""
    if host.startswith(("street/", "community/")):
        return "basic"
    return "assist" if any(assist.startswith(("street/", "community/")) for assist in assists) else "recalled"


def crosswalk(classes: list[Class]) -> list[Row]:
    """Hotline class -> event or component class, by the pairs written by hand and by equal names."""
    by_name: dict[str, list[Class]] = {}
    for c in classes:
        if c.host:
            by_name.setdefault(c.name, []).append(c)
    pairs: dict[tuple[str, str], Row] = {}
    written = [(row["appeal"], row["other"], row["relation"]) for row in rows("crosswalk.csv")]
    for left, right, relation in [*written, *((name, name, "same") for name in by_name)]:
        for a in by_name.get(left, []):
            for b in by_name.get(right, []):
                if a.kind == "appeal" != b.kind:
                    row = {"from_code": a.code, "to_code": b.code, "relation": relation, "basis": OWN_BASIS}
                    pairs.setdefault((a.code, b.code), row)
    return [pairs[key] for key in sorted(pairs)]


def clocks() -> list[Row]:
    """The rules of the clocks, as written by hand: nobody's law, save where a basis is named."""
    return [{**row} for row in rows("clocks.csv")]


def limits(classes: list[Class]) -> list[Row]:
    """Limits by area grade and nature of the work, for every class of the name that can be reported."""
    by_code = {c.code: c for c in classes}
    return [{**row, "category": c.code} for row in rows("limits.csv") for c in _meant(by_code, row["category"])]


def _days(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start += timedelta(days=1)


def calendar_days() -> list[Row]:
    """Holidays and make-up workdays for every calendar; crews that work every day have a row for each day off."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows("holidays.csv"):
        for day in _days(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])):
            found["*", day.isoformat()] = _day("*", day, False, row["name"])
        for text in filter(None, row["days_at_work"].split(";")):
            found["*", text] = _day("*", date.fromisoformat(text), True, f"{row['name']}调休上班")
    for calendar in ("sanitation", "hotline"):
        for day in _days(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)):
            off = day.weekday() >= 5 or ("*", day.isoformat()) in found
            if off:
                found[calendar, day.isoformat()] = _day(calendar, day, True, "照常作业")
    return [found[key] for key in sorted(found)]


def _day(calendar: str, day: date, works: bool, name: str) -> Row:
    return {"calendar": calendar, "date": day.isoformat(), "works": works, "name": name}
