"""Forms on a real database: overlap, stopping some, admitting one, filling it once for all, correcting a source."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connections

from tests import collecting, town, town_hall
from tests.cities.conftest import Late
from tests.conftest import Watch
from zhongshu.cities.demo import truths
from zhongshu.data import write
from zhongshu.data.databases import OWNER
from zhongshu.data.elements import inventory
from zhongshu.hub.hub import Hub
from zhongshu.hub.resources import filling, forms, proceedings, rounds
from zhongshu.hub.resources.filling import Whom
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

models = Late("zhongshu.data.models")

KINDS = ("data", "police", "civil_affairs", "women")
UNITS = {f"{town.CITY}-{kind}": Unit(f"{town.CITY}-{kind}", kind, kind, Level.CITY, town.CITY) for kind in KINDS}
TOOLS = replace(town.TOOLS, knowledge=replace(town.KNOWLEDGE, units={**town.KNOWLEDGE.units, **UNITS}))
HEAD = town.viewer(town.CITY, "data", Role.CHIEF, user=52)
CLERK = town.viewer(town.CITY, "women", Role.HANDLER, user=53)
WORKER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=54)
STRANGER = town.viewer(town.NEXT_COMMUNITY, "office", Role.HANDLER, user=55)
GRID, HOUSEHOLDS = f"{town.COMMUNITY}001", 400
ANNA = Whom("person", 1)


@pytest.fixture(scope="module")
def hub(database: str) -> Iterator[Hub]:
    collecting.store()
    town_hall.people()
    since = collecting.SINCE
    models.Grid.objects.using(OWNER).create(
        code=GRID, valid_from=since, digest="", division=town.COMMUNITY, kind="base", households=HOUSEHOLDS
    )
    for number, place in ((1, GRID), (2, f"{town.NEXT_COMMUNITY}001")):
        models.Person.objects.using(OWNER).create(id=number, place=place, name="王安娜", id_number="110101199001011237")
    told = {"entity": 1, "place": GRID, "name": "王安娜"}
    make = models.PersonRecord.objects.using(OWNER).create
    number = "110101199001011237"
    make(dataset="population", key="a", as_of=date(2026, 5, 20), id_number=number, phone="13800001111", **told)
    make(dataset="pupils", key="b", as_of=date(2026, 5, 1), phone="13900002222", nation="01", **told)
    yield Hub(lambda: TOOLS, Watch())


def day(hub: Hub) -> date:
    return forms.today(hub.clock())


@pytest.mark.practitioner
def test_question_5_which_ten_forms_ask_the_same_and_what_stopping_three_saves(hub: Hub) -> None:
    """Which 10 forms of grid X ask the same thing? Stop three of them today; show tomorrow's minutes saved."""
    seen = forms.picture(hub.clock())
    households, workers = inventory.households((town.COMMUNITY, town.COMMUNITY + "~"), GRID)
    assert (households, workers) == (HOUSEHOLDS, 1)
    (group,) = seen.overlap.groups
    assert set(group.forms) == set(truths.FORMS)
    three = {code: ("stopped", "") for code in ("F03", "F05", "F09")}
    promised = forms.preview(seen, three)
    forms.decide(hub.desk, HEAD, three, "同一对象同一内容，已由实有人口信息登记表采集")
    after = forms.picture(hub.clock() + timedelta(days=1))
    assert len(after.book.asked(after.day)) == len(seen.book.asked(seen.day)) - 3
    assert (seen.minutes - after.minutes) == pytest.approx(promised.saved)
    assert set(three).isdisjoint(after.overlap.forms)
    doubted = {code for one in inventory.doubtful(seen.book) for code in (one.first, one.second)}
    assert promised.lost == ("resident_home", "resident_id_number")
    assert set(promised.lost) <= doubted
    scale = households / 100
    sys.stdout.write(
        f"\n网格 {GRID}（{households:.0f} 户）10 张表要同样的内容："
        + "、".join(seen.book.forms[code].name for code in sorted(group.forms))
        + f"。停用 {'、'.join(seen.book.forms[code].name for code in three)}：网格员每天 "
        f"{seen.minutes * scale:.1f} → {after.minutes * scale:.1f} 分钟，明天少 {promised.saved * scale:.1f} 分钟。\n"
    )


