"""The line to the server goes and comes back: what is shown says how old it is, and nobody's text is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import town_hall
from tests.browser.conftest import Server
from tests.browser.test_desks import begin, find
from tests.browser.test_whole_road import act

pytestmark = pytest.mark.browser

RESTORED = "已恢复上次未提交的草稿"


def own(complaints: list[str]) -> list[str]:
    """Complaints but those of the network, which these tests cut on purpose."""
    return [line for line in complaints if "net::ERR" not in line and not line.startswith("htmx:")]


def test_what_is_shown_says_when_it_was_true_and_catches_up(
    visitor: Callable[[], Page], worker: Callable[[str], Page], server: Server
) -> None:
    wall = worker("city")
    wall.goto("/cockpit")
    said, age = wall.locator("[data-live-text]"), wall.locator("[data-live-age]")
    expect(said).to_have_text("实时")
    wall.evaluate("document.querySelector('[data-live-url]').dataset.staleAfter = '1'")
    server.stop()
    expect(said).to_have_text("数据已过时")
    expect(age).to_have_text(re.compile(r"截至 \d+:\d\d:\d\d"))
    server.start()
    wall.evaluate("document.querySelector('[data-live-url]').dataset.staleAfter = '45'")
    expect(said).to_have_text("实时", timeout=15_000)
    expect(age).to_have_text("")
    before = int(wall.locator('.number-value[data-number="opened"]').inner_text())
    # Somebody else keeps listening, so that the news of the report have been told when this wall comes back.
    worker("city").goto("/cockpit")
    wall.context.set_offline(True)
    wall.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    begin(visitor, "一居 垃圾 断线时来的")
    wall.wait_for_timeout(2_500)
    wall.context.set_offline(False)
    expect(wall.locator('.number-value[data-number="opened"]')).to_have_text(str(before + 1), timeout=15_000)
    expect(wall.locator(".cockpit-side")).to_contain_text("断线时来的", timeout=15_000)


def test_a_reason_survives_a_stopped_server(
    visitor: Callable[[], Page], worker: Callable[[str], Page], server: Server, complaints: list[str]
) -> None:
    number = begin(visitor, "一居 垃圾 等人来")
    page = worker("street")
    case = find(page, number)
    act(page, "Signed")
    page.click('[data-opens="act-Handled"]')
    page.fill("#act-Handled [name=result]", "已清运，并已回访")
    server.stop()
    page.locator("#act-Handled button.button-main").click()
    page.wait_for_url("chrome-error://**")
    server.start()
    page.goto(case)
    expect(page.locator('[data-opens="act-Handled"]')).to_contain_text("草稿")
    page.click('[data-opens="act-Handled"]')
    expect(page.locator("#act-Handled [name=result]")).to_have_value("已清运，并已回访")
    expect(page.locator("#act-Handled [data-draft-text]")).to_have_text(RESTORED)
    page.locator("#act-Handled button.button-main").click()
    expect(page.locator(".case-line")).to_contain_text("待核查")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('text:'))") == []
    assert own(complaints) == []


def test_a_log_in_that_ended_gives_the_text_back(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    number = begin(visitor, "一居 垃圾 写到一半")
    page = worker("street")
    case = find(page, number)
    page.click(".more > summary")
    page.click('[data-opens="act-Returned"]')
    reason = page.locator("#act-Returned [name=reason]")
    reason.fill("现场核实属另一街道")
    page.context.clear_cookies(name="sessionid")
    page.locator("#act-Returned button.button-main").click()
    page.fill("#login", "street")
    page.fill("#password", town_hall.PASSWORD)
    page.click("form.card button")
    page.wait_for_url(case)
    expect(reason).to_have_value("现场核实属另一街道")
    page.click(".more > summary")
    page.click('[data-opens="act-Returned"]')
    page.locator("#act-Returned [data-draft-drop]").click()
    expect(reason).to_have_value("")
    reason.fill("退出以后不留给别人看")
    page.locator("#act-Returned [data-closes]").first.click()
    page.click(".bar-end details.menu > summary")
    page.click("[data-forgets] button")
    page.wait_for_url("**/report")
    assert page.evaluate("Object.keys(localStorage)") == []
    assert complaints == []
