"""One matter from a resident's words to its proven end, through real browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def act(page: Page, kind: str, **fields: str) -> None:
    """Open the dialog of a move, fill it in, send it."""
    page.click(f'[data-opens="act-{kind}"]')
    dialog = page.locator(f"#act-{kind}")
    for name, value in fields.items():
        field = dialog.locator(f'[name="{name}"]')
        tag = field.evaluate("e => e.tagName + e.type")
        {"SELECTselect-one": field.select_option}.get(tag, field.fill)(value)
    dialog.locator("button.button-main").click()
    page.wait_for_load_state("load")


def test_from_words_to_closure(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    resident = visitor()
    resident.goto("/report")
    resident.fill("#text", "一居门口东西坏了，没人知道归谁")
    resident.fill("#name", "陈小姐")
    resident.fill("#phone", "13800138021")
    resident.click("button.button-big")
    number = resident.locator(".number-plate").inner_text()
    resident.click("a.button-main")
    expect(resident.locator("#main")).to_contain_text("待人工研判")
    track = resident.url

    operator = worker("city")
    operator.goto(f"/cases?q={number}")
    operator.click("[data-open]")
    act(operator, "Classified", category="rubbish")
    expect(operator.locator("#main")).to_contain_text("待签收")
    case = operator.url

    handler = worker("street")
    handler.goto(case)
    act(handler, "Signed")
    act(handler, "Handled", result="已经修好")
    expect(handler.locator(".case-line")).to_contain_text("待核查")
    expect(handler.locator('[data-opens="act-CheckPassed"]')).to_have_count(0)

    checker = worker("district")
    checker.goto(case)
    act(checker, "CheckPassed")

    operator.goto(case)
    operator.click('[data-opens="act-CalledBack"]')
    form = operator.locator("#act-CalledBack")
    form.locator("[name=report]").first.check()
    expect(form.locator("[name=solved]").first).to_be_hidden()
    for name, value in {"contacted": "yes", "responded": "yes", "solved": "yes", "satisfaction": "5"}.items():
        form.locator(f"[name={name}][value='{value}']").check()
    operator.locator("#act-CalledBack button.button-main").click()
    expect(operator.locator(".case-top")).to_contain_text("已办结")

    resident.goto(track)
    expect(resident.locator("#main")).to_contain_text("已办结")
    expect(resident.locator("#main")).to_contain_text("已经修好")
    assert complaints == []


def test_english_and_back(visitor: Callable[[], Page], complaints: list[str]) -> None:
    page = visitor()
    page.goto("/report")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.click("button[value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).not_to_contain_text("我要反映")
    page.click("button[value=zh-hans]")
    expect(page.locator("h1")).to_contain_text("我要反映")
    assert complaints == []


def test_cockpit_moves_by_itself(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    cockpit = worker("city")
    cockpit.goto("/cockpit")
    expect(cockpit.locator("[data-live-text]")).to_have_text("实时")
    before = int(cockpit.locator('.number-value[data-number="opened"]').inner_text())
    resident = visitor()
    resident.goto("/report")
    resident.fill("#text", "一居 垃圾 满了")
    resident.fill("#lon", "113.3")
    resident.fill("#lat", "23.1")
    resident.click("button.button-big")
    expect(resident.locator(".number-plate")).to_be_visible()
    both = cockpit.locator('[data-number="opened"]')
    expect(both).to_have_text([str(before + 1)] * 2, timeout=10_000)
    assert complaints == []


def test_operator_sees_the_suggestion_while_writing(worker: Callable[[str], Page], complaints: list[str]) -> None:
    page = worker("city")
    page.goto("/operator")
    page.locator("#text").press_sequentially("一居 积水")
    expect(page.locator("#suggest")).to_contain_text("water单位")
    page.click("button.button-main")
    expect(page.locator(".notice-ok")).to_contain_text("已登记")
    assert complaints == []


def test_list_filters_in_place_and_acts_in_bulk(worker: Callable[[str], Page], complaints: list[str]) -> None:
    page = worker("street")
    page.goto("/cases?queue=team&state=dispatched")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.locator("[data-pick-case]").first.check()
    page.click('.bulk button[value="Signed"]')
    expect(page.locator("#bulk-result")).to_contain_text("完成 1 件，未完成 0 件")
    expect(page.locator("[data-pick-case]:checked")).to_have_count(0)
    page.select_option("#state", "handling")
    expect(page.locator("#rows")).to_contain_text("办理中")
    assert complaints == []
