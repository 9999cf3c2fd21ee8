"""积分命令 the command `points settle`."""

from __future__ import annotations

import argparse
import sys

from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _settle(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub import points
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    settled = points.settle(Hub(rules_alone))
    sys.stdout.write(f"{settled} 件上报已记分 · reports of members reckoned\n")
    return 0


COMMANDS = [
    Command("points settle", "已了结的上报记分", "reckon members' reports that have ended", no_arguments, _settle)
]
