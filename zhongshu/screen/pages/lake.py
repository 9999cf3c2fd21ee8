"""数据湖 the page of the lake: what is hot and cold, day by day and file by file, what was deleted, and the cuts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhongshu.data.lake import state
from zhongshu.data.lake.place import DAY, begins, ends, lake
from zhongshu.data.lake.wanted import Wanted
from zhongshu.hub.resources import lake as moves
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import EVERYWHERE, Level
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.periods import read_day
from zhongshu.screen.story import sentence

BACK = 31
"""Days that the page lists."""
SHOWN = 200
"""Rows of an answer that the page shows; the API gives all."""
MONTH = 30
HOUR = timedelta(hours=1)

ROWS = "rows"
HOURS = frozenset(map(str, range(24)))

CUTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "grid": (gettext_lazy("某日各网格"), ("grid",)),
    "district": (gettext_lazy("各区逐小时"), ("district", "hour")),
    "hour": (gettext_lazy("一个网格逐小时"), ("hour",)),
    "day": (gettext_lazy("各区逐日"), ("day", "district")),
    ROWS: (gettext_lazy("逐条观测"), ("day",)),
}
"""What screens ask for: its name, and by what it is cut."""
COLUMNS: dict[str, Any] = {
    "day": gettext_lazy("日期"),
    "hour": gettext_lazy("小时"),
    "district": gettext_lazy("区"),
    "grid": gettext_lazy("网格"),
}
GRAINS: dict[str, Any] = {
    "day": gettext_lazy("按日按网格的汇总"),
    "district": gettext_lazy("按区按小时的汇总"),
    "hour": gettext_lazy("按网格按小时的汇总"),
    "rows": gettext_lazy("逐条明细"),
}
TABLES: dict[str, Any] = {
    "observation": gettext_lazy("观测明细"),
    "hour": gettext_lazy("小时汇总"),
    "fact": gettext_lazy("账本事实"),
}
GONE: dict[str, tuple[Any, str]] = {
    "": (gettext_lazy("在用"), "ok"),
    "replaced": (gettext_lazy("已被新文件取代"), ""),
    "erased": (gettext_lazy("到期销毁"), "warn"),
}


@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """How the lake stands; `?day=` lists a day's files, `?cut=` answers a cut."""
    return _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    who, knowledge, now = viewer(request), gate.hub().tools.knowledge, gate.hub().clock()
    found = state.state(who, lake(), now)
    day = read_day(request.GET.get("day", ""), date.min)
    context = {
        "tabs": resources.tabs("lake"),
        "state": found,
        "tables": [(TABLES[name], counts) for name, counts in found.cold.items()],
        "days": [_day(one, found.cutoff) for one in state.days(who, *state.window(now, BACK))],
        "day": None if day == date.min else day,
        "files": [] if day == date.min else [_file(one, knowledge) for one in state.files_of(who, day)],
        "may_fill": moves.may_fill(who),
        **_cut(request, who, knowledge, now),
    }
    return render(request, "data/lake.html", context)


def _day(one: dict[str, Any], cutoff: date) -> dict[str, Any]:
    hot = max(0, one["n"] - one["cold"] - one["erased"])
    return {**one, "hot": hot, "within": one["day"] >= cutoff, "url": f"{URLS['data']}/lake?day={one['day']}#files"}


