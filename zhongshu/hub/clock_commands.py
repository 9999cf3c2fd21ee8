"""时限命令 the commands `clock explain` and `clock move`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from statistics import fmean

from zhongshu.data.counting import count
from zhongshu.hub.ageing import Order, Retiming
from zhongshu.hub.clock_page import NAMES, as_json, page
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings


def _explain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", help="案件编号或案号 · id or number of the case")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def explain(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every interval that every clock of a case counted; NotFound when there is no such case."""
    from zhongshu.data import packs, timing

    case = int(arguments.case) if arguments.case.isdigit() else timing.numbered(arguments.case)
    facts = timing.facts_of(case) if case else []
    now = datetime.now(UTC)
    counts = count(facts, packs.knowledge().calendar, now)
    if not counts:
        raise NotFound(f"there is no case {arguments.case} / 没有这个案件")
    said = json.dumps(as_json(counts), ensure_ascii=False, indent=2) + "\n" if arguments.json else ""
    sys.stdout.write(said or page(counts, f"案件 case {arguments.case}", now))
    return 0


def _move_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calendar", required=True, help="工作日历代码 · code of the calendar")
    parser.add_argument("--reason", default="工作日历变更", help="原因，记入账本 · reason, kept in the ledger")
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入 · count only, write nothing")
    parser.add_argument("--sample", type=int, default=10, help="抽样件数 · size of the sample")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def move(arguments: argparse.Namespace, settings: Settings) -> int:
    """Put the clocks of open cases on the version of a calendar that is in force, and say what that moved."""
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    order = Order(arguments.calendar, arguments.reason, arguments.dry_run, arguments.sample)
    result = Hub(rules_alone).retime(order)
    sys.stdout.write(_as_json(result) if arguments.json else told(result, arguments.dry_run))
    return 0


def _as_json(result: Retiming) -> str:
    found = {"version": result.version, "cases": result.cases, "clocks": result.clocks, "moved": result.moved}
    return json.dumps({**found, **_shifts(result), "sample": result.sample}, ensure_ascii=False, indent=2) + "\n"


def _shifts(result: Retiming) -> dict[str, float]:
    """Minutes by which due moments moved: the least, the mean and the most; nothing when none moved."""
    shifts = result.shifts
    return {"least": min(shifts), "mean": round(fmean(shifts), 1), "most": max(shifts)} if shifts else {}


def told(result: Retiming, dry_run: bool) -> str:
    """What a retiming did, in lines."""
    done = "试算，未写入 dry run, nothing written" if dry_run else "已写入账本 written to the ledger"
    lines = [
        f"{result.version}: 在办 open cases {result.cases:,} 件、时限 clocks {result.clocks:,} 个换用此版本（{done}）",
        f"  到期时刻改变 due moved: {result.moved:,} 件 cases；已办结案件不动 closed cases untouched",
    ]
    shifts = _shifts(result)
    if shifts:
        lines.append(
            "  移动小时 hours later: " + " · ".join(f"{name} {value / 60:+.1f}" for name, value in shifts.items())
        )
    for one in result.sample:
        lines.append(f"- {one['number']} ({one['case']})")
        lines += [f"    {NAMES[m['clock']]}: {_city(m['was'])} → {_city(m['due_at'])}" for m in one["moved"]]
    return "\n".join(lines) + "\n"


def _city(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(CITY_TIME):%Y-%m-%d %H:%M}"


COMMANDS = [
    Command(
        "clock explain",
        "说明案件每个时限如何计算",
        "explain how every clock of a case was counted",
        _explain_options,
        explain,
    ),
    Command(
        "clock move",
        "日历变更后，明示地重算在办案件时限",
        "put open clocks on a changed calendar, explicitly",
        _move_options,
        move,
    ),
]
