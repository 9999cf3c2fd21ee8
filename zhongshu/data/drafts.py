"""草稿 drafts that an assistant wrote, as the ledger has them."""

from __future__ import annotations

from django.db import connections

from zhongshu.data.databases import ROAD


def text(case: int, draft: int) -> str | None:
    """What the fact `draft` of this case drafted, None when there is no such."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT payload->>'text' FROM ledger WHERE subject = %s AND id = %s AND kind = 'SummaryDrafted'",
            [case, draft],
        )
        row = cursor.fetchone()
    return str(row[0]) if row else None
