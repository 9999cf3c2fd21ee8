"""共享命令 the commands `sharing fill` and `sharing verify`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "datasets", nargs="*", metavar="DATASET", help="数据资源，不写为全部 · data sets, all by default"
    )


def _fill(arguments: argparse.Namespace, settings: Settings) -> int:
    """Bring data sets into the sharing zone; one that isn't gathered yet is named and passed over.

    Then their rows are looked at: what holds more than its grade allows for is put to review.
    """
    from zhongshu.data.sharing import rules, zone
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone
    from zhongshu.hub.resources import contents

    now = datetime.now(UTC)
    for name in arguments.datasets or sorted(rules.catalogued()):
        try:
            done = zone.fill(name, now)
        except BadInput as error:
            sys.stdout.write(f"{name}: {error}\n")
            continue
        told = f"{done.rows} 行 rows，新增 {done.added}，变更 {done.changed}，消失 {done.gone}，{done.seconds:.1f} s"
        sys.stdout.write(f"{name}: {told}\n")
    for fact in contents.look(Hub(rules_alone).desk, arguments.datasets):
        p = fact.payload
        sys.stdout.write(f"{p['number']}: {p['title']}，{p['given']['reason']}\n")
    return 0


def _verify(_: argparse.Namespace, settings: Settings) -> int:
    """Compare the log of reads with what the ledger sealed; 1 when a line was changed."""
    from zhongshu.data.sharing import audit

    found = list(audit.verify())
    for one in found:
        sys.stdout.write(f"{one.use} {one.dataset}: {one.sentence}\n")
    sys.stdout.write(f"{len(found)} 处不一致 · broken seals\n")
    return 1 if found else 0


COMMANDS = [
    Command("sharing fill", "把数据资源归到共享区", "bring data sets into the sharing zone", _names, _fill),
    Command("sharing verify", "核对使用日志与账本封存", "check the log of reads", no_arguments, _verify),
]
