"""A handler writes an empty phrase, sees what it lacks, betters it and sends it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
EMPTY = "您好，来信收悉，我们高度重视，感谢您的支持。"
GOOD = "经现场核实，一居垃圾满溢属实，已于6月1日清运完毕。联系电话：0000-12345678。"


def waiting(visitor: Callable[[], Page], worker: Callable[[str], Page], text: str) -> Page:
    """A handler's page of a signed case that somebody has just reported."""
    resident = visitor()
    resident.goto("/report")
    resident.fill("#text", text)
    resident.click("button.button-big")
    number = resident.locator(".number-plate").inner_text()
    handler = worker("street")
    handler.goto(f"/cases?q={number}")
    handler.click("[data-open]")
    handler.click('[data-opens="act-Signed"]')
    handler.locator("#act-Signed button.button-main").click()
    expect(handler.locator(".case-line")).to_contain_text("办理中")
    return handler


def test_an_empty_phrase_is_bettered_while_it_is_written(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    handler = waiting(visitor, worker, "一居 垃圾 桶满了没人清")
    handler.click('[data-opens="act-Handled"]')
    dialog = handler.locator("#act-Handled")
    words = dialog.locator('[name="result"]')
    words.press_sequentially(EMPTY)
    expect(dialog.locator(".notice-danger")).to_contain_text("套话")
    dialog.locator('[name="despite"]').fill("先写着")
    words.press_sequentially("再次感谢。")
    expect(dialog.locator('[name="despite"]')).to_have_value("先写着")
    words.fill(GOOD)
    expect(dialog.locator(".notice-danger")).to_have_count(0)
    expect(dialog).to_contain_text("0000-12345678")
    dialog.locator("button.button-main").click()
    expect(handler.locator(".case-line")).to_contain_text("待核查")
    expect(handler.locator("#reply")).to_contain_text("有回应")
    checker = worker("district")
    checker.goto(handler.url)
    expect(checker.locator("#reply")).to_contain_text("答复评分")
    assert complaints == []


def test_sent_at_once_it_comes_back_and_goes_with_a_reason(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    handler = waiting(visitor, worker, "一居 垃圾 又满了")
    handler.click('[data-opens="act-Handled"]')
    handler.fill("#act-Handled [name=result]", "已处理")
    handler.locator("#act-Handled button.button-main").click()
    expect(handler.locator("h1")).to_have_text("答复还没有发出")
    expect(handler.locator("#held-result")).to_have_value("已处理")
    handler.fill("#reply-despite", "当事人在场，已当面说明")
    handler.click("form button.button-main")
    expect(handler.locator(".case-line")).to_contain_text("待核查")
    expect(handler.locator("#reply")).to_contain_text("已当面说明")
    chief = worker("city")
    chief.goto("/replies")
    expect(chief.locator("#listed")).to_contain_text("已当面说明")
    chief.locator("td a").first.click()
    expect(chief).to_have_url(re.compile(r"/replies\?.*flag="))
    expect(chief.locator("#listed")).to_contain_text("垃圾")
    assert [line for line in complaints if "409" not in line] == []
