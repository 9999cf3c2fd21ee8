"""评价命令 the commands `evaluate figures`, `evaluate keep` and `evaluate recompute`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime

from zhongshu.data.databases import OWNER
from zhongshu.kernel.clocks import period
from zhongshu.kernel.plugins import Command, no_arguments, period_arguments
from zhongshu.kernel.settings import Settings

CUTS = ("all", "level", "unit", "grid", "category", "day", "district", "street", "community", "cohort")


def _options(parser: argparse.ArgumentParser) -> None:
    period_arguments(parser)
    parser.add_argument("--by", choices=CUTS, default="all", help="分组 · cut by")


def _figures(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs
    from zhongshu.data.figures import rules, shown
    from zhongshu.data.figures.counting import Asked, counted

    knowledge, in_force = packs.knowledge(), rules.in_force()
    start, end = period(arguments.start, arguments.end)
    found = counted(Asked(start, end, shown.cut_of(arguments.by, knowledge, in_force)), OWNER)
    sys.stdout.write("\t".join(("key", "formula", "part", "base", "value", "low", "high")) + "\n")
    for key, counters in found.items():
        for code, rate in in_force.rates(counters).items():
            parts = (rate.part, rate.base, rate.value, rate.low, rate.high)
            said = ("" if one is None else f"{one:.4f}".rstrip("0").rstrip(".") for one in parts)
            sys.stdout.write("\t".join((key, code, *said)) + "\n")
    return 0


def _keep(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs
    from zhongshu.data.figures import shown

    count = shown.keep_due(packs.knowledge(), datetime.now(UTC))
    sys.stdout.write(f"已留存 {count} 个统计时段 · {count} periods kept\n")
    return 0


def _recompute_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=date.fromisoformat, required=True, help="统计日 · the day")
    parser.add_argument("--window", default="", help="统计时段，默认全部 · window, all by default")


def _recompute(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 when the ledger gives anything else than what was shown."""
    from zhongshu.data import packs
    from zhongshu.data.figures import rules, shown
    from zhongshu.data.figures.formulas import first_day

    in_force = rules.in_force()
    windows = [in_force.window(arguments.window)] if arguments.window else list(in_force.windows.values())
    differences = 0
    for window in windows:
        if shown.kept_head(window.code, first_day(window.unit, arguments.day)) is None:
            sys.stdout.write(f"{window.code}\t未留存 · never kept\n")
            continue
        found = shown.recompute(window, arguments.day, packs.knowledge())
        differences += len(found)
        for one in found:
            said = (one.window, str(one.day), one.cut, one.key, one.name, str(one.shown), str(one.counted))
            sys.stdout.write("\t".join(said) + "\n")
        sys.stdout.write(f"{window.code}\t{len(found)} 处差异 · differences\n")
    return 1 if differences else 0


COMMANDS = [
    Command("evaluate figures", "由账本计算时段各项口径", "count a period from the ledger", _options, _figures),
    Command("evaluate keep", "留存已截止时段的公布值", "keep what closed periods showed", no_arguments, _keep),
    Command(
        "evaluate recompute",
        "重算某日并与公布值比对",
        "count a day again and compare with what was shown",
        _recompute_options,
        _recompute,
    ),
]