def test_a_stopped_form_is_asked_of_nobody(hub: Hub) -> None:
    with pytest.raises(IllegalMove, match="停用"):
        filling.open_view(WORKER, "F03", ANNA, hub.clock())


def test_who_may_decide_and_about_what(hub: Hub) -> None:
    with pytest.raises(IllegalMove):
        forms.decide(hub.desk, CLERK, {"F10": ("stopped", "")}, "不需要")
    with pytest.raises(IllegalMove, match="同级"):
        district = replace(town.viewer(town.DISTRICT, "command", Role.CHIEF, user=9), unit=f"{town.CITY}-data")
        forms.decide(hub.desk, district, {"F10": ("stopped", "")}, "不需要")
    with pytest.raises(IllegalMove, match="对象不同"):
        forms.decide(hub.desk, HEAD, {"F10": ("merged", "F18")}, "不需要")
    with pytest.raises(NotFound):
        forms.decide(hub.desk, HEAD, {"F99": ("stopped", "")}, "不需要")
    with pytest.raises(BadInput, match="decision"):
        forms.decide(hub.desk, HEAD, {"F10": ("burnt", "")}, "不需要")
    assert "F10" not in inventory.turns()
    assert inventory.reviews() == {}
    with pytest.raises(BadInput, match="F03"):
        forms.preview(forms.picture(hub.clock()), {"F03": ("stopped", "")})


def test_whoever_fills_a_form_may_ask_for_its_review_once(hub: Hub) -> None:
    proceedings.begin(hub.desk, WORKER, "form", {"reason": "与登记表重复"}, "form:F06")
    with pytest.raises(IllegalMove, match="审议中"):
        proceedings.begin(hub.desk, WORKER, "form", {}, "form:F06")
    (fact,) = forms.decide(hub.desk, HEAD, {"F06": ("merged", "F02")}, "并入")
    assert fact.payload["state"] == "merged"
    view = filling.open_view(WORKER, "F02", ANNA, hub.clock())
    assert "disability_kind" in [one.field.element for one in view.fields if one.account == "F06"]


def test_a_person_says_what_means_the_same(hub: Hub) -> None:
    doubtful = [one.key for one in inventory.doubtful(inventory.book())]
    pair = ("identity", "resident_id_number")
    assert "identity|resident_id_number" in doubtful
    forms.settle(hub.desk, HEAD, pair, "joined", "都是公民身份号码")
    assert inventory.book().same["resident_id_number"] == "identity"
    assert "identity|resident_id_number" not in [one.key for one in inventory.doubtful(inventory.book())]
    forms.settle(hub.desk, HEAD, ("guardian_phone", "phone"), "parted")
    assert "guardian_phone|phone" not in [one.key for one in inventory.doubtful(inventory.book())]
    with pytest.raises(NotFound):
        forms.settle(hub.desk, HEAD, ("identity", "ghost"), "joined")
    with pytest.raises(IllegalMove):
        forms.settle(hub.desk, HEAD, pair, "perhaps")


WANTED = {
    "title": "婚育情况登记表",
    "about": "person",
    "cycle": "week",
    "level": "community",
    "per_hundred": 3,
    "elements": ["person_name", "phone", "marriage"],
    "basis": "人口与计划生育法",
    "until": "2026-12-31",
}


def test_a_new_form_may_ask_only_what_cannot_be_got_otherwise(hub: Hub) -> None:
    told = forms.check(CLERK, WANTED, TOOLS.knowledge, hub.clock())
    assert told.answer.allowed == ("marriage",)
    assert "“population”" in told.refusals[0]
    with pytest.raises(IllegalMove, match="不得重复采集：姓名"):
        proceedings.begin(hub.desk, CLERK, "admission", WANTED, "form:X1")
    with pytest.raises(IllegalMove, match="没有需要基层采集的项"):
        forms.apply(hub.desk, CLERK, {**WANTED, "elements": ["person_name"]})
    with pytest.raises(BadInput, match="cycle"):
        forms.apply(hub.desk, CLERK, {**WANTED, "cycle": "hourly"})
    asked = forms.apply(hub.desk, CLERK, WANTED)
    assert asked.payload["given"]["elements"] == ["marriage"]
    assert "姓名" in asked.payload["given"]["refused"]
    code = asked.payload["subject"].partition(":")[2]
    assert code not in inventory.book().forms
    proceedings.act(hub.desk, HEAD, asked.subject, "admit", {"reason": "有依据"})
    form = inventory.book().forms[code]
    assert (form.elements, form.admitted, form.until) == (("marriage",), True, date(2026, 12, 31))


