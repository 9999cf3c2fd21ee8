"""清单实测 bench `list`: pages and searches among a million cases, by sixteen people of all four levels at once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from zhongshu.bench.crowd import SEEDS, USERS, Ask, crowded, look, people, percentiles
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import bench_rows, judgements, lists
from zhongshu.data.judgements import Asked
from zhongshu.data.lists import Wanted
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import period
from zhongshu.kernel.lifecycle import State

FULL, QUICK = 1_000_000, 100_000
OPEN = 0.1
"""Share of cases still open: what a city that keeps its limits has."""
PAGE = 1000
RARE = "凤凰花雨"
RARE_TIMES = 25
FREQUENT = ("噪音", "路灯 不亮", "垃圾")


def _asks(viewer: Viewer, now: datetime, category: str) -> list[tuple[str, Ask]]:
    """What one person asks; the thousandth page, or the last one where there are fewer, is reached by its cursor."""
    cursor = bench_rows.page_by_offset(viewer.span, (PAGE - 1) * lists.SIZE - 1, 1)[0]
    wanted = {
        "first": Wanted(),
        "mine": Wanted(mine=True),
        "open": Wanted(open=True),
        "overdue": Wanted(overdue=True),
        "state": Wanted(states=(State.CHECKING,)),
        "category": Wanted(categories=(category,)),
        "unit": Wanted(unit=viewer.unit),
        "rare_word": Wanted(q=RARE),
        "absent_word": Wanted(q="不存在的词语"),
        **{f"word_{n}": Wanted(q=word) for n, word in enumerate(FREQUENT)},
    }
    asks: list[tuple[str, Ask]] = [
        (kind, lambda what=what: lists.page(viewer, what, now))  # type: ignore[misc]
        for kind, what in wanted.items()
    ]
    last = Asked(*period(now.date() - timedelta(days=1), now.date() - timedelta(days=1)))
    asks += [
        ("judgements", lambda: judgements.page(viewer, last)),
        ("judgements_corrected", lambda: judgements.page(viewer, replace(last, show="corrected"))),
        ("judgements_day", lambda: judgements.day(viewer, last)),
    ]
    if cursor:
        asks.append(("thousandth", lambda: lists.page(viewer, Wanted(), now, cursor)))
    return asks


def run(quick: bool) -> Result:
    """A million cases (quick: 100,000), one in ten open; each person asks every question several times."""
    count, rounds = (QUICK, 2) if quick else (FULL, 8)
    with crowded(count, OPEN, SEEDS // 5 if quick else SEEDS) as (_, knowledge):
        bench_rows.plant(RARE, RARE_TIMES)
        bench_rows.judge()
        now = datetime.now(UTC)
        category = next(code for code in knowledge.duties if code in knowledge.categories)
        users = people(knowledge)
        timings = look([_asks(viewer, now, category) for viewer in users], rounds)
        began = time.perf_counter()
        bench_rows.page_by_offset(users[0].span, PAGE * lists.SIZE)
        plain = time.perf_counter() - began
    return Result(
        bench="list",
        machine=machine(),
        versions=libraries("django", "psycopg"),
        size={
            "cases": count,
            "open": OPEN,
            "users": USERS,
            "questions": sum(map(len, timings.values())),
            "quick": quick,
        },
        figures=percentiles(timings),
        baseline={"thousandth_page_by_offset_with_count_ms": round(1000 * plain, 1)},
    )
