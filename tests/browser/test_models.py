"""A chief lets another model judge, and takes it back, with nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests import town
from tests.hub.test_learning import KNOWS, OPERATOR, SAMPLES
from zhongshu.hub.deploying import Models, equip
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.screen import gate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def schooled(site: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """v1 judges by set-up, v2 is published and entered, and one case is known by a person."""
    from zhongshu.hub import governing

    home = tmp_path_factory.mktemp("home")
    for version in ("v2", "v1"):
        model, card = train([text for text, _ in SAMPLES], [code for _, code in SAMPLES], version, Recipe(folds=2))
        classifiers(home).publish(replace(model, thresholds=dict.fromkeys(model.labels, 0.5)), card)
    hub = Hub(lambda: equip(replace(town.TOOLS, knowledge=KNOWS), home), models=Models(home))
    gate.install(hub)
    receipt = hub.take_in([normalise({"text": "垃圾成堆，一居"}, hub.clock())])[0]
    hub.act(OPERATOR, receipt.facts[0].subject, Kind.CLASSIFIED, {"category": "rubbish"})
    governing.enter(Models(home).ground(hub.tools, hub.ids, hub.clock()), "classify", "v2")


def press(page: Page, role: str, name: str) -> None:
    """Go to something by the keyboard and press it."""
    found = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    found.focus()
    expect(found).to_be_focused()
    page.keyboard.press("Enter")


def opened(page: Page, words: str) -> None:
    """Open what is folded away under these words."""
    page.locator("summary", has_text=words).first.focus()
    page.keyboard.press("Enter")


def say(page: Page, field: str, words: str) -> None:
    """Type into a field that Tab reaches, and send the form with Enter."""
    page.locator(field).focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_another_model_is_put_in_force_and_taken_back(
    schooled: None, worker: Callable[[str], Page], complaints: list[str]
) -> None:
    chief = worker("city")
    chief.goto("/models")
    expect(chief.locator("main")).to_contain_text("首次启用（未经人工批准）")
    press(chief, "link", "v2")
    press(chief, "button", "与在用版本并列比对")
    expect(chief.locator("#beside")).to_be_visible()
    opened(chief, "批准此版本")
    say(chief, "#approve-reason", "两版相当，换新的")
    expect(chief.locator("main")).to_contain_text("两版相当，换新的")
    opened(chief, "部署")
    say(chief, "#deploy-reason", "试用")
    expect(chief.locator("h1")).to_contain_text("在用")
    press(chief, "link", "模型")
    opened(chief, "回滚")
    say(chief, "[id^=reason-]", "先退回")
    expect(chief.locator("main")).to_contain_text("先退回")
    press(chief, "link", "v2")
    expect(chief.locator("h1")).to_contain_text("已回滚")
    assert complaints == []
