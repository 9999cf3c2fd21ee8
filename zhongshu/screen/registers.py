"""登记的用词 how registers, their items, sources and counts are called on screens, and a person's age and a value's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data.registers.profiles import Saying, Value
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming

SUBJECTS: Mapping[str, Any] = {
    "person": gettext_lazy("人员"),
    "house": gettext_lazy("房屋"),
    "organisation": gettext_lazy("实有单位"),
}
ITEMS: Mapping[str, Any] = {
    "name": gettext_lazy("名称"),
    "id_type": gettext_lazy("证件类型"),
    "id_number": gettext_lazy("证件号码"),
    "sex": gettext_lazy("性别"),
    "born": gettext_lazy("出生日期"),
    "nation": gettext_lazy("民族"),
    "phone": gettext_lazy("联系电话"),
    "kind": gettext_lazy("类别"),
    "registered": gettext_lazy("户籍地"),
    "address": gettext_lazy("地址"),
    "code": gettext_lazy("房屋编码"),
    "owner": gettext_lazy("产权人"),
    "ownership": gettext_lazy("产权性质"),
    "use": gettext_lazy("用途"),
    "area": gettext_lazy("面积"),
    "floors": gettext_lazy("层数"),
    "structure": gettext_lazy("结构"),
    "safety": gettext_lazy("安全等级"),
    "lon": gettext_lazy("经度"),
    "lat": gettext_lazy("纬度"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "legal_person": gettext_lazy("法定代表人"),
    "industry": gettext_lazy("行业"),
    "employees": gettext_lazy("从业人数"),
    "fire": gettext_lazy("消防类别"),
}
DATASETS: Mapping[str, Any] = {
    "population": gettext_lazy("实有人口"),
    "household_register": gettext_lazy("户籍人口"),
    "social_insurance": gettext_lazy("社保参保"),
    "medical_insurance": gettext_lazy("医保参保"),
    "disabled": gettext_lazy("残疾人"),
    "low_income": gettext_lazy("低保"),
    "pupils": gettext_lazy("学籍"),
    "tenancy": gettext_lazy("房屋租赁"),
    "property": gettext_lazy("不动产登记"),
    "houses": gettext_lazy("实有房屋"),
    "enterprises": gettext_lazy("市场主体登记"),
    "organisations": gettext_lazy("实有单位"),
}
"""Data sets of the demo; another city's go by their code."""
CODES: Mapping[str, Any] = {
    "resident": gettext_lazy("户籍"),
    "floating": gettext_lazy("流动"),
    "abroad": gettext_lazy("境外"),
    "self": gettext_lazy("自住"),
    "rented": gettext_lazy("出租"),
    "vacant": gettext_lazy("空置"),
    "commercial": gettext_lazy("商用"),
    "registered": gettext_lazy("已备案"),
    "unregistered": gettext_lazy("未备案"),
    "company": gettext_lazy("公司"),
    "individual": gettext_lazy("个体"),
    "private": gettext_lazy("私有"),
    "public": gettext_lazy("公有"),
    "collective": gettext_lazy("集体"),
    "frame": gettext_lazy("框架"),
    "brick": gettext_lazy("砖混"),
    "steel": gettext_lazy("钢结构"),
    "general": gettext_lazy("一般单位"),
    "key": gettext_lazy("重点单位"),
    "small": gettext_lazy("小场所"),
    "good": gettext_lazy("完好"),
    "damaged": gettext_lazy("破损"),
    "open": gettext_lazy("在办"),
    "ended": gettext_lazy("已结"),
    "unknown": gettext_lazy("不详"),
    "head": gettext_lazy("户主"),
    "spouse": gettext_lazy("配偶"),
    "child": gettext_lazy("子女"),
    "parent": gettext_lazy("父母"),
    **DATASETS,
}
MEASURES: Mapping[str, Any] = {
    "people": gettext_lazy("实有人口"),
    "kinds": gettext_lazy("人口类别"),
    "care": gettext_lazy("关爱对象"),
    "pupils": gettext_lazy("中小学生"),
    "households": gettext_lazy("有人居住的房屋"),
    "houses": gettext_lazy("实有房屋"),
    "rented": gettext_lazy("出租房屋"),
    "unsafe": gettext_lazy("C、D 级房屋"),
    "firms": gettext_lazy("实有单位"),
    "components": gettext_lazy("城市部件"),
    "cases": gettext_lazy("案件"),
}
COMPARED: Mapping[str, Any] = {
    "prior": gettext_lazy("任取两条"),
    "number": gettext_lazy("证件号码"),
    "name": gettext_lazy("名称"),
    "born": gettext_lazy("出生日期"),
    "phone": gettext_lazy("联系电话"),
    "home": gettext_lazy("地址"),
    "head": gettext_lazy("法定代表人"),
}
"""What two records are compared by."""
LEVELS: Mapping[str, Any] = {
    "missing": gettext_lazy("缺"),
    "same": gettext_lazy("相同"),
    "differ": gettext_lazy("两个有效号码不同"),
    "slip": gettext_lazy("差一位"),
    "sound": gettext_lazy("同音"),
    "unread": gettext_lazy("有字打不出"),
    "one": gettext_lazy("差一个字"),
    "near": gettext_lazy("相近"),
    "room": gettext_lazy("同一户室"),
    "road": gettext_lazy("同一门牌"),
    "alike": gettext_lazy("相似"),
    "else": gettext_lazy("不同"),
    "": gettext_lazy("先验"),
}
"""How far they agree in it."""
SEXES = ("", gettext_lazy("男"), gettext_lazy("女"))