def test_at_its_sunset_a_form_closes_by_itself(hub: Hub) -> None:
    (code,) = [form.code for form in inventory.book().forms.values() if form.admitted]
    watch = hub.clock
    assert isinstance(watch, Watch)
    before = watch.now
    watch.now += timedelta(days=230)
    assert proceedings.advance(hub.desk, watch.now) >= 1
    assert inventory.book().forms[code].asked_on(date(2026, 12, 31))
    assert not inventory.book().forms[code].asked_on(day(hub))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT state FROM proceeding WHERE subject = %s", [f"form:{code}"])
        assert cursor.fetchall() == [("lapsed",)]
    watch.now = before


def test_only_what_is_missing_is_asked_and_what_is_written_once_serves_the_next_form(hub: Hub) -> None:
    view = filling.open_view(WORKER, "F10", ANNA, hub.clock())
    by_code = {one.field.element: one for one in view.fields}
    phone = by_code["phone"].value
    assert phone is not None
    assert (phone.value, phone.kind, phone.source) == ("13800001111", "source", "population")
    assert "phone" not in [one.field.element for one in view.asked]
    asked = {one.field.element for one in view.asked}
    given = {
        "sex": "2",
        "birth_date": "1990-01-01",
        "residence_address": "一居一号",
        "head_relation": "01",
        "employment": "1",
        "health": "1",
        "marriage": "20",
    }
    assert asked == set(given)
    with pytest.raises(BadInput, match="请填写"):
        filling.fill(hub.desk, WORKER, "F10", ANNA, {"sex": "2"})
    with pytest.raises(BadInput, match="不合格式"):
        filling.fill(hub.desk, WORKER, "F10", ANNA, {**given, "sex": "7"})
    with pytest.raises(IllegalMove, match="纠错"):
        filling.fill(hub.desk, WORKER, "F10", ANNA, {**given, "phone": "13811112222"})
    with pytest.raises(BadInput, match="没有这一项"):
        filling.fill(hub.desk, WORKER, "F10", ANNA, {**given, "floors": "7"})
    fact = filling.fill(hub.desk, WORKER, "F10", ANNA, given)
    assert (fact.payload["asked"], fact.payload["changed"]) == (7, 7)
    assert fact.payload["seconds"] < fact.payload["bare"]
    assert "一居一号" not in str(fact.payload)
    other = filling.open_view(WORKER, "F01", ANNA, hub.clock())
    entered = next(one.value for one in other.fields if one.field.element == "health")
    assert entered is not None
    assert (entered.value, entered.kind, entered.source, entered.by) == ("1", "entry", "F10", 54)
    assert {one.field.element for one in other.asked} == {"resident_mobile", "registered_address", "relief_state"}


def test_one_form_a_visit_asks_once_and_fills_all_that_were_chosen(hub: Hub) -> None:
    models.Person.objects.using(OWNER).create(id=3, place=GRID, name="李小二", id_number="")
    whom, chosen = Whom("person", 3), ("F10", "F01")
    found = rounds.opened(WORKER, whom, hub.clock(), chosen)
    codes = [one.field.element for _view, one, _forms in found.asked]
    assert len(codes) == len(set(codes)) < sum(len(view.asked) for view in found.views)
    assert found.seconds < found.apart
    with pytest.raises(BadInput, match="请填写"):
        rounds.fill(hub.desk, WORKER, whom, {}, chosen)
    lists, elements = inventory.lists(), inventory.book().elements
    fits = {"date": "1990-01-01", "integer": "1", "number": "1", "phone": "13800001111"}
    fits |= {"identity": "110101199001011237", "credit_code": "91440101MA59000000"}
    given = {
        code: next(iter(lists.get(elements[code].codes, {})), fits.get(elements[code].type, "一居一号"))
        for code in codes
    }
    facts = rounds.fill(hub.desk, WORKER, whom, given, chosen)
    assert {fact.payload["form"] for fact in facts} == set(chosen)
    assert rounds.opened(WORKER, whom, hub.clock(), chosen).asked == ()
    with pytest.raises(NotFound):
        rounds.forms_of("weather", hub.clock())


