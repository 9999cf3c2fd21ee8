"""From a cell of the quality board to the rows behind it and a correction of one, by keyboard where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import town
from tests.data.catalogue import shelf
from zhongshu.hub.hub import Hub

pytestmark = pytest.mark.browser

SETS = [shelf.dataset("divisions", "table:data_division", f"{town.CITY}-command")]
ITEMS = [
    shelf.item("divisions", "code", "place", key=True),
    shelf.item("divisions", "level", "integer"),
]
_BLANK = {"name_en": "", "value": "", "against": "", "keys": (), "condition": (), "weight": 1.0, "basis": "示范"}
RULES: list[dict[str, Any]] = [
    {**_BLANK, "code": "level", "dataset": "divisions", "item": "level", "name": "层级合理"}
    | {"indicator": "business", "kind": "range", "value": "1..1"}
]


@pytest.fixture(scope="module")
def looked_at(database: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Before the site opens: while it is open, this thread may not touch the database."""
    from zhongshu.hub.resources import quality

    shelf.put(tmp_path_factory.mktemp("pack"), datasets=SETS, dataset_items=ITEMS, quality_rules=RULES)
    quality.inspect(Hub(lambda: town.TOOLS).desk, "divisions")


def test_from_the_board_to_a_correction(looked_at: None, worker: Callable[[str], Page], complaints: list[str]) -> None:
    city = worker("city")
    city.goto("/data/quality")
    cell = city.locator("tbody tr", has_text="divisions").locator("a", has_text="50.00%")
    cell.focus()
    city.keyboard.press("Enter")
    expect(city.locator("h1")).to_have_text("divisions 资源")
    city.locator("section[aria-labelledby=rules] tbody a", has_text="1").click()
    expect(city.locator("tbody tr")).to_have_count(1)
    expect(city.locator("tbody th")).to_have_text(town.DISTRICT)
    city.locator("tbody [data-opens]").click()
    dialog = city.locator("dialog[open]")
    dialog.locator("textarea").fill("本区层级应为二级，规则有误")
    dialog.locator("button.button-main").click()
    expect(city.locator("h1")).to_contain_text("更正level 项")
    expect(city.locator(".timeline")).to_contain_text("规则有误")
    assert complaints == []
