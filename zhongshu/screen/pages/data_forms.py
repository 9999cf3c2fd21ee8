"""表单清理 the inventory of forms: what each costs a worker, what overlaps, what a decision would spare, deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhongshu.data.elements import fills, inventory
from zhongshu.data.elements.deciding import Decision, Effect
from zhongshu.data.elements.overlap import Group
from zhongshu.data.elements.shapes import Form
from zhongshu.hub.resources import forms, returns
from zhongshu.hub.resources.forms import Picture
from zhongshu.hub.resources.moves import of_bureau
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import collecting as words
from zhongshu.screen import gate, naming, resources
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.story import sentence

DAYS = timedelta(days=30)
"""Over which fills are counted."""
LISTS = ("duplicates", "fills", "changed", "silent")


@dataclass(frozen=True, slots=True)
class Scope:
    """范围: workers (base grids) that the figures are about, and how many households one of them has on average."""

    grid: str
    households: float
    workers: int

    @property
    def scale(self) -> float:
        return self.households / 100


def scope_of(who: Viewer, grid: str) -> Scope:
    """The viewer's own place, or one grid of it. NotFound for a grid elsewhere."""
    if grid and not who.span.holds(grid):
        raise NotFound(f"there is no grid {grid!r} here / 没有这个网格，或不在您的范围内")
    households, workers = inventory.households((who.span.lo, who.span.hi), grid)
    if grid and not workers:
        raise NotFound(f"there is no grid {grid!r} here / 没有这个网格，或不在您的范围内")
    return Scope(grid, households, workers)


@dataclass(frozen=True, slots=True)
class Look:
    """What a row of the inventory is drawn from."""

    seen: Picture
    scope: Scope
    knowledge: Knowledge
    chosen: Mapping[str, Decision]
    reviewed: Mapping[str, Any]


def look_at(who: Viewer, grid: str = "", chosen: Mapping[str, Decision] | None = None) -> Look:
    hub = gate.hub()
    seen = forms.picture(hub.clock())
    return Look(seen, scope_of(who, grid), hub.tools.knowledge, chosen or {}, inventory.reviews())


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """The inventory; `grid` for one worker, `list` opens what a figure was counted from."""
    return _page(request, {}, None)


def _page(
    request: HttpRequest, chosen: Mapping[str, Decision], effect: Effect | None, refused: Exception | None = None
) -> HttpResponse:
    who, now = viewer(request), gate.hub().clock()
    look = look_at(who, (request.POST.get("grid") or request.GET.get("grid", "")).strip(), chosen)
    seen, scope = look.seen, look.scope
    context = {
        "tabs": resources.tabs("forms"),
        "scope": scope,
        "numbers": _numbers(who, seen, scope, now),
        "groups": [_group(one, seen, scope) for one in seen.overlap.groups],
        "rows": [row(form, look) for form in _ordered(seen)],
        "effect": effect and _effect(effect, seen, scope, chosen),
        "may_decide": Role.CHIEF in who.roles and of_bureau(who, look.knowledge),
        "reason": request.POST.get("reason", ""),
        "opened": _opened(who, seen, request.GET.get("list", ""), now),
        "errors": {"": sentence(refused)} if refused else {},
    }
    status = STATUS[type(refused)] if isinstance(refused, BadInput | IllegalMove | NotFound) else 200
    return render(request, "data/forms.html", context, status=status)


def _ordered(seen: Picture) -> list[Form]:
    """Forms that are asked first, the heaviest first."""
    return sorted(seen.book.forms.values(), key=lambda one: (-seen.burden.get(one.code, -1.0), one.code))


