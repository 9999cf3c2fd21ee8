"""档案 one entity: every value with the source it rests on and its age, what others say, where it lived, who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.people import names, title_of
from zhongshu.data.registers.settling import order, ranked, ranks
from zhongshu.data.registers.subjects import Item, Subject, subject_of
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import MASKS, Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role

READERS = frozenset({Role.HANDLER, Role.OPERATOR, Role.CHECKER, Role.CHIEF})
"""Who may read a record in clear: those who visit, take in, check and supervise; each time with a purpose, logged."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One source's word on one item; `verified` when somebody saw that it is so."""

    value: Any
    dataset: str
    as_of: date
    verified: date | None
    rank: int


@dataclass(frozen=True, slots=True)
class Value:
    """取值 of an item: the saying that counts, and all others, the next best first. `differs` when they don't agree."""

    item: Item
    best: Saying
    others: tuple[Saying, ...]

    @property
    def differs(self) -> bool:
        return any(one.value != self.best.value for one in self.others)


def values(subject: Subject, entity: int) -> list[Value]:
    """Every item of an entity with its provenance, in clear: for what runs inside, as pre-filling a form.

    Screens ask `profile`, which masks or logs.
    """
    known = ranks(ROAD)
    found = []
    with connections[ROAD].cursor() as cursor:
        for item in subject.items:
            cursor.execute(
                f"SELECT {item.said}, r.dataset, r.as_of, r.verified FROM {subject.records} r"
                f" WHERE r.entity IN (SELECT id FROM {subject.table} WHERE id = %s OR merged_into = %s)"
                f" AND r.valid_to IS NULL AND {item.filled} ORDER BY {order(subject, item, known)}",
                [entity, entity],
            )
            given = ranked(known, subject.name, item.name)
            sayings = [
                Saying(value, name, day, seen, given.get(name, 99)) for value, name, day, seen in cursor.fetchall()
            ]
            if sayings:
                found.append(Value(item, sayings[0], tuple(sayings[1:])))
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """档案 as a viewer sees it. `clear` when personal values are shown as they are; otherwise they are masked."""

    subject: str
    row: Mapping[str, Any]
    values: Sequence[Value]
    clear: bool


def profile(viewer: Viewer, subject_name: str, entity: int, purpose: str = "") -> Profile:
    """One entity; with a purpose in clear, and then the read is logged. NotFound, IllegalMove as `reveal` says."""
    subject = subject_of(subject_name)
    row = _row(viewer, subject, entity)
    if purpose.strip():
        note(viewer, subject, [entity], purpose)
    elif purpose:
        raise BadInput("purpose: found nothing, expected why it must be read / 请填写查阅事由")
    found = values(subject, row["merged_into"] or entity)
    clear = bool(purpose)
    return Profile(subject.name, row, found if clear else [_masked(one) for one in found], clear)


def _row(viewer: Viewer, subject: Subject, entity: int) -> dict[str, Any]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {subject.table}_shown WHERE id = %s", [entity])
        found = dicts(cursor)
    if not found:
        raise NotFound(f"there is no {subject.name} {entity} here / 没有这份档案，或不在您的范围内")
    return found[0]


def _masked(value: Value) -> Value:
    kind = value.item.mask
    if not kind:
        return value
    return Value(value.item, _mask(value.best, kind), tuple(_mask(one, kind) for one in value.others))


def _mask(one: Saying, kind: str) -> Saying:
    return Saying(MASKS[kind](str(one.value)), one.dataset, one.as_of, one.verified, one.rank)


def note(viewer: Viewer, subject: Subject, entities: Sequence[int], purpose: str, items: str = "*") -> None:
    """Log a read of personal data in clear, one row for each entity. IllegalMove for a post that may not read."""
    if not viewer.roles & READERS:
        raise IllegalMove("this post may not read personal data in clear / 本岗位不能查看个人信息明文")
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'INSERT INTO personal_read (subject, entity, items, post, "user", purpose, at)'
            " SELECT %s, id, %s, %s, %s, %s, now() FROM unnest(%s::bigint[]) id",
            [subject.name, items, viewer.post, viewer.user, purpose.strip(), list(entities)],
        )


# A view with a security barrier isn't looked into by key in a join: all its millions of rows would be read. Into a
# subquery of its own, which OFFSET 0 keeps apart, the key goes down.
_EPISODES = """
SELECT t.id, t.person, t.house, t.since, t.until, t.relation, t.dataset, t.as_of, h.name AS address, h.place,
  p.name, p.sex, p.born
FROM residence t
LEFT JOIN LATERAL (SELECT name, place FROM house_shown WHERE id = t.house OFFSET 0) h ON true
LEFT JOIN LATERAL (SELECT name, sex, born FROM person_shown WHERE id = t.person OFFSET 0) p ON true
WHERE {side} = ANY (%s) ORDER BY t.until DESC NULLS FIRST, t.since DESC NULLS LAST, t.id
"""


def residences(viewer: Viewer, subject_name: str, entity: int) -> list[dict[str, Any]]:
    """Where a person lived, or who lived in a house, those that live there now first; within the viewer's span."""
    side = {"person": "t.person", "house": "t.house"}.get(subject_name)
    if side is None:
        return []
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_EPISODES.format(side=side), [[entity]])
        return dicts(cursor)


@dataclass(frozen=True, slots=True)
class Look:
    """一次查阅: who read this record in clear, in which post, when, why, and what."""

    at: datetime
    post: str
    person: str
    purpose: str
    items: str
    post_en: str = ""


_LOOKS = """
SELECT r.at, r.post, r."user", r.purpose, r.items, p.name, u.name, p.name_en, u.name_en FROM personal_read r
LEFT JOIN data_post p ON p.code = r.post AND p.valid_to IS NULL
LEFT JOIN data_unit u ON u.code = p.unit AND u.valid_to IS NULL
WHERE r.subject = %s AND r.entity = %s ORDER BY r.id DESC LIMIT 200
"""


def looks(viewer: Viewer, subject_name: str, entity: int) -> list[Look]:
    """谁看过: every logged read of a record that this viewer may see, newest first."""
    subject = subject_of(subject_name)
    _row(viewer, subject, entity)
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_LOOKS, [subject.name, entity])
        found = cursor.fetchall()
    people = names({row[2] for row in found}) if found else {}
    return [
        Look(
            at,
            title_of(unit or "", post_name or post),
            people.get(user, "—"),
            purpose,
            items,
            title_of(unit_en, post_en) if post_en and unit_en else "",
        )
        for at, post, user, purpose, items, post_name, unit, post_en, unit_en in found
    ]
