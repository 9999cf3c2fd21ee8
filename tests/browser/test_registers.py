"""From a number of a block to a record: read in clear, joined with another one, and taken back, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import hamlet
from zhongshu.data.registers import blocks, loading

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def registered(database: str) -> list[int]:
    """Before the site opens: the houses of a hamlet; the ids of two in the same grid."""
    from zhongshu.data.models import House

    loading.take_in("house", hamlet.told(10)["house"].drop(["id"]))
    blocks.recount()
    return list(House.objects.using("owner").filter(place=hamlet.GRID).order_by("id").values_list("id", flat=True)[:2])


def say(page: Page, opens: str, field: str) -> None:
    page.locator(f'[data-opens="{opens}"]').first.click()
    dialog = page.locator(f"#{opens}")
    expect(dialog).to_be_visible()
    dialog.locator(field).fill("现场核对")
    dialog.locator(".dialog-foot .button-main").click()


def test_a_number_opens_its_list_and_a_record_is_joined_and_parted_again(
    registered: list[int], worker: Callable[[str], Page], complaints: list[str]
) -> None:
    first, second = registered
    chief = worker("district")
    chief.goto("/data/blocks?under=9901&by=grid&measure=houses")
    chief.locator("tbody tr").first.locator("td a").first.click()
    expect(chief.locator("tbody tr")).to_have_count(10)
    chief.locator("table a[data-open]").first.click()
    expect(chief.locator("#values")).to_be_visible()
    expect(chief.locator("main")).to_contain_text("*")
    say(chief, "act-read", "#purpose")
    expect(chief.locator(".case-top")).to_contain_text("本次查阅已记录")
    chief.goto(f"/data/registers/house/{first}/looks")
    expect(chief.locator("tbody tr")).to_have_count(1)
    expect(chief.locator("tbody")).to_contain_text("现场核对")
    chief.goto(f"/data/registers/house/{first}")
    chief.locator('[data-opens="act-other"]').click()
    chief.fill("#other", str(second))
    say_join = chief.locator("#act-other")
    say_join.locator("textarea").fill("同一套房登记两次")
    say_join.locator(".dialog-foot .button-main").click()
    expect(chief.locator("#pairs").locator("xpath=../..")).to_contain_text("已归并")
    chief.goto(f"/data/registers/house/{second}")
    expect(chief.locator(".case-line")).to_contain_text("已归并")
    say(chief, "act-undo-1", "textarea")
    chief.goto(f"/data/registers/house/{second}")
    expect(chief.locator(".case-line")).not_to_contain_text("已归并")
    assert complaints == []
