"""The command words of the ledger (`ledger …`) and of the schema (`db prepare`)."""

from __future__ import annotations

import argparse
import sys

from zhongshu.data import ledger, write
from zhongshu.data.prepare import prepare
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _verify(args: argparse.Namespace, settings: Settings) -> int:
    found = 0
    for broken in ledger.verify():
        found += 1
        sys.stdout.write(f"{broken.month} 第 {broken.seq} 条 (fact {broken.fact}): {broken.sentence}\n")
    sys.stdout.write("账本完整 · the ledger is whole\n" if not found else f"{found} 处不符 · {found} break(s)\n")
    return 1 if found else 0


def _rebuild(args: argparse.Namespace, settings: Settings) -> int:
    sys.stdout.write(f"已由 {write.rebuild():,} 条事实重算全部投影 · projections rebuilt from the ledger\n")
    return 0


def _prepare(args: argparse.Namespace, settings: Settings) -> int:
    prepare()
    sys.stdout.write("数据库已就绪 · database prepared\n")
    return 0


COMMANDS = [
    Command(
        "db prepare",
        "建表、建分区、授权（可重复执行）",
        "create tables, partitions and grants; safe to repeat",
        no_arguments,
        _prepare,
    ),
    Command(
        "ledger verify",
        "核验账本的散列链，指出被改动的行",
        "check the hash chain and name each changed row",
        no_arguments,
        _verify,
    ),
    Command(
        "ledger rebuild", "由账本重算全部投影", "compute every projection again from the ledger", no_arguments, _rebuild
    ),
]
