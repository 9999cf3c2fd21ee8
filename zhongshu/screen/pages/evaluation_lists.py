"""评价清单 the lists beside the figures: 每月一题, 挂账, 多次流转, 用时, 不纳入考核; each row opens its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshu.data import lists
from zhongshu.data.figures import ledgers, rules, topics
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.places import Level
from zhongshu.screen import gate, naming, periods, sheets
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages import evaluation, issues
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.periods import Scope
from zhongshu.screen.queries import whole as whole_number

PACE_CUTS = ("level", "unit", "category")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says, where it leads, and how it is marked ("" or warn, danger)."""

    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list as a table."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    alarm: Cell | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Of whom, when and by what a list is made."""

    who: Viewer
    scope: Scope
    knowledge: Knowledge
    thresholds: Mapping[str, float]


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _when(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _case(case: int, number: str) -> Cell:
    return Cell(number, f"{URLS['case']}{case}")


def _period(scope: Scope) -> topics.Period:
    return topics.Period(periods.before(scope)[0], scope.asked.start, scope.asked.end)


def _basis() -> list[str]:
    """The thresholds that the alarm goes by, each with its ground: none of them is a standard."""
    found = rules.thresholds_with_basis()
    names = [code for code in found if code.startswith(("avoided_", "frequent_"))]
    label = "name_en" if naming.english() else "name"
    return [
        _("{name}：{value}（依据 {basis}）").format(
            name=found[code][label] or found[code]["name"],
            value=f"{found[code]['value']:g}",
            basis=found[code]["basis"],
        )
        for code in names
    ]


def _topics(about: About) -> Listing:
    street = about.knowledge.scheme.lengths[Level.STREET - 1]
    found = topics.topics(about.who, _period(about.scope), street)
    alarmed = {one.category: topics.avoided(one, about.thresholds) for one in found}
    ranked = sorted(topics.frequent(found, about.thresholds), key=lambda one: not alarmed[one.category])
    demand = [_("类别"), _("诉求件数"), _("人次"), _("环比"), _("未解决占比"), _("退单或挂账占比"), _("涉及街镇")]
    answer = [_("牵头单位"), _("办结"), _("办结环比"), _("在办"), _("在办中位天数"), _("最久天数"), _("绕道走")]
    columns = [*demand, *answer]
    rows = [_topic(one, alarmed[one.category], about) for one in ranked]
    return Listing(_("每月一题"), columns, rows, _basis(), _ignored(about))


def _ignored(about: About) -> Cell | None:
    """绕道走 of a hot issue: nobody took it up in time."""
    count, days = issues.ignored(about.who), f"{about.thresholds['hot_ignored_days']:g}"
    said = _("有 {n} 个热点超过 {days} 天无人认领").format(n=count, days=days)
    return Cell(said, f"{URLS['issues']}?box=ignored", "danger") if count else None


def _topic(one: topics.Topic, why: tuple[str, ...], about: About) -> list[Cell]:
    query = about.scope.query + "&" + urlencode({"topic": one.category})
    behind = f"{URLS['evaluation']}/topic?{query}"
    return [
        Cell(naming.category_name(one.category, about.knowledge), behind),
        Cell(str(one.cases), behind),
        Cell(str(one.reports)),
        Cell(_share(one.growth)),
        Cell(_share(one.unsolved_share)),
        Cell(_share(one.pushed_share)),
        Cell(str(one.places)),
        Cell(naming.unit_name(one.lead, about.knowledge) or "—"),
        Cell(str(one.done)),
        Cell(_share(one.action)),
        Cell(str(one.open), f"{URLS['cases']}?{urlencode({'category': one.category, 'open': 1})}"),
        Cell(_number(one.age)),
        Cell(_number(one.oldest)),
        Cell(_("疑似绕道走") if why else "", tone="danger" if why else ""),
    ]


HANGINGS: Mapping[str, Callable[[], str]] = {
    "budget": lambda: _("需财政资金"),
    "dispute": lambda: _("法律纠纷"),
    "season": lambda: _("施工季节"),
    "planning": lambda: _("规划调整"),
    "other": lambda: _("其他"),
}


def _hanging(about: About) -> Listing:
    columns = (_("编号"), _("标题"), _("单位"), _("原因"), _("责任人"), _("复查日期"), _("挂账天数"), _("次数"))
    rows = [_hung(one, about.knowledge) for one in ledgers.hanging(about.who)]
    return Listing(_("挂账台账"), columns, rows, [_("超过复查日期未销账的排在最前；台账对上级公开。")])


def _hung(one: ledgers.Hanging, knowledge: Knowledge) -> list[Cell]:
    late = one.review_on < timezone.localdate()
    review = one.review_on.isoformat() + (" " + _("复查超期") if late else "")
    return [
        _case(one.case, one.number),
        Cell(one.title),
        Cell(naming.unit_name(one.host, knowledge)),
        Cell(
            _("{kind}：{text}").format(kind=HANGINGS.get(one.reason_code, lambda: one.reason_code)(), text=one.reason)
        ),
        Cell(one.owner),
        Cell(review, tone="danger" if late else ""),
        Cell(str((timezone.now() - one.since).days)),
        Cell(str(one.times)),
    ]


def _transfers(about: About) -> Listing:
    least = int(about.thresholds["transfers"])
    asked = about.scope.asked
    columns = (_("编号"), _("标题"), _("类别"), _("单位"), _("派遣次数"), _("退单次数"), _("状态"), _("受理时间"))
    rows = [
        [
            _case(one.case, one.number),
            Cell(one.title),
            Cell(naming.category_name(one.category, about.knowledge)),
            Cell(naming.unit_name(one.host, about.knowledge)),
            Cell(str(one.dispatched)),
            Cell(str(one.returned)),
            Cell(str(naming.STATES.get(one.state, one.state))),
            Cell(_when(one.opened_at)),
        ]
        for one in ledgers.transfers(about.who, least, asked.start, asked.end)
    ]
    return Listing(_("多次流转"), columns, rows, [_("派遣 {n} 次及以上的案件。").format(n=least)])


def _steps() -> dict[str, str]:
    return {
        "sign": _("签收"),
        "contact": _("首次联系"),
        "response": _("首次响应"),
        "arrive": _("到场"),
        "solve": _("解决"),
    }


def _paces(about: About) -> Listing:
    by, asked, steps = _pace_cut(about.scope), about.scope.asked, _steps()
    found = topics.paces(about.who, asked.start, asked.end, by, _levels(about.knowledge))
    columns = (
        str(periods.CUTS[by]),
        _("环节"),
        _("件数"),
        _("中位（小时）"),
        _("九成以内（小时）"),
        _("95% 以内（小时）"),
    )
    rows = []
    for one in found:
        query = urlencode({"step": one.step, "key": one.key})
        behind = f"{URLS['evaluation']}/pace?{about.scope.query}&{query}"
        name = periods.key_name(one.key, by, about.knowledge, about.scope.rules)
        times = [Cell(f"{minutes / 60:.1f}") for minutes in (one.p50, one.p90, one.p95)]
        rows.append([Cell(name), Cell(steps[one.step]), Cell(str(one.cases), behind), *times])
    return Listing(
        _("各环节用时"),
        columns,
        rows,
        [
            _("按自然时间计，期内完成的环节；可按层级、单位、类别分组。"),
            _("到场是为案件的第一次签到；没有签到的不计。"),
        ],
    )


def _pace_cut(scope: Scope) -> str:
    return scope.cut if scope.cut in PACE_CUTS else "level"


def _levels(knowledge: Knowledge) -> str:
    return orjson.dumps({code: unit.level.name.lower() for code, unit in knowledge.units.items()}).decode()


def _exclusions(about: About) -> Listing:
    asked, limits = about.scope.asked, about.thresholds
    sample = (limits["exclusion_sample"], limits["exclusion_seed"])
    found = ledgers.exclusions(about.who, asked.start, asked.end, sample)
    columns = (_("编号"), _("标题"), _("申请单位"), _("依据条款"), _("理由"), _("批准时间"), _("抽查"), _("抽查结论"))
    rows = [
        [
            _case(one.case, one.number),
            Cell(one.title),
            Cell(naming.unit_name(one.unit, about.knowledge)),
            Cell(one.clause or ""),
            Cell(one.reason or ""),
            Cell(_when(one.excluded_at)),
            Cell(_("待第三人抽查"), tone="warn")
            if one.sampled and one.upheld is None
            else Cell(_("抽中") if one.sampled else ""),
            Cell(
                ""
                if one.upheld is None
                else (_("成立") if one.upheld else _("不成立，恢复计入")) + f" {one.review or ''}"
            ),
        ]
        for one in sorted(found, key=lambda one: not (one.sampled and one.upheld is None))
    ]
    note = _("按 {share} 的比例、固定种子 {seed} 抽取；同一种子总抽到同一批。").format(
        share=f"{sample[0]:.0%}", seed=f"{sample[1]:g}"
    )
    return Listing(_("不纳入考核"), columns, rows, [note])


LISTS: Mapping[str, Callable[[About], Listing]] = {
    "topics": _topics,
    "hanging": _hanging,
    "transfers": _transfers,
    "paces": _paces,
    "exclusions": _exclusions,
}


def _about(request: HttpRequest) -> About:
    knowledge = gate.hub().tools.knowledge
    scope = periods.read(request.GET, knowledge)
    return About(viewer(request), scope, knowledge, rules.thresholds() | dict(knowledge.thresholds))


@signed_in()
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """One list as a page, or as a file when `as` says so."""
    if name not in LISTS:
        raise Http404
    about = _about(request)
    made = LISTS[name](about)
    kind = request.GET.get("as", "")
    if kind in sheets.TYPES:
        rows = [[cell.text for cell in row] for row in made.rows]
        return sent(sheets.Sheet(made.title, heading(about.who, about.scope), made.columns, rows, made.notes), kind)
    context = {
        **evaluation.context_of(request, about.scope, name),
        "listing": made,
        "export": f"{request.path}?{about.scope.query}",
    }
    return render(request, "desk/evaluation_list.html", context)


def heading(who: Viewer, scope: Scope) -> list[str]:
    """The lines under a title: whose numbers, of when, counted by what, and when they were made."""
    knowledge = gate.hub().tools.knowledge
    unit = naming.unit_name(who.unit, knowledge)
    return [
        _("单位：{unit}　范围：{place}").format(unit=unit, place=naming.place_name(who.place, knowledge)),
        _("统计时段：{period}").format(period=scope.title),
        _("口径版本：{version}　制表时间：{at}").format(version=scope.rules.version, at=_when(timezone.now())),
    ]


def sent(sheet: sheets.Sheet, kind: str) -> HttpResponse:
    """A sheet as a file to be saved."""
    media, write = sheets.TYPES[kind]
    name = f"zhongshu-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    return HttpResponse(
        write(sheet), content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@signed_in()
def export(request: HttpRequest) -> HttpResponse:
    """The figures of the page as a file: each value with numerator, denominator and interval."""
    about, kind = _about(request), request.GET.get("as", "xlsx")
    group = request.GET.get("set", "rates")
    if kind not in sheets.TYPES or group not in evaluation.SETS:
        raise Http404
    found = evaluation.table(about.scope, about.who, about.knowledge, group)
    columns = [_("名称"), _("指标"), _("数值"), _("分子"), _("分母"), _("95% 区间"), _("分子口径"), _("分母口径")]
    whole = [{**found["whole"], "name": _("合计")}] if found["whole"] else []
    rows: list[list[sheets.Cell]] = []
    for row in [*whole, *found["cohorts"], *found["rows"]]:
        for (formula, label), cell in zip(found["formulas"], row["cells"], strict=True):
            parts = (
                (cell["value"], cell["part"], cell["base"], cell["interval"]) if cell else (_("分类型看"), "", "", "")
            )
            rows.append([row["name"], label, *parts, formula.numerator, formula.denominator])
        scores = [(label, row["scores"].get(code)) for code, label in found["scores"]]
        rows += [[row["name"], label, "—" if value is None else f"{value:.3f}"] + [""] * 5 for label, value in scores]
    notes = [_("方括号区间为 Wilson 95% 置信区间；满意率只在同类街镇内比较。")]
    title = _("评价指标表") + " " + str(evaluation.SETS[group][0])
    return sent(sheets.Sheet(title, heading(about.who, about.scope), columns, rows, notes), kind)


@signed_in()
def topic(request: HttpRequest) -> HttpResponse:
    """The cases of one topic in the period."""
    about = _about(request)
    code = request.GET.get("topic", "")
    name = naming.category_name(code, about.knowledge)
    return _cases(request, about, name, lambda page: topics.behind(about.who, code, _period(about.scope), page))


@signed_in()
def pace(request: HttpRequest) -> HttpResponse:
    """The cases of one row of 各环节用时."""
    about, steps = _about(request), _steps()
    by, step, key = _pace_cut(about.scope), request.GET.get("step", "sign"), request.GET.get("key", "")
    asked = about.scope.asked
    of = {"by": by, "step": step, "key": key, "map": _levels(about.knowledge)}
    name = f"{periods.key_name(key, by, about.knowledge, about.scope.rules)} {steps.get(step, step)}"
    return _cases(request, about, name, lambda page: topics.paced(about.who, asked.start, asked.end, of, page))


def _cases(request: HttpRequest, about: About, name: str, read: Callable[[tuple[int, int]], list[int]]) -> HttpResponse:
    size = evaluation.SIZE
    ids = read((whole_number(request.GET.get("cursor", "")) or 0, size + 1))
    found = {item["id"]: item for item in lists.rows(about.who, ids[:size])}
    context = {
        **evaluation.context_of(request, about.scope, "topics"),
        "cases": [naming.case_row(found[case], about.knowledge) for case in ids[:size] if case in found],
        "next_cursor": ids[size - 1] if len(ids) > size else "",
        "formula_name": name,
        "part": "",
        "back": f"{URLS['evaluation']}?{about.scope.query}",
    }
    return render(request, "desk/evaluation_cases.html", context)
