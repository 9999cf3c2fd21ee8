"""A resident finds that somebody has reported the same, and joins: while writing, or without a script after it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.screen.test_pages import picture

pytestmark = pytest.mark.browser


def reported(page: Page, text: str, lon: str, lat: str = "23.1", **more: str) -> None:
    page.goto("/report")
    for name, value in {"text": text, "lon": lon, "lat": lat, **more}.items():
        page.fill(f"#{name}", value)


def add(page: Page, words: str) -> None:
    """Write on, and wait for what is said to the whole of it: leaving earlier would break off a request."""

    def whole(answer: Response) -> bool:
        return words in unquote(answer.url + (answer.request.post_data or ""))

    with page.expect_response(whole):
        page.locator("#text").press_sequentially(words)


def test_joined_while_writing(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    first = visitor()
    reported(first, "一居 垃圾桶满了没人清", "115.1")
    first.set_input_files("#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()})
    first.check("[name=shown]")
    first.click("button.button-big")
    number = first.locator(".number-plate").inner_text()

    second = visitor()
    reported(second, "一居 垃圾桶满了", "115.1", phone="13800138031")
    near = second.locator("#near")
    expect(near).to_contain_text("垃圾桶满了没人清")
    expect(near).to_contain_text("50 米以内")
    expect(near.locator("img")).to_have_js_property("naturalWidth", 40)
    near.locator("[name=join]").first.check()
    add(second, "，走不过去")
    expect(near.locator("[name=join]").first).to_be_checked()
    second.click("button.button-big")
    expect(second.locator(".number-plate")).to_have_text(number)
    expect(second.locator("#main")).to_contain_text("已并入附近正在办理的同一件事")
    second.click("a.button-main")
    expect(second.locator("h1")).to_contain_text("走不过去")

    operator = worker("city")
    operator.goto(f"/cases?q={number}")
    operator.click("[data-open]")
    expect(operator.locator(".timeline")).to_contain_text("反映人自己说是同一件事")
    operator.click("details.more summary")
    operator.click('[data-opens="act-Split"]')
    operator.fill("#act-Split [name=reason]", "核实为另一件")
    operator.locator("#act-Split [name=report]").select_option(index=1)
    operator.locator("#act-Split button.button-main").click()
    expect(operator.locator(".timeline")).to_contain_text("核实为另一件")
    second.reload()
    expect(second.locator("#main")).not_to_contain_text(number)
    assert complaints == []


def test_without_a_script_it_is_asked_after_sending(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    reported(page, "一居 垃圾桶满了没人清", "116.1")
    page.click("button.button-big")
    number = page.locator(".number-plate").inner_text()
    reported(page, "一居 垃圾 三天没收", "116.1")
    page.click("button.button-big")
    expect(page.locator("#main")).to_contain_text("已经收到，不会丢失")
    expect(page.locator(".number-plate")).not_to_have_text(number)
    page.click("button[name=join]")
    expect(page.locator(".number-plate")).to_have_text(number)
    expect(page.locator("#main")).to_contain_text("已并入附近正在办理的同一件事")
    context.close()


def test_the_desk_joins_for_a_caller(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    first = visitor()
    reported(first, "一居 垃圾桶满了没人清", "117.1")
    first.click("button.button-big")
    number = first.locator(".number-plate").inner_text()
    desk = worker("city")
    desk.goto("/operator")
    desk.fill("#lon", "117.1")
    desk.fill("#lat", "23.1")
    desk.locator("#text").press_sequentially("一居 垃圾桶满了")
    choice = desk.locator("#suggest [name=join]").first
    expect(choice).to_be_visible()
    choice.check()
    add(desk, "，打来电话")
    expect(desk.locator("#suggest [name=join]").first).to_be_checked()
    desk.click("button.button-main")
    expect(desk.locator(".notice-ok")).to_contain_text(number)
    assert complaints == []
