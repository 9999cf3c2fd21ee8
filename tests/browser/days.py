"""A working day: the demo city as a site of its own, and the hands of the people who work in it.

The city is the demo's own, its accounts are the demo's accounts, and a few matters wait on each desk in the morning.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Geolocation, Locator, Page, expect

from tests import town_hall
from tests.screen.test_pages import picture

ACCOUNT = ".bar-end details.menu"
STEPS = 90
"""The most Tabs from one thing to the next: beyond that nobody would call it reachable."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What waits on the desks when the day begins: numbers of cases, by the account whose turn it is."""

    waiting: dict[str, str]
    links: dict[str, str]
    """A resident's own earlier reports: where he follows them, by what they wait for."""
    place: tuple[float, float]
    community: str
    street: str
    """The unit that a community calls first."""

    @property
    def here(self) -> Geolocation:
        """What a telephone at the place says."""
        return {"longitude": self.place[0], "latitude": self.place[1], "accuracy": 12}


class Hands:
    """Somebody at a keyboard: whatever is done here is done by keys, and only what Tab reaches is reached."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, selector: str) -> None:
        """Tab until this has the focus."""
        wanted = self.page.locator(selector).first
        expect(wanted).to_be_visible()
        for _ in range(STEPS):
            if wanted.evaluate("(e) => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached within {STEPS} Tabs of {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Tab to this, then press a key on it."""
        self.go(selector)
        self.page.keyboard.press(key)

    def say(self, selector: str, words: str) -> None:
        """Tab to a field and type."""
        self.go(selector)
        self.page.keyboard.insert_text(words)

    def attach(self, selector: str) -> None:
        """A photo by the chooser that a file field opens."""
        with self.page.expect_file_chooser() as asked:
            self.press(selector)
        asked.value.set_files(photo())

    def answer(self, act: str, **fields: str) -> None:
        """Open a dialog by its button, write into it, send it."""
        self.press(f'[data-opens="{act}"]')
        for name, words in fields.items():
            self.say(f'[id="{act}"] [name={name}]', words)
        self.press(f'[id="{act}"] .button-main')
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def follow(self, address: str) -> None:
        """An entry of the bar, its menu opened first where it lies in one."""
        link = f'.nav a[href="{address}"]'
        if not self.page.locator(link).first.is_visible():
            self.press(f".nav details:has(a[href='{address}']) > summary")
        self.press(link)
        self.page.wait_for_url(f"**{address}")

    def sign_in(self, account: str) -> None:
        self.page.goto("/accounts/login/")
        self.say("#login", account)
        self.say("#password", town_hall.PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def sign_out(self) -> None:
        self.press(f"{ACCOUNT} > summary")
        self.press("[data-forgets] button")
        self.page.wait_for_url("**/report")


def sign_out(page: Page) -> None:
    """The end of a day by mouse."""
    page.click(f"{ACCOUNT} > summary")
    page.click("[data-forgets] button")
    page.wait_for_url("**/report")


def act(page: Page, kind: str, **fields: str) -> Locator:
    """Open the dialog of a move, wherever the page offers it, fill it in, send it; returns the page's top."""
    opener = page.locator(f'[data-opens="act-{kind}"]').first
    if not opener.is_visible():
        page.click(".more > summary")
    opener.click()
    dialog = page.locator(f"#act-{kind}")
    for name, value in fields.items():
        field = dialog.locator(f'[name="{name}"]').first
        tag = field.evaluate("(e) => e.tagName")
        {"SELECT": field.select_option}.get(tag, field.fill)(value)
    dialog.locator("button.button-main").click()
    page.wait_for_load_state("load")
    return page.locator(".case-top")


def photo() -> FilePayload:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}


def fill_in(form: Locator) -> None:
    """Something fitting into every field of a form."""
    for choice in form.locator("select").all():
        choice.select_option(index=1)
    for kind, words in {"text": "无", "number": "1", "date": "2026-01-01", "tel": "13600136000"}.items():
        for field in form.locator(f"input[type={kind}]").all():
            field.fill(words)


def accounts(pack: Path) -> dict[str, str]:
    """Account -> its first post, of the demo's pack."""
    with (pack / "accounts.csv").open(encoding="utf-8") as file:
        return {row["username"]: row["posts"].split(";")[0] for row in csv.DictReader(file)}


def spot(pack: Path, division: str) -> tuple[float, float, str]:
    """(lon, lat, name) of the first housing estate of a division."""
    with (pack / "places.csv").open(encoding="utf-8") as file:
        found = (one for one in csv.DictReader(file) if one["division"] == division and one["kind"] == "estate")
        first = next(found)
    return float(first["lon"]), float(first["lat"]), first["name"]


