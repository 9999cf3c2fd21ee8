"""质量命令 the commands `quality run`, `quality show` and `quality detect`."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zhongshu.kernel.access import ROAD
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    from zhongshu.data.quality.detecting import Detector


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", default="", help="只查这一个，否则查到期的 · this one only, else what is due")


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import quality

    hub = Hub(rules_alone)
    for name in [arguments.dataset] if arguments.dataset else quality.due(hub.clock()):
        found = quality.inspect(hub.desk, name)
        run = found.run
        share = "—" if run["total"] is None else f"{run['total']:.4f} {run['grade']}"
        sys.stdout.write(
            f"{name}: {run['rows']} 行 rows, {len(found.outcomes)} 条规则 rules, {share}, {run['seconds']} s"
            f"{' ' + run['said'] if run['said'] else ''}\n"
        )
    return 0


def _show_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", help="数据资源 · name of the data set")


def _show(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.data.quality import kept

    runs = kept.board(ROAD, arguments.dataset).get(arguments.dataset, [])
    if not runs:
        raise NotFound(f"{arguments.dataset!r} was never looked at / 尚未检查过")
    found = {**runs[0], "results": list(kept.results(ROAD, runs[0]["id"]).values())}
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0


def _detect_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV 文件 · a CSV file")
    parser.add_argument(
        "--labels", type=Path, default=None, help="已看过的行：row,wrong（;分隔） · rows looked through: row,wrong"
    )
    parser.add_argument("--out", type=Path, default=None, help="可疑单元格写到 · write the suspicious cells to")


def _detect(arguments: argparse.Namespace, settings: Settings) -> int:
    """Says which row to look through next, until there are enough; then the cells that look wrong."""
    from zhongshu.data.quality.cells import cells
    from zhongshu.data.quality.detecting import BUDGET, Detector, suspects

    table = _table(arguments.file)
    detector = Detector(cells(table))
    if arguments.labels:
        _label(detector, arguments.labels)
    row = detector.next_row()
    if row is not None:
        told = {"row": row + 2, **{item: values[row] for item, values in table.items()}}
        sys.stderr.write(f"{len(detector.labels)}/{BUDGET} 下一行请看 · look through next:\n")
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    if detector.labels:
        found = suspects(detector.cells, detector.chances())
        _write(arguments.out, [(one.row + 2, one.item, one.value, f"{one.chance:.3f}", one.instead) for one in found])
        sys.stderr.write(f"{len(found)} 个可疑单元格 · suspicious cells\n")
    return 0


def _table(path: Path) -> dict[str, list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name}: {error}") from None
    if not rows:
        raise BadInput(f"{path.name}: found no rows / 没有数据行")
    return {item: [row[item] or "" for row in rows] for item in rows[0]}


def _label(detector: Detector, path: Path) -> None:
    """Lines `row,wrong`: the line of the file, and the items that are wrong, apart by ;"""
    for row, wrong in zip(*_table(path).values(), strict=True):
        items = [one for one in wrong.split(";") if one]
        strange = [one for one in items if one not in detector.cells.items]
        if strange or not row.isdecimal() or not 2 <= int(row) < detector.cells.rows + 2:
            raise BadInput(f"{path.name}: found {row},{wrong}, expected a line and columns of the table / 标注有误")
        detector.label(int(row) - 2, items)


def _write(path: Path | None, rows: list[tuple[object, ...]]) -> None:
    if path is None:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("row", "item", "value", "chance", "instead"))
        writer.writerows(rows)


COMMANDS = [
    Command("quality run", "按规则检查数据质量", "check data sets by their rules", _run_options, _run),
    Command("quality show", "显示最近一次质量检查", "show the last check of a data set", _show_options, _show),
    Command("quality detect", "标二十行，找可疑单元格", "find wrong cells from rows seen", _detect_options, _detect),
]
