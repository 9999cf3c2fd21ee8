"""The pages in a real browser, under the real content security policy."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.screen.screen_browser import JUDGED, Watched
from tests.screen.screen_samples import PARTIAL, PUBLIC, SAMPLES

pytestmark = pytest.mark.browser

WHOLE = sorted(set(SAMPLES) - PARTIAL)
SMALL = """least => [...document.querySelectorAll(`button, summary, select, textarea, .button, .tabs a, .nav a,
  input:not([type=hidden], [type=checkbox], [type=radio])`)]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest(".hide"))
  .filter(one => one.getBoundingClientRect().height < least - 0.5).map(one => one.outerHTML.slice(0, 120))"""
"""Whatever is pressed and is lower than `least` pixels; words in a sentence that are links don't count (WCAG 2.5.8)."""


@pytest.mark.parametrize("name", WHOLE)
def test_fits_a_phone_and_a_finger(seen_by_phone: Watched, name: str) -> None:
    page = seen_by_phone.open(f"/_/{name}?lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL, 44) == []
    assert seen_by_phone.complaints == []


@pytest.mark.parametrize("name", sorted(PUBLIC - PARTIAL | {"list", "case"}))
def test_large_print_fits_a_phone_and_an_old_hand(seen_by_phone: Watched, name: str) -> None:
    page = seen_by_phone.open(f"/_/{name}?size=elder")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL, 60) == []
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18


def test_less_motion_means_none(watched: Watched) -> None:
    watched.page.emulate_media(reduced_motion="reduce")
    page = watched.open("/_/cockpit")
    page.evaluate("document.querySelector('.number-value').classList.add('is-new')")
    moving = "Math.max(...document.getAnimations().map(one => one.effect.getTiming().duration), 0)"
    assert page.evaluate(moving) <= 1


def test_forced_colours_keep_shapes_and_marks(watched: Watched) -> None:
    watched.page.emulate_media(forced_colors="active")
    page = watched.open("/cases")
    assert page.evaluate("getComputedStyle(document.querySelector('.badge')).borderTopStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.querySelector('.nav [aria-current]')).outlineStyle") == "solid"


@pytest.mark.parametrize("theme", ["dark", "wall"])
@pytest.mark.parametrize("name", ["case", "list", "evaluation"])
def test_paper_is_white_and_holds_nothing_to_press(watched: Watched, name: str, theme: str) -> None:
    watched.page.emulate_media(media="print")
    page = watched.open(f"/_/{name}?theme={theme}")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.locator(".bar, .toasts, .filters, .skip, dialog, .button:visible").locator("visible=true").count() == 0
    assert page.locator(".paper").is_visible()
    folded = page.locator(".main details:not(.more, .filters-box) > :not(summary)")
    assert folded.locator("visible=true").count() == folded.count()


def test_the_bar_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open("/_/list")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    menu = page.locator(".nav summary", has_text="指挥")
    menu.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="驾驶舱")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="体征")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="体征")).to_be_hidden()


def test_jump_to_a_page_from_anywhere(watched: Watched) -> None:
    page = watched.open("/_/list")
    page.keyboard.press("Control+k")
    expect(page.locator("#jump-q")).to_be_focused()
    page.keyboard.type("jsc")
    expect(page.locator("#jump-list a").first).to_contain_text("驾驶舱")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#jump-list a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cockpit")
    assert watched.complaints == []


def test_single_keys_can_be_switched_off(watched: Watched) -> None:
    page = watched.open("/_/list")
    page.keyboard.press("?")
    expect(page.locator("[data-page-keys] dl")).to_contain_text("勾选")
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("[data-row]:focus-within")).to_have_count(0)


def test_large_print_is_remembered(watched: Watched) -> None:
    page = watched.open("/report")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-size", "elder")
    assert {"size": "elder"}.items() <= {one["name"]: one["value"] for one in page.context.cookies()}.items()
    page.get_by_role("button", name="长辈版").click()
    assert "size" not in {one["name"] for one in page.context.cookies()}


def test_a_phone_has_its_menu_as_a_sheet(phone: Watched) -> None:
    page = phone.open("/_/list")
    page.get_by_role("link", name="菜单").click()
    sheet = page.get_by_role("dialog", name="菜单")
    expect(sheet.get_by_role("link", name="驾驶舱")).to_be_visible()
    assert [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in JUDGED] == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_list_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open("/cases")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 2 件")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("#q")).to_have_value("jx")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 2 件")


