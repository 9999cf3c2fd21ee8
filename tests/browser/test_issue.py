"""A hot issue that nobody took up is found, read and made a task through a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import town
from tests.screen.test_issues import make_hot
from zhongshu.screen import gate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def issue(site: str) -> int:
    return make_hot(gate.hub(), datetime.now(UTC) - timedelta(days=5))


def test_an_issue_nobody_took_up_becomes_a_task(
    issue: int, worker: Callable[[str], Page], complaints: list[str]
) -> None:
    district = worker("district")
    district.goto("/issues")
    expect(district.locator(".notice-danger")).to_contain_text("无人认领")
    district.click(f'a[href="/issues/{issue}"]')
    expect(district.locator("h1")).to_contain_text("垃圾")
    expect(district.locator("svg[role=img] circle")).to_have_count(6)
    district.click("text=下达指令")
    district.fill("#authority", "热点督办")
    district.select_option("#units", f"{town.STREET}-office")
    district.click("button.button-big")
    expect(district.locator("#main")).to_contain_text("相关案件")
    district.goto(f"/issues/{issue}")
    expect(district.locator(".timeline")).to_contain_text("转为任务")
    district.click('[data-opens="act-IssueSilenced"]')
    dialog = district.locator("#act-IssueSilenced")
    dialog.locator("[name=until]").fill((datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    dialog.locator("[name=reason]").fill("已下令，等清运")
    dialog.locator("button.button-main").click()
    expect(district.locator(".case-line")).to_contain_text("静默中")
    assert complaints == []
