"""体征命令 the commands `signs take`, `signs show` and `signs fill`."""

from __future__ import annotations

import argparse
import sys

from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _every(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="every sign, due or not / 全部体征，不论是否到时")


def _days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=84, help="days back / 向前补多少天")


def _take(given: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub import signs
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    hub = Hub(rules_alone)
    measured = signs.look(hub.desk(), hub.clock(), given.all)
    sys.stdout.write(f"{measured} 项体征已计算 · signs measured\n")
    return 0


def _fill(given: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub import signs
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    hub = Hub(rules_alone)
    sent = signs.fill(hub.desk().knowledge, hub.clock(), given.days)
    sys.stdout.write(f"{sent} 条历史读数 · readings of the past\n")
    return 0


def _show(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.signs import book, reading
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    city = Hub(rules_alone).desk().knowledge.city
    now = reading.at(city)
    for one in book.signs().values():
        held = now.get(one.code)
        said = f"{held.value:g} {one.unit} {held.colour}" if held and held.value is not None else "—"
        sys.stdout.write(f"{one.code}\t{one.name}\t{said if one.measure else '无数据源 · no source'}\n")
    return 0


COMMANDS = [
    Command("signs take", "计算到时的体征", "measure the vital signs that are due", _every, _take),
    Command("signs show", "列出全市体征现值", "the city's vital signs as they are", no_arguments, _show),
    Command("signs fill", "补算体征历史", "fill the history of signs from the ledger's past", _days, _fill),
]
