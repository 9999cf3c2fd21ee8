"""目录条目 data sets and their items as they were in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone as clock

from zhongshu.data import models as rows
from zhongshu.data.databases import OWNER
from zhongshu.data.judging import split
from zhongshu.data.versions import in_force
from zhongshu.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Item:
    """信息项: `share` 1 unconditional, 2 conditional, 3 not shared; `grade` as declared; `type` as in the pack."""

    dataset: str
    item: str
    name: str
    element: str
    type: str
    key: bool
    share: str
    condition: str
    clause: str
    open: bool
    grade: str
    basis: str
    name_en: str = ""
    """As the pack says it, else the English name of its element."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """数据资源: the core metadata of one data set, with its items in the order of their columns."""

    dataset: str
    name: str
    name_en: str
    kind: str
    branch: str
    order_no: int
    provider: str
    summary: str
    format: str
    cycle: str
    stored: str
    lead: bool
    published: date | None
    secret: str
    retention_days: int
    basis: str
    related: tuple[str, ...]
    dated: str
    since: datetime
    items: tuple[Item, ...]

    @property
    def number(self) -> str:
        """信息资源代码: its class and the order number within it."""
        return f"{self.branch}/{self.order_no:06}"

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.item for one in self.items if one.key)

    @property
    def place(self) -> str:
        """The item that holds the division's code, or "" when its rows can't be cut by place."""
        return next((one.item for one in self.items if one.type == "place"), "")

    def item(self, name: str) -> Item | None:
        return next((one for one in self.items if one.item == name), None)


_ITEM: tuple[str, ...] = ("dataset", "item", "name", "element", "type", "key", "share", "condition", "clause", "open")
_ITEM += ("grade", "basis", "name_en")
_SET: tuple[str, ...] = (
    "code",
    "name",
    "name_en",
    "kind",
    "branch",
    "order_no",
    "provider",
    "summary",
    "format",
    "cycle",
    "stored",
)
_SET += ("lead", "published", "secret", "retention_days", "basis", "related", "dated", "valid_from")


def every(at: datetime | None = None, using: str = OWNER) -> dict[str, Dataset]:
    """Every data set in force by its name in programs, by class and number."""
    moment = at or clock.now()
    held: dict[str, list[Item]] = {}
    # The order of a data set's columns is the order in which the pack names them, which the keys keep.
    meant = dict(in_force(rows.Element, moment, using).values_list("code", "name_en"))
    for row in in_force(rows.DatasetItem, moment, using).order_by("id").values_list(*_ITEM):
        item = Item(*row)
        held.setdefault(row[0], []).append(replace(item, name_en=item.name_en or meant.get(item.element, "")))
    found = in_force(rows.Dataset, moment, using).order_by("branch", "order_no", "code").values(*_SET)
    return {row["code"]: _dataset(row, held.get(row["code"], [])) for row in found}


def _dataset(row: dict[str, object], items: list[Item]) -> Dataset:
    given = {
        **row,
        "dataset": row["code"],
        "since": row["valid_from"],
        "order_no": row["order_no"] or 0,
        "retention_days": row["retention_days"] or 0,
        "related": split(str(row["related"])),
        "items": tuple(items),
    }
    return Dataset(**{name: given[name] for name in Dataset.__dataclass_fields__})  # type: ignore[arg-type]


def retention(stored: str, using: str = OWNER) -> int:
    """Days that the rows stored there are kept, by the data set that they belong to; 0: nobody set an end."""
    found = in_force(rows.Dataset, clock.now(), using).filter(stored=stored).values_list("retention_days", flat=True)
    return min((days for days in found if days), default=0)


@dataclass(frozen=True, slots=True)
class Meaning:
    """数据元 of an item, as far as the catalogue tells of it; `source` is the data set whose word counts (数源)."""

    element: str
    name: str
    name_en: str
    definition: str
    codes: str
    subject: str
    source: str
    personal: bool
    sensitive: bool
    mask: str


_MEANING = ("code", "name", "name_en", "definition", "codes", "subject", "source", "personal", "sensitive", "mask")


def meanings(at: datetime | None = None, using: str = OWNER) -> dict[str, Meaning]:
    """The element registry in force, by element."""
    found = in_force(rows.Element, at or clock.now(), using).values_list(*_MEANING)
    return {row[0]: Meaning(*row) for row in found}


def one(dataset: str, at: datetime | None = None, using: str = OWNER) -> Dataset:
    """One data set in force; NotFound when the catalogue has none of that name."""
    found = every(at, using).get(dataset)
    if found is None:
        raise NotFound(f"there is no data set {dataset!r} in the catalogue / 目录中没有这个数据资源")
    return found
