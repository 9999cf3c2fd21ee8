"""网址 every address of the screens and of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zhongshu.screen.api import open311
from zhongshu.screen.api.api import api
from zhongshu.screen.pages import (
    account,
    case,
    case_export,
    cockpit,
    convening,
    desk,
    duty_rota,
    evaluation,
    evaluation_lists,
    issues,
    live,
    operator,
    powers,
    proactive,
    replies,
    resident,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.home),
    path("api/", api.urls),
    path("open311/", include(open311.urls)),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("post", account.switch_post),
    path("report", resident.report),
    path("report/where", resident.where),
    path("report/done/<token>", resident.done),
    path("track", resident.find),
    path("track/<token>", resident.track),
    path("cases", desk.cases),
    path("cases/bulk", desk.bulk),
    path("cases/<int:case>", case.show),
    path("cases/<int:case>/act", case.act),
    path("cases/<int:case>/reply", replies.advise),
    path("cases/<int:case>/file", case_export.case_file),
    path("cases/<int:case>/contacts", case.contacts),
    path("cases/<int:case>/photos/<int:photo>", case.photo),
    path("arbitration", desk.arbitration),
    path("rota", duty_rota.show),
    path("rota/<int:line>/off", duty_rota.call_off),
    path("powers", powers.show),
    path("powers/precedents/<int:ruling>/withdraw", powers.withdraw),
    path("stuck", desk.stuck),
    path("stuck/<int:stuck>", case.send_again),
    path("operator", operator.operator),
    path("operator/suggest", operator.suggestion),
    path("evaluation", evaluation.figures),
    path("evaluation/cases", evaluation.cases),
    path("evaluation/export", evaluation_lists.export),
    path("evaluation/topic", evaluation_lists.topic),
    path("evaluation/pace", evaluation_lists.pace),
    path("evaluation/<name>", evaluation_lists.listing),
    path("cockpit", cockpit.cockpit),
    path("cockpit/beside", cockpit.beside),
    path("map/divisions.geojson", cockpit.divisions),
    path("map/places.json", cockpit.places),
    path("map/cases/<int:z>/<int:x>/<int:y>.mvt", cockpit.tile),
    path("live", live.live),
    path("proactive", proactive.foresight),
    path("replies", replies.listing),
    path("issues", issues.listing),
    path("issues/<int:issue>", issues.show),
    path("issues/<int:issue>/act", issues.act),
    path("calls", convening.listing, {"name": "call"}),
    path("calls/new", convening.new, {"name": "call"}),
    path("calls/<int:subject>", convening.show, {"name": "call"}),
    path("calls/<int:subject>/act", convening.act, {"name": "call"}),
    path("calls/<int:subject>/photos/<int:photo>", convening.photo, {"name": "call"}),
    path("directives", convening.listing, {"name": "directive"}),
    path("directives/new", convening.new, {"name": "directive"}),
    path("directives/<int:subject>", convening.show, {"name": "directive"}),
    path("directives/<int:subject>/act", convening.act, {"name": "directive"}),
    path("directives/<int:subject>/photos/<int:photo>", convening.photo, {"name": "directive"}),
]

handler400 = account.bad_request
handler403 = account.forbidden
handler404 = account.missing
handler500 = account.broken
