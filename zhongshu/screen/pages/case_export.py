"""案卷归档 one case with its whole timeline as a file for the archive; nothing in it says who reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshu.data import casefile
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate, naming, sheets, story
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.pages.evaluation_lists import sent

SIGNATURES = ("立卷", "审核", "归档")


@signed_in()
def case_file(request: HttpRequest, case: int) -> HttpResponse:
    """The file of one case that this viewer may see, as PDF or XLSX."""
    kind = request.GET.get("as", "pdf")
    if kind not in sheets.TYPES:
        raise Http404
    found = casefile.whole(viewer(request), case)
    if found is None:
        raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
    return sent(sheet(found, gate.hub().tools.knowledge), kind)


def _when(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else "—"


def sheet(found: Mapping[str, Any], knowledge: Knowledge) -> sheets.Sheet:
    """The case as a sheet: what it is about, then every step with who, what and by which rules."""
    about = [
        _("标题：{title}").format(title=found["title"]),
        _("类别：{category}　地点：{place} {address}").format(
            category=naming.category_name(found["category"], knowledge),
            place=naming.place_name(found["place"], knowledge),
            address=found["address"],
        ),
        _("承办：{host}　状态：{state}").format(
            host=naming.unit_name(found["host"], knowledge), state=naming.STATES.get(found["state"], found["state"])
        ),
        _("受理：{opened}　时限：{due}　办结：{closed}").format(
            opened=_when(story.moment(found["opened_at"])),
            due=_when(story.moment(found["due_at"])),
            closed=_when(story.moment(found["closed_at"])),
        ),
        _("诉求 {reports} 件，退单 {returned} 次，返工 {reworked} 次，重办 {redone} 次").format(
            **{name: found[name] for name in ("reports", "returned", "reworked", "redone")}
        ),
        _("内容：{text}").format(text=found["text"]),
    ]
    rows = []
    for shown in story.steps(found, knowledge, {}):
        said = (str(shown["kind_name"]), str(shown["actor_name"]), shown["text"], shown["versions"])
        rows.append([_when(shown["at"]), *said])
    columns = (_("时间"), _("环节"), _("经办"), _("内容"), _("规则版本"))
    return sheets.Sheet(f"{_('案卷')} {found['number']}", about, columns, rows, signatures=SIGNATURES)
