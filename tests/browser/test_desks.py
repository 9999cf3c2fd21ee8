"""Two persons, a ledger and a meeting, through real browsers: what one asks another answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_whole_road import act

pytestmark = pytest.mark.browser


def begin(visitor: Callable[[], Page], text: str) -> str:
    """A resident reports; returns the case's number."""
    resident = visitor()
    resident.goto("/report")
    resident.fill("#text", text)
    resident.click("button.button-big")
    return resident.locator(".number-plate").inner_text()


def find(page: Page, number: str) -> str:
    page.goto(f"/cases?q={number}")
    page.click("[data-open]")
    return page.url


def more(page: Page, kind: str, **fields: str) -> None:
    page.click(".more > summary")
    act(page, kind, **fields)


def test_one_asks_for_more_time_and_another_grants_it(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    number = begin(visitor, "一居 垃圾 很多，请延期")
    handler, chief = worker("street"), worker("district")
    case = find(handler, number)
    act(handler, "Signed")
    more(handler, "ExtensionAsked", reason="等配件", extra_minutes="2", extra_minutes_unit="420")
    expect(handler.locator(".card-asked")).to_contain_text("等待有权的另一人答复")
    chief.goto("/cases")
    chief.get_by_role("link", name="待我审批").click()
    expect(chief.locator("#rows")).to_contain_text("申请延期")
    chief.goto(case)
    expect(chief.locator(".card-asked")).to_contain_text("延长 14 个工作小时")
    act(chief, "Extended")
    expect(chief.locator(".timeline")).to_contain_text("准予延期")
    expect(chief.locator(".tally")).to_contain_text("延期 1")
    assert complaints == []


def test_hung_on_the_ledger_and_taken_up_again(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    number = begin(visitor, "一居 垃圾 要等拨款")
    handler, chief = worker("street"), worker("district")
    case = find(handler, number)
    act(handler, "Signed")
    more(handler, "HangAsked", reason_code="budget", reason="待拨款", review_on="2037-03-01", owner="王科长")
    chief.goto(case)
    act(chief, "Hung")
    expect(chief.locator(".path [aria-current]")).to_have_text("处置")
    chief.goto("/cases")
    chief.get_by_role("link", name="挂账", exact=True).click()
    expect(chief.locator("#rows")).to_contain_text("要等拨款")
    handler.goto(case)
    expect(handler.locator("[aria-labelledby=clocks]")).to_contain_text("停表")
    act(handler, "Resumed", reason="拨款已到")
    expect(handler.locator(".case-line")).to_contain_text("办理中")
    expect(handler.locator("[aria-labelledby=clocks]")).to_contain_text("计时中")
    assert complaints == []


def test_returned_twice_the_units_meet_and_the_arbiter_rules(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    number = begin(visitor, "一居 垃圾 归谁")
    handler, arbiter = worker("street"), worker("city")
    case = find(handler, number)
    more(handler, "Returned", reason="不归我们", suggested="housing单位")
    arbiter.goto(case)
    act(arbiter, "Ruled", host="990101001000-office", reason="属地先办")
    handler.goto(case)
    more(handler, "Returned", reason="还是不归我们")
    arbiter.goto("/arbitration")
    expect(arbiter.locator("#rows")).to_contain_text("须开联席会议")
    arbiter.goto(case)
    arbiter.click('[data-opens="act-MeetingHeld"]')
    dialog = arbiter.locator("#act-MeetingHeld")
    units = dialog.locator("[data-picks]")
    for name in ("office单位", "housing单位"):
        units.fill(name)
        units.press("Enter")
    expect(dialog.locator(".chips button")).to_have_count(2)
    dialog.locator(".chips button").first.click()
    expect(dialog.locator(".chips button")).to_have_count(1)
    units.fill("office单位")
    dialog.locator("[name=minutes]").fill("一致同意由街道办")
    dialog.locator("button.button-main").click()
    expect(arbiter.locator(".timeline")).to_contain_text("housing单位、office单位")
    arbiter.click('[data-opens="act-Ruled"]')
    ruling = arbiter.locator("#act-Ruled")
    ruling.locator("[name=host]").fill("990101001000-office")
    ruling.locator("[name=reason]").fill("会议一致")
    ruling.locator("[name=forbid_return]").check()
    ruling.locator("button.button-main").click()
    expect(arbiter.locator(".case-line")).to_contain_text("待签收")
    handler.goto(case)
    expect(handler.locator("#main")).to_contain_text("本案不得退回")
    assert complaints == []


def test_nobody_puts_himself_on_the_rota(worker: Callable[[str], Page], complaints: list[str]) -> None:
    page = worker("city")
    page.goto("/rota?post=990101001000-office-post")
    page.fill("#person", "city @city")
    page.fill("#starts_at", "2026-01-01T08:00")
    page.fill("#ends_at", "2026-01-02T08:00")
    page.fill("#reason", "出差")
    page.click("main form .button-main")
    expect(page.locator("[data-error-summary]")).to_contain_text("不得批准自己代班")
    assert [line for line in complaints if "409" not in line] == []
