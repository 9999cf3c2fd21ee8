"""查询凭单 passes: how a person without an account learns who read his own record.

An officer who saw the person's paper gives out a code. It opens once, within a day, together with the end of the number
on that paper; what it opens names units, purposes and moments, never who sat there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.registers import profiles
from zhongshu.data.registers.settling import family
from zhongshu.data.registers.subjects import subject_of
from zhongshu.data.sharing import zone
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound

PROOFS = ("id_card", "household_book", "passport", "face")
"""证明 what the officer saw: 身份证, 户口簿, 护照等证件, or 人证核验 by a machine."""
HOURS = 24
TRIES = 5
ENDING = 4
"""Characters of the number that the person types."""
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What can't be taken for another letter on paper."""
GROUPS, EACH = 3, 4


def code() -> str:
    """A new code as people type it: XXXX-XXXX-XXXX, some 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))


def _digest(told: str) -> str:
    plain = "".join(letter for letter in told.upper() if letter in LETTERS)
    return hashlib.sha256(f"zhongshu.pass:{plain}".encode()).hexdigest()


def issue(viewer: Viewer, person: int, proof: str, now: datetime) -> str:
    """A code for a person whose paper this officer saw. Raises BadInput, IllegalMove or NotFound."""
    if proof not in PROOFS:
        raise BadInput(f"proof: found {proof!r}, expected one of {', '.join(PROOFS)} / 请选择核验方式")
    if not viewer.roles & profiles.READERS:
        raise IllegalMove("this post may not give out passes / 本岗位不能开具查询凭单")
    row = profiles.profile(viewer, "person", person).row
    if not _endings(person):
        raise IllegalMove("this record has no number of a paper to be asked for / 档案没有证件号码，请先补录")
    secret = code()
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'INSERT INTO record_pass (person, place, code, proof, post, "user", at, until, tries)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0)",
            [
                person,
                row["place"],
                _digest(secret),
                proof,
                viewer.post,
                viewer.user,
                now,
                now + timedelta(hours=HOURS),
            ],
        )
    return secret


def _endings(person: int) -> set[str]:
    """The last characters of every number that the person's records tell."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT right(upper(id_number), %s) FROM person_record"
            " WHERE entity = ANY (%s) AND valid_to IS NULL AND length(id_number) >= %s",
            [ENDING, family(subject_of("person"), [person]), ENDING],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def given(viewer: Viewer, person: int) -> list[dict[str, Any]]:
    """Passes of a record that this viewer may see, newest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT id, proof, post, at, until, used_at FROM record_pass WHERE person = %s ORDER BY id DESC LIMIT 20",
            [person],
        )
        return dicts(cursor)


@dataclass(frozen=True, slots=True)
class Reading:
    """一次查阅 as the person whose record it is sees it: `unit` is a code, `what` the data set or register."""

    at: datetime
    unit: str
    purpose: str
    what: str


def use(secret: str, ending: str, now: datetime) -> list[Reading]:
    """What a code opens, once. NotFound for a code that is unknown, used, lapsed or tried too often.

    BadInput for a wrong ending; the try is kept although nothing else is.
    """
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE record_pass SET tries = tries + 1 WHERE code = %s AND used_at IS NULL AND until > %s AND tries < %s"
            " RETURNING id, person, tries",
            [_digest(secret), now, TRIES],
        )
        row = cursor.fetchone()
        right = row is not None and ending.strip().upper() in _endings(row[1])
        if row is not None and right:
            cursor.execute("UPDATE record_pass SET used_at = %s WHERE id = %s", [now, row[0]])
    if row is None:
        raise NotFound("this code is unknown, used or lapsed / 查询码无效、已使用或已过期")
    if not right:
        left = TRIES - row[2]
        raise BadInput(f"ending: not the end of that number, {left} tries left / 证件号码后四位不符，还可试 {left} 次")
    return readings(row[1])


_READINGS = """
SELECT r.at, coalesce(p.unit, u.unit, ''), r.purpose, coalesce(nullif(r.dataset, ''), r.subject)
FROM personal_read r
LEFT JOIN data_post p ON p.code = r.post AND p.valid_to IS NULL
LEFT JOIN share_use u ON u.id = r.use AND r.use <> 0
WHERE (r.subject = 'person' AND r.entity = ANY (%s)) OR (r.whose <> '' AND r.whose = ANY (%s))
ORDER BY r.at DESC LIMIT 500
"""


def readings(person: int) -> list[Reading]:
    """谁查过我: every logged reading of a person's record, and of his rows in shared data sets, newest first."""
    entities = family(subject_of("person"), [person])
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_READINGS, [entities, _whose(entities)])
        return [Reading(*row) for row in cursor.fetchall()]


def _whose(entities: Sequence[int]) -> list[str]:
    """The keyed hashes of his numbers in the sharing zone."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT id_number FROM person WHERE id = ANY (%s) AND id_number <> ''", [list(entities)]
        )
        return [zone.subject_of(str(row[0])) for row in cursor.fetchall()]
