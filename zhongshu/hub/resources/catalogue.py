"""目录 what people and commands ask of the catalogue: a masked sample, the matrix of gaps, lineage, the export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhongshu.data.catalogue import counting, dcat, entries, gaps, lineage, reading, sources
from zhongshu.data.figures import rules
from zhongshu.hub.resources.moves import BUREAU
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import Level

SAMPLE = 8
"""Rows of a data set that its page shows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """样例: `heads` are names of items, `rows` masked texts; `why` says why there are none."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: str = ""


def sample(viewer: Viewer, found: entries.Dataset) -> Sample:
    """The first rows within the viewer's range, every value masked by what it is."""
    heads = tuple(item.name for item in found.items)
    if found.secret != "none":
        return Sample(heads, (), "涉密标识的资源不显示样例 · a data set with a secret mark shows no rows")
    known = entries.meanings()
    kinds = {item.item: mask_of(item, known.get(item.element)) for item in found.items}
    try:
        held = reading.masked(found, kinds, SAMPLE, viewer.span)
    except BadInput as error:
        return Sample(heads, (), str(error))
    columns = [held[item.item].to_pylist() for item in found.items]
    return Sample(heads, tuple(zip(*columns, strict=True)))


MEANT = {"phone": "phone", "name": "name", "address": "address", "identity": "number"}
"""What an element means -> how it is masked, whatever its grade."""


def mask_of(item: entries.Item, meaning: entries.Meaning | None = None) -> str:
    """How anybody may see the values of an item (MASKS): by what it means, its share type and its grade."""
    if item.share == "3":
        return "withheld"
    kind = meaning.mask if meaning and meaning.mask != "none" else item.type
    if kind in MEANT:
        return MEANT[kind]
    if item.share == "1" and item.grade in ("", "1", "2"):
        return "clear"
    if item.type in ("date", "time"):
        return "year"
    # The first letter of a code is the code.
    return "text" if item.type == "text" else "hidden"


def departments(knowledge: Knowledge) -> dict[str, str]:
    """Unit -> line of work."""
    return {code: unit.kind for code, unit in knowledge.units.items()}


def districts(knowledge: Knowledge) -> list[str]:
    return [code for code in knowledge.names if knowledge.scheme.level(code) is Level.DISTRICT]


def matrix(knowledge: Knowledge, now: datetime) -> dict[tuple[str, str], gaps.Cell]:
    """The gaps of every department in every district."""
    return gaps.matrix(entries.every().values(), counting.held(), departments(knowledge), districts(knowledge), now)


def ground(at: datetime | None = None) -> lineage.Ground:
    """What lineage is read from, as in force."""
    held = rules.in_force(at).formulas
    formulas = {code: (one.numerator, one.denominator) for code, one in held.items()}
    return lineage.Ground(entries.every(at), sources.every(at), sources.systems(at), formulas)


def publisher(knowledge: Knowledge) -> str:
    """The city's data bureau, which puts the catalogue out; else any unit of the city."""
    held = [unit for unit in knowledge.units.values() if unit.level is Level.CITY]
    found = next((unit for unit in held if unit.kind == BUREAU), None) or next(iter(held), None)
    return found.code if found else BUREAU


def export(about: Mapping[str, Any], knowledge: Knowledge, base: str, form: str) -> str:
    """The catalogue as DCAT-AP 3. BadInput for another form than turtle, json-ld or xml."""
    if form not in dcat.FORMATS:
        raise BadInput(f"format: found {form!r}, expected one of {', '.join(dcat.FORMATS)}")
    units = {code: (unit.name, unit.name_en) for code, unit in knowledge.units.items()}
    city = dcat.City(about["name"], about["title_en"], base.rstrip("/"), publisher(knowledge), units)
    return dcat.export(city, entries.every().values(), counting.held(), form)
