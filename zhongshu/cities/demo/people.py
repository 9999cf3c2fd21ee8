"""机构岗位 units, posts and demo accounts over the four levels."""

from __future__ import annotations

from typing import Any

from zhongshu.cities.demo.content import rows
from zhongshu.cities.demo.land import LENGTHS, Land

Row = dict[str, Any]

STREET_UNITS = (
    ("party", "党工委", "Party Working Committee"),
    ("office", "办事处", "Office"),
    ("enforcement", "综合行政执法队", "Enforcement Team"),
    ("social_work", "社工服务站", "Social Work Station"),
)
"""四位一体 of a street."""

STREET_WATCH = ("supervision", "监督站", "Supervision Station")
"""The supervision centre's people on a street, whom none of the four leads."""

COMMUNITY_UNITS = (
    ("party", "党支部", "Party Branch"),
    ("office", "居（村）委会", "Residents' Committee"),
    ("service", "服务站", "Service Station"),
)
"""三位一体 of a community."""

POSTS = {
    "handler": ("承办岗", "handler", "handler"),
    "checker": ("核查岗", "checker", "checker"),
    "operator": ("受理岗", "operator", "operator"),
    "arbiter": ("裁定岗", "arbiter", "arbiter"),
    "chief": ("值班负责岗", "duty chief", "chief"),
    "watch": ("监督值班岗", "supervision duty officer", "checker;chief"),
    "grid": ("全科网格岗", "grid officer", "checker"),
}

SOURCES = ("police", "water", "labour", "civil_affairs", "housing", "market")
"""Departments whose data others ask for; one person of the demo answers for all of them."""

LEADING = {"leading_group": ("chief",), "leading_office": ("arbiter", "chief")}
"""领导小组 is the end of every escalation; its office shares its people with the data bureau (合署办公)."""

_PLAIN = ("handler", "chief")
_HUB = ("operator", "arbiter", "chief")
_WATCH = ("checker", "watch")
"""监督中心: nobody else checks above the communities (zhongshu.cities.supervision)."""


def units(land: Land) -> list[Row]:
    """Every unit, the city's first."""
    departments = rows("departments.csv")
    found: list[Row] = []
    for division in land.divisions:
        if division["level"] <= 2:
            found += [_unit(division, d["kind"], *_named(d, division)) for d in departments if _named(d, division)[0]]
        else:
            kinds = (*STREET_UNITS, STREET_WATCH) if division["level"] == 3 else COMMUNITY_UNITS
            found += [
                _unit(division, kind, division["name"] + zh, f"{division['name_en']} {en}") for kind, zh, en in kinds
            ]
    return found


def _named(department: Row, division: Row) -> tuple[str, str]:
    if division["level"] == 1:
        return department["name"], department["name_en"]
    name = department["district"]
    return (division["name"] + name if name else ""), f"{division['name_en']} {department['name_en']}"


def _unit(division: Row, kind: str, name: str, name_en: str) -> Row:
    level = division["level"]
    parent = "" if level == 1 else f"{division['parent'][: LENGTHS[level - 2]]}-{_above(level, kind)}"
    return {
        "code": f"{division['code'][: LENGTHS[level - 1]]}-{kind}",
        "name": name,
        "name_en": name_en,
        "kind": kind,
        "level": level,
        "place": division["code"],
        "parent": parent,
    }


def _above(level: int, kind: str) -> str:
    """The line of work that leads this unit one level up: its own line, or the office above it."""
    if level == 2:
        return kind
    return {"service": "office", "social_work": "social_work", "enforcement": "enforcement"}.get(kind, kind)


def posts(units: list[Row]) -> list[Row]:
    """The posts of every unit; who handles and who checks are never one post, nor, above communities, one unit."""
    found = []
    for unit in units:
        for role in _roles(unit):
            zh, en, roles = POSTS[role]
            found.append(
                {
                    "code": f"{unit['code']}-{role}",
                    "unit": unit["code"],
                    "name": f"{unit['name']}{zh}",
                    "name_en": f"{unit['name_en']} {en}",
                    "roles": roles,
                }
            )
    return found


def _roles(unit: Row) -> tuple[str, ...]:
    if unit["kind"] in LEADING:
        return LEADING[unit["kind"]]
    if unit["kind"] in ("hotline", "command"):
        return _HUB
    if unit["kind"] == "supervision":
        return _WATCH
    if unit["level"] == 4:
        return {"party": ("checker", "chief"), "office": ("handler", "grid"), "service": ("handler",)}[unit["kind"]]
    return ("chief",) if unit["kind"] == "party" and unit["level"] == 3 else _PLAIN


