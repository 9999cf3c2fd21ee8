"""走访 the visits: signed-in people of every post at work in a running hub over HTTP, each at a person's own pace."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from zhongshu.data.bench_people import Enrolled

MIX: Mapping[str, Mapping[str, int]] = {
    "operator": {"register": 6, "list": 2, "search": 2, "case": 3, "filter": 1},
    "handler": {"list": 4, "filter": 3, "next": 1, "search": 1, "case": 7, "act": 3},
    "checker": {"list": 4, "filter": 3, "search": 1, "case": 7, "act": 2, "cockpit": 1},
    "chief": {"cockpit": 4, "list": 3, "filter": 3, "case": 4, "evaluation": 2, "search": 1},
}
"""What people of each role do, by weight. `register` is a call taken: the desk, three suggestions, the report sent;
`cockpit` is its page and six tiles of its map; `act` opens a case and signs, checks or reports it done."""
WORDS = ("噪音", "路灯 不亮", "垃圾", "积水", "占道")
SAID = "中山路口的路灯坏了三天，晚上很黑，老人走路不安全，请尽快来修"
FILTERS = ("open=1", "overdue=1", "mine=1", "state=handling", "urgent=1&open=1", "opened=week")
ACTS = ("Signed", "CheckPassed", "Handled")
_CASE, _CURSOR = re.compile(r'href="/cases/(\d+)(?:\?from=[^"]*)?"'), re.compile(r"cursor=(\d+)")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ZOOM = 13
COUNTS = 0.1
"""Seconds after which a desk asks how many cases each of its lists holds (hx-trigger of desk_tabs.html)."""
KEPT = 3.0
"""Seconds that a connection waits for the next click."""


@dataclass(slots=True)
class Timings:
    """Seconds by kind of page, counted from `since` on (perf_counter); `refused` answers are none of them."""

    since: float
    spent: dict[str, list[float]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    """Every request, those of the warm-up too."""

    def note(self, kind: str, began: float, good: bool) -> None:
        self.asked += 1
        if began < self.since:
            return
        if good:
            self.spent.setdefault(kind, []).append(time.perf_counter() - began)
        else:
            self.refused[kind] = self.refused.get(kind, 0) + 1


@dataclass(slots=True)
class Visitor:
    """One person with a browser of their own: cookies, the cases last seen, the moment of the next click."""

    who: Enrolled
    client: httpx.AsyncClient
    timings: Timings
    dice: Random
    point: tuple[float, float]
    think: float
    seen: list[str] = field(default_factory=list)
    cursor: str = ""

    async def work(self, until: float) -> None:
        """Click, read, think, click, until the clock says so. The first click comes within one thinking time."""
        await asyncio.sleep(self.dice.uniform(0, self.think))
        kinds = MIX[self.who.role]
        deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "list": self.list, "filter": self.filter, "next": self.next, "search": self.search, "case": self.case,
            "act": self.act, "register": self.register, "cockpit": self.cockpit, "evaluation": self.evaluation,
        }  # fmt: skip
        while time.perf_counter() < until:
            await deeds[self.dice.choices(list(kinds), list(kinds.values()))[0]]()
            await asyncio.sleep(self.dice.expovariate(1 / self.think))

    async def ask(self, kind: str, address: str, part: bool = False) -> str:
        """One page, or a part of one as htmx asks for it."""
        began = time.perf_counter()
        answer = await self.client.get(address, headers={"HX-Request": "true"} if part else {})
        self.timings.note(kind, began, answer.status_code in (200, 204))
        return answer.text

    async def send(self, kind: str, address: str, page: str, fields: Mapping[str, str]) -> bool:
        """A form of `page` sent; whether it was taken in (answered by a redirect)."""
        token = _TOKEN.search(page)
        if token is None:
            return False
        began = time.perf_counter()
        answer = await self.client.post(address, data={"csrfmiddlewaretoken": token[1], **fields})
        self.timings.note(kind, began, answer.status_code == 302)
        return answer.status_code == 302

    def _look(self, page: str) -> None:
        self.seen = _CASE.findall(page) or self.seen
        found = _CURSOR.search(page)
        self.cursor = found[1] if found else ""

    async def list(self) -> None:
        """The desk; its tabs ask for their counts as soon as it stands."""
        self._look(await self.ask("list", "/cases"))
        await asyncio.sleep(COUNTS)
        await self.ask("counts", "/cases/counts", part=True)

    async def filter(self) -> None:
        self._look(await self.ask("filter", f"/cases?{self.dice.choice(FILTERS)}", part=True))

    async def search(self) -> None:
        self._look(await self.ask("search", f"/cases?q={self.dice.choice(WORDS)}", part=True))

    async def next(self) -> None:
        await (self.ask("next", f"/cases?open=1&cursor={self.cursor}", part=True) if self.cursor else self.list())

    async def case(self) -> None:
        if not self.seen:
            await self.list()
        elif self.seen:
            await self.ask("case", f"/cases/{self.dice.choice(self.seen)}")

    async def act(self) -> None:
        """Open a case and do the first plain thing that this post may do with it; its page comes back."""
        if not self.seen:
            await self.list()
            return
        case = self.dice.choice(self.seen)
        page = await self.ask("case", f"/cases/{case}")
        kind = next((one for one in ACTS if f'id="act-{one}"' in page), "")
        await asyncio.sleep(self.dice.expovariate(3 / self.think))
        if kind and await self.send("act", f"/cases/{case}/act", page, {"kind": kind, "result": SAID, "despite": "1"}):
            self.seen.remove(case)
            await self.ask("case", f"/cases/{case}")

    async def register(self) -> None:
        """A call: the desk is opened, the text grows, what the system thinks comes beside it, the report is sent."""
        page = await self.ask("operator", "/operator")
        for share in (0.4, 0.7, 1.0):
            await asyncio.sleep(self.dice.uniform(1, 3))
            text = SAID[: int(len(SAID) * share)]
            await self.ask("suggest", f"/operator/suggest?text={text}&lon=&lat=&address=", part=True)
        lon, lat = (f"{part + self.dice.uniform(-0.02, 0.02):.6f}" for part in self.point)
        await self.send("record", "/operator", page, {"text": SAID, "lon": lon, "lat": lat, "channel": "phone"})

    async def cockpit(self) -> None:
        await self.ask("cockpit", "/cockpit")
        x, y = tile_of(*self.point, ZOOM)
        around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (0, 1)]
        await asyncio.gather(*(self.ask("tile", f"/map/cases/{ZOOM}/{tx}/{ty}.mvt") for tx, ty in around))

    async def evaluation(self) -> None:
        await self.ask("evaluation", "/evaluation")


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """The Web Mercator tile of a point (degrees, WGS-84)."""
    size = 1 << zoom
    bent = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * size), int((1 - bent) / 2 * size)


def _connections() -> httpx.AsyncHTTPTransport:
    """As many as there are people; one that has waited is left before the server closes it, as browsers do."""
    return httpx.AsyncHTTPTransport(
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=KEPT), retries=1
    )


def at(address: str, transport: httpx.AsyncHTTPTransport, who: Enrolled) -> httpx.AsyncClient:
    """A browser of this person: cookies of its own, the connections shared."""
    return httpx.AsyncClient(
        base_url=address, transport=transport, cookies={"sessionid": who.session}, timeout=60, trust_env=False
    )


async def working(
    address: str, people: Sequence[Enrolled], points: Sequence[tuple[float, float]], pace: Pace
) -> Timings:
    """Everybody at work at once; what is asked within the warm-up counts for nothing."""
    transport = _connections()
    began = time.perf_counter()
    timings = Timings(began + pace.warm)
    visitors = [
        Visitor(who, at(address, transport, who), timings, Random(n), points[n % len(points)], pace.think)
        for n, who in enumerate(people)
    ]
    await asyncio.gather(*(one.work(began + pace.warm + pace.seconds) for one in visitors))
    await transport.aclose()
    return timings


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: mean time between an answer and the next click, warm-up, and what is measured after it."""

    think: float
    warm: float
    seconds: float


async def watching(address: str, people: Sequence[Enrolled], meanwhile: Callable[[], Awaitable[Any]]) -> Any:
    """Everybody keeps the live channel open while `meanwhile` runs; returns what it returns."""
    transport = _connections()

    async def listen(who: Enrolled) -> None:
        async with at(address, transport, who).stream("GET", "/live", timeout=None) as answer:
            answer.raise_for_status()
            async for _ in answer.aiter_raw():
                continue

    listening = [asyncio.create_task(listen(who)) for who in people]
    try:
        return await meanwhile()
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        await transport.aclose()