def grow(folder: Path, home: Path) -> Morning:
    """The demo city in this database, a small model, and what waits on each desk in the morning."""
    from zhongshu.cities.demo.generate import generate
    from zhongshu.cities.load import load
    from zhongshu.data import accounts as data_accounts
    from zhongshu.hub import signs
    from zhongshu.hub.deploying import Models
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import load_tools
    from zhongshu.kernel.settings import Settings
    from zhongshu.screen import gate

    generate(folder, "small")
    load(folder)
    held = accounts(folder)
    data_accounts.set_passwords(dict.fromkeys(held, town_hall.PASSWORD))
    teach(home)
    settings = Settings(home=str(home))
    scenarios = Path(gate.__file__).parents[1] / "scenarios"
    hub = Hub(lambda: load_tools(settings, scenarios), models=Models(home))
    gate.install(hub)
    community = held["community-handler"].split("-")[0]
    lon, lat, name = spot(folder, community)
    street = held["street-handler"].rpartition("-")[0]
    waiting = wait(hub, (lon, lat, name))
    house(community, name)
    signs.look(hub.desk(), hub.clock(), every_one=True)
    links = {name: waiting.pop(name)[1] for name in ("answer", "rate")}
    return Morning({name: number for name, (number, _) in waiting.items()}, links, (lon, lat), community, street)


def house(community: str, name: str) -> None:
    """One house of the register: to be visited, and told with an area that nobody believes."""
    from zhongshu.data import models as rows
    from zhongshu.data.databases import OWNER

    known = {"place": community, "name": f"{name}一栋101", "code": "DAY-1", "as_of": date(2026, 1, 1), "area": 1.0}
    made = rows.House.objects.using(OWNER).create(records=1, sources=["houses"], valid_from=date(2026, 1, 1), **known)
    rows.HouseRecord.objects.using(OWNER).create(entity=made.pk, dataset="houses", key="DAY-1", **known)


CLASSES = ("A010101", "A010105", "A010104", "A240601")


def teach(home: Path) -> None:
    """A model that knows four classes: enough for a suggestion, and taught in a moment."""
    from zhongshu.data import packs
    from zhongshu.hub.judge.model_forms import classifiers
    from zhongshu.hub.judge.training import Recipe, train

    pairs = [(text, code) for text, code in packs.samples() if code in CLASSES]
    model, card = train([text for text, _ in pairs], [code for _, code in pairs], "demo-days", Recipe(folds=2))
    classifiers(home).publish(model, card)


def wait(hub: Any, at: tuple[float, float, str]) -> dict[str, tuple[str, str]]:
    """Matters for each desk, brought there by the moves of the people before: (number, where the resident follows)."""
    from zhongshu.data import cases, people
    from zhongshu.hub.hub import Move
    from zhongshu.hub.sense.normalise import normalise
    from zhongshu.screen.tracking import track_url

    lon, lat, name = at

    def matter(words: str, steps: Iterable[tuple[str, str, dict[str, Any]]] = ()) -> tuple[str, str]:
        raw: dict[str, Any] = {"text": f"{name}{words}", "category": "A010101", "merge": "off", "channel": "phone"}
        raw |= {"lon": lon, "lat": lat, "name": "何女士", "phone": "13900139000"}
        receipt = hub.take_in([normalise(raw, hub.clock())])[0]
        case = receipt.facts[0].subject
        for account, kind, payload in steps:
            (outcome,) = hub.act_many([Move(people.in_post(account), case, kind, payload)])
            assert outcome.error is None, f"{account} {kind}: {outcome.error}"
        return str(cases.rows([case])[case]["number"]), track_url(receipt.report)

    done = [("street-handler", "Signed", {}), ("street-handler", "Handled", {"result": "已清运完毕", "despite": "1"})]
    late = {"reason": "等车辆", "extra_minutes": 840}
    return {
        "street-handler": matter("门口垃圾堆积，三天没有清"),
        "field": matter("后门垃圾堆积，请来看看"),
        "district-checker": matter("北侧垃圾堆积，已反映两次", done),
        "district-chief": matter("南侧垃圾堆积，车进不来", [done[0], ("street-handler", "ExtensionAsked", late)]),
        "city-chief": matter("东侧垃圾堆积，没有人管"),
        "city-leader": matter("西侧垃圾堆积，味道很大"),
        "city-arbiter": matter("天台垃圾堆积，分不清是谁的"),
        "answer": matter("楼道垃圾堆积", [done[0], ("street-handler", "SupplementAsked", {"text": "哪一层"})]),
        "rate": matter("车棚垃圾堆积", [*done, ("district-checker", "CheckPassed", {})]),
    }
