"""城市包命令 the commands `city check`, `city load` and `city make-demo`."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from zhongshu.kernel.desk import Duty
from zhongshu.kernel.errors import PackError
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", type=Path, metavar="PACK", help="城市包目录 · folder of the pack")


def _pack_and_date(parser: argparse.ArgumentParser) -> None:
    _pack(parser)
    parser.add_argument("--effective", type=date.fromisoformat, default=None, help="生效日期 · date it takes effect")


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="写入的目录 · folder to write")
    parser.add_argument("--size", choices=("small", "city"), default="small", help="一个区或全市 · one district or all")
    parser.add_argument("--seed", type=int, default=None, help="随机种子 · seed")


def check(args: argparse.Namespace, settings: Settings) -> int:
    """Print every fault and every gap of a pack; 1 when a fault forbids loading it."""
    from zhongshu.cities.check import examine

    verdict = examine(args.pack)
    sys.stdout.write("".join(f"{flaw}\n" for flaw in verdict.flaws))
    sys.stdout.write("".join(f"提醒 warning: {gap}\n" for gap in verdict.gaps))
    sys.stdout.write(f"差错 faults: {len(verdict.flaws)} · 提醒 warnings: {len(verdict.gaps)}\n")
    return 1 if verdict.flaws else 0


def load(args: argparse.Namespace, settings: Settings) -> int:
    """Load a pack into the database that Django was configured for; 1 when it has faults."""
    from zhongshu.cities.load import load as load_pack

    try:
        result = load_pack(args.pack, args.effective)
    except PackError as error:
        sys.stderr.write("".join(f"{flaw}\n" for flaw in error.flaws))
        return 1
    sys.stdout.write(f"{result.version}\n")
    for table, change in result.tables.items():
        figures = f"新增 added {change.added} · 变更 changed {change.changed} · 终止 ended {change.ended}"
        sys.stdout.write(f"{table:14} {figures} · 未变 unchanged {change.unchanged}\n")
    return 0


def make_demo(args: argparse.Namespace, settings: Settings) -> int:
    """Grow the demo city into a folder and print how many rows each table has."""
    from zhongshu.cities.demo.generate import SEED, generate

    counts = generate(args.folder, args.size, SEED if args.seed is None else args.seed)
    sys.stdout.write("".join(f"{table:14} {count}\n" for table, count in counts.items()))
    return 0


def _registers(parser: argparse.ArgumentParser) -> None:
    _pack(parser)
    parser.add_argument("--share", type=float, default=None, help="登记户数占比 · share of the households")
    parser.add_argument("--seed", type=int, default=None, help="随机种子 · seed")


def make_registers(args: argparse.Namespace, settings: Settings) -> int:
    """Grow made-up people, homes and firms for a pack and take in what departments tell of them; print each step."""
    from zhongshu.cities.demo.census import gather
    from zhongshu.cities.demo.generate import SEED

    share = gather.SMALL if args.share is None else args.share
    for done in gather.fill(args.pack, share, SEED if args.seed is None else args.seed):
        steps = " · ".join(f"{name} {seconds:.1f} s" for name, seconds in done.seconds.items())
        sys.stdout.write(f"{done.subject:14} 记录 records {done.records} · 主体 entities {done.entities} · {steps}\n")
    return 0


def learn_registers(args: argparse.Namespace, settings: Settings) -> int:
    """Learn every register again from what it holds, so that later deliveries find what is known."""
    from zhongshu.data.registers.relearning import again
    from zhongshu.data.registers.subjects import SUBJECTS

    for subject in SUBJECTS:
        sys.stdout.write(f"{subject:14} 记录 records {again(subject)}\n")
    return 0


def read_list(folder: Path) -> list[Duty]:
    """The duties of a pack that is not loaded; PackError when a row can't be read."""
    from zhongshu.cities.duties import read_list as read_duties

    return read_duties(folder)


def _maybe_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pack",
        type=Path,
        nargs="?",
        metavar="PACK",
        help="城市包目录，默认现行清单 · folder, default the list in force",
    )


def check_duties(args: argparse.Namespace, settings: Settings) -> int:
    """Print what is odd in a duty list, each with file, line, field, found and expected; 1 when anything is."""
    from zhongshu.cities.duties import examine_list
    from zhongshu.cities.read import read
    from zhongshu.data import pack_rows

    if args.pack:
        pack, flaws = read(args.pack, ("duties", "categories"))
        duties, categories = pack.rows("duties"), pack.rows("categories")
    else:
        flaws, duties, categories = [], pack_rows.duty_rows(), pack_rows.category_rows()
    flaws += examine_list(duties, categories)
    sys.stdout.write("".join(f"{flaw}\n" for flaw in flaws))
    sys.stdout.write(f"条目 duties: {len(duties)} · 问题 findings: {len(flaws)}\n")
    return 1 if flaws else 0


COMMANDS = [
    Command("duties check", "查责任清单：冲突、缺口、不可达", "what is odd in a duty list", _maybe_pack, check_duties),
    Command("city check", "查验城市包，列出全部差错", "list every fault of a city pack", _pack, check),
    Command(
        "city load", "载入城市包，只改变化的行", "load a city pack; only what changed changes", _pack_and_date, load
    ),
    Command("city make-demo", "生成示范城市", "grow the made-up demo city", _folder, make_demo),
    Command(
        "registers make-demo",
        "生成示范登记库并归并入库",
        "grow made-up registers, link and load them",
        _registers,
        make_registers,
    ),
    Command(
        "registers learn",
        "按现有登记重学归并权重与检索键",
        "learn weights and marks again from what the registers hold",
        no_arguments,
        learn_registers,
    ),
]
