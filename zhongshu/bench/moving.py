"""地图动起来 the map in motion: frames and tiles of a headless Chromium while keys pan and zoom it.

Chromium draws without a graphics card here (SwiftShader), on the cores that the web server and PostgreSQL use too: a
desk with a card is quicker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhongshu.bench.crowd import percentile
from zhongshu.bench.painting import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

KEYS = ("+", "+", "ArrowRight", "ArrowDown", "+", "ArrowLeft", "+", "ArrowUp", "-", "-", "ArrowRight", "-")
BETWEEN = 400
"""Milliseconds between two keys: somebody who looks for a place."""
SETTLED = 3_000
"""Milliseconds after layers are shown in which nothing is counted."""
_COUNT = """() => { window.frames_ = []; let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""


def moved(address: str, session: str, rounds: int) -> dict[str, float]:
    """Figures of `rounds` times KEYS on /map of this person, about five seconds each; empty without a Chromium.

    frame_p50_ms, frame_p95_ms, frame_p99_ms: between two frames (16.7 is every frame of a screen of 60 Hz) with the
    layers that the page opens with; the same with `_every`: with every layer shown, with `_ground`: with none, the base
    map alone, which is what the others are to be held against. browser_tile_p50_ms, browser_tile_p95_ms: from the
    browser's asking for a tile until it has come.
    """
    with chromium() as browser:
        if browser is None:
            return {}
        context = browser.new_context(locale="zh-CN", viewport={"width": 1360, "height": 900}, base_url=address)
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        tiles: list[float] = []
        page.on("requestfinished", lambda asked: tiles.extend(_tile(asked)))
        page.goto("/map")
        seen = {"": _walk(page, rounds)}
        for name, shown in (("_every", True), ("_ground", False)):
            for box in page.locator("[data-layer]").all():
                box.set_checked(shown)
            seen[name] = _walk(page, rounds)
        context.close()
    return {
        "frames": sum(map(len, seen.values())),
        **{f"frame_p{share}_ms{name}": percentile(of, share) for name, of in seen.items() for share in (50, 95, 99)},
        "browser_tiles": len(tiles),
        **{f"browser_tile_p{share}_ms": percentile(tiles or [0.0], share) for share in (50, 95)},
    }


def _tile(asked: Request) -> list[float]:
    """Milliseconds of this request, when it was for a tile."""
    return [asked.timing["responseEnd"] - asked.timing["requestStart"]] if ".mvt" in asked.url else []


def _walk(page: Page, rounds: int) -> list[float]:
    page.locator(".map canvas").focus()
    page.wait_for_timeout(SETTLED)
    page.evaluate(_COUNT)
    for key in KEYS * rounds:
        page.keyboard.press(key)
        page.wait_for_timeout(BETWEEN)
    frames: list[float] = page.evaluate("window.frames_")
    return frames
