"""分级复核 grades as declared beside those that rules derive: what is too strict or too wide, its cost, and appeal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhongshu.data.sharing import reading, rules
from zhongshu.data.sharing.grading import Finding, Standing, Verdict, lowered, standing
from zhongshu.screen import gate, naming, resources, sharing
from zhongshu.screen.frame import URLS
from zhongshu.screen.pages.account import signed_in, viewer

REVIEW = "review"
"""Everything that a person should look at: the default."""


@signed_in()
def listing(request: HttpRequest) -> HttpResponse:
    """The review list, by data set; `finding` and `dataset` narrow it."""
    asked, dataset = request.GET.get("finding", REVIEW), request.GET.get("dataset", "")
    asked = asked if asked in {REVIEW, "all", *Finding} else REVIEW
    book = rules.book()
    verdicts = list(rules.verdicts().values())
    names = {code: naming.called(one) for code, one in rules.catalogued().items()}
    blocked = reading.blocked(viewer(request))
    shown = [one for one in verdicts if _wanted(one, asked) and dataset in ("", one.field.dataset)]
    context: dict[str, Any] = {
        "tabs": resources.tabs("grades"),
        "numbers": _numbers(standing(verdicts, blocked), asked),
        "findings": [(code, label) for code, label in sharing.FINDINGS.items()],
        "finding": asked,
        "dataset": dataset,
        "datasets": sorted(names.items(), key=lambda one: one[1]),
        "sets": [
            _set([one for one in shown if one.field.dataset == code], names, blocked, book) for code in _order(shown)
        ],
        "measures": [
            {"name": naming.called(one), "grade": sharing.GRADES[one.grade]} for one in book.measures.values()
        ],
        "changed": [_changed(key, one, names) for key, one in sorted(rules.reviewed().items())],
        "act_url": "/data/begin",
    }
    context["contents"] = [(f"set-{one['code']}", one["name"], len(one["rows"])) for one in context["sets"]]
    context["contents"] += [("lowering", _("怎样可以降级使用"), 0)]
    return render(request, "data/grades.html", context)


def _numbers(found: Standing, asked: str) -> list[dict[str, Any]]:
    """The numbers of the page; each opens what it was counted from."""
    share = "" if found.over_share is None else f"{found.over_share:.1%}"
    refused = f"{URLS['data']}?box=all&family=sharing&state=refused"
    told: list[tuple[Any, int, str, str]] = [
        (_("已定级信息项"), found.rated, "?finding=all", f"/ {found.fields:,}"),
        (_("级别偏严"), found.over, "?finding=over", share),
        (_("级别偏宽"), found.under, "?finding=under", ""),
        (_("共享类型过严"), found.strict, "?finding=over", ""),
        (_("偏严挡住的申请"), found.cost, refused, ""),
        (_("涉密标识，只提示"), found.secret, "?finding=secret", ""),
    ]
    return [
        {"label": label, "value": value, "url": url, "note": note, "here": url == f"?finding={asked}"}
        for label, value, url, note in told
    ]


def _wanted(one: Verdict, asked: str) -> bool:
    if asked == REVIEW:
        return {one.finding, one.sharing} != {Finding.FITS}
    return asked == "all" or asked in (one.finding, one.sharing)


def _order(shown: Sequence[Verdict]) -> list[str]:
    """Data sets, those with the most that is too strict first."""
    counts: dict[str, int] = {}
    for one in shown:
        strict = Finding.OVER in (one.finding, one.sharing)
        counts[one.field.dataset] = counts.get(one.field.dataset, 0) + strict
    return sorted(counts, key=lambda code: (-counts[code], code))


def _set(
    own: Sequence[Verdict], names: dict[str, str], blocked: dict[tuple[str, str], int], book: rules.Book
) -> dict[str, Any]:
    """One data set with its rows, and the dialog that asks for their review."""
    code = own[0].field.dataset
    able = [one for one in own if one.finding is not Finding.SECRET and one.grade]
    options = [(one.field.item, naming.aside(naming.called(one.field), one.field.item)) for one in able]
    return {
        "code": code,
        "name": names.get(code, code),
        "provider": naming.unit_name(own[0].field.provider, gate.hub().tools.knowledge),
        "rows": [_row(one, blocked.get((code, one.field.item), 0), book) for one in own],
        "button": resources.asking("regrade", f"dataset:{code}", items=options) if options else None,
    }


def _row(one: Verdict, cost: int, book: rules.Book) -> dict[str, Any]:
    return {
        "item": one.field.item,
        "name": naming.called(one.field),
        "declared": sharing.GRADES.get(one.field.grade, one.field.grade),
        "share": (sharing.SHARES[one.field.share], sharing.SHARE_TONES[one.field.share]),
        "clause": one.field.clause,
        "derived": sharing.GRADES[one.grade],
        "derived_share": sharing.SHARES[one.share],
        "reasons": [sharing.reason(each) for each in one.reasons],
        "finding": (sharing.FINDINGS[one.finding], sharing.FINDING_TONES.get(one.finding, "ok")),
        "sharing": (sharing.FINDINGS[one.sharing], sharing.FINDING_TONES.get(one.sharing, "ok")),
        "cost": cost,
        "masked": _masked(one, book),
    }


def _masked(one: Verdict, book: rules.Book) -> str:
    """The grade that is left of it under its own mask; "" when there is none that lowers it."""
    own = [book.measures[one.field.mask]] if one.field.mask in book.measures else []
    grade, used = lowered(one.grade, own, one.field.secret)
    return str(sharing.GRADES[grade]) if used else ""


def _changed(key: tuple[str, str], one: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {
        **one,
        "name": f"{names.get(key[0], key[0])} · {key[1]}",
        "grade_name": sharing.GRADES[one["grade"]],
        "share_name": sharing.SHARES[one["share"]],
    }