def test_saying_that_an_old_value_still_holds_verifies_it(hub: Hub) -> None:
    later = hub.clock() + timedelta(days=200)
    old = filling.open_view(WORKER, "F10", ANNA, later)
    assert {one.field.element: one.why for one in old.asked}["health"] == "old"
    watch = hub.clock
    assert isinstance(watch, Watch)
    before, watch.now = watch.now, later
    given = {one.field.element: one.value.value for one in old.asked if one.value}
    fact = filling.fill(hub.desk, WORKER, "F10", ANNA, given)
    assert fact.payload["changed"] == 0
    again = filling.open_view(WORKER, "F10", ANNA, later)
    kinds = {one.field.element: one.value.kind for one in again.fields if one.value}
    assert kinds["health"] == "verified"
    assert again.asked == []
    watch.now = before


def test_whom_one_may_not_see_one_may_not_fill_in_for(hub: Hub) -> None:
    for viewer, whom in ((STRANGER, ANNA), (WORKER, Whom("person", 2)), (WORKER, Whom("house", 1))):
        with pytest.raises(NotFound):
            filling.open_view(viewer, "F10", whom, hub.clock())


def test_a_grid_is_a_subject_too(hub: Hub) -> None:
    here = Whom("place", 0, GRID)
    filling.fill(hub.desk, WORKER, "F29", here, {"patrolled_at": "2026-06-01", "patrol_found": "井盖松动"})
    view = filling.open_view(WORKER, "F29", here, hub.clock())
    assert [one.value.value for one in view.fields if one.value] == ["2026-06-01", "井盖松动"]
    with pytest.raises(NotFound):
        filling.open_view(STRANGER, "F29", here, hub.clock())


def test_opening_a_profile_is_logged(hub: Hub) -> None:
    filling.open_view(WORKER, "F01", ANNA, hub.clock())
    last = models.PersonalRead.objects.using(OWNER).filter(subject="person", entity=1).order_by("-id").first()
    assert last is not None
    assert (last.user, last.purpose) == (54, "一表通 困难群众摸底表")
    assert "identity" in last.items.split()


def test_a_sources_value_is_corrected_at_the_source_and_nowhere_else(hub: Hub) -> None:
    known = {"valid_from": collecting.SINCE, "digest": ""}
    police = f"{town.CITY}-police"
    about = {"kind": "basic", "branch": "1-01-001-01", "provider": police, "format": "table", "cycle": "month"}
    models.Dataset.objects.using(OWNER).create(code="population", name="实有人口", secret="none", **about, **known)
    item = {"item": "phone", "name": "联系电话", "element": "phone", "type": "phone", "share": "2"}
    models.DatasetItem.objects.using(OWNER).create(code="population/phone", dataset="population", **item, **known)
    fact = filling.correct(hub.desk, WORKER, "phone", ANNA, ("13811112222", "本人已换号"))
    assert (fact.payload["subject"], fact.payload["providers"]) == ("record:population/a", [police])
    assert fact.payload["given"]["item"] == "phone"
    assert "13811112222" not in str(fact.payload)
    shown = filling.open_view(WORKER, "F10", ANNA, hub.clock())
    phone = next(one.value for one in shown.fields if one.field.element == "phone")
    assert phone is not None
    assert (phone.value, phone.kind) == ("13800001111", "source")
    with pytest.raises(BadInput, match="没有数源"):
        filling.correct(hub.desk, WORKER, "wish", ANNA, ("要帮助", "本人说"))
    with pytest.raises(BadInput, match="不合格式"):
        filling.correct(hub.desk, WORKER, "phone", ANNA, ("明天", "本人说"))
    with pytest.raises(NotFound):
        filling.correct(hub.desk, STRANGER, "phone", ANNA, ("13811112222", "本人说"))


