"""Every page under axe: in two looks each here, in every look by itself."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.screen.screen_browser import JUDGED, Watched
from tests.screen.screen_samples import PARTIAL, SAMPLES

pytestmark = pytest.mark.browser

WHOLE = sorted(set(SAMPLES) - PARTIAL)
LOOKS = [("light", "zh-hans", ""), ("dark", "en", ""), ("light", "en", ""), ("dark", "zh-hans", "")]


def rotated(name: str) -> list[tuple[str, str, str]]:
    """Two looks in which a page is seen in both themes and both languages; the next page in the other two."""
    return LOOKS[:2] if WHOLE.index(name) % 2 else LOOKS[2:]


def judge(watched: Watched, name: str, look: tuple[str, str, str]) -> None:
    theme, language, size = look
    page = watched.open(f"/_/{name}?theme={theme}&lang={language}&size={size}")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in JUDGED] == []
    assert watched.complaints == []


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("name", WHOLE)
def test_axe_finds_nothing_serious(seen: Watched, name: str, turn: int) -> None:
    judge(seen, name, rotated(name)[turn])


@pytest.mark.quiet
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", WHOLE)
def test_axe_finds_nothing_serious_in_any_look(watched: Watched, name: str, language: str) -> None:
    """Everything once, and what the look changes — colours and sizes — in each theme and in large print."""
    # A colour on its way from one theme to the other is neither.
    watched.page.emulate_media(reduced_motion="reduce")
    judge(watched, name, ("light", language, ""))
    for key, value in (("theme", "dark"), ("theme", "wall"), ("size", "elder")):
        watched.page.evaluate("([key, value]) => document.documentElement.dataset[key] = value", [key, value])
        found = Axe().run(watched.page, options={"runOnly": ["color-contrast", "target-size"]}).response["violations"]
        assert [(value, one["nodes"][0]["html"]) for one in found if one["impact"] in JUDGED] == []
