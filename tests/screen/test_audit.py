"""The self-audit and the shared services: numbers counted by hand, each with its list; what is named is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from tests import town, town_hall
from zhongshu import app
from zhongshu.data import usage
from zhongshu.data.databases import OWNER
from zhongshu.data.signs.measures import Asked
from zhongshu.data.tendencies import HARD, TENDENCIES, UPPER, Audit, take
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources.moves import STATES
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE
from zhongshu.screen import gate, levels, services, tendencies
from zhongshu.screen import usage as usage_words

NOW = datetime.now(UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
KEPT = {"valid_from": SINCE, "digest": ""}
HOSTS = (f"{town.STREET}-office", f"{town.STREET}-office", f"{town.COMMUNITY}-office", f"{town.DISTRICT}-water")


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    """Four closed cases, three reporters asked, two sensors one of which led to a case, and so on: enough to count."""
    people = town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    _cases()
    _books(people)
    for text in ("一居 垃圾 甲", "一居 垃圾 乙"):
        hub.take_in([normalise({"text": text, "merge": "off"}, hub.clock())])
    return hub


def _cases() -> None:
    from zhongshu.data import models as rows

    for n, host in enumerate(HOSTS):
        told = {"title": f"旧案{n}", "text": "x", "state": "closed", "place": town.COMMUNITY, "host": host}
        rows.Case.objects.using(OWNER).create(
            id=n + 1, opened_at=NOW - timedelta(days=3), closed_at=NOW - timedelta(days=1), grams=[], **told
        )
    for n, (reached, score) in enumerate(((True, 5), (True, 4), (True, 2), (False, None))):
        rows.CallBack.objects.using(OWNER).create(
            id=n + 50,
            case=n + 1,
            report=n,
            place=town.COMMUNITY,
            at=NOW - timedelta(days=1),
            contacted=reached,
            satisfaction=score,
        )


def _books(people: dict[str, int]) -> None:
    from zhongshu.data import models as rows

    device = {"kind": "water", "lon": 113.3, "lat": 23.1, "unit": "cm", "threshold": 1, "clear_below": 0}
    for code in ("W1", "W2"):
        rows.Sensor.objects.using(OWNER).create(
            code=code, name=code, division=town.COMMUNITY, category="flood", staleness_minutes=9, **device, **KEPT
        )
    rows.Warning.objects.using(OWNER).create(id=1, sensor="W1", place=town.COMMUNITY, at=NOW, value=2, threshold=1)
    for n in range(3):
        rows.ModelVersion.objects.using(OWNER).create(id=n + 90, name="judge", version=str(n), published_at=NOW)
    where = {"place": town.CITY, "lo": "0", "hi": "~"}
    rows.ModelDeployment.objects.using(OWNER).create(id=99, model=90, name="judge", version="0", at=NOW, **where)
    sign = {"name": "体征", "system": "society", "cycle": "RT", "owner": "x", "source": "y", "staleness_minutes": 9}
    for code, no, measure in (("V1", 1, "overdue"), ("V1b", 1, ""), ("V2", 2, "")):
        rows.Indicator.objects.using(OWNER).create(code=code, no=no, measure=measure, **sign, **KEPT)
    form = {"asker": "x", "subject": "person", "cycle": "month", "level": "city", "per_hundred": 1}
    for code in ("F1", "F2"):
        rows.Form.objects.using(OWNER).create(code=code, name=code, **form, **KEPT)
    course = {"course": "C1", "how": "exam", "right": 5, "asked": 5, "unit": "x", "at": NOW}
    for n, (name, days) in enumerate((("street", 30), ("city", -1))):
        rows.CourseTaken.objects.using(OWNER).create(
            id=n + 1, person=people[name], passed=True, until=NOW + timedelta(days=days), **course
        )
    for n, (unit, failure) in enumerate(((HOSTS[0], ""), (HOSTS[3], ""), (HOSTS[0], "no_grant"))):
        use = {"grant": 1, "dataset": "d", "user": 1, "rows": 1, "bytes": 1, "personal": False, "at": NOW}
        rows.ShareUse.objects.using(OWNER).create(id=n + 1, unit=unit, place=town.STREET, failure=failure, **use)


@pytest.fixture(scope="module")
def taken(hall: Hub) -> Audit:
    return take(Asked(datetime.now(UTC) + timedelta(seconds=5), (), town.SCHEME, town.CITY))


@pytest.mark.parametrize(
    ("code", "place", "counted"),
    [
        ("sensors_led", town.DISTRICT, (1, 2)),
        ("models_deployed", town.CITY, (1, 3)),
        ("people_taught", town.CITY, (1, len(town_hall.POSTS))),
        ("people_taught", town.STREET, (1, 2)),
        ("signs_sourced", town.CITY, (1, 2)),
        ("answers_content", town.STREET, (2, 3)),
        ("forms_cut", town.CITY, (0, 2)),
        ("closed_below", town.DISTRICT, (3, 4)),
        ("uses_below", town.CITY, (1, 2)),
    ],
)
def test_numbers_are_those_counted_by_hand(taken: Audit, code: str, place: str, counted: tuple[int, int]) -> None:
    found = taken.found[code][place]
    assert (found.a, found.b) == counted
    assert found.value == pytest.approx(100 * counted[0] / counted[1])
    assert town.NEXT_DISTRICT not in taken.found["closed_below"]


def test_acts_are_counted_by_the_level_of_the_post(hall: Hub) -> None:
    """What the system does by itself counts for nobody."""
    case = hall.take_in([normalise({"text": "一居 垃圾 丙", "merge": "off"}, hall.clock())])[0].facts[0].subject
    asked = Asked(datetime.now(UTC) + timedelta(hours=1), (), town.SCHEME, town.CITY)
    before = take(asked).found["acts_below"].get(town.CITY)
    street = town_hall.sign_in("street")
    answer = street.post(f"/cases/{case}/act", {"kind": Kind.SIGNED})
    assert answer.status_code == 302, answer.content.decode()[:500]
    found = take(asked).found["acts_below"][town.CITY]
    assert before is None
    assert (found.a, found.b) == (1, 1)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_page_is_for_chiefs_and_every_number_opens_its_list(hall: Hub) -> None:
    assert town_hall.sign_in("street").get("/audit").status_code == 403
    city = town_hall.sign_in("city")
    shown = page(city, "/audit")
    assert 'href="/audit"' in shown
    assert "无数据源" in shown
    links = sorted({link.replace("&amp;", "&") for link in re.findall(r'href="(/audit/[^"]+)"', shown)})
    assert {link.split("?")[0].rpartition("/")[2] for link in links} >= {"sensors_led", "closed_below", "uses_below"}
    for link in links:
        page(city, link)
    assert city.get("/audit/none").status_code == 404


def test_lists_hold_what_misses_and_the_whole_base(hall: Hub) -> None:
    city = town_hall.sign_in("city")
    missing, whole = (page(city, f"/audit/closed_below?place={town.CITY}{all_}") for all_ in ("", "&all=1"))
    assert [f"旧案{n}" in missing for n in range(4)] == [False, False, False, True]
    assert [f"旧案{n}" in whole for n in range(4)] == [True] * 4
    assert "W2" in page(city, "/audit/sensors_led")
    assert "q=W1" not in page(city, "/audit/sensors_led")
    assert "/models/91" in page(city, "/audit/models_deployed")


def test_a_district_sees_itself_and_what_is_of_the_whole_city(hall: Hub) -> None:
    district = town_hall.sign_in("next_district")
    shown = page(district, f"/audit?place={town.DISTRICT}")
    assert f'value="{town.DISTRICT}"' not in shown
    assert "旧案" not in page(district, f"/audit/closed_below?place={town.DISTRICT}&all=1")
    assert "/models/91" in page(district, "/audit/models_deployed")


def test_words_and_measures_are_the_same_ones() -> None:
    assert set(tendencies.WORDS) == set(TENDENCIES)
    assert {one.measure.of for one in TENDENCIES.values()} <= set(tendencies.KINDS)
    assert {one.of for one in TENDENCIES.values()} == set(tendencies.NAMES)
    assert {of for of, _name, _need in (*tendencies.MISSING, *tendencies.NO_MONEY)} == {HARD, UPPER}
    for one in tendencies.WORDS.values():
        assert resolve(one.page.partition("?")[0])


def test_every_kind_of_fact_and_family_belongs_to_one_module_with_a_name() -> None:
    kinds = [kind for one in usage.MODULES for kind in one.kinds]
    assert sorted([*kinds, *usage.OF_PROCEEDINGS]) == sorted(Kind)
    families = [family for one in usage.MODULES for family in one.families]
    assert sorted(families) == sorted(family for family, state in STATES if not state)
    assert set(usage_words.NAMES) == {one.code for one in usage.MODULES}
    # Kinds that no post can act by are never listed by unit; the rest have a name of their own.
    assert [kind for kind in kinds if usage_words.kind_name(kind, "") == kind] == []
    for _name, page in (*usage_words.NAMES.values(), *usage_words.SEEN_ONLY):
        assert resolve(page.partition("?")[0])


def test_use_is_told_by_module_and_level(hall: Hub) -> None:
    """The act of a post counts for its level; what the system did makes no user; a module nobody touched says so."""
    case = hall.take_in([normalise({"text": "一居 垃圾 丁", "merge": "off"}, hall.clock())])[0].facts[0].subject
    span = EVERYWHERE
    before = usage.taken(span, datetime.now(UTC) + timedelta(hours=1))["handling"].by_level[3]
    assert town_hall.sign_in("street").post(f"/cases/{case}/act", {"kind": Kind.SIGNED}).status_code == 302
    now = datetime.now(UTC) + timedelta(hours=1)
    found = usage.taken(span, now)
    assert found["handling"].by_level[3] == before + 1
    assert (found["handling"].state, found["handling"].lower) == (usage.PEOPLE, found["handling"].posts)
    assert (found["judging"].state, found["calls"].state) == (usage.ITSELF, usage.UNUSED)
    assert found["intake"].residents > 0
    handling = next(one for one in usage.MODULES if one.code == "handling")
    assert [(one.unit, one.kind) for one in usage.hands(span, now, handling)] == [(HOSTS[0], Kind.SIGNED)]
    assert usage.taken(town.SCHEME.span(town.NEXT_DISTRICT), now)["handling"].posts == 0
    city = town_hall.sign_in("city")
    cache.clear()
    shown = page(city, "/audit")
    used, every = len([one for one in found.values() if one.state == usage.PEOPLE]), len(found)
    assert re.search(rf'href="/audit/used\?place=\d+">{every}<', shown)
    assert re.search(rf'state=people">{used}<', shown)
    listed = page(city, "/audit/used?state=people")
    assert "签收处置" in listed
    assert "呼应</a></th>" not in listed
    assert "呼应</a></th>" in page(city, "/audit/used?state=unused")
    assert "签收" in page(city, "/audit/used/handling")
    assert city.get("/audit/used/none").status_code == 404
    assert town_hall.sign_in("street").get("/audit/used").status_code == 403


def test_spending_is_split_by_kind_and_level_once_a_city_has_a_table(hall: Hub) -> None:
    from zhongshu.data import models as rows

    city = town_hall.sign_in("city")
    assert "spending.csv" in page(city, "/audit")
    assert city.get("/audit/spending").status_code == 404
    for place in (town.CITY, town.DISTRICT, town.NEXT_DISTRICT, town.STREET, town.COMMUNITY):
        level = int(town.SCHEME.level(place))
        rows.Division.objects.using(OWNER).create(code=place, name=place, level=level, **KEPT)
    told = {"unit": HOSTS[3], "project": "项目", "source": "决算", **KEPT}
    spent = (
        ("SPENT-1", 2025, "screen", town.DISTRICT, 600),
        ("SPENT-2", 2025, "training", town.STREET, 100),
        ("SPENT-3", 2025, "software", town.NEXT_DISTRICT, 300),
        ("SPENT-4", 2024, "device", town.DISTRICT, 5000),
    )
    for code, year, kind, place, amount in spent:
        rows.Spending.objects.using(OWNER).create(code=code, year=year, kind=kind, place=place, amount=amount, **told)
    found = take(Asked(datetime.now(UTC), (), town.SCHEME, town.CITY)).found
    assert [(one.a, one.b) for one in (found["spent_soft"][town.CITY], found["spent_below"][town.CITY])] == [
        (400, 1000),
        (100, 1000),
    ]
    assert found["spent_soft"][town.DISTRICT].value == pytest.approx(100 / 7)
    cache.clear()
    shown = page(city, "/audit")
    assert "spending.csv" not in shown
    assert re.findall(r'kind=screen&amp;level=2">600<', shown)
    assert "40.0%" in shown
    listed = page(city, f"/audit/spending?place={town.CITY}&year=2025&kind=soft")
    assert [code in listed for code, *_rest in spent] == [False, True, True, False]
    assert "SPENT-4" in page(city, "/audit/spending?year=2024")
    only = page(city, "/audit/spending?code=SPENT-1")
    assert [code in only for code, *_rest in spent] == [True, False, False, False]
    assert "SPENT-1" in page(city, "/audit/spent_soft")
    district = town_hall.sign_in("next_district")
    assert "SPENT-1" not in page(district, f"/audit/spending?place={town.CITY}&year=2025")


def test_every_page_path_and_command_of_a_service_is_there(database: str) -> None:
    from zhongshu.screen.api.api import api

    described = {
        f"{verb.upper()} {path}" for path, verbs in api.get_openapi_schema()["paths"].items() for verb in verbs
    }
    commands = {one.name for one in app.commands()}
    for one in services.SERVICES:
        assert set(one.api) <= described, one.code
        assert set(one.commands) <= commands, one.code
        assert resolve(one.page.partition("?")[0])
    for act in services.ACTS:
        assert resolve(act.page.partition("?")[0])
        assert resolve(act.entered.partition("?")[0])


def test_services_say_how_they_stand(hall: Hub) -> None:
    from zhongshu.data.services import standings

    found = standings()
    assert set(found) == {one.code for one in services.SERVICES}
    assert found["identity"].held == len(town_hall.POSTS)
    assert found["judging"].held == 1
    assert found["ledger"].last is not None
    shown = page(town_hall.sign_in("street"), "/services")
    assert "POST /api/cases/{case}/acts" in shown
    assert "zhongshu ledger verify" in shown


def test_each_of_the_five_levels_counts_its_acts_and_opens_them(hall: Hub) -> None:
    """Whom the roster names acts on the fifth level, whatever his post."""
    from django.contrib.auth.models import User

    from zhongshu.data import lists
    from zhongshu.data import models as rows
    from zhongshu.data.levels import acts, counts

    for one in levels.APPLICATIONS:
        assert all(resolve(path.partition("?")[0]) for path, _name in one.pages)
    city = town.viewer(town.CITY, "command", Role.CHIEF, user=User.objects.get(username="city").pk)
    before = counts(city.span, NOW)
    rows.Officer.objects.using(OWNER).create(
        code="N1",
        name="网格员",
        unit=f"{town.COMMUNITY}-office",
        kind="full",
        started=SINCE,
        account="district",
        **KEPT,
    )
    (open_case,) = lists.first(city, lists.Wanted(queue=""), NOW, 1)
    for name in ("district", "city"):
        place, kind, _roles = town_hall.POSTS[name]
        user = User.objects.get(username=name).pk
        post = town.viewer(place, kind, Role.CHIEF, user=user)
        hall.act(post, open_case["id"], Kind.SUPERVISED, {"issue": "尽快", "answer_minutes": 240})
    after = counts(city.span, NOW)
    assert [after[level] - before[level] for level in (1, 2, 3, 4, 5)] == [1, 0, 0, 0, 1]
    assert [one["kind"] for one in acts(city.span, NOW, 5)][:1] == [Kind.SUPERVISED]
    shown = page(town_hall.sign_in("city"), "/levels?level=5")
    assert f'href="/cases/{open_case["id"]}"' in shown


def test_identity_models_and_map_answer_machines(hall: Hub) -> None:
    city, street = town_hall.sign_in("city"), town_hall.sign_in("street")
    me = street.get("/api/me").json()
    assert (me["place"], me["level"], me["standing_in"]) == (town.STREET, 3, False)
    assert me["lo"] < me["hi"]
    assert street.get("/api/models").status_code == 403
    models = city.get("/api/models").json()
    assert ([one["id"] for one in models["deployments"]], len(models["versions"])) == ([99], 3)
    layers = {one["layer"]: one for one in street.get("/api/map").json()["layers"]}
    assert layers["cases"]["tiles"] == "/map/cases/{z}/{x}/{y}.mvt"
    rows = street.get(layers["sensors"]["rows"], {"bbox": "113,23,114,24", "q": "W"}).json()
    assert ([one["code"] for one in rows["rows"]], rows["next"], rows["count"]) == (["W1", "W2"], "", 2)
    assert [one["code"] for one in street.get("/api/map/sensors", {"after": "W1~999999"}).json()["rows"]] == ["W2"]
    assert street.get("/api/map/sensors", {"bbox": "1,2,3"}).status_code == 422
    assert Client(SERVER_NAME="localhost").get("/api/me").status_code == 401
