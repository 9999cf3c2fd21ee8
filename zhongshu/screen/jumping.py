"""直达 jumping: from a few letters to a page, a case, a call or a thing of the city, whatever page somebody is on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from zhongshu.data import convening, lists
from zhongshu.data.catalogue import entries, search
from zhongshu.data.elements import inventory
from zhongshu.data.lists import Wanted
from zhongshu.data.signs import book
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE, Matter
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming, resources
from zhongshu.screen.frame import GROUPS, URLS, nav

CASES_AT_MOST = 5
LEAST_DIGITS = 3
THINGS_AT_MOST = 4
"""Of each kind of thing: whoever looks for more has the list that searches them."""
LEAST_LETTERS = 2
_NUMBER = re.compile(r"(?:\d{8}-)?(\d{1,18})\Z")
_MATTER = re.compile(r"([HL]?)(?:\d{8}-)?(\d{1,18})\Z", re.IGNORECASE)
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


def matters(who: Viewer, q: str) -> list[Found]:
    """The call or the directive of this number, when the viewer may see it: H… is a call, L… a directive."""
    said = _MATTER.match(q.strip())
    if said is None or len(said[2]) < LEAST_DIGITS:
        return []
    letters: dict[str, tuple[Matter[Any], ...]] = {"H": (CALL,), "L": (DIRECTIVE,)}
    asked = letters.get(said[1].upper(), (CALL, DIRECTIVE))
    found = [(matter.name, convening.whole(who, matter, int(said[2]))) for matter in asked]
    names = {CALL.name: _("呼叫"), DIRECTIVE.name: _("指令")}
    return [
        {
            "label": one["number"],
            "url": f"{URLS[f'{name}s']}/{one['id']}",
            "under": f"{names[name]} · {one['text'][:40]}",
        }
        for name, one in found
        if one is not None
    ]


def things(who: Viewer, q: str, knowledge: Knowledge) -> list[Found]:
    """Units of the viewer's own range, signs, data sets and forms that the words mean; a person is never found."""
    if len(q) < LEAST_LETTERS or _MATTER.match(q):
        return []
    units = [unit for unit in knowledge.units.values() if who.span.holds(unit.place)]
    titles = {unit.code: unit.name for unit in knowledge.units.values()}
    sets = [hit.dataset for hit in search.find(entries.every().values(), search.Wanted(words=q), titles)]
    forms = URLS["data"] + "/forms/"
    return [
        *_few(q, _("单位"), [(one, f"{URLS['cases']}?unit={one.code}") for one in units]),
        *_few(q, _("体征"), [(one, f"{URLS['signs']}/{one.code}") for one in book.signs().values()]),
        *_few(q, _("数据资源"), [(one, f"{URLS['data']}/catalogue/{one.dataset}") for one in sets], all_fit=True),
        *_few(q, _("表单"), [(one, forms + one.code) for one in inventory.book().forms.values()]),
    ]


def _few(q: str, under: str, rows: Iterable[tuple[Any, str]], all_fit: bool = False) -> list[Found]:
    """The first of those whose names hold every word, those that begin with it before others; `all_fit`: they do."""
    terms = q.lower().split()
    held = [(f"{one.name} {one.name_en}".lower(), one, url) for one, url in rows]
    fit = [row for row in held if all_fit or all(term in row[0] for term in terms)]
    fit.sort(key=lambda row: (terms[0] not in row[0], not row[0].startswith(terms[0]), len(row[0])))
    return [
        {"label": (naming.english() and one.name_en) or one.name, "url": url, "under": under}
        for _words, one, url in fit[:THINGS_AT_MOST]
    ]
