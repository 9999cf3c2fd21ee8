"""实测命令 the command `bench`: runs zhongshu.bench.<name>.run and prints one JSON object."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

from zhongshu.bench.result import Result
from zhongshu.kernel.errors import ZhongshuError
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings


def names() -> list[str]:
    """Every bench there is: the modules of this package that can be run."""
    return sorted(
        path.stem for path in Path(__file__).parent.glob("*.py") if "\ndef run(quick: bool)" in path.read_text()
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=names(), help="实测项目 / which bench")
    parser.add_argument("--json", action="store_true", help="只输出 JSON / print nothing but one JSON object")
    parser.add_argument(
        "--quick", action="store_true", help="45 秒内的小规模实测 / a smaller run that ends within 45 s"
    )
    parser.add_argument(
        "--keep", type=Path, default=None, help="结果另存到该目录 / also write the result to this folder, by date"
    )


def _table(result: Result) -> str:
    lines = [f"{result.bench}  {dict(result.size)}"]
    lines += [f"  {name:32} {value}" for name, value in result.figures.items()]
    lines += [f"  baseline {name:23} {value}" for name, value in result.baseline.items()]
    return "\n".join(lines)


def _run(arguments: argparse.Namespace, _: Settings) -> int:
    try:
        result: Result = import_module(f"zhongshu.bench.{arguments.name}").run(arguments.quick)
    except ZhongshuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if arguments.keep:
        folder = arguments.keep / f"{date.today():%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{result.bench}.json").write_text(result.to_json() + "\n")
    sys.stdout.write((result.to_json() if arguments.json else _table(result)) + "\n")
    return 0


COMMANDS: list[Command] = [
    Command("bench", "实测速度与准确率", "measure speed and accuracy", _arguments, _run),
]
