"""血缘 from a source to a number on a screen and back: data set, item, element, table, fact, counter, figure, page.

Most edges are read from the definitions that the program itself works by, so that they can't say something else:
catalogue, sources, what a counter counts, what a formula combines. The few others are declared in lineage.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from django.apps import apps

from zhongshu.data.catalogue.entries import Dataset
from zhongshu.data.catalogue.sources import Source, System
from zhongshu.data.figures.counting import COUNTERS
from zhongshu.data.figures.formulas import names, parse
from zhongshu.kernel.facts import Kind

FIGURES = "page:/evaluation"
"""The page that shows every formula."""
STEPS = 12
"""Steps that are followed at most in one direction."""
_KIND = re.compile(r"'([A-Z]\w+)'")
_COUNTED = {"Filed": ("Decided", "Ruled"), "Due": ("Handled", "Evaluated", "Overdue"), "Late": ("Overdue",)}
_COUNTED |= {"LeftOut": ("Excluded", "ExclusionReviewed")}
"""What a counter counts that is no fact by itself, and the facts it is made of."""


@dataclass(frozen=True, slots=True)
class Edge:
    """血缘边: `origin` and `target` are kind:name; `how` says by what the one becomes the other."""

    origin: str
    target: str
    how: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What edges are read from. `formulas`: code -> (numerator, denominator)."""

    datasets: Mapping[str, Dataset]
    sources: Mapping[str, Source]
    systems: Iterable[System]
    formulas: Mapping[str, tuple[str, str]]


def declared() -> list[Edge]:
    """The edges of lineage.csv."""
    text = (files("zhongshu.data.catalogue") / "lineage.csv").read_text("utf-8")
    return [Edge(row["origin"], row["target"], row["how"]) for row in csv.DictReader(text.splitlines())]


def edges(ground: Ground) -> list[Edge]:
    """Every edge, those that are read first."""
    return [*_catalogue(ground), *_counters(), *_formulas(ground), *declared()]


def _catalogue(ground: Ground) -> Iterator[Edge]:
    for system in ground.systems:
        yield from (Edge(f"system:{system.system}", f"dataset:{one}", "写入 writes") for one in system.writes)
        yield from (Edge(f"dataset:{one}", f"system:{system.system}", "读取 reads") for one in system.reads)
    for source in ground.sources.values():
        yield Edge(f"system:{source.system}", f"source:{source.source}", source.schedule)
        yield Edge(f"source:{source.source}", f"dataset:{source.dataset}", f"{source.mode} {source.schedule}")
    for one in ground.datasets.values():
        yield from _dataset(one)


def _dataset(one: Dataset) -> Iterator[Edge]:
    way, _, where = one.stored.partition(":")
    held = {"table": where, "lake": where, "source": f"landing.{one.dataset}"}.get(way)
    if held:
        yield Edge(f"dataset:{one.dataset}", f"table:{held}", "存放 stored")
        yield Edge(f"table:{held}", "table:dataset_count", "盘点 counting.py")
    for item in one.items:
        yield Edge(f"dataset:{one.dataset}", f"item:{one.dataset}.{item.item}", "信息项 item")
        if item.element:
            yield Edge(f"item:{one.dataset}.{item.item}", f"element:{item.element}", "数据元 element")


def _counters() -> Iterator[Edge]:
    facts: set[str] = set()
    for counter, condition in COUNTERS.items():
        for kind in counted(condition):
            facts.add(kind)
            yield Edge(f"fact:{kind}", f"counter:{counter}", condition)
    yield from (Edge("table:ledger", f"fact:{kind}", "事实 fact") for kind in sorted(facts))


def counted(condition: str) -> list[str]:
    """The kinds of facts that a counter's condition names; a birth is that of a judged, unclear or warned case."""
    found = [kind for word in _KIND.findall(condition) for kind in _COUNTED.get(word, (word,))]
    return found or ["Judged", "Unclear", "Warned"]


def _formulas(ground: Ground) -> Iterator[Edge]:
    for code, parts in ground.formulas.items():
        text = " / ".join(filter(None, parts))
        for counter in sorted({name for part in parts if part for name in names(parse(part))}):
            yield Edge(f"counter:{counter}", f"formula:{code}", text)
        yield Edge(f"formula:{code}", FIGURES, "评价指标 figure")


def follow(every: Iterable[Edge], node: str, forward: bool) -> list[tuple[int, Edge]]:
    """Each edge on the way from a node, to what is made of it or back to what it is made of, with its distance."""
    by_end: dict[str, list[Edge]] = {}
    for edge in every:
        by_end.setdefault(edge.origin if forward else edge.target, []).append(edge)
    found: list[tuple[int, Edge]] = []
    seen, ring = {node}, [node]
    for step in range(1, STEPS + 1):
        after: list[str] = []
        for end in ring:
            for edge in by_end.get(end, ()):
                found.append((step, edge))
                other = edge.target if forward else edge.origin
                if other not in seen:
                    seen.add(other)
                    after.append(other)
        ring = after
    return found


def nodes(every: Iterable[Edge]) -> set[str]:
    return {end for edge in every for end in (edge.origin, edge.target)}


def dangling(ground: Ground, elements: set[str] | None = None) -> list[str]:
    """Ends that name nothing there is. Pages are looked at by the screens' own test; `elements` None: not looked at."""
    known = {
        "dataset": set(ground.datasets),
        "item": {f"{one.dataset}.{item.item}" for one in ground.datasets.values() for item in one.items},
        "source": set(ground.sources),
        "system": {one.system for one in ground.systems},
        "table": _tables() | {f"landing.{name}" for name in ground.datasets},
        "fact": {kind.value for kind in Kind},
        "counter": set(COUNTERS),
        "formula": set(ground.formulas),
    }
    if elements is not None:
        known["element"] = elements
    looked = ((end, *end.partition(":")[::2]) for end in sorted(nodes(edges(ground))))
    return [end for end, kind, name in looked if kind in known and name not in known[kind]]


def _tables() -> set[str]:
    return {"ledger", *(model._meta.db_table for model in apps.get_app_config("data").get_models())}
