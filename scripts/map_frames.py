"""How smoothly the map moves in a real browser: frame times while it is panned and zoomed.

python -m scripts.map_frames http://127.0.0.1:8000 NAME PASSWORD
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
COUNT = """() => { window.frames_ = []; let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
KEYS = ["+", "+", "ArrowRight", "ArrowDown", "+", "ArrowLeft", "+", "ArrowUp", "-", "-", "ArrowRight", "-"]


def percentile(values: list[float], share: int) -> float:
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, len(ranked) * share // 100)], 1) if ranked else 0.0


def measured(page: Page) -> dict[str, Any]:
    """Frames of about half a minute of keys on the map, with every layer shown."""
    for box in page.locator("[data-layer]").all():
        box.check()
    page.locator(".map canvas").focus()
    page.wait_for_timeout(3000)
    page.evaluate(COUNT)
    began = time.monotonic()
    while time.monotonic() - began < 30:
        for key in KEYS:
            page.keyboard.press(key)
            page.wait_for_timeout(400)
    frames = page.evaluate("window.frames_")
    shares = {f"frame_p{share}_ms": percentile(frames, share) for share in (50, 95, 99)}
    return {"frames": len(frames), **shares}


def main(address: str, name: str, password: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1360, "height": 900}, base_url=address)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto("/map")
        sys.stdout.write(json.dumps(measured(page), indent=2) + "\n")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
