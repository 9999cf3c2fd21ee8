"""A street asks for items, and for the review of a grade that is too strict, in a real browser and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import exchange

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def furnished(database: str) -> None:
    """Before the site opens: while it is open, this thread may not touch the database."""
    exchange.furnish()


def test_ask_for_items_and_for_a_review(furnished: None, worker: Callable[[str], Page], complaints: list[str]) -> None:
    street = worker("street")
    street.goto("/data/sharing")
    street.select_option("#dataset", "people")
    street.click("text=查看信息项")
    expect(street.locator("table").first).to_contain_text("有条件共享")
    street.locator('[data-opens="act-sharing"]').focus()
    street.keyboard.press("Enter")
    dialog = street.locator("#act-sharing")
    expect(dialog).to_be_visible()
    dialog.locator("select[name=items]").select_option(["name", "phone"])
    dialog.locator("[name=purpose]").fill("低保资格核对")
    dialog.locator("[name=basis]").fill("《社会救助暂行办法》第二十三条")
    dialog.locator("[name=until]").fill("2036-12-31")
    dialog.locator("button.button-main").click()
    expect(street.locator(".case-line")).to_contain_text("待合规审核")
    expect(street.locator("main dl.facts")).to_contain_text("name、phone")
    street.goto("/data/grades?dataset=gauges")
    expect(street.locator("table").first).to_contain_text("公开后无危害")
    street.click('[data-opens="act-regrade-gauges"]')
    dialog = street.locator("#act-regrade-gauges")
    dialog.locator("select[name=items]").select_option(["level"])
    dialog.locator("textarea[name=reason]").fill("内部规定不是法律依据")
    dialog.locator("button.button-main").click()
    expect(street.locator(".case-line")).to_contain_text("待提供方复核")
    street.goto("/data/audit")
    expect(street.locator("h1")).to_have_text("使用审计")
    assert complaints == []
