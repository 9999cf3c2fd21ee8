"""找目录 which data sets are meant: words over names and items; by kind, provider, share type and element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhongshu.data.catalogue.entries import Dataset


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty field asks for nothing. `units` names providers by code."""

    words: str = ""
    kind: str = ""
    provider: str = ""
    share: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A data set that is meant, and the items whose names hold the words."""

    dataset: Dataset
    items: tuple[str, ...]


def find(every: Iterable[Dataset], wanted: Wanted, units: Mapping[str, str]) -> list[Hit]:
    """Those that hold every word and fit every filter, in the order of the catalogue. `units`: code -> name."""
    words = wanted.words.lower().split()
    found = []
    for one in every:
        if _fits(one, wanted) and all(word in _text(one, units) for word in words):
            named = tuple(i.item for i in one.items if any(word in f"{i.name} {i.item}".lower() for word in words))
            found.append(Hit(one, named))
    return found


def _fits(one: Dataset, wanted: Wanted) -> bool:
    return (
        wanted.kind in ("", one.kind)
        and wanted.provider in ("", one.provider)
        and (not wanted.share or any(item.share == wanted.share for item in one.items))
        and (not wanted.element or any(item.element == wanted.element for item in one.items))
    )


def _text(one: Dataset, units: Mapping[str, str]) -> str:
    parts = [one.dataset, one.name, one.name_en, one.summary, one.number, units.get(one.provider, one.provider)]
    parts += [f"{item.item} {item.name} {item.element}" for item in one.items]
    return " ".join(parts).lower()