def test_enter_opens_the_case(watched: Watched) -> None:
    page = watched.open("/cases")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/1000")
    expect(page.locator("h1")).to_contain_text("小区加压水泵故障")


def test_bulk_action_says_what_was_done(watched: Watched) -> None:
    page = watched.open("/cases")
    page.locator("[data-pick-case]").nth(0).check()
    page.locator("[data-pick-case]").nth(3).check()
    page.locator("[data-bulk] button[value=Signed]").click()
    expect(page.locator("#bulk-result")).to_contain_text("完成 2 件，未完成 1 件")
    expect(page.locator("#posted")).to_have_text("2 True")
    assert watched.complaints == []


def test_enter_in_the_note_starts_nothing(watched: Watched) -> None:
    page = watched.open("/cases")
    page.locator("[data-pick-case]").first.check()
    page.locator("#bulk-reason").fill("说明")
    page.locator("#bulk-reason").press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator("#bulk-result")).to_be_empty()


def test_filters_swap_the_rows_and_keep_the_address(watched: Watched) -> None:
    page = watched.open("/cases")
    with page.expect_response(lambda answer: "overdue=1" in answer.url):
        page.locator("[name=overdue]").check()
    page.wait_for_url("**overdue=1**")
    assert page.url.count("overdue=") == 1
    expect(page.locator("#rows")).to_have_count(1)
    assert watched.complaints == []


def test_next_page_and_back_again(watched: Watched) -> None:
    page = watched.open("/cases?state=handling")
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**cursor=**")
    assert "state=handling" in page.url
    page.go_back()
    expect(page.locator("#q")).to_be_visible()
    expect(page.locator("#rows")).to_have_count(1)
    stored = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "ZS2611" not in stored
    assert "反映" not in stored
    assert watched.complaints == []


def test_action_opens_a_dialog_and_escape_closes_it(watched: Watched) -> None:
    page = watched.open("/cases/1002")
    page.locator(".more > summary").click()
    page.get_by_role("button", name="退单").click()
    dialog = page.get_by_role("dialog", name="退单")
    expect(dialog).to_be_visible()
    expect(dialog.locator("textarea")).to_be_focused()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_draft_survives_and_personal_data_is_not_kept(watched: Watched) -> None:
    page = watched.open("/report")
    key = page.locator("[name=client_key]").input_value()
    page.locator("#text").fill("路口井盖松动")
    page.locator("#phone").fill("13800000021")
    expect(page.locator("[data-draft-text]")).to_have_text("草稿已存在本机")
    page.goto("about:blank")
    page = watched.open("/report")
    expect(page.locator("#text")).to_have_value("路口井盖松动")
    expect(page.locator("#phone")).to_have_value("")
    assert len(key) == 32
    assert page.locator("[name=client_key]").input_value() == key
    page.get_by_role("button", name="清除草稿").click()
    expect(page.locator("#text")).to_have_value("")
    assert page.locator("[name=client_key]").input_value() not in {"", key}


def test_offline_keeps_the_form(watched: Watched) -> None:
    page = watched.open("/report")
    page.locator("#text").fill("积水")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-draft-text]")).to_contain_text("当前没有网络")
    expect(page.locator("#text")).to_have_value("积水")


def test_place_by_keyboard_on_the_map(watched: Watched) -> None:
    page = watched.open("/report")
    page.get_by_role("button", name="打开地图").press("Enter")
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    page.get_by_role("button", name="选用图钉所指的位置").press("Enter")
    expect(page.locator("[data-pick-note]")).to_contain_text("已选位置：113.3")
    assert page.locator("#lat").input_value().startswith("23.1")
    assert watched.complaints == []


def test_enter_in_a_line_goes_on_and_sends_nothing(watched: Watched) -> None:
    page = watched.open("/operator")
    page.locator("#text").fill("十二楼没有水")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.locator("#address").press("Enter")
    expect(page.locator("#address")).not_to_be_focused()
    assert page.evaluate("document.activeElement.closest('form') === document.querySelector('#text').form")
    assert not [one for one in sent if one.endswith("/operator")]
    assert page.url.endswith("/operator")
    expect(page.locator("#text")).to_have_value("十二楼没有水")


