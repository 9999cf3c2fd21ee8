"""The command words of the database (`db …`); the command line assembles them with everybody else's."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhongshu.data.server import ServerError, open_database, server_of
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings


def say(sentence: str) -> None:
    """Progress goes to the error stream, so that a result can be piped."""
    sys.stderr.write(f"{sentence}\n")


def _answer(sentence: str) -> int:
    sys.stdout.write(f"{sentence}\n")
    return 0


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件 · the dump's file")


def _own(settings: Settings) -> None:
    """ServerError when the database is not ours to start and stop."""
    if settings.database_url:
        raise ServerError("DATABASE_URL 指定了自备数据库，本命令只管内嵌数据库 · DATABASE_URL names your own server")


def start(args: argparse.Namespace, settings: Settings) -> int:
    """Start the embedded server and let it run until `db stop`."""
    _own(settings)
    server = server_of(settings, say)
    server.ensure()
    server.keep()
    server.release()
    return _answer(f"数据库已启动 · database running: PostgreSQL {server.version()}, pid {server.status().pid}")


def stop(args: argparse.Namespace, settings: Settings) -> int:
    """Stop the embedded server, whoever uses it."""
    _own(settings)
    stopped = server_of(settings).stop()
    return _answer("数据库已停止 · database stopped" if stopped else "数据库本未运行 · database was not running")


def status(args: argparse.Namespace, settings: Settings) -> int:
    """Tell what the embedded server does; 0 when it runs, 3 when it doesn't."""
    if settings.database_url:
        return _answer("自备数据库，由 DATABASE_URL 指定 · your own server, named by DATABASE_URL")
    seen = server_of(settings).status()
    _answer("运行中 · running" if seen.running else "未运行 · not running")
    _answer(f"  PostgreSQL {seen.version}\n  数据 data: {seen.data or '—'}\n  进程 pid: {seen.pid or '—'}")
    _answer(f"  有人使用 in use: {_yes(seen.used)}\n  常驻 kept running: {_yes(seen.kept)}")
    return 0 if seen.running else 3


def _yes(value: bool) -> str:
    return "是 yes" if value else "否 no"


def dump(args: argparse.Namespace, settings: Settings) -> int:
    """Write the whole database to a file."""
    database = open_database(settings, say)
    try:
        database.dump(args.file)
    finally:
        database.close()
    return _answer(f"已备份 · dumped: {args.file} ({args.file.stat().st_size} B)")


def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Replace the database's tables by those of a dump."""
    database = open_database(settings, say)
    try:
        database.restore(args.file)
    finally:
        database.close()
    return _answer(f"已恢复 · restored: {args.file}")


def url(args: argparse.Namespace, settings: Settings) -> int:
    """Tell the owner's address, password included, for psql and others; the embedded server must be running."""
    return _answer(settings.database_url or server_of(settings).url())


COMMANDS: list[Command] = [
    Command("db start", "启动内嵌数据库并常驻", "start the embedded database, leave it running", no_arguments, start),
    Command("db stop", "停止内嵌数据库", "stop the embedded database", no_arguments, stop),
    Command("db status", "查看数据库状况", "what the database does", no_arguments, status),
    Command("db dump", "备份全库到文件", "write the whole database to a file", _file, dump),
    Command("db restore", "从备份文件恢复", "replace the tables by those of a dump", _file, restore),
    Command("db url", "显示数据库地址（含密码）", "the database's address, password included", no_arguments, url),
]