def _file(one: dict[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    word, tone = GONE[one["gone"]]
    place = naming.place_name(one["place"], knowledge) if one["place"] else _("未定地点")
    return {**one, "table_name": TABLES[one["table"]], "place_name": place, "gone_name": word, "tone": tone}


def _cut(request: HttpRequest, who: Viewer, knowledge: Knowledge, now: datetime) -> dict[str, Any]:
    """The form as it was filled in, and the answer; what is refused comes back with its sentence."""
    asked = Form.read(request.GET, timezone.localdate(now) - DAY)
    districts = [code for code in knowledge.names if knowledge.scheme.level(code) is Level.DISTRICT]
    context: dict[str, Any] = {
        "asked": asked,
        "cuts": [(code, label) for code, (label, _by) in CUTS.items()],
        "places": [(code, naming.place_name(code, knowledge)) for code in districts if who.span.holds(code)],
    }
    if asked.cut not in CUTS:
        return context
    try:
        answer = _rows if asked.cut == ROWS else _answer
        return context | answer(who, knowledge, asked)
    except BadInput as error:
        return context | {"errors": {"": sentence(error)}}


@dataclass(frozen=True, slots=True)
class Form:
    """查询表单, as it was filled in; `hour` narrows to one hour of the first day, "" for none."""

    cut: str
    first: date
    last: date
    place: str
    grid: str
    hour: str
    detail: bool

    @classmethod
    def read(cls, given: QueryDict, yesterday: date) -> Form:
        cut, hour = given.get("cut", ""), given.get("hour", "")
        last = read_day(given.get("to", ""), yesterday)
        first = read_day(given.get("from", ""), last if cut in ("grid", ROWS) else _earlier(last))
        place, grid = (given.get(name, "")[:32].strip() for name in ("place", "grid"))
        return cls(cut, first, last, place, grid, hour if hour in HOURS else "", given.get("detail") == "1")

    def wanted(self, knowledge: Knowledge) -> Wanted:
        """What is asked. BadInput says what is missing or out of reach."""
        if self.cut == "hour" and not self.grid:
            raise BadInput("grid: missing, expected the code of a grid / 请填写网格编号")
        if self.cut == ROWS and not (self.grid or self.place):
            raise BadInput("place: missing, expected a grid or a division / 请填写网格或区划")
        start, end = begins(self.first), ends(self.last)
        if self.hour:
            start += int(self.hour) * HOUR
            end = start + HOUR
        span = knowledge.scheme.span(self.place) if self.place in knowledge.names else EVERYWHERE
        return Wanted(start, end, CUTS[self.cut][1], self.grid, span=span)

    def narrowed(self, one: Mapping[str, Any]) -> str:
        """The address of the single rows that one row of the answer counts."""
        at = timezone.localtime(one["hour"].replace(tzinfo=UTC)) if "hour" in one else None
        day = at.date() if at else one.get("day")
        asked = {"cut": ROWS, "from": day or self.first, "to": day or self.last, "hour": at.hour if at else self.hour}
        asked |= {"grid": one.get("grid", self.grid), "place": one.get("district", self.place)}
        return f"{URLS['data']}/lake?{urlencode(asked)}#cut"


def _earlier(last: date) -> date:
    """The first day of a month up to `last`, as far as days go."""
    return max(last, date.min + MONTH * DAY) - (MONTH - 1) * DAY


def _answer(who: Viewer, knowledge: Knowledge, asked: Form) -> dict[str, Any]:
    answer = moves.ask(who, knowledge, asked.wanted(knowledge), "rows" if asked.detail else "")
    by = CUTS[asked.cut][1]
    return {
        "answer": answer,
        "milliseconds": round(answer.seconds * 1000),
        "grain_name": GRAINS[answer.grain],
        "heads": [COLUMNS[name] for name in by],
        "listed": [_listed(one, asked, knowledge) for one in answer.rows.slice(0, SHOWN).to_pylist()],
        "more": max(0, answer.rows.num_rows - SHOWN),
    }


def _listed(one: dict[str, Any], asked: Form, knowledge: Knowledge) -> dict[str, Any]:
    keys = [_spelt(name, one[name], knowledge) for name in CUTS[asked.cut][1]]
    return {**one, "keys": keys, "mean": one["total"] / one["n"], "url": asked.narrowed(one)}


def _spelt(name: str, value: Any, knowledge: Knowledge) -> str:
    if name == "hour":
        return f"{timezone.localtime(value.replace(tzinfo=UTC)):%m-%d %H:00}"
    return naming.place_name(value, knowledge) if name == "district" and value else str(value)


def _rows(who: Viewer, knowledge: Knowledge, asked: Form) -> dict[str, Any]:
    """Single observations, the oldest first."""
    found = moves.single(who, knowledge, replace(asked, cut=ROWS).wanted(knowledge), SHOWN)
    return {
        "single": [
            {**one, "at": one["at"].replace(tzinfo=UTC), "place_name": naming.place_name(one["place"], knowledge)}
            for one in found
        ],
        "capped": len(found) == SHOWN,
    }


@require_POST
@signed_in()
def fill(request: HttpRequest) -> HttpResponse:
    """立即入湖: a process of its own begins; the page shows its run when it is done."""
    moves.fill(viewer(request))
    messages.success(request, _("已开始入湖，完成后见“上次入湖”"))
    return redirect(f"{URLS['data']}/lake")


@require_POST
@signed_in()
def check(request: HttpRequest) -> HttpResponse:
    """核验: the files of one day against the ledger, at once."""
    day = read_day(request.POST.get("day", ""), timezone.localdate() - timedelta(days=1))
    found = moves.check(viewer(request), gate.hub().tools.knowledge, day, gate.hub().clock())
    for one in found:
        messages.error(request, one)
    if not found:
        messages.success(request, _("{day} 的文件与账本相符").format(day=day))
    return redirect(f"{URLS['data']}/lake?day={day}#files")
