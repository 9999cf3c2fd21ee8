"""The desk by keyboard alone: a view is kept, a case opened beside the list, many claimed at once and taken back."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desks import begin
from zhongshu.data import integrations

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture(scope="module")
def exchange(site: str) -> Callable[[str], None]:
    """A call from this number rings at the operator's desk."""
    token = integrations.issue("exchange", ["phone"])

    def ring(number: str) -> None:
        told = {"event": "ring", "call": number, "to": "city", "caller": number, "language": "yue"}
        headers = {"authorization": f"Bearer {token}"}
        httpx.post(f"{site}/api/telephone/calls", json=told, headers=headers).raise_for_status()

    return ring


def test_a_call_is_written_down_by_keyboard(
    exchange: Callable[[str], None], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    """Beside what the caller says, three keys: take the call, leave the text, record; and a lost line loses nothing."""
    page = worker("city")
    page.goto("/operator")
    exchange("13800138077")
    expect(page.locator(".card-ringing")).to_contain_text("13800138077", timeout=10_000)
    press(page, "Alt+a")
    expect(page.locator("#phone")).to_have_value("13800138077")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.insert_text("一居 积水 很深")
    expect(page.locator("#suggest")).to_contain_text("water单位")
    page.context.set_offline(True)
    press(page, "Control+Enter")
    expect(page.locator("[data-draft-note]")).to_contain_text("当前没有网络")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#text")).to_have_value("一居 积水 很深")
    expect(page.locator("#phone")).to_have_value("13800138077")
    press(page, "Tab", "Control+Enter")
    expect(page.locator(".notice-ok")).to_contain_text("已登记")
    expect(page.locator("#phone")).to_have_value("")
    assert [line for line in complaints if "ERR_INTERNET_DISCONNECTED" not in line] == []


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


def test_a_shift_is_handed_over_and_signed_by_another(worker: Callable[[str], Page], complaints: list[str]) -> None:
    page = worker("district")
    page.goto("/duty")
    for button, field, said in (
        ("begin", "", ""),
        ("note", "#note-text", "东门积水已派人"),
        ("hand", "#hand-notes", "看积水"),
    ):
        page.locator(f'[data-opens="{button}"]').focus()
        press(page, "Enter")
        page.locator(field or f"#{button} .button-main").focus()
        page.keyboard.type(said)
        page.locator(f"#{button} .button-main").focus()
        press(page, "Enter")
        expect(page.locator(".head-end")).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".notice-warn")).to_contain_text("district 已交班")
    expect(page.locator('[data-opens="begin"]')).to_have_count(0)
    expect(page.locator(".duty-shift")).to_contain_text("东门积水已派人")
    assert complaints == []
