"""数据元与表单清单 every element and form in force with what people decided about them, read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD
from zhongshu.data.elements.matching import Candidate, candidates, pair_key
from zhongshu.data.elements.shapes import Book, Element, Field, Form, same_by

JOINED, PARTED = "joined", "parted"
"""What a person says of two elements: the same, or not."""
_IN_FORCE = "t.valid_from <= coalesce(%s, now()) AND (t.valid_to IS NULL OR t.valid_to > coalesce(%s, now()))"
_ELEMENTS = f"""
SELECT jsonb_build_object('code', code, 'name', name, 'definition', definition, 'type', type, 'subject', subject,
  'name_en', name_en, 'codes', codes, 'source', source, 'unit', unit, 'cycle', cycle, 'grade', grade,
  'personal', personal, 'sensitive', sensitive, 'mask', mask, 'seconds', seconds, 'definition_en', definition_en)::text
FROM data_element t WHERE {_IN_FORCE}
"""
_FORMS = f"""
SELECT jsonb_build_object('code', code, 'name', name, 'asker', asker, 'subject', subject, 'cycle', cycle,
  'per_hundred', per_hundred, 'name_en', name_en, 'level', level, 'basis', basis, 'until', until,
  'return_promise', return_promise)::text
FROM data_form t WHERE {_IN_FORCE}
"""
_FIELDS = f"SELECT form, field, name, element FROM data_formfield t WHERE {_IN_FORCE} ORDER BY form, field"
_ITEMS = f"SELECT list, value, name, name_en FROM data_codeitem t WHERE {_IN_FORCE} ORDER BY list, value"


def book(at: datetime | None = None) -> Book:
    """Elements and forms of the pack in force, forms that came through the gate, and every decision about them."""
    elements = {row["code"]: Element(**row) for row in _objects(_ELEMENTS, at, at)}
    forms = {form.code: form for form in (*_of_pack(at), *_admitted(elements))}
    for code, turn in turns().items():
        if code in forms:
            forms[code] = replace(forms[code], state=turn["state"], into=turn["given"].get("into", ""))
    joined = [pair for pair, said in verdicts().items() if said["given"]["verdict"] == JOINED]
    return Book(elements, forms, same_by((_halves(pair) for pair in joined), elements))


def _halves(pair: str) -> tuple[str, str]:
    first, _, second = pair.partition("|")
    return first, second


def _of_pack(at: datetime | None) -> Iterable[Form]:
    fields: dict[str, list[Field]] = {}
    for form, field, name, element in _rows(_FIELDS, at, at):
        fields.setdefault(form, []).append(Field(field, name, element))
    for row in _objects(_FORMS, at, at):
        until = date.fromisoformat(row.pop("until")) if row["until"] else row.pop("until")
        yield Form(**row, until=until, fields=tuple(fields.get(row["code"], ())))


_ADMITTED = """
SELECT jsonb_build_object('id', id, 'subject', subject, 'title', title, 'asker', asker, 'given', given)::text
FROM proceeding WHERE family = 'admission' AND state IN ('admitted', 'lapsed')
"""


def _admitted(elements: Mapping[str, Element]) -> Iterable[Form]:
    for row in _objects(_ADMITTED):
        given = row["given"]
        names = {code: elements[code].name for code in given["elements"] if code in elements}
        yield Form(
            row["subject"].partition(":")[2],
            row["title"],
            row["asker"],
            given["about"],
            given["cycle"],
            float(given["per_hundred"]),
            tuple(Field(f"{n:02d}", names[code], code) for n, code in enumerate(names, 1)),
            level=given["level"],
            basis=given["basis"],
            until=date.fromisoformat(given["until"]),
            return_promise=given.get("return_promise", ""),
            admitted=True,
        )


_LATEST = """
SELECT DISTINCT ON (subject) jsonb_build_object('id', id, 'subject', subject, 'state', state, 'given', given,
  'people', people, 'at', changed_at)::text
FROM proceeding WHERE family = %s AND state = ANY (%s) ORDER BY subject, changed_at DESC, id DESC
"""


def _latest(family: str, *states: str) -> dict[str, dict[str, Any]]:
    return {row["subject"].partition(":")[2]: row for row in _objects(_LATEST, family, list(states))}


def reviews() -> dict[str, dict[str, Any]]:
    """Form -> the proceeding in which it is being looked at."""
    return _latest("form", "reviewing")


def turns() -> dict[str, dict[str, Any]]:
    """Form -> what was decided about it last: id, state, given (reason, into), at."""
    return _latest("form", "kept", "stopped", "merged", "served")


def verdicts() -> dict[str, dict[str, Any]]:
    """Pair of elements -> what was said of them last; `given.verdict` is joined or parted."""
    return _latest("same", "settled")


def _rows(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(statement, list(given))
        return list(cursor.fetchall())


def _objects(statement: str, *given: Any) -> list[dict[str, Any]]:
    return [orjson.loads(text) for (text,) in _rows(statement, *given)]


def lists(at: datetime | None = None, english: bool = False) -> dict[str, dict[str, str]]:
    """Code list -> value -> name; in English where there is one when asked so."""
    found: dict[str, dict[str, str]] = {}
    for name, value, words, words_en in _rows(_ITEMS, at, at):
        found.setdefault(name, {})[value] = (english and words_en) or words
    return found


def doubtful(found: Book, at: datetime | None = None) -> list[Candidate]:
    """Pairs that may mean the same and of which nobody has said yet whether they do."""
    names = {name: frozenset(values.values()) for name, values in lists(at).items()}
    asked = [frozenset(form.elements) for _, form in sorted(found.forms.items())]
    settled = verdicts()
    return [
        one
        for one in candidates(found.elements.values(), names, asked)
        if one.key not in settled and found.one(one.first) != found.one(one.second)
    ]


def known_pair(found: Book, pair: str) -> bool:
    first, second = _halves(pair)
    return first in found.elements and second in found.elements and pair == pair_key(first, second) and first != second


_HOUSEHOLDS = """
SELECT coalesce(sum(households), 0), count(*) FROM data_grid
WHERE valid_to IS NULL AND kind = 'base' AND households > 0 AND division >= %s AND division < %s
  AND (%s = '' OR code = %s)
"""


def households(span: tuple[str, str], grid: str = "") -> tuple[float, int]:
    """(households of one worker on average, workers) of the base grids between two division codes, or of one grid.

    One worker answers for one base grid (一格一员).
    """
    ((total, workers),) = _rows(_HOUSEHOLDS, *span, grid, grid)
    return (total / workers if workers else 0.0), int(workers)
