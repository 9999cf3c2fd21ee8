"""权责命令 the command `powers`: the authority matrix, and per street its duties, its powers and their ratio."""

from __future__ import annotations

import argparse
import sys

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import Level
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings

POWERS = {"exercise": "行使", "convene": "召集", "evaluate": "评价", "veto": "否决"}
LEVELS = {Level.CITY: "市", Level.DISTRICT: "区", Level.STREET: "街镇", Level.COMMUNITY: "社区"}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--street", default="", metavar="CODE", help="只看一个街镇 · one street only")


def _powers(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the matrix, then a line for each street, the heaviest first, with every count that went into it."""
    from zhongshu.data import packs
    from zhongshu.data.powers import DAYS, burdens, matrix

    known = packs.knowledge()
    street = arguments.street
    if street and (street not in known.names or known.scheme.level(street) is not Level.STREET):
        raise BadInput(f"street: found {street!r}, expected the code of a street / 没有这个街镇")
    for row in matrix():
        category = known.categories.get(row["item"])
        where = f" {known.names.get(row['place'], row['place'])}" if row["place"] else ""
        level = LEVELS[Level(row["level"])]
        name = category.name if category else row["item"]
        sys.stdout.write(f"{row['item']} {name} · {level}{where} · {POWERS[row['power']]} · {row['basis']}\n")
    sys.stdout.write(f"权小责大指数 index = 责任（清单基本项 + 近 {DAYS} 天派来的清单外类别）÷ 权力（类别×权力）\n")
    for one in burdens([street] if street else ()):
        powers = "、".join(f"{POWERS[power]} {count}" for power, count in one.powers.items()) or "无 none"
        index = "∞" if one.index is None else f"{one.index:.2f}"
        sys.stdout.write(
            f"{one.street} {one.name}: {index} = {one.duties}（{one.listed} + {one.sent}）÷ {one.granted}（{powers}）"
            f" · 近 {DAYS} 天 {one.cases} 件 cases\n"
        )
    return 0


COMMANDS = [
    Command("powers", "权力清单与权小责大指数", "who may do what; duties per power of each street", _options, _powers)
]
