"""The pages in a real browser, under the real content security policy."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.screen.screen_browser import Watched
from tests.screen.screen_samples import PARTIAL, SAMPLES

pytestmark = pytest.mark.browser

BUILT = Path(__file__).resolve().parents[2] / "zhongshu" / "screen" / "static" / "built"
WHOLE = sorted(set(SAMPLES) - PARTIAL)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", WHOLE)
def test_axe_finds_nothing_serious(watched: Watched, name: str, theme: str) -> None:
    page = watched.open(f"/_/{name}?theme={theme}")
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]
    assert serious == []
    assert watched.complaints == []


@pytest.mark.parametrize("name", WHOLE)
def test_fits_a_phone(phone: Watched, name: str) -> None:
    page = phone.open(f"/_/{name}?lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.complaints == []


def test_desk_page_script_is_small(watched: Watched) -> None:
    fetched: list[str] = []
    watched.page.on("request", lambda request: fetched.append(request.url))
    watched.open("/_/list")
    names = {url.rsplit("/", 1)[-1] for url in fetched if url.endswith(".js")}
    assert sum(len(gzip.compress((BUILT / name).read_bytes())) for name in names) <= 60_000
    assert "app.js" in names


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


def test_suggestions_arrive_while_typing(watched: Watched) -> None:
    page = watched.open("/operator")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("十二楼没有水")
    expect(page.locator("#suggest")).to_contain_text("区水务局")
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
