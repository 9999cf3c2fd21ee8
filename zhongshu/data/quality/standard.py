"""六性 the six dimensions of GB/T 36344-2018 with their sub-indicators: each is A / B of what a rule counts.

Names of the dimensions: the standard. Sub-indicators and what A and B count: its table as people of the trade quote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """评价指标: `dimension` it belongs to, its names, and what A and B count, in Chinese and English."""

    dimension: str
    name: str
    name_en: str
    a: str
    b: str
    a_en: str
    b_en: str


DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "conformity": ("规范性", "Conformity"),
    "completeness": ("完整性", "Completeness"),
    "accuracy": ("准确性", "Accuracy"),
    "consistency": ("一致性", "Consistency"),
    "timeliness": ("时效性", "Timeliness"),
    "accessibility": ("可访问性", "Accessibility"),
}
INDICATORS: Mapping[str, Indicator] = {
    "standard": Indicator(
        "conformity",
        "数据标准",
        "Data standard",
        "符合标准的数据元",
        "检查的数据元",
        "elements that meet the standard",
        "elements checked",
    ),
    "model": Indicator(
        "conformity",
        "数据模型",
        "Data model",
        "符合模型的数据元",
        "检查的数据元",
        "elements that fit the model",
        "elements checked",
    ),
    "metadata": Indicator(
        "conformity",
        "元数据",
        "Metadata",
        "符合元数据的数据元",
        "检查的数据元",
        "elements that fit the metadata",
        "elements checked",
    ),
    "business": Indicator(
        "conformity",
        "业务规则",
        "Business rules",
        "符合业务规则的数据元",
        "检查的数据元",
        "elements that keep the business rules",
        "elements checked",
    ),
    "reference": Indicator(
        "conformity",
        "权威参考数据",
        "Reference data",
        "符合参考数据的数据元",
        "检查的数据元",
        "elements that agree with reference data",
        "elements checked",
    ),
    "security": Indicator(
        "conformity",
        "安全规范",
        "Security",
        "符合安全规范的数据元",
        "检查的数据元",
        "elements that keep the rules of security",
        "elements checked",
    ),
    "elements": Indicator(
        "completeness",
        "数据元素完整性",
        "Elements",
        "已填的必填数据元",
        "必填数据元",
        "required elements filled",
        "required elements",
    ),
    "records": Indicator(
        "completeness",
        "数据记录完整性",
        "Records",
        "已有记录",
        "应有记录（外部框）",
        "records present",
        "records of the outside frame",
    ),
    "content": Indicator(
        "accuracy",
        "内容正确性",
        "Content",
        "与核实样本一致的值",
        "核实样本",
        "values that agree with the sample",
        "values confirmed on the spot",
    ),
    "format": Indicator(
        "accuracy", "格式合规性", "Format", "格式正确的值", "检查的值", "values of the right form", "values checked"
    ),
    "duplication": Indicator(
        "accuracy", "数据重复率", "Duplication", "不重复的记录", "记录", "records that repeat none", "records"
    ),
    "uniqueness": Indicator("accuracy", "数据唯一性", "Uniqueness", "唯一的键", "键", "keys held once", "keys"),
    "dirt": Indicator("accuracy", "脏数据出现率", "Dirt", "不脏的记录", "记录", "records without dirt", "records"),
    "same": Indicator(
        "consistency",
        "相同数据一致性",
        "Same data",
        "两处相同的值",
        "比对的值对",
        "values that are the same in both places",
        "pairs of values compared",
    ),
    "related": Indicator(
        "consistency",
        "关联数据一致性",
        "Related data",
        "成立的关系",
        "检查的关系",
        "relations that hold",
        "relations checked",
    ),
    "period": Indicator(
        "timeliness",
        "基于时间段的正确性",
        "Period",
        "日期在期内的记录",
        "记录",
        "records dated within the period",
        "records",
    ),
    "punctual": Indicator(
        "timeliness",
        "基于时间点的及时性",
        "Punctuality",
        "按期更新的记录",
        "应更新的记录",
        "records brought up to date in time",
        "records due",
    ),
    "order": Indicator(
        "timeliness", "时序性", "Order", "次序正确的记录", "检查的记录", "records in the right order", "records checked"
    ),
    "reachable": Indicator(
        "accessibility", "可访问", "Reachable", "成功的读取", "读取", "readings that succeeded", "readings"
    ),
    "usable": Indicator(
        "accessibility",
        "可用性",
        "Usable",
        "有效期内可用的读取",
        "读取",
        "usable readings within their term",
        "readings",
    ),
}
"""Rates that are better when lower (重复率, 脏数据) are kept as their complement, so that 1 is best everywhere."""
GRADES: tuple[tuple[str, float], ...] = (("A", 0.98), ("B", 0.95), ("C", 0.9), ("D", 0.8), ("E", 0.0))
"""五级评级: the least share of each grade. Five grades as in DB11/T 2317-2024; the bounds are our default."""


def grade(share: float | None) -> str:
    """The grade of a share, or "" where nothing was counted."""
    return "" if share is None else next(name for name, least in GRADES if share >= least)
