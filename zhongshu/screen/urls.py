"""网址 every address of the screens and of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zhongshu.screen.api import open311
from zhongshu.screen.api.api import api
from zhongshu.screen.pages import account, case, cockpit, desk, duty_rota, evaluation, live, operator, resident

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.home),
    path("api/", api.urls),
    path("open311/", include(open311.urls)),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("post", account.switch_post),
    path("report", resident.report),
    path("report/done/<token>", resident.done),
    path("track", resident.find),
    path("track/<token>", resident.track),
    path("cases", desk.cases),
    path("cases/bulk", desk.bulk),
    path("cases/<int:case>", case.show),
    path("cases/<int:case>/act", case.act),
    path("cases/<int:case>/contacts", case.contacts),
    path("cases/<int:case>/photos/<int:photo>", case.photo),
    path("arbitration", desk.arbitration),
    path("rota", duty_rota.show),
    path("rota/<int:line>/off", duty_rota.call_off),
    path("stuck", desk.stuck),
    path("stuck/<int:stuck>", case.send_again),
    path("operator", operator.operator),
    path("operator/suggest", operator.suggestion),
    path("evaluation", evaluation.figures),
    path("cockpit", cockpit.cockpit),
    path("cockpit/beside", cockpit.beside),
    path("map/divisions.geojson", cockpit.divisions),
    path("map/places.json", cockpit.places),
    path("map/cases/<int:z>/<int:x>/<int:y>.mvt", cockpit.tile),
    path("live", live.live),
]

handler400 = account.bad_request
handler403 = account.forbidden
handler404 = account.missing
handler500 = account.broken
