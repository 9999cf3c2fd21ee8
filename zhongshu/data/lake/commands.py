"""数据湖命令 the commands `lake move`, `lake status`, `lake query`, `lake verify` and `lake recount`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from zhongshu.kernel.access import ROAD
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from zhongshu.data.lake.moving import Mover


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _mover() -> Mover:
    from zhongshu.data import packs
    from zhongshu.data.lake.moving import Mover
    from zhongshu.data.lake.place import lake

    return Mover(lake(), packs.scheme(packs.about()), datetime.now(UTC))


def _move(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.lake import tidying

    counts = tidying.run(_mover(), _say)
    _say(
        f"入湖 {counts.moved:,} 条观测、复制 {counts.copied:,} 条事实、销毁 {counts.erased:,} 条"
        " · observations moved, facts copied, observations deleted"
    )
    return 0


def _status(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.lake import state

    mover = _mover()
    found = state.state(ROAD, mover.lake, mover.now)
    _say(f"热窗口 hot window: {found.hot_days} 天 days，自 from {found.cutoff}")
    _say(f"数据库中 in the database: {found.hot:,} + {found.late:,} 迟到待入湖 late")
    for table, cold in found.cold.items():
        _say(f"湖中 in the lake, {table}: {cold['rows']:,} 行 rows, {cold['days']} 天 days, {cold['bytes']:,} B")
    _say(f"事实已复制至 facts copied until: {found.copied_until or '—'}")
    run = found.last_run
    _say(f"上次 last run: {run['at']:%Y-%m-%d %H:%M} UTC" if run else "尚未入湖 · never run")
    return 0


def _query_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default="district,day", help="按什么分组，逗号分隔 · what to cut by, comma-separated")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, help="从哪一天 · first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, help="到哪一天（含） · last day")
    parser.add_argument("--grid", default="", help="只看一个网格 · one grid only")
    parser.add_argument("--sensor", default="", help="只看一个设备 · one sensor only")
    parser.add_argument(
        "--table", default="observation", choices=("observation", "fact"), help="观测或事实 · observations or facts"
    )
    parser.add_argument("--rows", action="store_true", help="不用汇总，逐行计算 · single rows, no sums")
    parser.add_argument(
        "--sql",
        default="",
        help='DuckDB 语句，表 observations 与 facts，列名写 "at" · a SELECT for DuckDB',
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def _query(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.lake.asking import Asker

    mover = _mover()
    asker = Asker(mover.lake, mover.scheme, ROAD)
    if arguments.sql:
        _show(asker.say(arguments.sql), arguments.json)
        return 0
    wanted = _wanted(arguments)
    answer = asker.ask(wanted, "rows" if arguments.rows else "")
    _show(answer.rows, arguments.json)
    sys.stderr.write(
        f"{answer.grain}: {answer.files} 个文件 files, {answer.hot:,} 条库内 hot rows, {answer.seconds:.3f} s\n"
    )
    return 0


def _wanted(arguments: argparse.Namespace) -> Any:
    from zhongshu.data.lake.place import begins, ends
    from zhongshu.data.lake.wanted import Wanted

    if not arguments.start:
        raise BadInput("--from: missing, expected a day as 2026-11-01 / 请用 --from 指定日期")
    by = tuple(name for name in arguments.by.split(",") if name)
    end = arguments.end or arguments.start
    return Wanted(begins(arguments.start), ends(end), by, arguments.grid, arguments.sensor, table=arguments.table)


def _show(rows: pa.Table, as_json: bool) -> None:
    if as_json:
        _say(orjson.dumps(rows.to_pylist()).decode())
        return
    _say("\t".join(rows.column_names))
    for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        _say("\t".join(map(str, row)))


def _verify(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.lake import tidying

    found = tidying.verify(_mover())
    for sentence in found:
        _say(sentence)
    _say(f"{len(found)} 处不符 · wrong" if found else "数据湖完整 · the lake is whole")
    return 1 if found else 0


def _recount(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.lake import tidying

    _say(f"已重算 {tidying.recount(_mover()):,} 项汇总 · sums counted anew")
    return 0


COMMANDS = [
    Command(
        "lake move",
        "热窗口外的观测入湖，复制事实，到期销毁",
        "move observations past the hot window, copy facts, delete what is past its time",
        no_arguments,
        _move,
    ),
    Command("lake status", "数据湖现状", "what is hot, what is cold, and the last run", no_arguments, _status),
    Command("lake query", "查询数据湖（热冷合并）", "ask hot and cold together", _query_options, _query),
    Command("lake verify", "核验湖中文件与账本", "check every file against the ledger", no_arguments, _verify),
    Command(
        "lake recount", "由明细重算汇总", "count the maintained sums anew from single rows", no_arguments, _recount
    ),
]
