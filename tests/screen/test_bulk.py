"""Desks: the order of limits, assignees, saved views, many cases at once in steps, and what may be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests import town, town_hall
from zhongshu.data import saved, write
from zhongshu.data.people import viewer_of
from zhongshu.hub import bulk
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.screen import gate

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def users(database: str) -> dict[str, int]:
    return town_hall.people()


@pytest.fixture(scope="module")
def hall(users: dict[str, int]) -> Hub:
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def begin(hub: Hub, *texts: str) -> list[int]:
    made = [Intake(key=text, text=text, at=hub.clock(), channel="web", source="web", merge="off") for text in texts]
    return [
        next(fact.subject for fact in receipt.facts if fact.kind in ("Judged", "Unclear"))
        for receipt in hub.take_in(made)
    ]


def listed(client: Client, query: str) -> list[int]:
    page = client.get(f"/cases?{query}").content.decode()
    return [int(found) for found in re.findall(r'data-open href="/cases/(\d+)[?"]', page)]


def told(client: Client, address: str, **given: object) -> str:
    return client.post(address, given).content.decode()


def test_the_limit_that_ends_first_is_on_top(hall: Hub, sign_in: SignIn) -> None:
    first, second = begin(hall, "一居 垃圾 甲", "一居 垃圾 乙")
    street = sign_in("street")
    street.post(f"/cases/{second}/act", {"kind": "Signed"})
    page = street.get("/cases").content.decode()
    assert "签收" in page
    assert [case for case in listed(street, "mine=1") if case in (first, second)] == [first, second]
    assert [case for case in listed(street, "mine=1&order=new") if case in (first, second)] == [second, first]


def test_pages_by_the_clock_hold_every_case_once(hall: Hub, sign_in: SignIn, users: dict[str, int]) -> None:
    from zhongshu.data import lists

    who, wanted = viewer_of(users["street"]), lists.Wanted(mine=True)
    begin(hall, *(f"一居 垃圾 第{n}堆" for n in range(5)))
    found, mark = [], ""
    for _ in range(40):
        page = lists.by_clock(who, wanted, hall.clock(), mark, size=2)
        found += [row["id"] for row in page.rows]
        mark = str(page.next or "9223372036854775806-0")
    assert len(found) == len(set(found)) >= 5
    assert set(found) == {row["id"] for row in lists.page(who, wanted, hall.clock()).rows}


def test_of_a_long_list_what_is_due_first_is_on_top_however_old(
    hall: Hub, users: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhongshu.data import lists

    who, wanted = viewer_of(users["street"]), lists.Wanted(mine=True)
    begin(hall, *(f"一居 垃圾 旧{n}" for n in range(4)))
    whole = [row["id"] for row in lists.by_clock(who, wanted, hall.clock()).rows]
    monkeypatch.setattr(lists, "CLOCKED", 2)
    monkeypatch.setattr(lists, "FIRST", 2)
    part = lists.by_clock(who, wanted, hall.clock())
    assert part.rows[0]["id"] == whole[0] == min(whole)
    assert len(part.rows) == 5 < len(whole)


def test_a_task_is_put_into_hands_and_taken_back(hall: Hub, sign_in: SignIn, users: dict[str, int]) -> None:
    case = begin(hall, "一居 垃圾 指派")[0]
    street, me = sign_in("street"), users["street"]
    other = users["district"]
    assert "不在承办单位任职" in told(street, "/cases/bulk", kind="Assigned", case=case, person=other)
    page = told(street, "/cases/bulk", kind="Assigned", case=case, person=me)
    job = re.search(r"/cases/bulk/(\d+)/undo", page)
    assert job
    assert case in listed(street, f"assignee={me}")
    assert case in listed(street, "assignee=me")
    assert case not in listed(street, "assignee=none")
    assert "完成 1 件" in told(street, f"/cases/bulk/{job[1]}/undo")
    assert case in listed(street, "assignee=none")
    history = street.get(f"/cases/{case}").content.decode()
    assert "撤回认领或指派" in history
    assert "不能撤回" in told(street, f"/cases/bulk/{job[1]}/undo")


def test_only_the_latest_move_of_ones_own_is_taken_back(hall: Hub, sign_in: SignIn, users: dict[str, int]) -> None:
    case = begin(hall, "一居 垃圾 督办撤回")[0]
    chief, city = sign_in("district"), sign_in("city")
    given = {"kind": "Supervised", "case": case, "reason": "为何未办", "answer_minutes": "240"}
    undo = re.search(r"/cases/bulk/(\d+)/undo", told(chief, "/cases/bulk", **given))
    assert undo
    told(city, "/cases/bulk", **given | {"reason": "市里也问"})
    assert "其后没有他人操作" in told(chief, f"/cases/bulk/{undo[1]}/undo")
    assert case in listed(chief, "queue=supervised")


def test_what_took_effect_says_that_it_stands(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 签收生效")[0]
    street = sign_in("street")
    assert "立即生效，不能撤回" in street.get("/cases").content.decode()
    page = told(street, "/cases/bulk", kind="Signed", case=case)
    assert "不能撤回" in page
    assert "data-undo" not in page


def test_ten_minutes_later_it_stands(hall: Hub, sign_in: SignIn, users: dict[str, int]) -> None:
    case = begin(hall, "一居 垃圾 太迟")[0]
    who = viewer_of(users["street"])
    now = hall.clock()
    number = bulk.begin(who, "Claimed", {}, [case])
    bulk.step(hall, who, number)
    late = Hub(lambda: town.TOOLS, lambda: now + timedelta(minutes=11))
    assert not bulk.undoable(late, bulk.found(who, number))
    assert bulk.undoable(hall, bulk.found(who, number))


def test_many_cases_go_in_steps_and_a_job_broken_off_goes_on(hall: Hub, users: dict[str, int], sign_in: SignIn) -> None:
    cases = begin(hall, *(f"一居 垃圾 批量 {n} 号楼" for n in range(bulk.STEP + 3)))
    who, street = viewer_of(users["street"]), sign_in("street")
    page = told(street, "/cases/bulk", kind="Claimed", case=[*cases, 12345])
    assert "还有 4 件" in page
    job = re.search(r'hx-post="(/cases/bulk/\d+)"', page)
    assert job
    assert "没有做完" in street.get("/cases").content.decode()
    assert sign_in("next_street").get(job[1]).status_code == 404
    assert "继续" in street.get(job[1]).content.decode()
    done = told(street, job[1])
    assert f"完成 {len(cases)} 件，未完成 1 件" in done
    assert "没有这个案件" in done
    assert bulk.found(who, int(job[1].rpartition("/")[2])).ended_at
    assert "没有做完" not in street.get("/cases").content.decode()


def test_all_that_a_list_holds(hall: Hub, sign_in: SignIn) -> None:
    begin(hall, "一居 垃圾 凤凰木 一", "一居 垃圾 凤凰木 二", "一居 垃圾 榕树")
    street = sign_in("street")
    page = told(street, "/cases/bulk", kind="Urged", every="1", query="q=凤凰木")
    assert "完成 0 件，未完成 2 件" in page


def test_a_view_is_kept_shared_and_opens_the_desk(users: dict[str, int], hall: Hub, sign_in: SignIn) -> None:
    street, who = sign_in("street"), viewer_of(users["street"])
    given = {"name": " 我的  逾期 ", "query": "?overdue=1&evil=1&order=new", "shared": "1", "main": "1"}
    assert street.post("/cases/views", given)["Location"] == "/cases?order=new&overdue=1"
    view = saved.views(who)[0]
    assert (view["name"], view["query"], view["shared"], view["main"]) == (
        "我的 逾期",
        "order=new&overdue=1",
        True,
        True,
    )
    page = street.get("/cases").content.decode()
    assert 'name="overdue" value="1" checked' in page
    assert "我的 逾期" in page
    stranger = viewer_of(users["next_street"])
    assert saved.views(stranger) == []
    with pytest.raises(NotFound):
        saved.drop(stranger, view["id"])
    street.post("/cases/views", {"act": "unmain", "view": view["id"]})
    assert 'name="mine" value="1" checked' in street.get("/cases").content.decode()
    street.post("/cases/views", {"act": "drop", "view": view["id"]})
    assert saved.views(who) == []
    with pytest.raises(BadInput):
        saved.save(who, "  ", "mine=1")


def test_tabs_say_how_much_waits(hall: Hub, sign_in: SignIn) -> None:
    street = sign_in("street")
    page = street.get("/cases/counts?mine=1").content.decode()
    assert re.search(r'待我办理 <span class="count">\d+\+?</span>', page)


def test_a_case_stands_beside_its_list_without_the_frame(hall: Hub, sign_in: SignIn) -> None:
    case = begin(hall, "一居 垃圾 分栏")[0]
    street = sign_in("street")
    beside = {"HX-Request": "true", "HX-Target": "pane"}
    page = street.get(f"/cases/{case}", headers=beside).content.decode()
    assert "<!doctype" not in page.lower()
    assert 'data-opens="act-Signed"' in page
    answer = street.post(f"/cases/{case}/act", {"kind": "Handled"}, headers=beside)
    assert answer.status_code == 409
    assert "<!doctype" not in answer.content.decode().lower()


def test_a_rebuild_gives_the_same_hands(hall: Hub) -> None:
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
