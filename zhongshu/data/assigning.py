"""指派与撤回 in whose hands a task is: what assignments and withdrawals change, and what may still be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connections

from zhongshu.data.changes import Changes
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
WITHDRAWALS = (Kind.ASSIGNMENT_WITHDRAWN, Kind.SUPERVISION_WITHDRAWN)


def _assigned(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, claimed=f.payload["person"])


def _put_back(c: Changes, f: Fact) -> None:
    c.patch("case", f.subject, claimed=f.payload["was"])


def _unsupervised(c: Changes, f: Fact) -> None:
    c.add("case", f.subject, supervised=-1)


RULES: Mapping[str, Rule] = {
    Kind.ASSIGNED: _assigned,
    Kind.ASSIGNMENT_WITHDRAWN: _put_back,
    Kind.SUPERVISION_WITHDRAWN: _unsupervised,
}

_LAST = """
SELECT id, kind, at, coalesce((payload->>'by')::bigint, 0) AS "by", coalesce((payload->>'was')::bigint, 0) AS was
FROM ledger WHERE subject = %s AND kind = ANY (%s) ORDER BY recorded_at DESC, seq DESC LIMIT 1
"""


def last(case: int, kinds: Sequence[str]) -> dict[str, Any] | None:
    """The latest fact of these kinds or of their withdrawal: {id, kind, at, by, was}, None when there is none."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_LAST, [case, [*kinds, *WITHDRAWALS]])
        found = dicts(cursor)
    return found[0] if found else None


_COLLEAGUES = """
SELECT DISTINCT a.id, coalesce(nullif(a.first_name || a.last_name, ''), a.username) FROM auth_user a
JOIN data_personinpost h ON h.user_id = a.id AND h.valid_from <= now() AND (h.valid_to IS NULL OR h.valid_to > now())
JOIN data_post p ON p.code = h.post AND p.valid_to IS NULL
WHERE a.is_active AND p.unit = %s ORDER BY 2, 1 LIMIT 200
"""


def colleagues(unit: str) -> list[tuple[int, str]]:
    """担当人: (user id, name) of those who hold a post in this unit today."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_COLLEAGUES, [unit])
        return list(cursor.fetchall())
