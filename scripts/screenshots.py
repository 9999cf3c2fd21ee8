"""Take the pictures of the documentation: docs/images/*.png, from the demo city itself.

    python -m scripts.screenshots [SCENE ...]   needs a Chromium on PATH (or ZHONGSHU_CHROMIUM)

Every desk is a row of SCENES: a new one is one more row. A page that this version doesn't have is passed over.

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
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from zhongshu.bench.demo import Demo
from zhongshu.kernel.settings import load

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE_OF_CITY = "small"
SIZE = {"width": 1360, "height": 850}
PHONE = {"width": 390, "height": 844}
COLOURS = 96
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


@dataclass(frozen=True)
class Look:
    """How somebody has set the screen."""

    language: str
    theme: str = "light"
    size: str = ""

    @property
    def tail(self) -> str:
        return "-".join(one for one in (self.language, self.theme if self.theme != "light" else "", self.size) if one)


LOOKS = tuple(Look(language, theme) for language in LANGUAGES for theme in ("light", "dark"))
CROSSED = (Look("zh"), Look("en", "dark"))
"""Both languages and both themes in half the pictures: for pages that README doesn't show."""
WALL = (Look("zh", "wall"),)
ELDER = (Look("zh", "light", "elder"),)


@dataclass(frozen=True)
class Scene:
    """One picture in every look: who opens which address, what happens there before it is taken, and how long to wait.

    `phone`: seen on a phone. `more`: looks besides those of `looks`.
    """

    name: str
    account: str
    path: str
    act: Callable[[Page], None] | None = None
    wait: int = 800
    phone: bool = False
    more: tuple[Look, ...] = ()
    looks: tuple[Look, ...] = CROSSED


class Visitors:
    """Browser contexts in a look; an account signs in once and is remembered."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.known: dict[str, StorageState] = {}

    def context(self, look: Look, account: str, phone: bool = False) -> BrowserContext:
        context = self.browser.new_context(
            base_url=ADDRESS,
            locale=LANGUAGES[look.language],
            viewport=PHONE if phone else SIZE,
            has_touch=phone,
            color_scheme="light" if look.theme == "light" else "dark",
            reduced_motion="reduce",
            storage_state=self.known.get(account),
        )
        context.set_default_timeout(60_000)
        chosen = {
            "django_language": "zh-hans" if look.language == "zh" else "en",
            "theme": look.theme,
            "size": look.size,
        }
        if account and account not in self.known:
            self.known[account] = sign_in(context.new_page(), account).context.storage_state()
        context.add_cookies([{"name": name, "value": value, "url": ADDRESS} for name, value in chosen.items() if value])
        return context


def sign_in(page: Page, account: str) -> Page:
    page.goto("/accounts/login/")
    page.fill("#login", account)
    page.fill("#password", Demo(settings, SIZE_OF_CITY).password())
    page.click("form.card button")
    page.wait_for_url(lambda url: "login" not in url)
    return page


def words() -> str:
    """What the resident says, about a road that the demo city has."""
    with (Demo(settings, SIZE_OF_CITY).pack / "places.csv").open(encoding="utf-8") as file:
        roads = [row["name"] for row in csv.DictReader(file) if row["kind"] == "road"]
    return WORDS.format(place=roads[0])


def report(page: Page) -> None:
    page.fill("#text", words())
    page.wait_for_timeout(2500)


def track(page: Page) -> None:
    """Sends the report of the form; whoever sends the same words again joins the same matter."""
    report(page)
    page.click("button.button-big")
    page.click("a.button-main")
    page.wait_for_url("**/track/**")


def operator(page: Page) -> None:
    page.locator("#text").press_sequentially(words())
    page.locator("#suggest .badge, #suggest li, #suggest p").first.wait_for()
    page.wait_for_timeout(2500)


def first(page: Page) -> None:
    """The first of the list."""
    page.locator("[data-open]").first.click()
    page.wait_for_load_state()


def heat(page: Page) -> None:
    """Where cases lie close, in the bands of the key."""
    page.locator("[data-layer][value=heat]").check()


SCENES: tuple[Scene, ...] = (
    Scene("report", "", "/report", report, more=ELDER),
    Scene("track", "", "/report", track, looks=LOOKS),
    Scene("looked", "", "/looked"),
    Scene("operator", "city-operator", "/operator", operator, looks=LOOKS),
    Scene("list", "district-chief", "/cases?open=1", looks=LOOKS),
    Scene("case", "district-checker", "/cases?state=checking", first, wait=1500, looks=LOOKS),
    Scene("cockpit", "city-chief", "/cockpit", wait=9000, more=WALL, looks=LOOKS),
    Scene("signs", "city-chief", "/signs", wait=2000),
    Scene("map", "city-chief", "/map", heat, wait=9000),
    Scene("duty", "district-chief", "/duty"),
    Scene("calls", "district-chief", "/calls"),
    Scene("issues", "city-chief", "/issues"),
    Scene("evaluation", "city-chief", "/evaluation"),
    Scene("audit", "city-chief", "/audit"),
    Scene("services", "city-chief", "/services"),
    Scene("data", "city-data", "/data"),
    Scene("quality", "city-data", "/data/quality"),
    Scene("training", "city-data", "/data/training"),
    Scene("design", "city-chief", "/design"),
    Scene("field", "community-handler", "/field", wait=2500, phone=True),
    Scene("community", "community-service", "/community"),
)
"""Every desk that has a picture."""


def keep(page: Page, name: str) -> None:
    """A PNG with a palette: a third of the size, and nobody sees the difference."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(f"{path.relative_to(IMAGES.parents[1])}  {path.stat().st_size // 1024} kB", flush=True)


def take(visitors: Visitors, scene: Scene, look: Look) -> None:
    """One picture; nothing when this version doesn't have the page or this account may not open it."""
    context = visitors.context(look, scene.account, scene.phone)
    page = context.new_page()
    answer = page.goto(scene.path)
    if answer is not None and answer.ok:
        if scene.act:
            scene.act(page)
        page.wait_for_timeout(scene.wait)
        keep(page, f"{scene.name}-{look.tail}")
    else:
        print(f"{scene.name}: no such page / 没有这个页面", flush=True)
    context.close()


def main() -> None:
    chromium = os.environ.get("ZHONGSHU_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("screenshots: no chromium on PATH; name one by ZHONGSHU_CHROMIUM / 找不到 Chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo(), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        visitors, wanted = Visitors(browser), set(sys.argv[1:])
        for scene in SCENES:
            for look in (*scene.looks, *scene.more):
                if not wanted or wanted & {scene.name, f"{scene.name}-{look.tail}"}:
                    take(visitors, scene, look)
        browser.close()


if __name__ == "__main__":
    main()
