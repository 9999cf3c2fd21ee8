"""首屏 the first look: when headless Chromium paints something of a page, what jumps about, what scripts weigh."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES: tuple[tuple[str, str, str], ...] = (
    ("list", "/cases", "handler"),
    ("case", "", "handler"),
    ("operator", "/operator", "operator"),
    ("cockpit", "/cockpit", "chief"),
    ("evaluation", "/evaluation", "chief"),
    ("report", "/report", ""),
)
"""(name, address, whose browser); the case is the first of the handler's own list."""
WATCH = """
window.seen = {fcp: 0, cls: 0};
new PerformanceObserver((list) => { for (const one of list.getEntriesByName('first-contentful-paint')) window.seen.fcp
  = one.startTime; }).observe({type: 'paint', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.seen.cls
  += one.value; }).observe({type: 'layout-shift', buffered: true});
"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SETTLED = 1_000
"""Milliseconds after a page has loaded in which it may still jump."""
_SCRIPT = re.compile(r'<script type="module" src="/static/built/([^"]+)"')
_CASE = re.compile(r'href="(/cases/\d+)(?:\?from=[^"]*)?"')


def painted(address: str, sessions: Mapping[str, str], looks: int) -> dict[str, float]:
    """js_kb always; fcp_ms and cls (the worst page's median of `looks` fresh browsers) where there is a Chromium."""
    with httpx.Client(base_url=address, cookies={"sessionid": sessions["handler"]}, trust_env=False) as client:
        desk = client.get("/cases").text
    figures: dict[str, float] = {"js_kb": js_kb(_SCRIPT.findall(desk))}
    found = _CASE.search(desk)
    pages = [(name, where or (found[1] if found else "/cases"), who) for name, where, who in PAGES]
    with chromium() as browser:
        if browser is None:
            return figures
        seen = {
            name: [_look(browser, address + where, address, sessions.get(who, "")) for _ in range(looks)]
            for name, where, who in pages
        }
    fcp = {name: round(median(one[0] for one in found), 1) for name, found in seen.items()}
    cls = {name: round(median(one[1] for one in found), 4) for name, found in seen.items()}
    each = {f"fcp_ms_{name}": value for name, value in fcp.items()} | {f"cls_{name}": cls[name] for name in cls}
    return {**figures, "fcp_ms": max(fcp.values()), "cls": max(cls.values()), **each}


def js_kb(names: list[str]) -> float:
    """Kilobytes (1000 bytes, gzip) of these built scripts and of everything that they import before they run."""
    from zhongshu.screen import gate

    built = Path(gate.__file__).parent / "static" / "built"
    manifest = json.loads((built / "manifest.json").read_text())
    files = {entry["file"]: [manifest[key]["file"] for key in entry.get("imports", ())] for entry in manifest.values()}
    wanted: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo += files.get(name, [])
    return round(sum(len(gzip.compress((built / name).read_bytes(), 9)) for name in wanted) / 1000, 1)


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """A headless browser; None without the library or without a Chromium on this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        yield None
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _look(browser: Browser, page_address: str, site: str, session: str) -> tuple[float, float]:
    """(first contentful paint in ms, layout shift) of one page in a browser that has never been there."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    try:
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(page_address, wait_until="load")
        page.wait_for_timeout(SETTLED)
        seen = page.evaluate("window.seen")
        return float(seen["fcp"]), float(seen["cls"])
    finally:
        context.close()
