"""A chief asks the lake, opens the single rows behind a number, and has a day's files checked, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests import town
from tests.data.lake import shore
from zhongshu.data.lake import tidying
from zhongshu.data.lake.moving import Mover
from zhongshu.data.lake.place import Lake, begins, day_of
from zhongshu.kernel.settings import Settings

pytestmark = pytest.mark.browser
DAY = day_of(datetime.now(UTC)) - timedelta(days=10)


@pytest.fixture(scope="module", autouse=True)
def filled(database: str, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Before the site opens: while it is open, this thread may not touch the database."""
    folder: Path = tmp_path_factory.mktemp("lake")
    with override_settings(ZHONGSHU_LAKE=Settings(lake=str(folder))):
        start = begins(DAY)
        shore.keep([shore.reading("S1", 0, n) | {"at": start + timedelta(hours=n)} for n in range(24)])
        tidying.run(Mover(Lake(folder), town.SCHEME, datetime.now(UTC)))
        yield


def test_ask_open_and_check(worker: Callable[[str], Page], complaints: list[str]) -> None:
    chief = worker("city")
    chief.goto(f"/data/lake?day={DAY}")
    chief.select_option("#cut-by", "district")
    chief.fill("#from", DAY.isoformat())
    chief.fill("#to", DAY.isoformat())
    chief.click("#cut button")
    expect(chief.locator("#cut tbody tr")).to_have_count(24)
    chief.locator("#cut tbody a").nth(5).click()
    expect(chief.locator("#cut tbody tr")).to_have_count(1)
    expect(chief.locator("#cut tbody")).to_contain_text("S1")
    chief.locator('a[href$="#files"]').first.click()
    chief.click("text=核验当日文件")
    expect(chief.locator("body")).to_contain_text("文件与账本相符")
    assert complaints == []
