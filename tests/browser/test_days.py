"""A day of each person, from log-in to log-out, on the demo city."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import days
from tests.browser.conftest import Server
from tests.browser.days import Hands, Morning, act, sign_out

pytestmark = pytest.mark.browser

Arrive = Callable[[], Page]
Enter = Callable[[str], Page]


@pytest.fixture(scope="module")
def morning(database: str, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    return days.grow(tmp_path_factory.mktemp("pack"), tmp_path_factory.mktemp("days"))


@pytest.fixture(scope="module")
def server(morning: Morning) -> Iterator[Server]:
    """The site on the demo city in place of the town."""
    from django.db import connections

    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = 0
    serving = Server()
    yield serving
    serving.stop()
    for alias in connections:
        connections[alias].settings_dict["CONN_MAX_AGE"] = None


def find(page: Page, number: str) -> None:
    """Look a case up by its number and open it."""
    page.goto(f"/cases?q={number}")
    page.locator("[data-open]").first.click()
    expect(page.locator(".case-line")).to_contain_text(number)


def test_operator_takes_calls_with_nothing_but_keys(visitor: Arrive, morning: Morning, complaints: list[str]) -> None:
    page = visitor()
    hands = Hands(page)
    hands.sign_in("city-operator")
    hands.follow("/operator")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.insert_text("小区门口垃圾堆积，几天没人收")
    expect(page.locator("#suggest")).to_contain_text("垃圾堆积")
    hands.say("#name", "李先生")
    hands.say("#phone", "13700137000")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice-ok")).to_contain_text("已登记")
    hands.press(".notice-ok a")
    expect(page.locator("#main")).to_contain_text("几天没人收")
    hands.sign_out()
    assert complaints == []


def test_street_handler_signs_and_reports_done_with_nothing_but_keys(
    visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    page = visitor()
    hands = Hands(page)
    hands.sign_in("street-handler")
    page.keyboard.press("/")
    page.keyboard.insert_text(morning.waiting["street-handler"])
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    hands.press("[data-open]")
    hands.press('[data-opens="act-Signed"]')
    hands.press("#act-Signed .button-main")
    expect(page.locator(".case-line")).to_contain_text("办理中")
    hands.press('[data-opens="act-Handled"]')
    expect(page.locator("#act-Handled textarea").first).to_be_focused()
    page.keyboard.insert_text("已于今日上午清运垃圾三车，现场恢复整洁，并已电话告知反映人。联系电话：0000-12345678。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".case-line")).to_contain_text("待核查")
    hands.sign_out()
    assert complaints == []


def test_grid_worker_signs_on_a_phone(visitor: Arrive, morning: Morning, complaints: list[str]) -> None:
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})
    Hands(page).sign_in("street-social")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sign_out(page)
    assert complaints == []


def test_community_handler_reads_and_calls_the_street(enter: Enter, morning: Morning, complaints: list[str]) -> None:
    page = enter("community-handler")
    page.click('a[href="/cases?open=1"]')
    find(page, morning.waiting["field"])
    page.click('.case-top a[href^="/calls/new"]')
    page.fill("#text", "小区后门垃圾堆积，请街道派车")
    expect(page.locator("main form").first).to_be_visible()
    page.goto("/calls")
    expect(page.locator("h1")).to_be_visible()
    sign_out(page)
    assert complaints == []


def test_district_checker_and_chief(enter: Enter, morning: Morning, complaints: list[str]) -> None:
    checker = enter("district-checker")
    checker.get_by_role("link", name="待核查").first.click()
    find(checker, morning.waiting["district-checker"])
    act(checker, "CheckPassed")
    expect(checker.locator(".case-line")).to_contain_text("待回访")
    sign_out(checker)
    chief = enter("district-chief")
    chief.get_by_role("link", name="待我审批").click()
    find(chief, morning.waiting["district-chief"])
    act(chief, "Extended")
    expect(chief.locator(".timeline")).to_contain_text("准予延期")
    sign_out(chief)
    assert complaints == []


def test_city_chief_urges_and_looks_after_the_rota(enter: Enter, morning: Morning, complaints: list[str]) -> None:
    page = enter("city-chief")
    find(page, morning.waiting["city-chief"])
    act(page, "Urged", text="群众反映强烈")
    expect(page.locator(".timeline")).to_contain_text("催办")
    for address in ("/rota", "/powers", "/stuck", "/directives"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
    sign_out(page)
    assert complaints == []


def test_leader_goes_from_a_number_to_the_matter(enter: Enter, morning: Morning, complaints: list[str]) -> None:
    page = enter("city-leader")
    page.goto("/cockpit")
    expect(page.locator("[data-live-text]")).to_have_text("实时")
    opened = page.locator('.number-value[data-number="open"]')
    assert int(opened.inner_text()) >= len(morning.waiting)
    page.locator("a.number-line", has=opened).click()
    page.locator("[data-open]").first.click()
    expect(page.locator(".case-line")).to_be_visible()
    page.goto("/evaluation")
    expect(page.locator("table").first).to_be_visible()
    sign_out(page)
    assert complaints == []


def test_resident_reports_and_follows(visitor: Arrive, morning: Morning, complaints: list[str]) -> None:
    page = visitor()
    page.goto("/report")
    page.fill("#text", "楼下垃圾堆积没人收，请尽快处理")
    page.fill("#lon", str(morning.place[0]))
    page.fill("#lat", str(morning.place[1]))
    page.click("button.button-big")
    number = page.locator(".number-plate").inner_text()
    page.click("a.button-main")
    expect(page.locator("#main")).to_contain_text(number)
    expect(page.locator(".timeline li").first).to_be_visible()
    assert complaints == []


def test_data_steward_looks_after_the_catalogue(enter: Enter, complaints: list[str]) -> None:
    page = enter("city-data")
    page.goto("/data/catalogue")
    page.locator("table a[data-open]").first.click()
    expect(page.locator("h1")).to_be_visible()
    for address in ("/data/quality", "/data/gaps", "/data/forms", "/data/sharing", "/data/lake", "/data/audit"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
    sign_out(page)
    assert complaints == []


def test_modeller_reads_the_card_and_tries_a_text(enter: Enter, complaints: list[str]) -> None:
    page = enter("city-arbiter")
    page.goto("/models")
    expect(page.locator("#versions, table").first).to_be_visible()
    page.goto("/judgement")
    expect(page.locator("h1")).to_be_visible()
    page.goto("/arbitration")
    expect(page.locator("h1")).to_be_visible()
    sign_out(page)
    assert complaints == []


@pytest.fixture
def enter(worker: Enter) -> Enter:
    return worker
