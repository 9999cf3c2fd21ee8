"""志愿任务 volunteer tasks of a community: put up by its post, enrolled in by members, confirmed by another person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhongshu.data import volunteering as rows
from zhongshu.hub import points as reckoning
from zhongshu.hub import volunteering
from zhongshu.hub.community_rules import Speaker, above, keeps
from zhongshu.hub.point_rules import VOLUNTEER
from zhongshu.hub.volunteer_rules import AT_MOST, Step, open_moves
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.screen import gate, naming, residency
from zhongshu.screen import volunteering as words
from zhongshu.screen.pages.community import reader, tried, url_of
from zhongshu.screen.queries import local_moment

FIELDS = ("title", "text", "spot", "rule", "wanted")


def _given(posted: QueryDict) -> dict[str, Any]:
    moments = {name: local_moment(posted.get(name, "")) for name in ("begins_at", "ends_at")}
    return {name: posted.get(name, "") for name in FIELDS} | moments


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest, place: str) -> HttpResponse:
    """The tasks of a community; its post puts up another."""
    who, speaker = reader(place), residency.speaker(request)
    onward, errors, status = tried(request, speaker, lambda: _put_up(request.POST, speaker, place))
    if onward:
        return redirect(onward)
    context = _tasks(who, speaker) | {"errors": errors, "values": request.POST}
    return render(request, "community/tasks.html", context, status=status)


def _put_up(given: QueryDict, speaker: Speaker, place: str) -> str:
    if not keeps(speaker.viewer, place) or speaker.viewer is None:
        raise IllegalMove("for the community's own post / 由本社区工作人员办理")
    return f"{url_of(place)}/tasks/{volunteering.post(gate.hub(), speaker.viewer, _given(given))}"


def _tasks(who: Viewer, speaker: Speaker) -> dict[str, Any]:
    hub = gate.hub()
    now = hub.clock()
    names = words.rule_names(now)
    kinds = [one for one in reckoning.rules_at(now) if one.act == VOLUNTEER]
    return {
        "place": who.place,
        "name": naming.place_name(who.place, hub.tools.knowledge),
        "url": f"{url_of(who.place)}/tasks",
        "back": url_of(who.place),
        "rows": [words.task(row, now, names) for row in rows.tasks(who, who.place)],
        "keeps": keeps(speaker.viewer, who.place),
        "kinds": [(one.code, naming.called(one), one.points) for one in kinds],
        "most": AT_MOST,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, place: str, task: int) -> HttpResponse:
    """One task: enrol, withdraw; for the post who came, with how many hours, or that it is called off."""
    who, speaker = reader(place), residency.speaker(request)
    onward, errors, status = tried(request, speaker, lambda: _moved(request.POST, speaker, place, task))
    if onward:
        return redirect(onward)
    context = _task(who, speaker, task) | {"errors": errors, "values": request.POST}
    return render(request, "community/task.html", context, status=status)


def _moved(given: QueryDict, speaker: Speaker, place: str, task: int) -> str:
    volunteering.move(gate.hub(), speaker, place, task, {name: str(value) for name, value in given.items()})
    return f"{url_of(place)}/tasks/{task}"


def _task(who: Viewer, speaker: Speaker, number: int) -> dict[str, Any]:
    hub = gate.hub()
    knowledge, now = hub.tools.knowledge, hub.clock()
    found = next(iter(rows.tasks(who, who.place, number)), None)
    if found is None:
        raise NotFound("there is no such task here / 没有这个志愿任务")
    own = rows.enrolment(number, speaker.number) if speaker.number else None
    post = keeps(speaker.viewer, who.place) or above(speaker.viewer, who.place)
    listed = rows.volunteers(who, number) if post else []
    return {
        "place": who.place,
        "name": naming.place_name(who.place, knowledge),
        "url": f"{url_of(who.place)}/tasks/{number}",
        "back": f"{url_of(who.place)}/tasks",
        "task": words.task(found, now, words.rule_names(now)),
        "moves": open_moves(Step(found, own, speaker, now)),
        "own": words.ENROLMENTS[own["state"]] if own else None,
        "post": post,
        "poster": bool(speaker.viewer) and speaker.user == found["by"],
        "people": [words.enrolment(row, found, speaker, now, knowledge) for row in listed],
    }