def dataset(name: str) -> str:
    return str(DATASETS.get(name, name))


def band(measure: str, name: str) -> str:
    """A part of a measure, in words; ages stay numbers."""
    if measure == "people" and name[:1].isdigit():
        return _("{ages} 岁").format(ages=name)
    return str(CODES.get(name, name))


def said(item: str, value: Any, knowledge: Knowledge) -> str:
    """A value in the reader's words."""
    if item == "sex":
        return str(SEXES[int(value)])
    if item == "area":
        return f"{value:g} m²"
    if item in {"name", "address", "owner", "phone", "id_number", "code", "credit_code", "legal_person"}:
        return str(value)
    if item == "registered":
        return naming.place_name(str(value).ljust(12, "0"), knowledge) if value else ""
    return str(CODES.get(str(value), value))


def old(day: date | None, today: date) -> str:
    """How long ago a source told it."""
    if day is None:
        return ""
    days = (today - day).days
    if days < 60:
        return _("{n} 天前").format(n=max(0, days))
    return _("{n} 个月前").format(n=days // 30) if days < 730 else _("{n} 年前").format(n=days // 365)


def years(born: date | None, today: date) -> int | None:
    """A person's age in whole years."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def value(one: Value, today: date, knowledge: Knowledge) -> dict[str, Any]:
    """One item of a profile as its page shows it."""
    return {
        "name": one.item.name,
        "label": ITEMS.get(one.item.name, one.item.name),
        "differs": one.differs,
        "best": _saying(one.item.name, one.best, today, knowledge),
        "others": [_saying(one.item.name, other, today, knowledge) for other in one.others],
    }


def _saying(item: str, one: Saying, today: date, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "said": said(item, one.value, knowledge),
        "dataset": dataset(one.dataset),
        "as_of": one.as_of,
        "age": old(one.as_of, today),
        "verified": one.verified,
        "rank": one.rank,
    }


def reasons(told: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """判据 of a pair: what was compared, how far it agrees, the bits with their sign, whether they speak for one."""
    return [
        {
            "label": COMPARED.get(name, name),
            "level": LEVELS.get(level, level),
            "bits": f"{bits:+.1f}",
            "speaks": "for" if bits > 0 else "against" if bits < 0 else "",
        }
        for name, level, bits in told
    ]


def row(found: Mapping[str, Any], today: date, knowledge: Knowledge) -> dict[str, Any]:
    """An entity as lists show it."""
    return {
        **found,
        "place_name": block_name(found["place"], knowledge),
        "age": years(found.get("born"), today),
        "sex_name": SEXES[found["sex"]] if "sex" in found else "",
        "kind_name": CODES.get(found.get("kind", ""), found.get("kind", "")),
        "use_name": CODES.get(found.get("use", ""), found.get("use", "")),
        "care_names": [dataset(one) for one in found.get("care", ())],
        "source_names": [dataset(one) for one in found["sources"]],
        "told": old(found["as_of"], today),
    }


def block_name(code: str, knowledge: Knowledge) -> str:
    """A division by its name; a grid by its community's and its own serial."""
    lengths = knowledge.scheme.lengths
    if len(code) > lengths[-1]:
        return f"{naming.place_name(code[: lengths[-1]], knowledge)} {code[lengths[-1] :]}"
    return naming.place_name(code.ljust(lengths[-1], "0"), knowledge)
