"""命令 the command words of the screens: tokens of integrations."""

from __future__ import annotations

import argparse
import sys

from zhongshu.data import integrations
from zhongshu.hub.sense.normalise import CHANNELS
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


def _create_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="接入方名称 · name of the integration")
    parser.add_argument(
        "--channels", nargs="+", choices=CHANNELS, default=["api"], help="可用渠道 · channels it may use"
    )
    parser.add_argument("--place", default="", help="可查看的区划代码 · division whose cases it may read; empty: none")
    parser.add_argument(
        "--trusted", action="store_true", help="可指定时间、类别、来源 · may set time, category, source and merging"
    )


def create(args: argparse.Namespace, settings: Settings) -> int:
    """Issue a token and show it, this once, on the output stream alone, so that it can be piped."""
    token = integrations.issue(args.name, args.channels, args.place, args.trusted)
    sys.stderr.write("凭证只显示这一次 · the token is shown this once\n")
    _say(token)
    return 0


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Every integration in a line."""
    for one in integrations.everyone():
        state = "启用 active" if one.active else "停用 revoked"
        trust = "受信 trusted" if one.trusted else "普通 plain"
        _say(f"{one.name}\t{state}\t{trust}\t{','.join(sorted(one.channels))}\t{one.place or '—'}")
    return 0


def revoke(args: argparse.Namespace, settings: Settings) -> int:
    """Refuse a token from now on."""
    integrations.revoke(args.name)
    _say(f"已停用 · revoked: {args.name}")
    return 0


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="接入方名称 · name of the integration")


COMMANDS: list[Command] = [
    Command("token create", "签发接入凭证", "issue a token to an integration", _create_arguments, create),
    Command("token list", "列出接入方", "list the integrations", no_arguments, show),
    Command("token revoke", "停用接入凭证", "refuse an integration's token", _name, revoke),
]