def accounts(land: Land, units: list[Row]) -> list[Row]:
    """A few people for each of the four levels; several hold more than one post (合署)."""
    city, district = land.of(1)[0], land.of(2)[0]
    street = next(row for row in land.of(3) if row["parent"] == district["code"])
    community = next(row for row in land.of(4) if row["parent"] == street["code"])
    c, d, s, m = city["code"][:4], district["code"][:6], street["code"][:9], community["code"]
    people = [
        ("city-operator", "市热线坐席", [f"{c}-hotline-operator"]),
        ("city-arbiter", "市裁定员", [f"{c}-hotline-arbiter", f"{c}-command-arbiter"]),
        ("city-chief", "市值班长", [f"{c}-command-chief", f"{c}-hotline-chief"]),
        ("city-checker", "市核查员", [f"{c}-supervision-checker", f"{c}-supervision-watch"]),
        ("city-watersupply", "自来水公司承办人", [f"{c}-water_supply-handler"]),
        ("city-leader", "市领导小组组长", [f"{c}-leading_group-chief", f"{c}-party-chief"]),
        ("city-data", "市数据局局长", _two_hats(c)),
        ("city-sources", "市数源单位数据专员", [f"{c}-{kind}-chief" for kind in SOURCES]),
        ("district-operator", "区呼应中心受理员", [f"{d}-command-operator"]),
        ("district-arbiter", "区呼应中心裁定员", [f"{d}-command-arbiter"]),
        ("district-chief", "区呼应中心值班长", [f"{d}-command-chief"]),
        ("district-checker", "区监督中心核查员", [f"{d}-supervision-checker"]),
        ("district-leader", "区领导小组组长", [f"{d}-leading_group-chief"]),
        ("district-data", "区数据局局长", _two_hats(d)),
        *_district_people(d),
        *_street_people(s),
        ("community-handler", "社区承办人", [f"{m}-office-handler", f"{m}-service-handler"]),
        ("community-checker", "社区核查员", [f"{m}-party-checker", f"{m}-party-chief"]),
        ("community-service", "党群服务站社工", [f"{m}-service-handler"]),
        ("grid-officer", "全科网格员", [f"{m}-office-grid", f"{m}-office-handler"]),
    ]
    return [{"username": u, "name": name, "posts": held, "language": "zh-hans"} for u, name, held in people]


def _two_hats(area: str) -> list[str]:
    """合署: whoever leads the data bureau leads the leading group's office."""
    return [f"{area}-data-chief", f"{area}-leading_office-chief", f"{area}-leading_office-arbiter"]


def _street_people(street: str) -> list[tuple[str, str, list[str]]]:
    """四位一体: Party committee, office, enforcement team and social workers; each team is two people in one post."""
    return [
        ("street-party", "街道党工委书记", [f"{street}-party-chief"]),
        ("street-handler", "街道承办人", [f"{street}-office-handler", f"{street}-social_work-handler"]),
        ("street-enforcement", "街道执法队员", [f"{street}-enforcement-handler"]),
        ("street-enforcement2", "街道执法队员乙", [f"{street}-enforcement-handler"]),
        ("street-social", "专职社工", [f"{street}-social_work-handler"]),
        ("street-social2", "专职社工乙", [f"{street}-social_work-handler"]),
        ("street-checker", "街道核查员", [f"{street}-supervision-checker"]),
        ("street-chief", "街道值班负责人", [f"{street}-office-chief", f"{street}-party-chief"]),
    ]


def _district_people(district: str) -> list[tuple[str, str, list[str]]]:
    lines = {
        "drainage": "排水",
        "housing": "住建",
        "environment": "生态环境",
        "urban_management": "城管",
        "market": "市监",
    }
    handlers = [
        (f"district-{k.replace('_', '')}", f"区{zh}承办人", [f"{district}-{k}-handler"]) for k, zh in lines.items()
    ]
    return [*handlers, ("district-inspector", "区监督中心值班长", [f"{district}-supervision-watch"])]


_COHORTS = {"core": ("中心街道", "Core streets"), "outer": ("外围街道", "Outer streets"), "town": ("镇", "Towns")}
_DENSE = 30_000
"""Households from which on a street of the demo counts as a core one (a default of the demo, no standard)."""


def cohorts(ground: Land) -> list[Row]:
    """街镇类型: towns apart from streets, and streets by their size, so that like is compared with like."""
    found = []
    for division in ground.divisions:
        if division["level"] != 3:
            continue
        core = (division["households"] or 0) >= _DENSE
        cohort = "town" if division["kind"] == "town" else "core" if core else "outer"
        name, english = _COHORTS[cohort]
        found.append({"cohort": cohort, "name": name, "name_en": english, "division": division["code"]})
    return sorted(found, key=lambda row: (row["cohort"], row["division"]))
