"""Desks: the lists that posts work from, requests between two persons, claims, and many cases at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from tests import town, town_hall
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import Intake
from zhongshu.screen import gate, story

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def take(hub: Hub, text: str) -> tuple[int, int]:
    """A fresh case of one report: its number and the report's."""
    one = Intake(key=text, text=text, at=hub.clock(), channel="web", source="web", merge="off")
    receipt: Receipt = hub.take_in([one])[0]
    return next(fact.subject for fact in receipt.facts if fact.kind in ("Judged", "Unclear")), receipt.report


def begin(hub: Hub, text: str) -> int:
    return take(hub, text)[0]


def do(client: Client, case: int, kind: str, **fields: str) -> int:
    return client.post(f"/cases/{case}/act", {"kind": kind, **fields}).status_code


def listed(client: Client, query: str) -> list[int]:
    page = client.get(f"/cases?{query}").content.decode()
    return [int(found) for found in re.findall(r'data-open href="/cases/(\d+)[?"]', page)]


def page_of(client: Client, case: int) -> str:
    return client.get(f"/cases/{case}").content.decode()


def test_an_extension_is_asked_by_one_and_granted_by_another(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 延期")
    street, chief = sign_in("street"), sign_in("district")
    do(street, case, "Signed")
    asked = {"reason": "配件未到", "extra_minutes": "2", "extra_minutes_unit": "420"}
    assert do(street, case, "ExtensionAsked", **asked) == 302
    assert do(street, case, "ExtensionAsked", **asked) == 409
    assert case in listed(chief, "queue=asked")
    page = page_of(chief, case)
    assert "延长 14 个工作小时" in page
    assert 'data-opens="act-Extended"' in page
    assert "等待有权的另一人答复" in page_of(street, case)
    assert do(chief, case, "Extended") == 302
    assert case not in listed(chief, "queue=asked")
    assert '<span>延期</span> <span class="strong figures">1</span>' in page_of(chief, case)


def test_hanging_stops_the_clock_and_stands_on_the_ledger(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 挂账")
    street, chief = sign_in("street"), sign_in("district")
    do(street, case, "Signed")
    day = (hall.clock() + timedelta(days=40)).date().isoformat()
    given = {"reason_code": "budget", "reason": "待拨款", "review_on": day, "owner": "王科长"}
    assert do(street, case, "HangAsked", **{**given, "reason_code": "lazy"}) == 409
    assert do(street, case, "HangAsked", **given) == 302
    told = page_of(chief, case)
    assert "需要财政资金" in told
    assert f"{day} 复查" in told
    assert do(chief, case, "Hung") == 302
    assert case in listed(chief, "state=hung")
    hung = chief.get("/cases?state=hung").content.decode()
    assert "clock-ok" in hung
    assert "挂账复查" in hung
    page = page_of(street, case)
    assert "停表于" in page
    assert "挂账复查" in page
    assert do(street, case, "Resumed", reason="已到位") == 302
    assert case not in listed(chief, "state=hung")


def test_two_returns_and_a_joint_meeting_before_the_ruling(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 退单")
    street, arbiter = sign_in("street"), sign_in("city")
    office = f"{town.STREET}-office"
    assert do(street, case, "Returned", reason="不归我们", clause="清单第三条", suggested="housing单位") == 302
    assert "建议由 housing单位 承办" in page_of(arbiter, case)
    assert case in listed(arbiter, "state=undecided,returned")
    assert do(arbiter, case, "Ruled", host=office, reason="属地") == 302
    assert do(street, case, "Returned", reason="还是不归我们") == 302
    assert "须开联席会议" in arbiter.get("/arbitration").content.decode()
    assert do(arbiter, case, "Ruled", host=office, reason="属地") == 409
    assert do(arbiter, case, "MeetingHeld", attendees=f"{office}、housing单位", minutes="一致同意") == 302
    assert do(arbiter, case, "Ruled", host=office, reason="属地", forbid_return="1") == 302
    page = page_of(street, case)
    assert "经裁定，本案不得退回" in page
    assert 'data-opens="act-Returned"' not in page


def test_a_claim_parts_the_work_of_a_team(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 认领")
    street = sign_in("street")
    assert case in listed(street, "queue=team")
    assert case in listed(street, "queue=unclaimed")
    assert case not in listed(street, "queue=own")
    assert do(street, case, "Claimed") == 302
    assert case in listed(street, "queue=own")
    assert case not in listed(street, "queue=unclaimed")
    assert case not in listed(sign_in("next_street"), "queue=own")


def test_a_supervision_waits_on_its_list_until_it_is_answered(hall: Hub, sign_in: SignIn) -> None:
    cases = [begin(hall, f"一居 垃圾 督办{n}") for n in "甲乙"]
    street, chief = sign_in("street"), sign_in("district")
    asked = {"kind": "Supervised", "case": [str(one) for one in cases], "answer_minutes": "240"}
    refused = chief.post("/cases/bulk", asked).content.decode()
    assert "“督办”必须写说明" in refused
    assert "完成 0 件" not in refused
    assert "完成 2 件" in chief.post("/cases/bulk", asked | {"reason": "为何未办"}).content.decode()
    assert set(cases) <= set(listed(street, "queue=supervised"))
    assert 'data-opens="act-Answered"' in page_of(street, cases[0])
    assert do(street, cases[0], "Answered", text="明天办") == 302
    assert cases[0] not in listed(street, "queue=supervised")


def test_urging_many_says_which_were_refused_and_why(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 催办")
    chief = sign_in("district")
    given = {"kind": "Urged", "case": [str(case), "12345"], "reason": "请抓紧"}
    told = chief.post("/cases/bulk", given).content.decode()
    assert "完成 1 件，未完成 1 件" in told
    assert "没有这个案件" in told
    assert "请抓紧" in page_of(chief, case)


def test_many_requests_are_answered_at_once_but_not_by_who_asked(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 批量延期")
    street, chief = sign_in("street"), sign_in("district")
    do(street, case, "Signed")
    do(street, case, "ExtensionAsked", reason="雨天", extra_minutes="60")
    assert 'value="Extended"' in chief.get("/cases?queue=asked").content.decode()
    told = chief.post("/cases/bulk", {"kind": "Extended", "case": [str(case)]}).content.decode()
    assert "完成 1 件" in told
    assert "请求" not in street.post("/cases/bulk", {"kind": "Voided", "case": [str(case)]}).content.decode()


@pytest.mark.parametrize("name", ["city", "district", "street", "community"])
def test_every_tab_of_every_level_opens(hall: Hub, sign_in: SignIn, name: str) -> None:
    client = sign_in(name)
    page = client.get("/cases").content.decode()
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.S)
    assert tabs
    addresses = re.findall(r'href="([^"]+)"', tabs[0])
    assert len(addresses) >= 4
    shown = [client.get(one.replace("&amp;", "&")) for one in addresses]
    assert {answer.status_code for answer in shown} == {200}
    assert all(b'aria-current="page">' in answer.content for answer in shown)


def test_photos_of_the_work_stand_apart_from_the_reporters(hall: Hub, sign_in: SignIn) -> None:
    from tests.screen.test_pages import picture

    case = begin(hall, "一居 垃圾 办理照片")
    street = sign_in("street")
    do(street, case, "Signed")
    sent = {"kind": "Handled", "result": "清了", "photos": picture()}
    assert street.post(f"/cases/{case}/act", sent).status_code == 302
    page = page_of(street, case)
    assert 'aria-label="办理照片"' in page
    assert 'aria-label="诉求人照片"' not in page
    row = street.get(f"/cases?unit={town.STREET}-office&order=new&state=checking,calling").content.decode()
    cell = row[row.index(f'data-case="{case}"') :].partition("</tr>")[0].partition('<td class="nowrap">')[2]
    assert "—" not in cell.partition("</td>")[0]
    assert "核查" in cell or "回访" in cell


def test_a_list_says_which_clock_ended_late_where_another_runs() -> None:
    def clock(name: str, due: int, stopped: int | None) -> dict[str, object]:
        moments = {"due_at": due, "stopped_at": stopped}
        at = {key: n and (timezone.now() + timedelta(hours=n)).isoformat() for key, n in moments.items()}
        return {"name": name, "paused_at": None, "minutes": 60, "calendar": "always", "nearly": False} | at

    handle = clock("handle", -9, -5) | {"overdue": True}
    sign, check = clock("sign", -20, -21) | {"overdue": False}, clock("check", 2, None) | {"overdue": False}
    both = story.standing([sign, handle, check], "checking")
    assert (both["ticks"]["due_at"].isoformat(), both["ended"]["state"]) == (check["due_at"], "stopped_late")
    assert (both["ended"]["due_at"].isoformat(), both["late"]) == (handle["due_at"], 1)
    alone = story.standing([sign], "checking")
    assert (alone["ticks"], alone["ended"]["state"], alone["late"]) == (None, "stopped", 0)
    shown = render_to_string("parts/case_clock.html", {"case": {"state": "checking", "standing": both}})
    assert shown.index("clock-soon") < shown.index("badge-danger")


def test_what_is_asked_of_the_reporter_is_told_to_him(hall: Hub, sign_in: SignIn) -> None:
    from zhongshu.screen.tracking import track_url

    case, report = take(hall, "一居 垃圾 补充")
    street = sign_in("street")
    do(street, case, "Signed")
    assert do(street, case, "SupplementAsked", text="请补充具体楼栋") == 302
    told = Client(SERVER_NAME="localhost").get(track_url(report)).content.decode()
    assert "请补充具体楼栋" in told
    assert case in listed(street, "state=waiting")


def test_a_substitute_works_in_the_post_and_every_act_says_so(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 代班")
    chief, street = sign_in("district"), sign_in("street")
    assert street.get("/rota").status_code == 403
    page = chief.get("/rota").content.decode()
    post = f"{town.STREET}-office-post"
    assert f'href="/rota?post={post}"' in page
    assert 'name="person"' in chief.get(f"/rota?post={post}").content.decode()
    given = {"post": post, "person": "community @community", "reason": "出差"}
    times = {"starts_at": "2026-01-01T00:00", "ends_at": "2026-01-01T00:00"}
    assert chief.post("/rota", given | times).status_code == 422
    assert chief.post("/rota", given | {"starts_at": "soon"}).status_code == 422
    now = timezone.localtime()
    first, last = (now + timedelta(days=days) for days in (-1, 3))
    times = {"starts_at": first.strftime("%Y-%m-%dT%H:%M"), "ends_at": last.strftime("%Y-%m-%dT%H:%M")}
    assert chief.post("/rota", given | times).status_code == 302
    substitute = sign_in("community")
    assert "（代班）" in substitute.get("/cases").content.decode()
    assert do(substitute, case, "Signed") == 409
    assert substitute.post("/post", {"post": post}).status_code == 302
    assert do(substitute, case, "Signed") == 302
    told = page_of(street, case)
    assert "代班</span>" in told[told.index("办理过程") :]
    lines = re.findall(r"/rota/\d+/off", chief.get("/rota").content.decode())
    assert chief.post(lines[0]).status_code == 302
    assert do(substitute, case, "Claimed") == 409


def test_after_a_move_the_next_case_of_the_list_is_offered(hall: Hub, sign_in: SignIn) -> None:
    """Whoever comes from a list goes on in it; who comes from elsewhere is offered nothing."""
    cases = [begin(hall, f"一居 垃圾 连着办{n}") for n in (1, 2)]
    street = sign_in("street")
    query = "q=连着办&state=dispatched"
    assert set(listed(street, query)) == set(cases)
    first, second = listed(street, query)
    page = street.get(f"/cases?{query}").content.decode()
    came = re.search(rf'data-open href="(/cases/{first}[^"]*)"', page)
    assert came
    shown = street.get(came[1]).content.decode()
    act = re.search(rf'action="(/cases/{first}/act[^"]*)"', shown)
    assert act
    after = street.post(act[1], {"kind": "Signed"}, follow=True)
    onward = re.search(r'href="(/cases/\d+/next\?from=[^"]+)">下一件<', after.content.decode())
    assert onward
    assert street.get(onward[1])["Location"].startswith(f"/cases/{second}?from=")
    last = street.post(act[1].replace(str(first), str(second)), {"kind": "Signed"}, follow=True).content.decode()
    onward = re.search(r'href="(/cases/\d+/next\?from=[^"]+)">下一件<', last)
    assert onward
    end = street.get(onward[1], follow=True)
    assert end.redirect_chain[-1][0].startswith("/cases?q=")
    assert "已到清单末尾" in end.content.decode()
    assert ">下一件<" not in page_of(street, first)


def test_moves_of_the_unit_are_not_offered_on_lists_of_other_units(hall: Hub, sign_in: SignIn) -> None:
    begin(hall, "一居 垃圾 别家的活")
    own, other = sign_in("street"), sign_in("community")
    offer = 'name="kind" value="Signed"'
    assert offer in own.get("/cases?q=别家的活").content.decode()
    theirs = other.get("/cases?q=别家的活").content.decode()
    assert "别家的活" in theirs
    assert offer not in theirs
