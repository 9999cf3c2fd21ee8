"""天气命令 commands of weather warnings: put one in force, list them, call one off."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import Weather
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _set_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", help="预警种类，如 rainstorm / kind of warning, a word that raises.csv uses")
    parser.add_argument("--place", default="", help="区划代码，默认全市 / division code, by default the whole city")
    parser.add_argument("--hours", type=float, default=24.0, help="有效小时数 / hours that it is in force")
    parser.add_argument("--source", required=True, help="发布单位和名称 / who issued it, and its name")


def _set(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import packs, standing

    known = packs.knowledge()
    place = arguments.place or known.city
    kinds = sorted({row.what for row in known.raises if row.on == "weather"})
    if place not in known.names:
        raise BadInput(f"there is no division {place!r} / 没有这个区划")
    if arguments.kind not in kinds:
        raise BadInput(f"no raise of raises.csv is for {arguments.kind!r}; there are {', '.join(kinds)} / 没有这种预警")
    now = datetime.now(UTC)
    number = standing.announce(
        Weather(arguments.kind, place, now, now + timedelta(hours=arguments.hours), arguments.source)
    )
    _say(f"{number}  {arguments.kind}  {known.names[place]}  {arguments.source}")
    return 0


def _list(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import standing

    found = standing.listed(datetime.now(UTC))
    for one in found:
        until = f"{one['until']:%Y-%m-%d %H:%M}" if one["until"] else "—"
        _say(f"{one['id']}  {one['kind']}  {one['place']}  {one['at']:%Y-%m-%d %H:%M} – {until} UTC  {one['source']}")
    if not found:
        _say("没有生效的天气预警 no weather warning is in force")
    return 0


def _end_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, help="编号 / its number")


def _end(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data import standing

    if not standing.call_off(arguments.number, datetime.now(UTC)):
        raise BadInput(f"no weather warning {arguments.number} is in force / 没有生效的该预警")
    _say(f"{arguments.number}  已解除 called off")
    return 0


COMMANDS: list[Command] = [
    Command("weather set", "发布天气预警", "put a weather warning in force", _set_arguments, _set),
    Command("weather list", "列出生效的天气预警", "list weather warnings in force", no_arguments, _list),
    Command("weather end", "解除天气预警", "call a weather warning off", _end_arguments, _end),
]
