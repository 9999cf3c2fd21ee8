"""The Chromium of the tests: where it is, how it starts, and when a test goes without."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from zhongshu import screen

BUILT = Path(screen.__file__).parent / "static" / "built" / "manifest.json"
PROGRAM = os.environ.get("ZHONGSHU_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
REQUIRED = os.environ.get("ZHONGSHU_REQUIRE_BROWSER") == "1"
# The first two: each window would load two pages of Chromium's own for its address bar, at half the price of a page of
# ours. The others: the switch replaces the list that Playwright gives, so what that keeps from happening is said again.
WITHOUT = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-features=" + ",".join(WITHOUT),
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium; skips the test where there is none, unless ZHONGSHU_REQUIRE_BROWSER=1 insists."""
    if not REQUIRED and not Path(PROGRAM).exists():
        pytest.skip("no Chromium on this machine; set ZHONGSHU_CHROMIUM, or ZHONGSHU_REQUIRE_BROWSER=1 to insist")
    if not REQUIRED and not BUILT.exists():
        pytest.skip("the front end is not built; run scripts/build_front.py")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield opened
        opened.close()
