"""A street calls the district through real browsers: acknowledged, there with a photo, released, scored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import town
from tests.browser.test_whole_road import act
from tests.screen.test_pages import picture

pytestmark = pytest.mark.browser
CENTRE = f"{town.DISTRICT}-command"


def test_a_street_calls_and_scores_who_came(worker: Callable[[str], Page], complaints: list[str]) -> None:
    street = worker("street")
    street.goto("/calls")
    street.click("text=发起呼叫")
    street.check("#urgent")
    street.fill("#text", "桥下积水，请派力量")
    street.fill("#authority", "街乡吹哨")
    street.fill("#lon", "113.3")
    street.fill("#lat", "23.1")
    street.click("button.button-big")
    expect(street.locator("h1")).to_have_text("桥下积水，请派力量")
    call = street.url

    centre = worker("district")
    centre.context.grant_permissions(["geolocation"])
    centre.context.set_geolocation({"longitude": 113.3002, "latitude": 23.1001})
    centre.set_viewport_size({"width": 390, "height": 844})
    centre.goto("/calls")
    centre.click("text=桥下积水，请派力量")
    act(centre, "CallAcknowledged", text="十分钟到")
    centre.click('[data-opens="act-CallArrived"]')
    dialog = centre.locator("#act-CallArrived")
    dialog.locator("[data-pick-here]").click()
    expect(dialog.locator("[name=lon]")).to_have_value("113.300200")
    photo = picture()
    dialog.locator("[name=photos]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo.read()})
    dialog.locator("button.button-main").click()
    expect(centre.locator("#main")).to_contain_text("距呼叫地点")
    expect(centre.locator(".photos img").first).to_be_visible()
    act(centre, "CallActed", result="已抽排")

    street.goto(call)
    act(street, f"CallReleased-{CENTRE}")
    street.click(f'[data-opens="act-CallScored-{CENTRE}"]')
    form = street.locator(f"#act-CallScored-{CENTRE}")
    form.locator("[name=score][value='5']").check()
    form.locator("[name=word]").fill("到得快")
    form.locator("button.button-main").click()
    expect(street.locator(".case-line")).to_contain_text("已结束")
    expect(street.locator("#main")).to_contain_text("5 非常满意")
    assert complaints == []
