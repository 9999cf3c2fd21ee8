"""积分 points of a community: sums for anybody, his own account for a member, and for the post what did not count."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhongshu.data import community as talk
from zhongshu.data import points as rows
from zhongshu.data import volunteering as tasks
from zhongshu.hub import points
from zhongshu.hub.community_rules import Speaker, above, keeps
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.screen import commons, gate, naming, residency
from zhongshu.screen import volunteering as words
from zhongshu.screen.pages.community import LATELY, reader, tried, url_of
from zhongshu.screen.queries import whole


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, place: str) -> HttpResponse:
    """积分: reverse, appeal, hear, use; every one of them a line or a state of one, nothing is deleted."""
    who, speaker = reader(place), residency.speaker(request)
    onward, errors, status = tried(request, speaker, lambda: _acted(request.POST, speaker, place))
    if onward:
        messages.success(request, _("已记下"))
        return redirect(onward)
    context = _context(request, who, speaker) | {"errors": errors, "values": request.POST}
    answer = render(request, "community/points.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _acted(given: QueryDict, speaker: Speaker, place: str) -> str:
    """The address of the account that it was about."""
    hub, told = gate.hub(), {name: str(value) for name, value in given.items()}
    if given.get("act") == "use":
        if speaker.viewer is None:
            raise IllegalMove("for the community's own post / 由本社区工作人员办理")
        fact = points.use(hub, speaker.viewer, whole(given.get("member", "")) or 0, told)
    else:
        fact = points.move(hub, speaker, place, whole(given.get("reply", "")) or 0, told)
    return f"{url_of(place)}/points" + (f"?member={fact.subject}" if speaker.viewer else "")


def _context(request: HttpRequest, who: Viewer, speaker: Speaker) -> dict[str, Any]:
    hub, place = gate.hub(), who.place
    knowledge, now = hub.tools.knowledge, hub.clock()
    post = keeps(speaker.viewer, place) or above(speaker.viewer, place)
    asked = (whole(request.GET.get("member", "") or request.POST.get("member", "")) or 0) if post else speaker.number
    return {
        "place": place,
        "name": naming.place_name(place, knowledge),
        "url": f"{url_of(place)}/points",
        "back": url_of(place),
        "sums": _sums(who),
        "rules": words.rule_rows(now),
        "grounds": list(words.GROUNDS.items()),
        "account": _account(who, speaker, asked) if asked else None,
        "post": post,
        "keeps": keeps(speaker.viewer, place),
        **(_desk(request, who, speaker) if post else {}),
    }


def _sums(who: Viewer) -> list[tuple[Any, Any]]:
    """What anybody may see: of the whole community, never of a person."""
    found = rows.sums(who, who.place)
    given = sum(found.get(entry, (0, 0))[0] for entry in ("earned", "reversed", "restored"))
    since = gate.hub().clock() - LATELY
    return [
        (_("记分合计"), given),
        (_("有积分的成员"), found.get("earned", (0, 0))[1]),
        (_("已兑换"), -found.get("used", (0, 0))[0]),
        (_("近 90 天志愿服务小时"), f"{tasks.hours(who.place, since):g}"),
    ]


def _account(who: Viewer, speaker: Speaker, number: int) -> dict[str, Any] | None:
    hub = gate.hub()
    knowledge, now = hub.tools.knowledge, hub.clock()
    held = talk.member(number)
    if held is None or held["place"] != who.place:
        if speaker.viewer is None:
            return None
        raise NotFound("there is no such member here / 本社区没有这位成员")
    names = words.rule_names(now)
    named = {"member": number, "member_name": held["name"], "member_kind": held["kind"], "unit": ""}
    steps = _steps(number)
    lines = [words.line(row, speaker, now, names, knowledge) for row in rows.account(number)]
    return {
        "member": number,
        "author": commons.author(named, knowledge),
        "balance": rows.balance(number),
        "lines": [{**one, "steps": steps.get(one["id"], [])} for one in lines],
    }


def _steps(member: int) -> dict[int, list[dict[str, Any]]]:
    """Line of a member -> what was done about it: reversed, appealed, heard, with the words said."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.turns(member):
        told = row["payload"]
        said = [words.GROUNDS.get(told["ground"], ""), told["reason"], told["text"]]
        step = {"at": row["at"], "name": words.MOVES[told["move"]]}
        step["said"] = commons.public(" · ".join(str(word) for word in said if word))
        found.setdefault(told["line"], []).append(step)
    return found


def _desk(request: HttpRequest, who: Viewer, speaker: Speaker) -> dict[str, Any]:
    """What the post sees besides: what was not counted and why, appeals, and accounts by number."""
    hub = gate.hub()
    knowledge, now = hub.tools.knowledge, hub.clock()
    counts, names = rows.counts(who, who.place), words.rule_names(now)
    why = request.GET.get("why", "")
    why = why if why in words.WHY else ""

    def listed(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines = [words.line(row, speaker, now, names, knowledge) for row in found]
        # Who hears an appeal reads here what was said for and against.
        steps = {member: _steps(member) for member in {one["member"] for one in lines if one["state_name"]}}
        return [{**one, "steps": steps.get(one["member"], {}).get(one["id"], [])} for one in lines]

    return {
        "barred": [(code, label, counts.get(code, 0), code == why) for code, label in words.WHY.items()],
        "why": words.WHY.get(why, ""),
        "lines": listed(rows.barred(who, who.place, why)) if why else [],
        "appeals": listed(rows.appeals(who, who.place)),
        "holders": [
            {**row, "author": commons.author({**row, "member": row["id"], "unit": ""}, knowledge)}
            for row in rows.holders(who, who.place)
        ],
    }
