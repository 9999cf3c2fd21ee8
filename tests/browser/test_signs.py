"""A chief goes from a red sign to its list to an act in three clicks, and stops the boards of a wall by key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from tests import town
from zhongshu.data.databases import OWNER
from zhongshu.hub import signs
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def measured(database: str) -> None:
    """Before the site opens: while it is open, this thread may not touch the database."""
    from zhongshu.data import models as rows

    kept = {"valid_from": datetime(2025, 1, 1, tzinfo=UTC), "digest": ""}
    sign = {
        "unit": "件",
        "system": "society",
        "cycle": "RT",
        "owner": "command",
        "source": "账本",
        "staleness_minutes": 60,
    }
    rows.Indicator.objects.using(OWNER).create(
        code="V1", no=1, name="在办垃圾", measure="class_open", classes="rubbish", **sign, **kept
    )
    limit = {"direction": "up", "how": "value", "red": 1.0, "hysteresis": 0, "minutes": 0, "category": "rubbish"}
    ground = {"basis": "default", "basis_text": "试", "author": "试", "since": date(2025, 1, 1)}
    rows.SignLimit.objects.using(OWNER).create(code="V1", indicator="V1", **limit, **ground, **kept)
    hub = Hub(lambda: town.TOOLS)
    hub.take_in([normalise({"text": "一居 垃圾 堆了三天", "merge": "off"}, hub.clock())])
    signs.look(hub.desk(), hub.clock(), every_one=True)


def test_from_a_sign_to_an_act(worker: Callable[[str], Page], complaints: list[str]) -> None:
    chief = worker("city")
    chief.goto("/cockpit")
    chief.locator(".cockpit-signs .number-line").first.click()
    chief.wait_for_url("**/signs/V1/objects*")
    row = chief.locator("[data-row]")
    expect(row).to_have_count(1)
    row.locator("[data-pick-case]").check()
    chief.fill("#bulk-reason", "请尽快")
    chief.get_by_role("button", name="催办").click()
    expect(chief.locator("#bulk-result")).to_contain_text("1")
    assert complaints == []


def test_a_wall_stops_by_key(worker: Callable[[str], Page], complaints: list[str]) -> None:
    chief = worker("city")
    chief.goto("/cockpit?wall=1")
    said = chief.locator("[data-wall-said]")
    expect(said).to_have_text("轮播中")
    expect(chief.locator("[data-board]:visible")).to_have_count(1)
    chief.keyboard.press("ArrowRight")
    expect(chief.locator("[data-wall-board]")).to_have_text("2 / 4")
    chief.keyboard.press("Space")
    expect(said).to_have_text("已暂停")
    chief.emulate_media(reduced_motion="reduce")
    chief.goto("/cockpit?wall=1")
    expect(said).to_have_text("已暂停")
    assert complaints == []
