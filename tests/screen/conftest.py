"""The preview server in a process of its own (it configures Django for itself), and a browser looking at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.screen.screen_browser import Watched

HERE = Path(__file__).parent
BUILT = HERE.parents[1] / "zhongshu" / "screen" / "static" / "built" / "manifest.json"
CHROMIUM = os.environ.get("ZHONGSHU_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
REQUIRED = os.environ.get("ZHONGSHU_REQUIRE_BROWSER") == "1"
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


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
    if not REQUIRED and not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine; set ZHONGSHU_CHROMIUM, or ZHONGSHU_REQUIRE_BROWSER=1 to insist")
    if not REQUIRED and not BUILT.exists():
        pytest.skip("the front end is not built; run scripts/build_front.py")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def watched(browser: Browser, preview: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    yield Watched(context.new_page(), preview)
    context.close()


@pytest.fixture
def phone(browser: Browser, preview: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    yield Watched(context.new_page(), preview)
    context.close()
