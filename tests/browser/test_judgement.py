"""A person corrects a judgement from the page of judgements, by keyboard where there is one, and sees it counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from zhongshu.hub.sense.normalise import normalise
from zhongshu.screen import gate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def told(site: str) -> None:
    hub = gate.hub()
    for n, text in enumerate(("一居 积水其实是垃圾", "一居 垃圾没人收")):
        raw = {"text": text, "channel": "web", "lon": 113.3 + n / 10, "lat": 23.1}
        hub.take_in([normalise(raw, datetime.now(UTC))])


def test_a_judgement_is_corrected_where_it_is_read(
    told: None, worker: Callable[[str], Page], complaints: list[str]
) -> None:
    city = worker("city")
    city.click(".nav summary >> text=分析")
    city.click(".nav >> text=研判")
    expect(city.locator("tr[data-row]")).to_have_count(2)
    city.keyboard.press("j")
    expect(city.locator("tr[data-row]").first.locator("[data-open]")).to_be_focused()
    row = city.locator("tr[data-row]", has_text="其实是垃圾")
    row.locator("[data-opens]").click()
    dialog = city.locator("dialog[open]")
    dialog.locator("[name=category]").fill("垃圾")
    dialog.locator("[name=reason]").fill("看过照片")
    dialog.locator("button.button-main").click()
    expect(city.locator(".notice-ok")).to_contain_text("人工研判")
    expect(city.locator("tr[data-row]", has_text="其实是垃圾")).to_contain_text("积水 → 垃圾")
    city.locator("section[aria-labelledby=turns] td a").click()
    expect(city.locator("tr[data-row]")).to_have_count(1)
    expect(city.locator(".notice", has_text="积水 → 垃圾")).to_be_visible()
    assert complaints == []
