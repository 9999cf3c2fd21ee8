"""派单命令 the commands `duties try`, `precedents` and `precedents withdraw`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME, period
from zhongshu.kernel.desk import Duty, Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level
from zhongshu.kernel.plugins import Command, period_arguments
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    from zhongshu.hub.trial import Trial

NAMES = {
    "matched": "命中 matched",
    "host": "主办改变 other host",
    "limit": "时限改变 other limit",
    "gap": "新缺口 new gap",
    "closed": "补上缺口 gap closed",
}
CONSOLE = Viewer("console", "命令行", level=Level.CITY, span=EVERYWHERE, roles=frozenset({Role.ARBITER}))
"""Whoever may run commands on this machine, in the post of the arbiter."""
SHOWN = 20
"""Streets listed, those with most changes first."""


def _trial_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--duties", type=Path, required=True, metavar="PACK", help="新清单所在的城市包 · folder")
    period_arguments(parser, required=False)
    parser.add_argument("--sample", type=int, default=10, help="抽样条数 · size of the sample")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _try(read_list: Callable[[Path], Sequence[Duty]]) -> Callable[[argparse.Namespace, Settings], int]:
    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        from zhongshu.data import pack_rows
        from zhongshu.data.history import beginnings
        from zhongshu.hub.assets import Assets
        from zhongshu.hub.loading import rules_alone
        from zhongshu.hub.trial import trial, under

        first, last = last_month(datetime.now(CITY_TIME).date())
        start, end = period(arguments.start or first, arguments.end or max(last, arguments.start or last))
        tools = replace(rules_alone(), assets=Assets.of(pack_rows.components()))
        result = trial(beginnings(start, end), under(read_list(arguments.duties), tools), arguments.sample)
        sys.stdout.write(_as_json(result) if arguments.json else _as_text(result, tools.knowledge))
        return 0

    return run


def _as_json(result: Trial) -> str:
    found: dict[str, Any] = {name: getattr(result, name) for name in ("compared", "unclear", "changed")}
    found |= {"counts": dict(result.counts), "streets": {code: dict(held) for code, held in result.streets.items()}}
    return json.dumps({**found, "sample": [asdict(one) for one in result.sample]}, ensure_ascii=False, indent=2) + "\n"


def _as_text(result: Trial, knowledge: Knowledge) -> str:
    lines = [f"试行 {result.compared:,} 件，{result.changed:,} 件会有变化 · cases tried, would change"]
    lines.append(f"  待人工研判未比较 unclear, not compared {result.unclear:,}")
    lines += [f"  {name} {result.counts[kind]:,}" for kind, name in NAMES.items()]
    ranked = sorted(result.streets.items(), key=lambda one: (-one[1].total(), one[0]))
    for code, held in ranked[:SHOWN]:
        said = " · ".join(f"{NAMES[kind]} {held[kind]:,}" for kind in NAMES if held[kind])
        lines.append(f"  {code or '—'} {knowledge.names.get(code, '')}: {said}")
    for one in result.sample:
        lines.append(f"- {one.case} {one.title}（{one.category}）{one.duty}")
        for name, (then, now) in (("主办 host", one.host), ("时限 limit", one.limit)):
            if then != now:
                lines.append(f"    {name}: {then or '（无 none）'} → {now or '（无 none）'}")
    return "\n".join(lines) + "\n"


def _list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="含已撤销的 · the withdrawn ones too")


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    """One precedent a line, newest first."""
    from zhongshu.data import precedents

    found = precedents.listed(CONSOLE, arguments.all)
    for one in found:
        gone = f" 已撤销 withdrawn {one['withdrawn_at']:%Y-%m-%d}" if one["withdrawn_at"] else ""
        wrong = one["wrong"] or "（清单无条目 no duty）"
        sys.stdout.write(
            f"{one['number']} {one['category']} {one['place']} {wrong} → {one['to']}（{one['host']}）"
            f" “{one['clause']}” {one['at']:%Y-%m-%d}{gone}\n"
        )
    sys.stdout.write(f"先例 precedents: {len(found)}\n")
    return 0


def _withdraw_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", help="裁定号 · number of the ruling")
    parser.add_argument("--reason", required=True, help="撤销理由 · why")


def _withdraw(arguments: argparse.Namespace, settings: Settings) -> int:
    """A fact on the case of the ruling; what was decided by it stays."""
    from zhongshu.data import precedents
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import load_tools

    found = [one for one in precedents.listed(CONSOLE) if one["number"] == arguments.number]
    if not found:
        raise BadInput(f"number: found {arguments.number!r}, expected a precedent in force / 没有这个有效先例")
    hub = Hub(lambda: load_tools(settings, Path("none")))
    given = {"precedent": found[0]["id"], "reason": arguments.reason}
    hub.act(CONSOLE, found[0]["case"], Kind.PRECEDENT_WITHDRAWN, given)
    sys.stdout.write(f"已撤销 withdrawn: {arguments.number} {datetime.now(UTC):%Y-%m-%d}\n")
    return 0


def commands(read_list: Callable[[Path], Sequence[Duty]]) -> list[Command]:
    """`read_list` reads the duties of a pack's folder: the hub knows no packs."""
    return [
        Command(
            "duties try", "新清单试行：用上月案件推演", "another list on past cases", _trial_options, _try(read_list)
        ),
        Command("precedents list", "列出裁定先例", "list the precedents", _list_options, _list),
        Command("precedents withdraw", "撤销裁定先例", "withdraw a precedent", _withdraw_options, _withdraw),
    ]