def test_suggestions_arrive_while_typing(watched: Watched) -> None:
    page = watched.open("/operator")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("[data-keys-choices]")).to_be_hidden()
    page.keyboard.type("十二楼没有水")
    expect(page.locator("#suggest")).to_contain_text("区水务局")
    expect(page.locator("[data-keys-choices]")).to_contain_text("Alt 1–")
    expect(page.locator("#suggest kbd").first).to_have_text("Alt 1")
    expect(page.locator("#address-doubt")).to_contain_text("查不到")
    expect(page.locator("#suggest")).to_contain_text("可能已经有人反映")
    expect(page.locator("#text")).to_be_focused()
    assert watched.complaints == []


def test_cockpit_map_clusters_and_live_numbers(watched: Watched) -> None:
    page = watched.open("/cockpit")
    expect(page.locator("[data-live-text]")).to_have_text("实时", timeout=10_000)
    expect(page.locator("[data-number=today]")).to_have_text("328", timeout=10_000)
    cluster = page.locator(".map-cluster").first
    expect(cluster).to_be_visible(timeout=15_000)
    expect(page.locator(".map-name-district[aria-hidden=true]").first).to_be_visible()
    cluster.press("Enter")
    link = page.locator(".map-popup a")
    expect(link).to_have_text("查看这些案件")
    assert "/cases?bbox=113." in str(link.get_attribute("href"))
    assert watched.complaints == []


def test_lists_beside_the_map_follow_what_happens(watched: Watched) -> None:
    page = watched.page
    with page.expect_response("**/cockpit/beside"):
        watched.open("/cockpit")
    expect(page.locator(".cockpit-side #short-warnings")).to_be_visible()
    assert watched.complaints == []


def test_a_table_that_has_just_come_follows_the_map_without_leaving_the_page(watched: Watched) -> None:
    page = watched.open("/_/map")
    page.route("**/map/table*", lambda route: route.fulfill(body="<section id='map-table'>followed</section>"))
    expect(page.locator(".map-name-district").first).to_be_visible(timeout=15_000)
    # As it is between the coming of a table and its binding: nobody listens at its form yet.
    page.evaluate(
        "() => { const table = document.querySelector('#map-table'); table.replaceWith(table.cloneNode(true)) }"
    )
    with page.expect_request("**/map/table*") as asked:
        page.locator(".map canvas").press("+")
    assert "bbox=113." in asked.value.url
    expect(page.locator("#map-table")).to_have_text("followed")
    assert page.url.endswith("/_/map")
    assert watched.complaints == []


def test_the_map_opens_where_a_case_sent_us(watched: Watched) -> None:
    page = watched.open("/cases/1002")
    page.get_by_role("link", name="在地图上看").click()
    page.wait_for_url("**/cockpit?at=113.35124,23.10988")


def test_questions_follow_the_answer_they_depend_on(watched: Watched) -> None:
    page = watched.open("/cases/1002")
    page.get_by_role("button", name="回访").click()
    question = page.locator("#act-CalledBack [name=satisfaction]").first
    expect(question).to_be_hidden()
    page.locator("#act-CalledBack [name=contacted][value=yes]").check()
    expect(question).to_be_visible()
    assert question.evaluate("e => e.required")
    page.locator("#act-CalledBack [name=contacted][value=no]").check()
    expect(question).to_be_hidden()
    assert question.evaluate("e => e.matches(':disabled')")


def test_a_demo_account_fills_the_name(watched: Watched) -> None:
    page = watched.open("/_/login")
    page.locator("[data-fills]").nth(1).click()
    expect(page.locator("#login")).to_have_value("district")
    expect(page.locator("#password")).to_be_focused()


def test_a_silent_line_shows_as_stale(watched: Watched) -> None:
    page = watched.page
    page.route("**/live", lambda route: route.abort())
    page.clock.install()
    watched.open("/cockpit")
    expect(page.locator("[data-live-text]")).to_have_text("正在重连")
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-live-text]")).to_have_text("数据已过时")
    expect(page.locator("html")).to_have_attribute("data-stale", "")


def test_theme_switch_is_remembered(watched: Watched) -> None:
    page = watched.open("/cases")
    page.get_by_role("button", name="深色主题").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert {"theme": "dark"}.items() <= {one["name"]: one["value"] for one in page.context.cookies()}.items()
