"""The preview server in a process of its own (it configures Django for itself), and a browser looking at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import launched
from tests.screen.screen_browser import Watched

HERE = Path(__file__).parent
WIDE: Any = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
NARROW: Any = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}


@pytest.fixture(scope="session")
def preview() -> Iterator[str]:
    """Address of the preview server."""
    process = subprocess.Popen([sys.executable, str(HERE / "screen_preview.py")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture(scope="module")
def onlooker(browser: Browser, preview: str) -> Iterator[Watched]:
    """One page for all tests that look and touch nothing: opening a context for each costs as much as what they see."""
    context = browser.new_context(**WIDE)
    yield Watched(context.new_page(), preview)
    context.close()


@pytest.fixture(scope="module")
def passer(browser: Browser, preview: str) -> Iterator[Watched]:
    """The same with a phone in the hand."""
    context = browser.new_context(**NARROW)
    yield Watched(context.new_page(), preview)
    context.close()


@pytest.fixture
def seen(onlooker: Watched) -> Watched:
    """A wide page as one finds it who comes for the first time."""
    return onlooker.anew()


@pytest.fixture
def seen_by_phone(passer: Watched) -> Watched:
    return passer.anew()


@pytest.fixture
def watched(browser: Browser, preview: str) -> Iterator[Watched]:
    context = browser.new_context(**WIDE)
    yield Watched(context.new_page(), preview)
    context.close()


@pytest.fixture
def phone(browser: Browser, preview: str) -> Iterator[Watched]:
    context = browser.new_context(**NARROW)
    yield Watched(context.new_page(), preview)
    context.close()
