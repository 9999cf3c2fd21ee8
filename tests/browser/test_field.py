"""A grid officer's telephone: reported with a photo without a network, the browser closed, one case at last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import town, town_hall
from tests.screen.test_pages import picture

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def counted(database: str) -> Callable[[str], int]:
    """How many there are, asked past Django, which keeps away from a thread with an event loop."""

    def count(statement: str) -> int:
        with psycopg.connect(database) as connection:
            found = connection.execute(statement.encode()).fetchone()
        return int(found[0]) if found else 0

    return count


@pytest.fixture
def telephone(chromium: Browser, site: str) -> Iterator[Callable[[], Page]]:
    """A page of a telephone that knows where it is, signed in as the community's worker, on the field page."""
    context = chromium.new_context(
        base_url=site,
        locale="zh-CN",
        viewport=PHONE,
        has_touch=True,
        geolocation={"longitude": 113.3, "latitude": 23.1, "accuracy": 12},
        permissions=["geolocation"],
    )
    context.set_default_timeout(8_000)
    first = context.new_page()
    first.goto("/accounts/login/")
    first.fill("#login", "community")
    first.fill("#password", town_hall.PASSWORD)
    first.click("form.card button")
    first.wait_for_url(lambda url: "/accounts/" not in url)
    first.close()
    return context.new_page


def test_offline_report_survives_and_arrives_once(telephone: Callable[[], Page], counted: Callable[[str], int]) -> None:
    page = telephone()
    page.goto("/field")
    expect(page.locator("[data-shell=kept]")).to_have_count(1)
    page.wait_for_function("caches.open('field-1').then((held) => held.keys()).then((all) => all.length > 3)")
    page.context.set_offline(True)
    expect(page.locator("[data-net]")).to_contain_text("没有网络")
    page.fill("#text", "一居 垃圾桶倒了")
    page.set_input_files("[data-photos]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()})
    expect(page.locator("[data-shots] img")).to_have_js_property("naturalWidth", 40)
    page.click("[data-send-report]")
    expect(page.locator("[data-item=waiting]")).to_contain_text("垃圾桶倒了")
    expect(page.locator("#text")).to_have_value("")
    page.fill("#text", "还没写完的一件")
    expect(page.locator("[data-draft-state]")).to_contain_text("草稿已存在本机")
    context = page.context
    page.close()

    again = telephone()
    again.goto("/field")
    expect(again.locator("[data-item=waiting]")).to_contain_text("垃圾桶倒了")
    expect(again.locator("#text")).to_have_value("还没写完的一件")
    other = context.new_page()
    other.goto("/field")
    context.set_offline(False)
    expect(again.locator("[data-item=done]")).to_have_count(1)
    expect(other.locator("[data-item=done]")).to_have_count(1)
    expect(again.locator("[data-queue-count]")).to_contain_text("全部已送达")
    again.click("[data-item=done] a")
    expect(again.locator("h1")).to_contain_text("垃圾桶倒了")
    expect(again.locator(".photos img")).to_have_count(1)
    assert counted("""SELECT count(*) FROM "case" WHERE text LIKE '%垃圾桶倒了%'""") == 1
    assert counted("SELECT count(*) FROM attachment WHERE \"case\" IS NOT NULL AND name = 'a.jpg'") == 1


def test_few_taps_and_a_check_in(telephone: Callable[[], Page], counted: Callable[[str], int]) -> None:
    page = telephone()
    page.goto("/field")
    page.fill("#text", "一居 门口积水")
    page.click("[data-send-report]")
    expect(page.locator("[data-item=done]")).to_have_count(1)
    page.reload()
    page.locator("[data-phrase]").first.click()
    page.click("[data-send-report]")
    expect(page.locator("[data-item=done]")).to_have_count(2)
    page.locator(".card-head [data-check-in]").click()
    expect(page.locator("[data-item=done]")).to_have_count(3)
    assert counted(f"SELECT count(*) FROM check_in WHERE place = '{town.COMMUNITY}' AND accuracy = 12") == 1
