"""评价命令 the command `evaluate`."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from zhongshu.data.databases import OWNER
from zhongshu.kernel.clocks import period
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings

CUTS = ("all", "unit", "grid", "category", "day", "place")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, help="起始日 · first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, required=True, help="截止日（含） · last day")
    parser.add_argument("--by", choices=CUTS, default="all", help="分组 · cut by")
    parser.add_argument("--length", type=int, default=12, help="place 分组的区划码位数 · digits of the code for place")


def _evaluate(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.evaluation import figures

    start, end = period(arguments.start, arguments.end)
    names = ("response", "solve", "satisfaction", "on_time_closure")
    sys.stdout.write("\t".join(("key", "asked", "valid", "due", *names)) + "\n")
    for one in figures(start, end, arguments.by, arguments.length, using=OWNER):
        rates = ["" if one.rates[name] is None else f"{one.rates[name]:.4f}" for name in names]
        sys.stdout.write("\t".join((one.key, str(one.asked), str(one.valid), str(one.due), *rates)) + "\n")
    return 0


COMMANDS = [
    Command("evaluate", "由账本计算时段各项率", "count the rates of a period from the ledger", _options, _evaluate),
]
