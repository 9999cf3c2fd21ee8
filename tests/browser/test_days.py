"""A day of each person, from log-in to log-out, on the demo city."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import days
from tests.browser.conftest import Server
from tests.browser.days import Hands, Morning, act, sign_out

pytestmark = pytest.mark.browser

Arrive = Callable[[], Page]
Enter = Callable[[str], Page]
PHONE: ViewportSize = {"width": 390, "height": 844}


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


def test_grid_worker_goes_the_round_with_a_phone(visitor: Arrive, morning: Morning, complaints: list[str]) -> None:
    page = visitor()
    page.set_viewport_size(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(morning.here)
    Hands(page).sign_in("grid-officer")
    page.goto("/field")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    sent, task = page.locator("[data-item=done]"), page.locator("[data-task]", has_text="北侧垃圾堆积")
    expect(task.locator("[data-distance]")).to_contain_text("距您")
    task.locator("[data-check-in]").click()
    expect(sent).to_have_count(1)
    expect(page.locator(".count[data-checked]")).to_have_text("1")
    page.locator("[data-phrase]").first.click()
    page.set_input_files("[data-photos]", days.photo())
    expect(page.locator("[data-shots] img")).to_have_count(1)
    page.click("[data-send-report]")
    expect(sent).to_have_count(2)
    page.locator(".card-head [data-check-in]").click()
    expect(sent).to_have_count(3)
    page.locator("[aria-labelledby=forms-title]").get_by_role("link", name="房屋").click()
    page.click("[data-keep]")
    expect(page.locator("[data-keep-said]")).to_contain_text("已存")
    page.context.set_offline(True)
    page.locator("[aria-labelledby=whom] a.strong").click()
    form = page.locator("form.form-card")
    days.fill_in(form)
    form.locator(".button-main").click()
    expect(page.locator("[data-kept]")).to_contain_text("联网后自动发送")
    page.context.set_offline(False)
    expect(page.locator("#main")).to_contain_text("4 张表已填报")
    expect(page.locator("[aria-labelledby=whom]")).to_contain_text("本期已走访")
    sign_out(page)
    assert [one for one in complaints if "DISCONNECTED" not in one] == []


def test_community_handler_reads_and_calls_the_street(enter: Enter, morning: Morning, complaints: list[str]) -> None:
    page = enter("community-handler")
    page.click('a[href="/cases?open=1"]')
    find(page, morning.waiting["field"])
    page.click('.case-top a[href^="/calls/new"]')
    page.fill("#text", "小区后门垃圾堆积，请街道派车")
    page.fill("#authority", "街乡吹哨、部门报到")
    page.select_option("#units", morning.street)
    page.click("button.button-big")
    expect(page.locator("#main")).to_contain_text("办理过程")
    page.goto("/calls")
    page.get_by_role("link", name="我呼的").click()
    expect(page.locator("#main")).to_contain_text("请街道派车")
    sign_out(page)
    assert complaints == []


def test_community_talks_votes_and_hides(
    enter: Enter, visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    keeper, member = enter("community-handler"), visitor()
    square = f"/community/{morning.community}"
    keeper.goto(f"{square}/desk")
    keeper.check("[aria-labelledby=admit] [value=resident]")
    keeper.fill("#phone", "13500135000")
    keeper.click("[value=admit]")
    member.goto(keeper.locator(".field-link").inner_text())
    member.fill("#title", "3 栋张三家天天扰民")
    member.click("[value=post]")
    expect(member.locator("h1")).to_contain_text("天天扰民")
    topic = member.url
    keeper.goto(square)
    keeper.check("[name=kind][value=vote]")
    keeper.fill("#title", "垃圾投放点设在哪里")
    keeper.locator("details:has(#options) > summary").click()
    keeper.fill("#options", "东门\n西门")
    keeper.fill("#closes_at", f"{date.today() + timedelta(days=9)}T20:00")
    keeper.click("[value=post]")
    expect(keeper.locator("h1")).to_have_text("垃圾投放点设在哪里")
    member.goto(keeper.url)
    member.get_by_label("西门").check()
    member.click("[value=vote]")
    expect(member.locator("#main")).to_contain_text("您已表决")
    keeper.goto(topic)
    hide = keeper.locator("details:has([value=hide])")
    hide.locator("summary").click()
    hide.locator("[name=ground][value=privacy]").check()
    hide.locator("[name=reason]").fill("写了别人的门牌和姓名")
    hide.locator(".button-main").click()
    member.goto(topic)
    expect(member.locator("#main")).to_contain_text("写了别人的门牌和姓名")
    sign_out(keeper)
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


def test_duty_is_taken_up_logged_and_signed_by_another(
    visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    first, second = Hands(visitor()), Hands(visitor())
    first.sign_in("city-chief")
    first.follow("/duty")
    first.answer("begin")
    first.answer("note", text="东门积水已派人")
    first.answer("hand", notes="看东门积水")
    waits = first.page.locator(".notice-warn")
    expect(waits).to_contain_text("已交班，等另一人签收")
    expect(first.page.locator('[data-opens="begin"]')).to_have_count(0)
    second.sign_in("city-arbiter")
    second.follow("/duty")
    second.answer("begin")
    expect(second.page.locator(".duty-shift", has_text="东门积水已派人")).to_contain_text("签收")
    for hands in (first, second):
        hands.sign_out()
    assert complaints == []


def test_leader_goes_from_a_sign_to_an_act_and_over_the_map_with_nothing_but_keys(
    visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    page = visitor()
    hands = Hands(page)
    hands.sign_in("city-leader")
    hands.follow("/cockpit")
    expect(page.locator("[data-live-text]")).to_have_text("实时")
    assert int(page.locator('.number-value[data-number="open"]').inner_text()) >= len(morning.waiting)
    hands.press(".cockpit-signs [href='/signs?look=red']")
    page.wait_for_url("**/signs?look=red")
    hands.press("[href*='/signs/V29/objects']")
    hands.press(f"[data-row]:has-text('{morning.waiting['city-leader']}') [data-pick-case]", "Space")
    hands.say("#bulk-reason", "请限时答复")
    hands.press(".bulk [value=Supervised]")
    expect(page.locator("#bulk-result")).to_contain_text("完成 1 件")
    hands.follow("/map")
    hands.press("a[href='#map-table']")
    hands.say("#map-q", "西侧垃圾")
    page.keyboard.press("Enter")
    expect(page.locator(".map-rows tbody tr")).to_have_count(1)
    hands.press(".map-rows tbody th a")
    expect(page.locator(".case-line")).to_contain_text(morning.waiting["city-leader"])
    expect(page.locator(".timeline")).to_contain_text("请限时答复")
    hands.sign_out()
    assert complaints == []


def test_resident_reports_follows_answers_rates_and_asks_again_by_key(
    visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    page = visitor()
    page.set_viewport_size(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(morning.here)
    hands, main = Hands(page), page.locator("#main")
    page.goto("/report")
    hands.say("#text", "楼下垃圾堆积没人收，请尽快处理")
    hands.press("[data-pick-here]")
    expect(page.locator("[data-pick-note]")).to_contain_text("已选位置")
    hands.attach("#photos")
    hands.press("button.button-big")
    number = page.locator(".number-plate").inner_text()
    hands.press("a.button-main")
    expect(main).to_contain_text(number)
    expect(page.locator(".timeline li").first).to_be_visible()
    page.goto(morning.links["answer"])
    hands.say("#added", "三层到四层之间")
    hands.press("[aria-labelledby=add] .button-main")
    expect(page.locator(".timeline li").last).to_contain_text("继续办理")
    page.goto(morning.links["rate"])
    hands.press("[name=solved][value=yes]", "Space")
    hands.press("[name=satisfaction][value='5']", "Space")
    hands.press("[aria-labelledby=rate] .button-main")
    hands.say("#reason", "又堆满了")
    hands.press("[aria-labelledby=reopen] button")
    expect(page.locator("#reason")).to_have_count(0)
    expect(main).to_contain_text("重新办理")
    assert complaints == []


def test_data_steward_goes_from_the_catalogue_to_a_ticket(
    visitor: Arrive, morning: Morning, complaints: list[str]
) -> None:
    page = visitor()
    hands = Hands(page)
    hands.sign_in("city-data")
    page.goto("/data/catalogue")
    hands.say("[data-search]", "实有房屋")
    page.keyboard.press("Enter")
    hands.press("table a[data-open]")
    expect(page.locator("h1")).to_have_text("实有房屋")
    page.goto("/data/quality/houses")
    hands.press("[action$='/run'] button")
    hands.answer("act-houses.area.range", text="一平方米的房子，请核对")
    expect(page.locator(".timeline")).to_contain_text("一平方米的房子")
    for address in ("/data/gaps", "/data/forms", "/data/sharing", "/data/lake", "/data/audit"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
    hands.sign_out()
    assert complaints == []


def test_modeller_watches_a_version_and_corrects_a_judgement(
    enter: Enter, morning: Morning, complaints: list[str]
) -> None:
    page = enter("city-arbiter")
    page.goto("/models")
    page.get_by_role("button", name="立即监测").click()
    expect(page.locator("[aria-labelledby=deployed]")).to_contain_text(re.compile("监测正常|研判太少"))
    page.locator("#versions ~ * a, [aria-labelledby=versions] th a").first.click()
    expect(page.locator("[aria-labelledby=card]")).to_be_visible()
    page.goto("/judgement")
    row = page.locator("tr[data-row]", has_text="分不清是谁的")
    row.locator("[data-opens^=correct]").first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=category]").fill("城市管理 / 环境卫生 / 卫生死角")
    dialog.locator("[name=reason]").fill("天台是死角")
    dialog.locator(".button-main").click()
    expect(row).to_contain_text("卫生死角")
    sign_out(page)
    assert complaints == []


@pytest.fixture
def enter(worker: Enter) -> Enter:
    return worker
