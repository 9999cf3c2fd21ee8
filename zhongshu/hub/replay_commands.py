"""推演命令 the command `replay`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace

from zhongshu.hub.replay import Result, replay
from zhongshu.kernel.clocks import period
from zhongshu.kernel.plugins import Command, period_arguments
from zhongshu.kernel.settings import Settings

NAMES = {"category": "类别 category", "unit": "单位 unit", "deadline": "时限 deadline"}


def _options(parser: argparse.ArgumentParser) -> None:
    period_arguments(parser)
    parser.add_argument("--duties", default="", help="城市包版本，默认现行 · pack version, default the one in force")
    parser.add_argument("--model", default="", help="模型版本，默认在用的 · model version, default the one deployed")
    parser.add_argument("--sample", type=int, default=10, help="抽样条数 · size of the sample")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def _replay(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs
    from zhongshu.data.history import beginnings
    from zhongshu.hub.deploying import under
    from zhongshu.hub.loading import rules_alone

    knowledge = packs.knowledge(packs.moment_of(arguments.duties) if arguments.duties else None)
    model, knowledge = under(settings.home_path, knowledge, arguments.model)
    tools = replace(rules_alone(knowledge), model=model)
    start, end = period(arguments.start, arguments.end)
    result = replay(beginnings(start, end), tools, arguments.sample)
    sys.stdout.write(_as_json(result) if arguments.json else _as_text(result))
    return 0


def _as_json(result: Result) -> str:
    sample = [asdict(one) for one in result.sample]
    found = {"compared": result.compared, "different": result.seen, "changed": dict(result.changed), "sample": sample}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _as_text(result: Result) -> str:
    lines = [f"重演 {result.compared:,} 件，{result.seen:,} 件会有变化 · cases run again, would change"]
    lines += [f"  {name:<16}{result.changed[kind]:>8,}" for kind, name in NAMES.items()]
    for one in result.sample:
        lines.append(f"- {one.case} {one.title}")
        pairs = {"category": one.category, "unit": one.unit, "deadline": one.due}
        for kind in one.kinds:
            then, now = (value or "（无 none）" for value in pairs[kind])
            lines.append(f"    {NAMES[kind]}: {then} → {now}")
    return "\n".join(lines) + "\n"


COMMANDS = [
    Command("replay", "按另一版规则或模型重演历史", "run history again under other rules or models", _options, _replay),
]
