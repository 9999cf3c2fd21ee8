"""找源头命令 the commands `causes find`, `causes list` and `causes show`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from zhongshu.kernel.access import ROAD
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings


def _find_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=84, help="查找最近多少天 · days back from now")
    parser.add_argument("--seed", type=int, default=0, help="随机种子 · seed of the shuffles")
    parser.add_argument("--permutations", type=int, default=999, help="打乱次数 · shuffles")


def _find(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub import causes
    from zhongshu.hub.cause_search import Asked
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.judge.causes import Plan
    from zhongshu.hub.loading import rules_alone

    plan = replace(Plan(), seed=arguments.seed, permutations=arguments.permutations)
    hub = Hub(rules_alone)
    run = causes.find(hub.desk, hub.clock(), Asked(days=arguments.days, plan=plan))
    counts = run.found.counts
    sys.stdout.write(
        f"第 {run.id} 次 · run {run.id}: {counts['events']} 条诉求、{counts['classes']} 类 · reports and classes, "
        f"{run.seconds:.1f} s, {run.peak_mb:.0f} MB\n"
        f"关联 {len(run.found.links)} · links, 新候选病因 {len(run.facts)} · new candidate causes, "
        f"聚集警报 {len(run.found.alarms)} · alarms\n"
    )
    return 0


def _list_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", default="", help="只列某一状态 · only in this state")


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import cause_views

    heads = ("id", "number", "state", "place", "first", "second", "strength", "q", "distance", "lag", "cases")
    sys.stdout.write("\t".join(heads) + "\n")
    for row in cause_views.listed(ROAD, arguments.state):
        sys.stdout.write("\t".join(str(row[name]) for name in heads) + "\n")
    return 0


def _show_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cause", type=int, help="病因编号 · number of the cause")


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import cause_views

    found = cause_views.whole(ROAD, arguments.cause)
    if found is None:
        raise NotFound(f"there is no cause {arguments.cause} / 没有这个病因")
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0


COMMANDS = [
    Command("causes find", "找源头：查最近诉求的关联与聚集", "search the last days for causes", _find_options, _find),
    Command("causes list", "列出候选病因", "list candidate causes", _list_options, _list),
    Command("causes show", "显示一个病因及其案件", "show one cause with its cases", _show_options, _show),
]
