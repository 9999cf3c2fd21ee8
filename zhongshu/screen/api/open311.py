"""开放311接口 Open311 GeoReport v2 over HTTP: the connector translates, this binds it to addresses and to the hub.

A description and an exact place are public only for what came in through this public channel itself; of reports from
telephone, letter or desk the list shows the kind, the division, the unit and a place rounded to about 100 m.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

import zhongshu
from zhongshu.data import receipts
from zhongshu.data.receipts import Matter, Wanted
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.lifecycle import ENDED
from zhongshu.kernel.plugins import Connector, connectors
from zhongshu.screen import gate
from zhongshu.screen.api import errors, tokens
from zhongshu.screen.api.admission import admit
from zhongshu.screen.tracking import track_url, untrack

PACKAGE = Path(str(zhongshu.__file__)).parent
CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
KEY_SERVICE = "`zhongshu token create NAME --channels open311`"
STATUS = {422: 400, 401: 403, 409: 400}
"""GeoReport v2 knows 400, 403 and 404 only."""
OPEN = "open311"

Document = tuple[str, str, Any]
View = Callable[..., HttpResponse]


@lru_cache(maxsize=1)
def connector() -> Connector:
    """The connector, found by its manifest."""
    return connectors(PACKAGE / "connectors", "zhongshu.connectors")[OPEN]


def say(name: str, *given: Any) -> Any:
    """One of the connector's functions."""
    return connector().calls[name](*given)


def speaks(make: Callable[..., Document]) -> View:
    """A view whose document goes out in the format of the address, failures too."""

    @csrf_exempt
    @wraps(make)
    def view(request: HttpRequest, form: str, **parts: str) -> HttpResponse:
        if request.method not in (("GET", "HEAD", "POST") if make is requests else ("GET", "HEAD")):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        code = 200
        try:
            _jurisdiction(request)
            document = make(request, **parts)
        except tuple(errors.STATUS) as error:
            found = errors.status(error)
            code = STATUS.get(found, found)
            document = say("errors", code, errors.told(request, errors.sentence(error))["error"])
        content, mime = say("render", document, form)
        response = HttpResponse(content, content_type=mime, status=201 if _made(request, code) else code)
        if code == 503:
            response["Retry-After"] = str(errors.RETRY_AFTER)
        return response

    return view


def _made(request: HttpRequest, code: int) -> bool:
    return request.method == "POST" and code == 200


def _jurisdiction(request: HttpRequest) -> None:
    asked = request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id")
    if asked and asked != gate.hub().tools.knowledge.city:
        raise NotFound("jurisdiction_id: the jurisdiction was not found / 没有这个辖区")


def discovery(request: HttpRequest) -> Any:
    return say("discovery", request.build_absolute_uri("/open311"), CHANGED, KEY_SERVICE)


def services(request: HttpRequest, mode: str = "") -> Any:
    knowledge = gate.hub().tools.knowledge
    return say("services", knowledge.categories, knowledge.duties)


def definition(request: HttpRequest, code: str, mode: str = "") -> Any:
    knowledge = gate.hub().tools.knowledge
    if code not in knowledge.categories:
        raise NotFound("service_code: the service was not found / 没有这个服务")
    return say("definition", code, knowledge.duties)


def requests(request: HttpRequest, mode: str = "") -> Any:
    return _post(request, mode) if request.method == "POST" else _list(request)


def _list(request: HttpRequest) -> Any:
    asked = say("wanted", request.GET.dict(), gate.hub().clock())
    reports = asked.pop("reports")
    if reports:
        held = receipts.matters(reports)
        found = [held[one] for one in reports if one in held and held[one].case is not None]
    else:
        found = receipts.public(Wanted(**asked))
    return say("requests", [_public(matter) for matter in found])


def one_request(request: HttpRequest, number: str, mode: str = "") -> Any:
    matter = receipts.matters([int(number)]).get(int(number))
    if matter is None or matter.case is None:
        raise NotFound("service_request_id: the request was not found / 没有这条诉求")
    return say("requests", [_public(matter)])


def token(request: HttpRequest, token: str, mode: str = "") -> Any:
    return say("tokens", untrack(token), token)


def _public(matter: Matter) -> Mapping[str, Any]:
    knowledge = gate.hub().tools.knowledge
    category, unit = knowledge.categories.get(matter.category), knowledge.units.get(matter.host)
    open_ = matter.channel == OPEN
    digits = 7 if open_ else 3
    return {
        "id": matter.report,
        "closed": matter.state in ENDED,
        "notes": matter.state,
        "code": matter.category,
        "name": category.name if category else "",
        "description": matter.text if open_ else "",
        "unit": unit.name if unit else "",
        "at": matter.at,
        "updated": matter.closed_at or matter.opened_at,
        "due": matter.due_at,
        "address": matter.address if open_ else knowledge.names.get(matter.place, ""),
        "lat": None if matter.lat is None else round(matter.lat, digits),
        "lon": None if matter.lon is None else round(matter.lon, digits),
    }


def _post(request: HttpRequest, mode: str) -> Any:
    """A report from outside; at the test endpoint it is only looked at."""
    key = request.POST.get("api_key") or request.GET.get("api_key", "")
    sender = tokens.demand(tokens.known(key), OPEN)
    hub = gate.hub()
    raw = next(iter(connector().read(request.POST.dict(), hub.tools.knowledge.categories)))
    service = raw.pop("service")
    if not sender.trusted:
        del raw["category"]
        raw["text"] = f"{service}\n{raw['text']}"
    intake = admit({**raw, "key": request.headers.get("Idempotency-Key", "")}, sender, hub.clock())
    if mode:
        return say("tokens", "", "test")
    report = hub.take_in([intake])[0].report
    return say("accepted", report, request.build_absolute_uri(track_url(report)))


_AT = r"^(?P<mode>test/)?v2/"
urls: list[URLPattern] = [
    re_path(r"^discovery\.(?P<form>json|xml)$", speaks(discovery)),
    re_path(_AT + r"services\.(?P<form>json|xml)$", speaks(services)),
    re_path(_AT + r"services/(?P<code>[^/]+)\.(?P<form>json|xml)$", speaks(definition)),
    re_path(_AT + r"requests\.(?P<form>json|xml)$", speaks(requests)),
    re_path(_AT + r"requests/(?P<number>[0-9]{1,18})\.(?P<form>json|xml)$", speaks(one_request)),
    re_path(_AT + r"tokens/(?P<token>[^/]+)\.(?P<form>json|xml)$", speaks(token)),
]
