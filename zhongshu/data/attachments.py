"""附件 attachments: photos kept with the data; first stored, then tied to the case that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer


class File(Protocol):
    """Anything with a name, a media type, its bytes and their SHA-256."""

    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


def store(ids: Sequence[int], files: Sequence[File], shown: bool = False) -> None:
    """Keep files under given ids. Until they are tied to a case they belong to no place and nobody sees them.

    `shown`: their reporter lets people near by see them.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO attachment (id, name, mime, sha256, content, place, shown, created_at)"
            " VALUES (%s, %s, %s, %s, %s, '', %s, now())",
            [
                (one, file.name, file.mime, file.sha256, file.content, shown)
                for one, file in zip(ids, files, strict=True)
            ],
        )


def tie(ids: Sequence[int], case: int, report: int | None = None) -> None:
    """Say which case (and report) stored files belong to; they take its place."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'UPDATE attachment a SET "case" = c.id, report = %s, place = c.place FROM "case" c'
            " WHERE c.id = %s AND a.id = ANY (%s)",
            [report, case, list(ids)],
        )


def claim(ids: Sequence[int], subject: int, place: str) -> int:
    """As `tie`, for what is no case (a call, a directive); returns how many there were that belonged to nothing yet."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'UPDATE attachment SET "case" = %s, place = %s WHERE id = ANY (%s) AND "case" IS NULL AND report IS NULL',
            [subject, place, list(ids)],
        )
        return int(cursor.rowcount)


def drop(ids: Sequence[int]) -> None:
    """Forget files that were stored for something that was not taken in."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('DELETE FROM attachment WHERE id = ANY (%s) AND "case" IS NULL', [list(ids)])


def of_cases(viewer: Viewer, cases: Sequence[int]) -> dict[int, list[int]]:
    """Case -> its reporters' photos, as far as this viewer may see them."""
    found: dict[int, list[int]] = {}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            'SELECT "case", id FROM attachment WHERE "case" = ANY (%s) AND report IS NOT NULL'
            " AND mime LIKE 'image/%%' ORDER BY id",
            [list(cases)],
        )
        for case, one in cursor.fetchall():
            found.setdefault(case, []).append(one)
    return found


def content(viewer: Viewer, case: int, photo: int) -> tuple[str, bytes] | None:
    """(media type, bytes) of a file of a case that the viewer may see."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute('SELECT mime, content FROM attachment WHERE id = %s AND "case" = %s', [photo, case])
        row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]))


def consented(cases: Sequence[int]) -> list[tuple[int, int, str]]:
    """(case, photo, words of the report and of the case) that reporters let be seen; open cases without special need.

    By the case that the report is in now: a photo follows its report into another case.
    """
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            """SELECT c.id, a.id, r.text || ' ' || c.text
            FROM attachment a JOIN report r ON r.id = a.report JOIN "case" c ON c.id = r."case"
            WHERE c.id = ANY (%s) AND a.shown AND a.mime LIKE 'image/%%'
              AND c.closed_at IS NULL AND NOT c.special ORDER BY a.id""",
            [list(cases)],
        )
        return [(case, photo, words) for case, photo, words in cursor.fetchall()]


def shown_content(photo: int) -> bytes | None:
    """The bytes of a photo while its reporter lets it be seen."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT content FROM attachment WHERE id = %s AND shown AND mime LIKE 'image/%%'", [photo])
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def count(report: int) -> int:
    """How many photos and voice notes came with this report."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM attachment WHERE report = %s", [report])
        return int(cursor.fetchone()[0])


def shows(report: int) -> bool:
    """Whether photos of this report may be seen by people near by."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM attachment WHERE report = %s AND shown)", [report])
        return bool(cursor.fetchone()[0])


def hide(report: int) -> None:
    """Its reporter takes the consent back. No rebuild touches what is kept beside the ledger, so it stays so."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("UPDATE attachment SET shown = false WHERE report = %s AND shown", [report])
