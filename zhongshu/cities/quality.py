"""质量规则检查 what is wrong with the quality rules of a pack beyond what each cell shows by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhongshu.cities.read import LINE, Pack, Row
from zhongshu.data.quality import rules
from zhongshu.data.quality.rules import Rule
from zhongshu.kernel.errors import Flaw

FILE = "quality_rules.csv"
_OWN = ("code", "dataset", "item", "indicator", "kind", "value", "against", "keys", "condition")


def faults(pack: Pack) -> Iterator[Flaw]:
    """Parameters that can't be read; items, data sets and code lists that the catalogue of the pack doesn't know."""
    items: dict[str, set[str]] = {}
    for row in pack.rows("dataset_items"):
        items.setdefault(row["dataset"], set()).add(row["item"])
    lists = {row["list"] for row in pack.rows("code_lists")}
    for row in pack.rows("quality_rules"):
        rule = Rule(**{name: row[name] for name in _OWN})
        wrong = rules.fault(rule)
        if wrong:
            yield Flaw(FILE, row[LINE], *wrong)
        else:
            yield from _unknown(row, rule, items)
            yield from _list(row, lists)


def _unknown(row: Row, rule: Rule, items: Mapping[str, set[str]]) -> Iterator[Flaw]:
    """Only a pack that has a catalogue can say that it doesn't know an item."""
    if not items:
        return
    other = rule.other[0]
    for field, dataset, wanted in (("item", rule.dataset, rule.reads()), ("against", other, rule.reads_of_other())):
        if dataset and dataset not in items:
            yield Flaw(FILE, row[LINE], "dataset" if field == "item" else field, dataset, "a code of datasets")
        elif dataset:
            lacking = sorted(wanted - items[dataset])
            yield from (Flaw(FILE, row[LINE], field, one, f"an item of {dataset}") for one in lacking)


def _list(row: Row, lists: set[str]) -> Iterator[Flaw]:
    name = row["value"].removeprefix("list:") if row["kind"] == "choices" else row["value"]
    if name != row["value"] and lists and name not in lists:
        yield Flaw(FILE, row[LINE], "value", row["value"], "a list of code_lists")
