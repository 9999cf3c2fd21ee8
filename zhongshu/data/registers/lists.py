"""登记清单 lists of the registers: search, and the list behind every count. Personal columns come masked, always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.registers import numbers
from zhongshu.data.registers.blocks import measure_of
from zhongshu.data.registers.subjects import Subject, subject_of
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput

SIZE = 50
"""Rows of one page."""
SHORT = 2
"""Characters below which nothing is looked for: half a city would answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words, and the count whose list it is. `under` are the digits of a division or grid."""

    subject: str
    words: str = ""
    under: str = ""
    measure: str = ""
    band: str = ""
    after: int = 0


_COLUMNS = {
    "person": "id, place, name, id_number, phone, sex, born, kind, house, care, sources, records, as_of, merged_into",
    "house": "id, place, name, code, owner, use, area, rent_registered, safety, sources, records, as_of, merged_into",
    "organisation": "id, place, name, credit_code, kind, legal_person, phone, industry, employees, sources, records,"
    " as_of, merged_into",
}


def listed(viewer: Viewer, asked: Asked) -> list[dict[str, Any]]:
    """Rows of a register that this viewer may see, by id, at most SIZE + 1: one more says that there are more."""
    subject = subject_of(asked.subject)
    if 0 < len(asked.words) < SHORT:
        return []
    ids = _found(viewer, subject, asked) if len(asked.words) >= SHORT else None
    wheres, given = _counted(subject, asked)
    if ids is not None:
        wheres.append("t.id = ANY (%(ids)s)")
        given["ids"] = ids
    given |= {"after": asked.after, "lo": asked.under, "hi": asked.under + "~", "size": SIZE + 1}
    inside = (
        f"SELECT DISTINCT t.id FROM {_source(asked, subject)} WHERE {' AND '.join(wheres)} ORDER BY 1 LIMIT %(size)s"
    )
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(inside, given)
        wanted = [row[0] for row in cursor.fetchall()]
        return _shown(cursor, subject, wanted)


def _source(asked: Asked, subject: Subject) -> str:
    return measure_of(asked.measure).source if asked.measure else f"{subject.table} t"


def _counted(subject: Subject, asked: Asked) -> tuple[list[str], dict[str, Any]]:
    wheres = ["t.id > %(after)s", "t.place >= %(lo)s", "t.place < %(hi)s"]
    given: dict[str, Any] = {}
    if asked.measure:
        measure = measure_of(asked.measure)
        if measure.subject != subject.name:
            raise BadInput(f"measure: {measure.name} is not counted in {subject.name} / 该登记库没有此统计量")
        wheres.append(f"({measure.where})")
        if asked.band:
            wheres.append(f"{measure.band} = %(band)s")
            given["band"] = asked.band
    else:
        wheres.append("t.valid_to IS NULL")
    return wheres, given


def _shown(cursor: Any, subject: Subject, ids: Sequence[int]) -> list[dict[str, Any]]:
    cursor.execute(
        f"SELECT {_COLUMNS[subject.name]} FROM {subject.table}_shown WHERE id = ANY (%s) ORDER BY id", [list(ids)]
    )
    return dicts(cursor)


def shown(viewer: Viewer, subject_name: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Masked rows by id, those that this viewer may see."""
    subject = subject_of(subject_name)
    with viewing(viewer), connections[APP].cursor() as cursor:
        return {row["id"]: row for row in _shown(cursor, subject, ids)}


_LOOKED = {
    "person": "name LIKE %(start)s OR id_number = %(number)s OR phone = %(words)s",
    "house": "name LIKE %(start)s OR name LIKE %(inside)s OR code = %(words)s",
    "organisation": "name LIKE %(start)s OR name LIKE %(inside)s OR credit_code = %(words)s OR phone = %(words)s",
}


def _found(viewer: Viewer, subject: Subject, asked: Asked) -> list[int]:
    """Ids by name, number, telephone or address: the screens' own role can't read these, so the span narrows here."""
    words = asked.words.strip()
    number, _ = numbers.identity(pa.array([words]))
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = {"words": words.upper(), "number": number[0].as_py(), "start": f"{plain}%", "inside": f"%{plain}%"}
    given |= {"lo": max(viewer.span.lo, asked.under), "hi": viewer.span.hi, "under": f"{asked.under}~"}
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {subject.table} WHERE ({_LOOKED[subject.name]}) AND place >= %(lo)s"
            " AND place < %(hi)s AND place < %(under)s AND valid_to IS NULL ORDER BY id LIMIT 2000",
            given,
        )
        return [int(row[0]) for row in cursor.fetchall()]