def row(form: Form, look: Look) -> dict[str, Any]:
    """A form as the inventory lists it."""
    seen, scope = look.seen, look.scope
    asked = form.asked_on(seen.day)
    state, tone = words.state_of(form, asked, form.code in look.reviewed)
    advice = seen.advice.get(form.code)
    return {
        "code": form.code,
        "name": words.named(form),
        "asker_name": naming.unit_name(form.asker, look.knowledge),
        "subject_name": words.SUBJECTS[form.subject],
        "cycle_name": words.CYCLES[form.cycle],
        "fields": len(form.fields),
        "minutes": seen.burden[form.code] * scope.scale if form.code in seen.burden else None,
        "basis": form.basis,
        "until": form.until,
        "asked": asked,
        "state": state,
        "tone": tone,
        "into": form.into,
        "advice": words.DECISIONS[advice.decision] if advice else "",
        "into_advised": advice.into if advice else "",
        "why": words.WHY[advice.why] if advice else "",
        "picked": form.code in look.chosen,
        "choices": _choices(form, seen, look.chosen),
    }


def _choices(form: Form, seen: Picture, chosen: Mapping[str, Decision]) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of what may be decided; what is advised stands first when nothing was chosen yet."""
    advice = seen.advice.get(form.code)
    if advice is None:
        return []
    held = chosen.get(form.code, (advice.decision, advice.into))
    pairs = [(pair.first, pair.second) for pair in seen.overlap.pairs if form.code in (pair.first, pair.second)]
    partners = {advice.into, held[1]}.union(*pairs) - {"", form.code}
    plain = [(code, str(word)) for code, word in words.DECISIONS.items() if code != "merged"]
    joined = {code: _("并入 {name}").format(name=words.form_name(code, seen.book)) for code in sorted(partners)}
    into = [(f"merged>{code}", word) for code, word in joined.items()]
    now = f"merged>{held[1]}" if held[0] == "merged" else held[0]
    return [(value, word, value == now) for value, word in plain + into]


def _group(one: Group, seen: Picture, scope: Scope) -> dict[str, Any]:
    return {
        "forms": [(code, words.form_name(code, seen.book)) for code in one.forms],
        "lead": one.forms[0],
        "askers": one.askers,
        "shared": [(code, words.element_name(code, seen.book)) for code in one.shared],
        "minutes": one.minutes * scope.scale,
        "spared": one.spared * scope.scale,
        "picks": [
            (code, f"{advice.decision}>{advice.into}" if advice.into else advice.decision)
            for code in one.forms
            if (advice := seen.advice.get(code)) and advice.decision != "kept"
        ],
    }


def _effect(effect: Effect, seen: Picture, scope: Scope, chosen: Mapping[str, Decision]) -> dict[str, Any]:
    doubtful = inventory.doubtful(seen.book) if effect.lost else []
    doubted = {code for one in doubtful for code in (one.first, one.second)}
    return {
        "before": effect.before * scope.scale,
        "after": effect.after * scope.scale,
        "saved": effect.saved * scope.scale,
        "hours": effect.saved * scope.scale * scope.workers / 60,
        "share": effect.saved / effect.before if effect.before else 0.0,
        "lost": [(code, words.element_name(code, seen.book), code in doubted) for code in effect.lost],
        "moved": effect.moved,
        "forms": [
            (code, words.form_name(code, seen.book), words.DECISIONS[decision], words.form_name(into, seen.book))
            for code, (decision, into) in chosen.items()
        ],
        "picks": [(code, f"{decision}>{into}" if into else decision) for code, (decision, into) in chosen.items()],
    }


def _numbers(who: Viewer, seen: Picture, scope: Scope, now: datetime) -> list[dict[str, Any]]:
    """The figures of domain.md §3.6, each with where its list is."""
    told = fills.tally(who, now - DAYS)
    asked = seen.book.asked(seen.day)
    silent = sum(not form.return_promise for form in asked)
    came_back = returns.share(who, now).share
    ledger_url = f"{URLS['data']}/returns?list=units#listed"
    corrected = fills.corrections(who, now - DAYS)
    here = URLS["data"] + "/forms"
    listed = {which: f"{here}?list={which}#opened" for which in LISTS}
    corrected_url = f"{URLS['data']}?box=all&family=correction"
    rows = [
        (_("在用表单"), len(asked), _("张"), "#inventory"),
        (_("网格员每天"), f"{seen.minutes * scope.scale:.1f}", _("分钟"), "#inventory"),
        (_("重复率"), f"{seen.overlap.ratio:.0%}", "", listed["duplicates"]),
        (_("每人每天填报"), _figure(told.a_day, ".1f"), _("张"), listed["fills"]),
        (_("预填率"), _figure(told.prefilled, ".0%"), "", listed["fills"]),
        (_("纠错率"), _figure(corrected / told.fills if told.fills else None, ".1%"), "", corrected_url),
        (_("回流率"), _figure(came_back, ".0%"), "", ledger_url),
        (_("没有返还承诺"), silent, _("张"), listed["silent"]),
    ]
    return [{"label": label, "value": value, "unit": unit, "url": url} for label, value, unit, url in rows]


def _figure(value: float | None, pattern: str) -> str:
    return "—" if value is None else format(value, pattern)


def _opened(who: Viewer, seen: Picture, which: str, now: datetime) -> dict[str, Any] | None:
    """What a figure was counted from."""
    if which == "duplicates":
        return {"kind": which, "title": _("同一对象、同一数据元被多张表要求"), "rows": _duplicates(seen)}
    if which in ("fills", "changed"):
        found = fills.listed(who, now - DAYS, changed=which == "changed")
        named = [{**one, "form_name": words.form_name(one["form"], seen.book)} for one in found]
        title = _("近 30 天的填报") if which == "fills" else _("近 30 天有改动的填报")
        return {"kind": "fills", "title": title, "rows": named}
    if which == "silent":
        without = [form for form in seen.book.asked(seen.day) if not form.return_promise]
        rows = [(form.code, words.named(form)) for form in without]
        return {"kind": which, "title": _("没有返还承诺的表单"), "rows": rows}
    return None


def _duplicates(seen: Picture) -> list[dict[str, Any]]:
    """(subject, element) that more than one form asks, those asked most often first."""
    asked: dict[tuple[str, str], list[str]] = {}
    for form in seen.book.asked(seen.day):
        for element in dict.fromkeys(map(seen.book.one, form.elements)):
            asked.setdefault((form.subject, element), []).append(form.code)
    many = sorted((one for one in asked.items() if len(one[1]) > 1), key=lambda one: (-len(one[1]), one[0]))
    return [
        {
            "subject": words.SUBJECTS[subject],
            "element": element,
            "name": words.element_name(element, seen.book),
            "forms": [(code, words.form_name(code, seen.book)) for code in codes],
        }
        for (subject, element), codes in many
    ]


def read_choice(text: str) -> Decision:
    decision, _bar, into = text.partition(">")
    return decision, into


def _chosen(post: QueryDict) -> dict[str, Decision]:
    """Forms that are ticked, with what was chosen for each. BadInput when none is."""
    found = {code: read_choice(post.get(f"as-{code}", "")) for code in post.getlist("form")}
    if not found:
        raise BadInput("forms: found none, expected at least one / 请先勾选表单")
    return found


@require_POST
@signed_in()
def preview(request: HttpRequest) -> HttpResponse:
    """预演: tomorrow's minutes saved, before anything is decided; changes nothing."""
    chosen: dict[str, Decision] = {}
    try:
        chosen = _chosen(request.POST)
        effect = forms.preview(forms.picture(gate.hub().clock()), chosen)
    except BadInput as error:
        return _page(request, chosen, None, error)
    return _page(request, chosen, effect)


@require_POST
@signed_in()
def decide(request: HttpRequest) -> HttpResponse:
    """The decisions that were previewed, with their reason."""
    chosen: dict[str, Decision] = {}
    try:
        chosen = _chosen(request.POST)
        hub = gate.hub()
        effect = forms.preview(forms.picture(hub.clock()), chosen)
        reason = request.POST.get("reason", "").strip()
        forms.decide(hub.desk, viewer(request), chosen, reason)
    except (BadInput, IllegalMove) as error:
        return _page(request, chosen, None, error)
    scale = scope_of(viewer(request), request.POST.get("grid", "").strip()).scale
    said = _("已决定 {n} 张表单，明天每名网格员少 {m} 分钟")
    messages.success(request, said.format(n=len(chosen), m=f"{effect.saved * scale:.1f}"))
    return redirect(f"{URLS['data']}/forms")
