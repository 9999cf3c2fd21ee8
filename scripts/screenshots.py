"""Take the pictures of the documentation: docs/images/*.png, from the demo city itself.

    python -m scripts.screenshots            needs a Chromium on PATH (or ZHONGSHU_CHROMIUM)

A demo that answers at the address of the settings is used; otherwise one is started and stopped again. One report is
sent, so that there is something to track.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from zhongshu.bench.demo import Demo
from zhongshu.kernel.settings import load

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE_OF_CITY = "small"
SIZE = {"width": 1440, "height": 900}
COLOURS = 256
PATIENCE = 900
"""Seconds that a demo may take to grow and start."""
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WORDS = "{place}路口的井盖破了一半，晚上没有路灯，老人差点踩空，请尽快处理"

settings = load()
ADDRESS = f"http://{settings.host}:{settings.port}"


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"{ADDRESS}/report", timeout=30) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextmanager
def demo() -> Iterator[None]:
    """A demo at the address, ours or one that is there."""
    if answers():
        yield
        return
    with subprocess.Popen([sys.executable, "-m", "zhongshu", "demo"]) as process:
        try:
            waited = time.monotonic()
            while not answers():
                if process.poll() is not None or time.monotonic() - waited > PATIENCE:
                    sys.exit("screenshots: the demo did not start / 示范城市没有启动")
                time.sleep(1)
            yield
        finally:
            process.terminate()


def visitor(browser: Browser, language: str, theme: str = "light") -> Page:
    """Somebody new, who reads this language in this theme."""
    context = browser.new_context(
        base_url=ADDRESS, locale=LANGUAGES[language], viewport=SIZE, color_scheme=theme, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    name = "zh-hans" if language == "zh" else "en"
    context.add_cookies([{"name": "django_language", "value": name, "url": ADDRESS}])
    return context.new_page()


def sign_in(page: Page, account: str) -> Page:
    page.goto("/accounts/login/")
    page.fill("#login", account)
    page.fill("#password", Demo(settings, SIZE_OF_CITY).password())
    page.click("form.card button")
    page.wait_for_url("**/cases**")
    return page


def words() -> str:
    """What the resident says, about a road that the demo city has."""
    with (Demo(settings, SIZE_OF_CITY).pack / "places.csv").open(encoding="utf-8") as file:
        roads = [row["name"] for row in csv.DictReader(file) if row["kind"] == "road"]
    return WORDS.format(place=roads[0])


def report(page: Page) -> None:
    page.goto("/report")
    page.fill("#text", words())
    page.wait_for_timeout(2500)


def track(page: Page) -> None:
    """Sends the report of the form; whoever sends the same words again joins the same matter."""
    report(page)
    page.click("button.button-big")
    page.click("a.button-main")
    page.wait_for_url("**/track/**")


def operator(page: Page) -> None:
    sign_in(page, "city-operator").goto("/operator")
    page.locator("#text").press_sequentially(words())
    page.locator("#suggest .badge, #suggest li, #suggest p").first.wait_for()
    page.wait_for_timeout(2500)


def work_list(page: Page) -> None:
    sign_in(page, "district-chief").goto("/cases?open=1")
    page.locator("[data-row]").first.wait_for()


def case(page: Page) -> None:
    sign_in(page, "district-checker").goto("/cases?state=checking")
    page.locator("[data-open]").first.click()
    page.wait_for_url("**/cases/*")
    page.wait_for_timeout(1500)


def cockpit(page: Page) -> None:
    sign_in(page, "city-chief").goto("/cockpit")
    page.wait_for_timeout(9000)


SCENES: list[tuple[str, Callable[[Page], None]]] = [
    ("report", report),
    ("track", track),
    ("operator", operator),
    ("list", work_list),
    ("case", case),
    ("cockpit", cockpit),
]


def keep(page: Page, name: str) -> None:
    """A PNG with a palette: a third of the size, and nobody sees the difference."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(f"{path.relative_to(IMAGES.parents[1])}  {path.stat().st_size // 1024} kB", flush=True)


def take(browser: Browser, language: str, wanted: set[str]) -> None:
    for scene, show in SCENES:
        for theme in ("light", "dark") if scene == "cockpit" else ("light",):
            name = f"{scene}-{language}" + ("-dark" if theme == "dark" else "")
            if wanted and scene not in wanted and name not in wanted:
                continue
            page = visitor(browser, language, theme)
            show(page)
            keep(page, name)
            page.context.close()


def main() -> None:
    chromium = os.environ.get("ZHONGSHU_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("screenshots: no chromium on PATH; name one by ZHONGSHU_CHROMIUM / 找不到 Chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        for language in LANGUAGES:
            take(browser, language, set(sys.argv[1:]))
        browser.close()


if __name__ == "__main__":
    main()