def test_a_rebuild_brings_the_same_rows(hub: Hub) -> None:
    before = write.snapshot()
    assert len(before["form_fill"]) == 5
    write.rebuild()
    assert write.snapshot() == before


@pytest.fixture(scope="module")
def things(hub: Hub) -> dict[str, int]:
    """A component with an older version, an address and an open case in the worker's community: subject -> number."""
    since, make = collecting.SINCE, {"valid_from": collecting.SINCE, "digest": "", "lon": 113.1, "lat": 23.1}
    named = {"division": town.COMMUNITY, "name": "井盖", "owner": "水务集团", "category": "C1"}
    held = models.Component.objects.using(OWNER)
    old = held.create(code="9901010010010001", **named, **make, state="完好", valid_to=since + timedelta(days=9))
    held.create(code="9901010010010001", **named, **{**make, "valid_from": since + timedelta(days=9)}, state="破损")
    address = models.AddressPlace.objects.using(OWNER).create(
        code="A1", name="福路1号", kind="door", division=town.COMMUNITY, **make
    )
    told = {
        "number": "ZS1",
        "title": "噪声",
        "text": "楼上装修",
        "address": "福路1号",
        "category": "N1",
    }
    case = models.Case.objects.using(OWNER).create(
        id=7, state="handling", place=town.COMMUNITY, opened_at=since, **told
    )
    return {"component": old.id, "address": address.id, "event": case.id}


def test_forms_about_components_addresses_and_events_are_filled_in(hub: Hub, things: dict[str, int]) -> None:
    from zhongshu.data.elements import values

    component = Whom("component", things["component"])
    (listed,) = values.subjects(WORKER, "component", "F27")
    assert (listed.id, listed.name, listed.note) == (things["component"], "井盖", "9901010010010001")
    assert values.subjects(STRANGER, "component", "F27") == []
    view = filling.open_view(WORKER, "F27", component, hub.clock())
    told = {one.field.element: one.value.value for one in view.fields if one.value}
    assert told == {"component_code": "9901010010010001", "component_name": "井盖", "component_state": "破损"}
    wanted = {one.field.element for one in view.asked}
    assert wanted == {"component_photo", "component_state"}
    fact = filling.fill(
        hub.desk, WORKER, "F27", component, {"component_photo": "井圈开裂", "component_state": "damaged"}
    )
    assert (fact.payload["kind"], fact.payload["entity"], fact.place) == (
        "component",
        things["component"],
        town.COMMUNITY,
    )
    again = filling.open_view(WORKER, "F27", component, hub.clock())
    assert "component_photo" not in {one.field.element for one in again.asked}
    address = filling.open_view(WORKER, "F26", Whom("address", things["address"]), hub.clock())
    assert {one.field.element for one in address.asked} == {"address_state"}
    event = filling.open_view(WORKER, "F28", Whom("event", things["event"]), hub.clock())
    shown = {one.field.element: one.value.value for one in event.fields if one.value}
    assert shown == {"opened_at": "2026-01-01", "case_location": "福路1号", "case_text": "楼上装修"}
    with pytest.raises(NotFound, match="填报对象"):
        filling.open_view(STRANGER, "F28", Whom("event", things["event"]), hub.clock())


def test_the_asker_takes_a_table_whose_seal_is_in_the_ledger(hub: Hub, things: dict[str, int]) -> None:
    import hashlib

    from zhongshu.data.elements import fills
    from zhongshu.hub.resources import tables

    asker = town.viewer(town.CITY, "urban_management", Role.HANDLER, user=71)
    with pytest.raises(IllegalMove, match="下发单位"):
        tables.take(hub.desk, WORKER, "F27")
    content, fact = tables.take(hub.desk, asker, "F27")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("网格或社区代码,填报时间,部件编码,部件编码·来源")
    assert len(lines) == 2
    assert "井圈开裂,entry" in lines[1]
    assert fact.payload["sha256"] == hashlib.sha256(content).hexdigest()
    (kept,) = fills.tables(asker, "F27")
    assert (kept["sha256"], kept["rows"]) == (fact.payload["sha256"], 1)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM personal_read WHERE purpose LIKE '取表%%'")
        assert cursor.fetchone()[0] == 0
