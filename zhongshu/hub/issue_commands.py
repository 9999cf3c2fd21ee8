"""热点命令 the command `issues gather`."""

from __future__ import annotations

import argparse
import sys

from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _gather(_: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.hub import hot
    from zhongshu.hub.hub import Hub
    from zhongshu.hub.loading import rules_alone

    hub = Hub(rules_alone)
    turned = hot.follow(hub.desk, hub.clock())
    sys.stdout.write(f"{turned} 个热点形成或降温 · issues became hot or cooled\n")
    return 0


COMMANDS = [
    Command("issues gather", "聚合各区近期案件成热点", "gather cases into issues", no_arguments, _gather),
]
