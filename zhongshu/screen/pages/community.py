"""社区主页 a community's public page: notices, topics, votes, replies; what asks for action becomes a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhongshu.data import community as rows
from zhongshu.data import volunteering as seen
from zhongshu.hub import community, volunteering
from zhongshu.hub.community_rules import FEW, OPTIONS, Speaker, Turn, keeps, vote_refusal
from zhongshu.hub.volunteer_rules import look_refusal
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import RESIDENT
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen import choosing, commons, gate, naming, residency
from zhongshu.screen import volunteering as words
from zhongshu.screen.frame import URLS
from zhongshu.screen.middleware import STATUS
from zhongshu.screen.pages import community_base
from zhongshu.screen.pages.account import signed_in, viewer
from zhongshu.screen.queries import local_moment, whole
from zhongshu.screen.story import sentence

LATELY = timedelta(days=90)
FOUND = 60
"""Places that a search by name lists; more than that is no help in choosing."""


def url_of(place: str) -> str:
    return f"{URLS['community']}/{place}"


def reader(place: str) -> Viewer:
    """Anybody, in one community. NotFound for what is no community."""
    knowledge = gate.hub().tools.knowledge
    known = place in knowledge.names and knowledge.scheme.level(place) is Level.COMMUNITY
    if not known:
        raise NotFound(f"there is no community {place} / 没有这个社区")
    return Viewer(RESIDENT, span=knowledge.scheme.span(place), place=place)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """选择社区: by district and street; who has a place already is there at once."""
    speaker, knowledge = residency.speaker(request), gate.hub().tools.knowledge
    under = request.GET.get("under", "")
    if speaker.member and not under:
        return redirect(url_of(speaker.member["place"]))
    if speaker.viewer and speaker.viewer.level is Level.COMMUNITY and not under:
        return redirect(url_of(speaker.viewer.place))
    at = choosing.forked(under if under in knowledge.names else knowledge.city, Level.COMMUNITY, knowledge)
    last = int(knowledge.scheme.level(at)) + 1 == int(Level.COMMUNITY)
    listed = [
        {
            "name": naming.place_name(code, knowledge),
            "url": url_of(code) if last else f"{URLS['community']}?under={code}",
        }
        for code in choosing.below(at, knowledge)
    ]
    q = request.GET.get("q", "").strip()[:40]
    context = {"rows": listed, "at": naming.place_name(at, knowledge), "last": last, "top": not under and not q}
    if q:
        found = _called(q, knowledge)
        context |= {"q": q, "rows": found[:FOUND], "more": max(0, len(found) - FOUND)}
    return render(request, "community/choose.html", context)


def _called(q: str, knowledge: Knowledge) -> list[dict[str, str]]:
    """Communities and streets whose name has these letters in it, in the reader's language or in the pack's own."""
    levels = {Level.STREET: f"{URLS['community']}?under=", Level.COMMUNITY: f"{URLS['community']}/"}
    found = []
    for code in sorted(knowledge.names):
        name, level = naming.place_name(code, knowledge), knowledge.scheme.level(code)
        if level in levels and q.casefold() in f"{name} {knowledge.names[code]}".casefold():
            above = naming.place_name(knowledge.scheme.at(code, Level(level - 1)), knowledge)
            found.append({"name": name, "url": levels[level] + code, "above": above})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, place: str) -> HttpResponse:
    """The community: newest first; whoever may speak here says something new."""
    who, speaker = reader(place), residency.speaker(request)
    onward, errors, status = tried(request, speaker, lambda: _opened(request.POST, speaker, place))
    if onward:
        return redirect(onward)
    return render(
        request, "community/community.html", _context(request, who, speaker) | {"errors": errors}, status=status
    )


def _opened(given: QueryDict, speaker: Speaker, place: str) -> str:
    """Something new is said here, and filed at once if its author asks for that; the address of its page."""
    number = community.post(gate.hub(), speaker, place, _posted(given))
    if given.get("act") == "file":
        community.move(gate.hub(), speaker, place, (number, 0), {"move": "file"})
    return f"{url_of(place)}/topics/{number}"


def _posted(given: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {name: given.get(name, "") for name in ("kind", "title", "text", "voters")}
    found["options"] = [line for line in given.get("options", "").splitlines() if line.strip()]
    return found | {"closes_at": local_moment(given.get("closes_at", ""))}


def paced(request: HttpRequest, speaker: Speaker) -> None:
    """Nobody, by his link or in his post, writes faster than a person does. IllegalMove."""
    key = f"{speaker.number}:{speaker.user}"
    if not ratelimit.consume(request, action="community", key=key):
        raise IllegalMove("slower, please / 操作太频繁，请稍后再试")


def tried(request: HttpRequest, speaker: Speaker, act: Callable[[], str]) -> tuple[str, dict[str, str], int]:
    """(where to go on, errors, status): what was posted is done, or why not; nothing when the page is only looked at.

    `act` gives the address of what it did.
    """
    if request.method != "POST":
        return "", {}, 200
    try:
        paced(request, speaker)
        return act(), {}, 302
    except (BadInput, IllegalMove) as error:
        return "", {"": sentence(error)}, STATUS[type(error)]


def _context(request: HttpRequest, who: Viewer, speaker: Speaker) -> dict[str, Any]:
    hub = gate.hub()
    kind = request.GET.get("kind", "")
    kind = kind if kind in commons.KINDS else ""
    before = request.GET.get("before", "")
    found = rows.topics(who, who.place, kind, before=whole(before) or 1 << 62)
    listed = [commons.shown(row, speaker, hub.clock(), hub.tools.knowledge) for row in found[: rows.SIZE]]
    own = speaker.member is not None and speaker.member["place"] == who.place
    part = rows.participation(who.place, hub.clock() - LATELY)
    return {
        "hours": f"{part['hours']:g}",
        "place": who.place,
        "name": naming.place_name(who.place, hub.tools.knowledge),
        "url": url_of(who.place),
        "rows": [{**row, "case": commons.case_of(row, speaker)} for row in listed],
        "next": found[rows.SIZE - 1]["id"] if len(found) > rows.SIZE else None,
        "kinds": [(code, name, code == kind) for code, name in commons.KINDS.items()],
        "kind": kind,
        "member": speaker.member if own else None,
        "elsewhere": speaker.member is not None and not own,
        "keeps": keeps(speaker.viewer, who.place),
        "may_post": own or keeps(speaker.viewer, who.place),
        "values": request.POST,
        "voters": [("residents", _("只限居民，一人一票")), ("all", _("居民、企业商户和社会组织"))],
        "most": OPTIONS[1],
        "part": [(commons.ACTS[act], len(part["acts"][act])) for act in ("any", "said", "voted", "volunteered")],
        "members": sum(part["members"].values()),
        "base": community_base.panel(speaker.viewer, who.place),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, place: str, topic: int) -> HttpResponse:
    """One topic with its replies; reply, vote, hide, appeal, take on, have it done."""
    who, speaker = reader(place), residency.speaker(request)
    onward, errors, status = tried(request, speaker, lambda: _acted(request.POST, speaker, place, topic))
    if onward:
        return redirect(onward)
    context = _topic(who, speaker, topic) | {"errors": errors, "values": request.POST}
    return render(request, "community/topic.html", context, status=status)


def _acted(given: QueryDict, speaker: Speaker, place: str, topic: int) -> str:
    hub, act = gate.hub(), given.get("act", "")
    if act == "reply":
        community.reply(hub, speaker, place, topic, given.get("text", ""))
    elif act == "look":
        volunteering.look(hub, speaker, place, topic, {name: given.get(name, "") for name in ("done", "text")})
    elif act == "settle":
        told = {name: given.get(name, "") for name in ("accepted", "reason")}
        volunteering.settle(hub, speaker, place, (topic, whole(given.get("who", "")) or 0), told)
    elif act == "vote":
        chosen = whole(given.get("option", ""))
        community.vote(hub, speaker, place, topic, -1 if chosen is None else chosen)
    else:
        told = {name: str(value) for name, value in given.items()}
        community.move(hub, speaker, place, (topic, whole(given.get("reply", "")) or 0), told)
    return f"{url_of(place)}/topics/{topic}"


def _topic(who: Viewer, speaker: Speaker, number: int) -> dict[str, Any]:
    hub = gate.hub()
    knowledge, now = hub.tools.knowledge, hub.clock()
    found = rows.topic(number)
    if found is None or found["place"] != who.place:
        raise NotFound("there is no such topic here / 没有这个话题")
    author = rows.member(found["member"]) if found["member"] else None
    named = {"member_name": author["name"] if author else "", "member_kind": author["kind"] if author else ""}
    shown = commons.shown({**found, **named}, speaker, now, knowledge)
    if found["state"] in rows.HIDDEN and not (shown["own"] or speaker.viewer and speaker.viewer.span.holds(who.place)):
        raise NotFound("it is hidden / 这个话题已被隐藏")
    adopter = rows.member(found["adopter"]) if found["adopter"] else None
    own = speaker.member is not None and speaker.member["place"] == who.place
    replies = [commons.shown(row, speaker, now, knowledge) for row in rows.replies(who, number)]
    staff = speaker.viewer is not None and speaker.viewer.span.holds(who.place)
    return {
        "place": who.place,
        "name": naming.place_name(who.place, knowledge),
        "url": f"{url_of(who.place)}/topics/{number}",
        "back": url_of(who.place),
        "topic": shown,
        "case": commons.case_of(found, speaker),
        "vote": _vote(who, speaker, found, now) if found["kind"] == "vote" else None,
        "adopter": commons.author(
            {**found, "member": adopter["id"], "member_name": adopter["name"], "member_kind": adopter["kind"]},
            knowledge,
        )
        if adopter
        else "",
        "replies": [row for row in replies if row["state"] == "open" or row["own"] or staff],
        "may_reply": (own or keeps(speaker.viewer, who.place)) and found["state"] == "open",
        "grounds": list(commons.GROUNDS.items()),
        "steps": [_step(row) for row in rows.timeline(number)],
        **_looks(who, speaker, found),
    }


def _looks(who: Viewer, speaker: Speaker, found: dict[str, Any]) -> dict[str, Any]:
    """What neighbours saw of a matter, and whether this one may say it too."""
    knowledge, state = gate.hub().tools.knowledge, seen.case_state(found["report"])
    held = seen.look(found["id"], speaker.number) if speaker.number else None
    listed = [words.look(row, speaker, knowledge) for row in seen.looks(who, found["id"])]
    return {"looks": listed, "may_look": not look_refusal(found, speaker, state, held)}


def _vote(who: Viewer, speaker: Speaker, found: dict[str, Any], now: datetime) -> dict[str, Any]:
    counted = rows.counted(who, found["id"])
    total = sum(counted.values())
    over = found["state"] != "open" or (found["closes_at"] is not None and now >= found["closes_at"])
    mine = rows.own_vote(found["id"], speaker.number) if speaker.number else None
    return {
        # How others chose is told when it is over or when one has chosen: nobody follows the crowd.
        "shows": over or (total >= FEW and (mine is not None or keeps(speaker.viewer, who.place))),
        "over": over,
        "mine": mine,
        "total": total,
        "options": [
            {"n": n, "name": name, "count": counted.get(n, 0), "share": counted.get(n, 0) / total if total else None}
            for n, name in enumerate(found["options"])
        ],
        "may": not vote_refusal(Turn(found, speaker, now), 0),
    }


def _step(row: dict[str, Any]) -> dict[str, Any]:
    told = row["payload"]
    name = commons.MOVES.get(told.get("move", ""), _("发布"))
    words = [commons.GROUNDS.get(told.get("ground", ""), ""), told.get("reason", ""), told.get("text", "")]
    said = [] if row["kind"] == "TopicPosted" else [str(word) for word in words if word]
    of_reply = _("回帖") if told.get("reply") else ""
    unit = naming.unit_name(told.get("unit", ""), gate.hub().tools.knowledge) if told.get("unit") else ""
    return {"at": row["at"], "name": name, "of": of_reply, "who": unit, "said": commons.public(" · ".join(said))}


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A member opens his link: this browser is his from now on."""
    answer = redirect(URLS["community"])
    member = residency.enter(answer, token, request.is_secure())
    answer["Location"] = url_of(member["place"])
    return answer


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This browser forgets whose it was: for shared computers."""
    answer = redirect(URLS["community"])
    answer.delete_cookie(residency.COOKIE)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.CHECKER, Role.CHIEF, Role.HANDLER)
def desk(request: HttpRequest, place: str) -> HttpResponse:
    """议事台: the community's post admits members, sees what is hidden and who takes part."""
    who = viewer(request)
    if not keeps(who, place) and not (Role.CHIEF in who.roles and who.span.holds(place)):
        raise NotFound("this is another community's desk / 这是别的社区的议事台")
    errors: dict[str, str] = {}
    status, issued = 200, None
    if request.method == "POST":
        try:
            issued = _issued(request, who)
        except (BadInput, IllegalMove) as error:
            errors, status = {"": sentence(error)}, STATUS[type(error)]
    context = _desk(request, who, place) | {"errors": errors, "issued": issued}
    answer = render(request, "community/desk.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _issued(request: HttpRequest, who: Viewer) -> dict[str, Any] | None:
    hub, given = gate.hub(), request.POST
    if given.get("act") == "leave":
        number = given.get("member", "")
        community.leave(hub, who, whole(number) or 0)
        messages.success(request, _("凭证已注销"))
        return None
    told = {name: given.get(name, "") for name in ("kind", "name", "phone", "household")}
    member, serial, new = community.admit(hub, who, told)
    return {"link": request.build_absolute_uri(residency.link(member, serial)), "new": new}


def _desk(request: HttpRequest, who: Viewer, place: str) -> dict[str, Any]:
    hub = gate.hub()
    knowledge, now, speaker = hub.tools.knowledge, hub.clock(), Speaker(viewer=who)
    act = request.GET.get("act", "")
    part = rows.participation(place, now - LATELY)
    among = sorted(part["acts"][act]) if act in part["acts"] else None
    held = part["members"]
    return {
        "place": place,
        "name": naming.place_name(place, knowledge),
        "url": f"{url_of(place)}/desk",
        "back": url_of(place),
        "keeps": keeps(who, place),
        "topics": [commons.shown(row, speaker, now, knowledge) for row in rows.topics(who, place, hidden=True)],
        "replies": [commons.shown(row, speaker, now, knowledge) for row in rows.hidden_replies(who, place)],
        "kinds": [(code, name, held.get(code, 0)) for code, name in commons.MEMBERS.items()],
        "part": [(code, name, len(part["acts"][code]), code == act) for code, name in commons.ACTS.items()],
        "people": [{**row, "kind_name": commons.MEMBERS[row["kind"]]} for row in rows.member_list(who, place, among)],
        "act": commons.ACTS.get(act, ""),
        "hours": f"{part['hours']:g}",
        "waiting": [words.look(row, speaker, knowledge) for row in seen.waiting(who, place)],
        "total": sum(held.values()),
    }
