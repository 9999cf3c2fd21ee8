"""A member enrols and another person than who put the task up confirms who came, with nothing but keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import town
from tests.browser.days import Hands
from tests.screen.screen_browser import JUDGED
from zhongshu.data import community as rows
from zhongshu.data.databases import OWNER
from zhongshu.hub import community, volunteering
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.hub import Hub
from zhongshu.kernel.lifecycle import Role

pytestmark = pytest.mark.browser

SQUARE = f"/community/{town.COMMUNITY}"
KEEPER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=990)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module", autouse=True)
def planned(database: str) -> dict[str, str]:
    """Before the site opens: a rule, two members, a task that is over and one to come."""
    from zhongshu.data import models
    from zhongshu.screen import residency

    told = {"basis": "default", "basis_text": "示范", "author": "测试", "since": date(2025, 1, 1)}
    told |= {"act": "volunteer", "points": 3, "month_ceiling": 12, "per_day": 1, "name": "助老", "name_en": "Care"}
    models.PointRule.objects.using(OWNER).create(code="care", valid_from=datetime(2025, 1, 1, tzinfo=UTC), **told)
    hub = Hub(lambda: town.TOOLS)
    now = hub.clock()
    links: dict[str, str] = {}
    for name in ("one", "two"):
        given = {"kind": "resident", "phone": f"1330000000{len(links)}", "household": f"1-{len(links)}"}
        number, serial, _new = community.admit(hub, KEEPER, given)
        links[name] = residency.link(number, serial)
    for title, begins in (("陪老人看病", now - 30 * HOUR), ("清洁花园", now + 30 * HOUR)):
        before = replace(hub, clock=lambda begins=begins: begins - HOUR)
        given = {"title": title, "spot": "花园", "rule": "care", "wanted": "3"}
        task = volunteering.post(before, KEEPER, {**given, "begins_at": begins, "ends_at": begins + 2 * HOUR})
        links[title] = f"{SQUARE}/tasks/{task}"
        if begins < now:
            member = Speaker(member=rows.member(number))
            volunteering.move(before, member, town.COMMUNITY, task, {"move": "enrol"})
    return links


def sound(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in JUDGED]


def test_a_member_enrols_and_withdraws_by_keys(
    visitor: Callable[[], Page], planned: dict[str, str], complaints: list[str]
) -> None:
    page = visitor()
    # The first page of a site that has just begun: on a busy machine it takes its time.
    page.goto(planned["one"], timeout=60_000)
    hands = Hands(page)
    hands.press(f'a[href="{SQUARE}/tasks"]')
    hands.press(f'a[href="{planned["清洁花园"]}"]')
    hands.press("[name=move][value=enrol]")
    expect(page.locator("#main")).to_contain_text("已报名 1 人，需要 3 人")
    hands.press("[name=move][value=withdraw]")
    expect(page.locator("#main")).to_contain_text("已报名 0 人，需要 3 人")
    assert sound(page) == []
    assert complaints == []


def test_another_confirms_by_keys_and_the_member_sees_where_his_points_come_from(
    worker: Callable[[str], Page], visitor: Callable[[], Page], planned: dict[str, str], complaints: list[str]
) -> None:
    chief = worker("district")
    chief.goto(planned["陪老人看病"])
    hands = Hands(chief)
    hands.go("[name=hours]")
    chief.keyboard.press("ArrowDown")
    hands.press("[name=move][value=came]")
    expect(chief.locator("[aria-labelledby=people]")).to_contain_text("1.5 小时")
    assert sound(chief) == []
    hands.press('[aria-labelledby=people] a[href*="member="]')
    expect(chief.locator("[aria-labelledby=account]")).to_contain_text("+4")
    assert sound(chief) == []
    member = visitor()
    member.goto(planned["two"])
    Hands(member).press(f'a[href="{SQUARE}/points"]')
    account = member.locator("[aria-labelledby=account]")
    expect(account).to_contain_text("陪老人看病")
    expect(account).to_contain_text("2025-01-01 起的规则")
    assert sound(member) == []
    assert complaints == []
