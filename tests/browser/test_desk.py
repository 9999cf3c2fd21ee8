"""The desk by keyboard alone: a view is kept, a case opened beside the list, many claimed at once and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desks import begin

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_list_is_worked_off_by_keyboard(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    for n in range(3):
        begin(visitor, f"一居 垃圾 成堆 第 {n} 处")
    page = worker("street")
    expect(page.locator(".tabs .count").first).to_be_visible()
    press(page, "s", "j")
    pane = page.locator("#pane")
    expect(pane.locator("h1")).to_contain_text("垃圾")
    first = pane.locator("h1").inner_text()
    press(page, "j")
    expect(pane.locator("h1")).not_to_have_text(first)
    press(page, "Enter")
    expect(pane).to_be_focused()
    pane.locator('[data-opens="act-Signed"]').focus()
    press(page, "Enter")
    page.locator("#act-Signed .button-main").focus()
    press(page, "Enter")
    expect(pane.locator(".case-line")).to_contain_text("办理中")
    expect(page.locator("[data-shown]")).to_have_count(0)
    press(page, "Escape")
    page.goto("/cases?queue=unclaimed")
    press(page, "j", "x", "j", "x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 2 件")
    page.locator('.bulk button[value="Claimed"]').focus()
    press(page, "Enter")
    expect(page.locator("#bulk-job")).to_contain_text("完成 2 件，未完成 0 件")
    page.locator("[data-undo]").focus()
    press(page, "Enter")
    expect(page.locator("#bulk-job")).to_contain_text("已撤回")
    page.locator('[data-opens="views"]').focus()
    press(page, "Enter")
    expect(page.locator("#view-name")).to_be_focused()
    page.keyboard.type("没人认领的")
    press(page, "Enter")
    expect(page.locator(".tabs-views [aria-current]")).to_contain_text("没人认领的")
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator("[data-open]").first.click()
    page.wait_for_url("**/cases/*")
    expect(page.locator(".bar")).to_be_visible()
    assert complaints == []
