"""A chief confirms a cause and makes the joint task of it, in a real browser and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import linked, town
from tests.conftest import Watch
from tests.hub.test_causes import ASKED
from zhongshu.hub import causes as moves
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lived(database: str) -> None:
    """Before the site opens: while it is open, this thread may not touch the database."""
    watch = Watch()
    hub = Hub(lambda: town.TOOLS, watch)
    start = watch.now
    watch.now += timedelta(days=linked.DAYS)
    hub.take_in([normalise(raw, watch.now) for raw in linked.linked(start, ("一居", "一居"))])
    moves.find(hub.desk, hub.clock(), ASKED)


def test_confirm_and_joint_task(lived: None, worker: Callable[[str], Page], complaints: list[str]) -> None:
    chief = worker("district")
    chief.goto("/causes")
    expect(chief.locator("svg.graph")).to_be_visible()
    chief.locator("table a[data-open]").first.focus()
    chief.keyboard.press("Enter")
    expect(chief.locator("h1")).to_have_text("垃圾 → 违建")
    expect(chief.locator("details.card").first).to_have_attribute("open", "")
    expect(chief.locator("[data-areas] a.map-cluster").first).to_be_visible()
    chief.locator('[data-opens="act-CauseConfirmed"]').focus()
    chief.keyboard.press("Enter")
    dialog = chief.locator("#act-CauseConfirmed")
    expect(dialog).to_be_visible()
    dialog.locator("textarea").fill("现场属实，无许可")
    dialog.locator("button.button-main").click()
    expect(chief.locator(".case-line")).to_contain_text("已确认")
    chief.click("text=下达联合任务指令")
    expect(chief.locator("#text")).to_contain_text("联合治理：垃圾引发违建")
    chosen = chief.locator("#units").evaluate("select => Array.from(select.selectedOptions, one => one.value)")
    assert f"{town.STREET}-office" in chosen
    chief.click("button.button-big")
    expect(chief.locator(".case-line")).to_contain_text("进行中")
    chief.click("text=查看病因与复发")
    expect(chief.locator(".case-line")).to_contain_text("联合治理中")
    assert complaints == []
