"""A chief finds a data set, opens what lacks, begins a dispute, and has a feed checked, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.data.catalogue import shelf
from tests.screen import test_catalogue as hall
from tests.town import COMMUNITY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shelved(database: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Before the site opens: while it is open, this thread may not touch the database."""
    folder = tmp_path_factory.mktemp("pack")
    tables = {"datasets": hall.SETS, "dataset_items": hall.ITEMS, "sources": [hall.SOURCE], "systems": hall.SYSTEMS}
    shelf.put(folder, **tables, standards=[hall.STANDARD], standard_rules=[hall.RULE])


def test_from_a_gap_to_a_dispute_and_a_check(
    shelved: None, worker: Callable[[str], Page], complaints: list[str], tmp_path: Path
) -> None:
    chief = worker("district")
    chief.goto("/data/catalogue")
    chief.locator("[data-search]").fill("park")
    chief.keyboard.press("Enter")
    expect(chief.locator("table a[data-open]")).to_have_count(1)
    chief.goto("/data/gaps")
    chief.locator("table a").first.focus()
    chief.keyboard.press("Enter")
    expect(chief.locator("tbody tr")).to_have_count(2)
    chief.click("text=permits 资源")
    chief.locator('[data-opens="act-dispute"]').click()
    dialog = chief.locator("#act-dispute")
    expect(dialog).to_be_visible()
    dialog.locator("textarea").first.fill("场地不在本区")
    dialog.locator("button.button-main").click()
    expect(chief.locator("h1")).to_contain_text("permits 资源")
    expect(chief.locator(".timeline")).to_contain_text("场地不在本区")
    feed = tmp_path / "feed.csv"
    feed.write_text(f"permit,place,updated,phone\nA1,{COMMUNITY},昨天,\n", "utf-8")
    chief.goto("/data/standards/base")
    chief.set_input_files("#feed", feed)
    chief.locator("form.card-body .button-main").click()
    expect(chief.locator("h1")).to_contain_text("不符合")
    expect(chief.locator("tbody tr")).to_have_count(1)
    assert complaints == []
