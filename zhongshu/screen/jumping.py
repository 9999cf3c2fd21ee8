"""直达 jumping: from a few letters to a page or a case, whatever page somebody is on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils import timezone, translation
from pypinyin import Style, lazy_pinyin

from zhongshu.data import lists
from zhongshu.data.lists import Wanted
from zhongshu.kernel.access import Viewer
from zhongshu.screen import naming, resources
from zhongshu.screen.frame import GROUPS, URLS, nav

CASES_AT_MOST = 5
LEAST_DIGITS = 3
_NUMBER = re.compile(r"(?:\d{8}-)?(\d{1,18})\Z")
Found = dict[str, Any]


def pages(who: Viewer) -> list[Found]:
    """Every page that this person may open: label, url, and `under`, the menu or desk that it belongs to."""
    found = [
        {"label": one["label"], "url": one["url"], "under": GROUPS.get(one["group"], "")}
        for one in nav(who.roles, "")
        if one["key"] != "data"
    ]
    found += [{"label": label, "url": url, "under": GROUPS["data"]} for _key, label, url in resources.TABS]
    return [*found, {"label": naming.DESIGN, "url": URLS["design"], "under": ""}]


@cache
def _initials(chinese: str) -> str:
    return "".join(lazy_pinyin(chinese, style=Style.FIRST_LETTER)) + " " + "".join(lazy_pinyin(chinese))


def _words(label: Any) -> str:
    """Everything that a page answers to: its name in both languages, its pinyin and their initials."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(str(label).lower())
    return f"{said[0]} {said[1]} {_initials(said[0])}"


def matching(given: Iterable[Found], q: str) -> list[Found]:
    """The pages whose names hold every word of `q`; those that begin with it first."""
    terms = q.lower().split()
    held = [(_words(one["label"]), one) for one in given]
    fit = [(words, one) for words, one in held if all(term in words for term in terms)]
    return [one for _words, one in sorted(fit, key=lambda pair: not pair[0].startswith(tuple(terms) or ("",)))]


def numbered(who: Viewer, q: str) -> list[Found]:
    """The case of this number, or of the running part of a number, within what the viewer may see."""
    number = _NUMBER.match(q.strip())
    if number is None or len(number[1]) < LEAST_DIGITS:
        return []
    rows = lists.page(who, Wanted(q=f"00000000-{number[1]}"), timezone.now(), size=CASES_AT_MOST).rows
    return [
        {
            "label": row["number"],
            "url": f"{URLS['case']}{row['id']}",
            "under": f"{naming.STATES.get(row['state'], '')} · {row['title']}",
        }
        for row in rows
    ]
