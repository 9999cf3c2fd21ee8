"""界面实测 bench `screens`: two hundred people at work on a million cases, what the browser paints, idle cockpits.

The load generator is this process; the web server and PostgreSQL run beside it on the same cores, so that its own cost
is told with the figures. Sessions are opened beforehand; scripts and styles, which a browser keeps, are not asked for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from subprocess import Popen

import httpx
import psutil
from django.conf import settings as django_settings

from zhongshu.bench.crowd import SEEDS, crowded, percentiles
from zhongshu.bench.laboratory import PATIENCE, Lab
from zhongshu.bench.painting import painted
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.bench.visiting import MIX, Pace, watching, working
from zhongshu.data import bench_people, bench_rows, measures, pulse
from zhongshu.data.bench_people import Enrolled

FULL, QUICK = 1_000_000, 10_000
QUICK_SEEDS = 500
OPEN = 0.1
USERS, QUICK_USERS = 200, 40
LOOKS = 3
SHARES: Mapping[str, tuple[tuple[tuple[int, ...], int], ...]] = {
    "operator": (((1, 2), 20),),
    "handler": (((2, 3, 4), 45),),
    "checker": (((2,), 8), ((3,), 7)),
    "chief": (((1,), 5), ((2,), 5), ((3,), 5), ((4,), 5)),
}
"""Of a hundred people: role -> how many at which levels. A post may be held by several of them."""
PACE = Pace(think=10, warm=15, seconds=90)
QUICK_PACE = Pace(think=8, warm=2, seconds=8)
IDLE, QUICK_IDLE = 20.0, 3.0
TRIES = 3
NIGHT, QUIET = 180.0, 25
"""Seconds that the errands of the first night are waited for, and for which none may have run: longer than the runner
takes until it looks for errands again."""


def _people(users: int) -> list[Enrolled]:
    held = []
    for role, parts in SHARES.items():
        for levels, share in parts:
            count = max(1, round(share * users / 100))
            found = bench_people.posts(role, levels, count)
            held += [found[n % len(found)] for n in range(count)]
    return bench_people.enrol(held)


@contextmanager
def desks(lab: Lab, users: int = USERS) -> Iterator[tuple[str, Popen[bytes], list[Enrolled]]]:
    """A served laboratory and its signed-in people."""
    (lab.settings.home_path / "secret").write_text(django_settings.SECRET_KEY)
    people = _people(users)
    with lab.serving() as (address, server):
        # The first page makes the rules and models of this process: what `bench start` measures, not this one.
        httpx.get(f"{address}/cases", cookies={"sessionid": people[0].session}, timeout=PATIENCE, trust_env=False)
        _rested(psutil.Process(server.pid))
        yield address, server, people


def _rested(server: psutil.Process) -> None:
    """Wait until what is done at night, and was never done in a new laboratory, has been done: the day comes after."""
    quiet, end = 0, time.monotonic() + NIGHT
    while quiet < QUIET and time.monotonic() < end:
        time.sleep(1)
        errands = [found for runner in server.children() for found in runner.children()]
        quiet = 0 if errands else quiet + 1


def _used(server: Popen[bytes]) -> dict[str, float]:
    """Seconds of processor time of each party so far; PostgreSQL's processes are looked up anew, they come and go."""
    web = psutil.Process(server.pid)
    parties = {"web": [web], "runner": web.children(), "postgres": measures.server_processes()}
    return {name: measures.cpu_seconds(found) for name, found in {**parties, "generator": [psutil.Process()]}.items()}


def load(address: str, people: Sequence[Enrolled], server: Popen[bytes], pace: Pace) -> dict[str, float]:
    """p95 of everything and of each kind of page, pages a second, the cores that each party used, and the processor
    time of one request at each of them: the figure that other work on the machine hardly changes."""

    points = bench_rows.some_points(len(people))
    before = _used(server)
    began = time.perf_counter()
    timings = asyncio.run(working(address, people, points, pace))
    spent = time.perf_counter() - began
    pages = sum(map(len, timings.spent.values()))
    used = {name: seconds - before[name] for name, seconds in _used(server).items()}
    cores = {f"cores_{name}": round(seconds / spent, 3) for name, seconds in used.items()}
    cores |= {f"cpu_ms_{name}": round(1000 * seconds / max(timings.asked, 1), 2) for name, seconds in used.items()}
    return {
        **percentiles(timings.spent),
        "requests_per_s": round(pages / pace.seconds, 1),
        "refused": sum(timings.refused.values()),
        **cores,
    }


def idle(address: str, people: Sequence[Enrolled], server: Popen[bytes], seconds: float) -> dict[str, float]:
    """Cores of web server and PostgreSQL with nobody and with everybody on the live channel while no fact is written.

    A look in which somebody wrote is done again, at most TRIES times; `idle_facts` tells how many facts came all the
    same.
    """
    roots = [psutil.Process(server.pid), *measures.server_processes()[:1]]
    share, facts = 0.0, 0
    for _ in range(TRIES):
        nobody = asyncio.run(_quiet(roots, seconds))
        mark = pulse.mark()
        everybody = asyncio.run(watching(address, people, lambda: _quiet(roots, seconds)))
        share, facts = everybody - nobody, pulse.mark() - mark
        if not facts:
            break
    return {
        "idle_core_share": round(max(share, 0.0), 4),
        "idle_core_share_with_all": round(everybody, 4),
        "idle_facts": facts,
    }


def run(quick: bool) -> Result:
    """The whole; quick: fewer cases and people, a faster pace, one look of the browser."""
    count, users = (QUICK, QUICK_USERS) if quick else (FULL, USERS)
    pace, rest = (QUICK_PACE, QUICK_IDLE) if quick else (PACE, IDLE)
    with crowded(count, OPEN, QUICK_SEEDS if quick else SEEDS) as (lab, _), desks(lab, users) as (address, web, people):
        bench_rows.judge()
        bench_rows.attend()
        figures = load(address, people, web, pace)
        figures |= painted(address, {one.role: one.session for one in people}, 1 if quick else LOOKS)
        figures |= idle(address, people, web, rest)
    return Result(
        bench="screens",
        machine=machine(),
        versions=libraries("django", "psycopg", "uvicorn"),
        size={
            "cases": count,
            "open": OPEN,
            "users": users,
            "think_s": pace.think,
            "measured_s": pace.seconds,
            "mix": {role: dict(kinds) for role, kinds in MIX.items()},
            "quick": quick,
        },
        figures=figures,
        baseline={"limit_p95_ms": 300, "limit_js_kb": 150, "limit_fcp_ms": 1000, "limit_idle_core_share": 0.05},
    )


async def _quiet(roots: Sequence[psutil.Process], seconds: float) -> float:
    """Cores that the web server and the postmaster with its children used, after whoever came has settled."""
    await asyncio.sleep(min(seconds, 4.0))
    found = [*roots, *(child for root in roots[1:] for child in root.children())]
    before, began = measures.cpu_seconds(found), time.perf_counter()
    await asyncio.sleep(seconds)
    return (measures.cpu_seconds(found) - before) / (time.perf_counter() - began)
