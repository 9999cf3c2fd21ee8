"""A browser page that remembers its complaints."""

from __future__ import annotations

from functools import cached_property

from playwright.sync_api import CDPSession, Page

JUDGED = ("serious", "critical")
"""What axe must not find."""


class Watched:
    """A page together with what its console complained about (blocked by the content security policy, exceptions)."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.extend([line.text] * (line.type == "error")))

    @cached_property
    def _tools(self) -> CDPSession:
        """Only for a page that looks at many: beside a session of our own, Chromium forgets that it should print."""
        return self.page.context.new_cdp_session(self.page)

    def anew(self) -> Watched:
        """The same page for the next who looks: nothing kept in the browser, nothing left of the complaints."""
        # Away from the page before: it would complain that its store is taken from under it.
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self._tools.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        self.complaints.clear()
        return self

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("load")
        return self.page
