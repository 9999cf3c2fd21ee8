"""A place in doubt, in real browsers: the resident answers one question and the report goes straight to its unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import crossroads
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True, scope="module")
def crossing_town(site: str) -> Iterator[None]:
    gate.install(Hub(lambda: crossroads.TOOLS))
    yield


def test_the_resident_answers_while_writing(visitor: Callable[[], Page], complaints: list[str]) -> None:
    page = visitor()
    page.goto("/report")
    page.locator("#text").press_sequentially("中山路垃圾没人清")
    question = page.get_by_role("group", name="请问是哪一处？")
    expect(question).to_be_visible()
    question.get_by_label("二街中山路").check()
    page.locator("#text").press_sequentially("，很臭")
    expect(question.get_by_label("二街中山路")).to_be_checked()
    page.click("button.button-big")
    expect(page.locator("#main")).to_contain_text("office单位")
    expect(page.locator("#main")).to_contain_text("二居")
    assert complaints == []


def test_the_operator_asks_the_caller(worker: Callable[[str], Page], complaints: list[str]) -> None:
    page = worker("city")
    page.goto("/operator")
    page.locator("#text").press_sequentially("中山路垃圾桶倒了")
    expect(page.locator("#suggest")).to_contain_text("请问是哪一处？")
    page.get_by_label("一街中山路").check()
    page.click("button.button-main")
    expect(page.locator(".notice-ok")).to_contain_text("office单位")
    assert complaints == []


def test_the_case_is_settled_from_its_page(
    visitor: Callable[[], Page], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    resident = visitor()
    resident.goto("/report")
    resident.fill("#text", "中山路垃圾堆在路边三天")
    resident.click("button.button-big")
    number = resident.locator(".number-plate").inner_text()
    operator = worker("city")
    operator.goto(f"/cases?q={number}")
    operator.click("[data-open]")
    operator.get_by_label("二街中山路").check()
    operator.get_by_role("button", name="就是这里").click()
    expect(operator.locator("#main")).to_contain_text("待签收")
    expect(operator.locator("#main")).to_contain_text("地点确认：二街中山路")
    assert complaints == []
