"""A browser page that remembers its complaints."""

from __future__ import annotations

from playwright.sync_api import Page


class Watched:
    """A page together with what its console complained about (blocked by the content security policy, exceptions)."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.extend([line.text] * (line.type == "error")))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("load")
        return self.page
