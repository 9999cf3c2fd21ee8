"""下一件 the case that follows in the list that somebody works through, carried along as `from` in the addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.desk import page_of
from zhongshu.screen.pages.desk_filters import read_filters, spelt

FROM = "from"


def carried(query: Mapping[str, str]) -> str:
    """The list as what is put behind an address, "" when nobody came from one."""
    given = spelt(query.get(FROM, ""))
    return f"?{urlencode({FROM: urlencode(given)})}" if given else ""


def following(who: Viewer, query: Mapping[str, str], case: int, knowledge: Knowledge) -> dict[str, Any] | None:
    """The case after this one in the list as it is now, or its first when this one is done with; None at its end."""
    given = spelt(query.get(FROM, ""))
    if not given:
        return None
    listed = page_of(who, read_filters(given, knowledge, who.user), given, "").rows
    ids = [row["id"] for row in listed]
    at = ids.index(case) + 1 if case in ids else 0
    found = listed[at] if at < len(listed) else None
    address = f"{URLS['cases']}?{urlencode(given)}"
    url = f"{URLS['case']}{found['id']}{carried(query)}" if found else ""
    return {"url": url, "title": found["title"] if found else "", "list": address}
