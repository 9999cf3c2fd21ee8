"""总装 the only file that knows everyone: settings -> database -> hub -> screen; the command line."""

from __future__ import annotations

import argparse
import atexit
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import uvicorn
from django.conf import settings as django_settings

from zhongshu import __version__
from zhongshu.bench import commands as bench_commands
from zhongshu.cities import commands as city_commands
from zhongshu.data import commands as data_commands
from zhongshu.data import databases, ledger_commands
from zhongshu.data.lake import commands as lake_commands
from zhongshu.data.prepare import begun, prepare
from zhongshu.data.server import open_database, watching
from zhongshu.hub import (
    catalogue_commands,
    cause_commands,
    clock_commands,
    duty_commands,
    evaluate_commands,
    import_commands,
    issue_commands,
    model_commands,
    place_commands,
    point_commands,
    power_commands,
    quality_commands,
    replay_commands,
    sharing_commands,
    sign_commands,
    weather_commands,
)
from zhongshu.hub import commands as hub_commands
from zhongshu.hub.hub import Hub
from zhongshu.hub.loop import run_forever
from zhongshu.kernel.errors import PackError, ZhongshuError
from zhongshu.kernel.plugins import Command, no_arguments
from zhongshu.kernel.settings import Settings, load
from zhongshu.screen import commands as screen_commands
from zhongshu.screen import gate
from zhongshu.screen.configuration import configuration

if TYPE_CHECKING:
    from zhongshu.screen.api import stream

PACKAGE = Path(__file__).parent
WEB_POOL = 20
"""Connections of the web process to the database, per alias: for every request under way (screen.serving.AT_ONCE), the
live channel and the bulk stream."""
BREATH = 1.0
"""Seconds before a companion that died is started again."""


def secret(home: Path) -> str:
    """The signing key of this installation, made once and kept readable by its owner only."""
    path = home / "secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def configure(url: str, settings: Settings | None = None, pool: int = 0) -> None:
    """Set Django up on the database at `url`; a second call in the same process changes nothing."""
    if django_settings.configured:
        return
    settings = settings or load()
    given: dict[str, Any] = configuration(settings, secret(settings.home_path))
    django_settings.configure(**given, DATABASES=databases.aliases(url, settings.app_database_url, pool))
    django.setup()


def build_hub(settings: Settings) -> Hub:
    """The hub of this installation; its rules and models are read at its first batch."""
    from zhongshu.hub.deploying import Models
    from zhongshu.hub.loading import load_tools

    tools, models = partial(load_tools, settings, PACKAGE / "scenarios"), Models(settings.home_path)
    if not settings.assistant_url:
        return Hub(tools, models=models)
    from zhongshu.hub.assistant import assistant

    return Hub(tools, models=models, assistant=assistant(settings))


def asgi() -> stream.App:
    """What uvicorn serves. The database's address comes from the process that started us."""
    settings = load()
    database = open_database(settings)
    configure(database.url, settings, pool=WEB_POOL)
    gate.install(build_hub(settings))
    atexit.register(database.close)
    return asgi_application()


def asgi_application() -> stream.App:
    """Django with the bulk stream in front of it. Its address table is read here, so that no request waits for it."""
    from zhongshu.screen.api import stream
    from zhongshu.screen.serving import Handler

    return stream.mount(Handler())


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """The web server in this process, the runner in a child; both end together."""
    greeting = f"中枢已启动 · Zhongshu is at http://{settings.host}:{settings.port}  (Ctrl-C 停止 · to stop)"
    return _web(settings, greeting, ["runner"])


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=("small", "city"), default="small", help="一个区或全市 · one district or all")
    parser.add_argument("--forget", action="store_true", help="清除示范数据 · remove the demo's data")
    parser.add_argument("--no-serve", action="store_true", help="只做准备 · prepare only")


def _demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """The made-up city: grown, loaded, lived in for some weeks, then served and going on living."""
    from zhongshu.bench import demo

    if arguments.forget:
        demo.forget(settings)
        return 0
    city = demo.Demo(settings, arguments.size)
    demo.build(city, lambda: build_hub(settings), _say)
    _say(demo.greeting(city))
    if arguments.no_serve:
        return 0
    return _web(
        settings, "中枢已启动，Ctrl-C 停止 · Zhongshu is up, Ctrl-C stops it", ["runner"], ["life", "--size", city.size]
    )


def _life_options(parser: argparse.ArgumentParser) -> None:
    _demo_options(parser)
    _leash_option(parser)


def _life(arguments: argparse.Namespace, settings: Settings) -> int:
    from zhongshu.bench import demo

    demo.live(demo.Demo(settings, arguments.size), build_hub(settings), _until_terminated(arguments.leash))
    return 0


def _leash_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--leash", action="store_true", help="标准输入关闭即停止 · stop when standard input ends")


def _until_terminated(leash: bool) -> threading.Event:
    """An event that SIGTERM sets; Ctrl-C is the parent's to handle, who then terminates us.

    On a leash the parent's death sets it too: standard input is a pipe that the system closes then.
    """
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if leash:
        threading.Thread(target=_until_let_go, args=[stop], daemon=True).start()
    return stop


def _until_let_go(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        continue
    stop.set()


def _leave(*_: object) -> None:
    """SIGTERM ends a serving process in good order: its companions stop and the database is let go."""
    raise SystemExit(0)


def _web(settings: Settings, greeting: str, *beside: Sequence[str]) -> int:
    """Serve until told to stop, with other commands of ours running beside."""
    with children(*beside):
        _say(greeting)
        uvicorn.run(
            "zhongshu.app:asgi",
            factory=True,
            host=settings.host,
            port=int(settings.port),
            log_level="warning",
            timeout_graceful_shutdown=3,
        )
        _say("正在停止，数据已保存 · stopping; the data are kept")
    return 0


def _runner(arguments: argparse.Namespace, settings: Settings) -> int:
    run_forever(build_hub(settings), _until_terminated(arguments.leash))
    return 0


OWN = [
    Command("demo", "示范城市：准备并启动", "grow the demo city and run the hub with it", _demo_options, _demo),
    Command("life", "让示范城市继续生活", "let the demo city go on living", _life_options, _life),
    Command("serve", "启动网站与运行器", "serve the screens and the API, with a runner", no_arguments, _serve),
    Command(
        "runner",
        "只启动运行器（沿路处理排队事项）",
        "only a runner: takes queued facts down the road",
        _leash_option,
        _runner,
    ),
]


@contextmanager
def children(*commands: Sequence[str]) -> Iterator[None]:
    """Keep commands of ours running beside us: one that dies is started again; they end with us, even by kill -9."""
    ending = threading.Event()
    keepers = [threading.Thread(target=_keep, args=[list(words), ending], daemon=True) for words in commands]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ending.set()
        for keeper in keepers:
            keeper.join()


def _keep(words: list[str], ending: threading.Event) -> None:
    """Run one command again and again. Its standard input is the leash that our death lets go."""
    while not ending.is_set():
        with subprocess.Popen([sys.executable, "-m", "zhongshu", *words, "--leash"], stdin=subprocess.PIPE) as process:
            while process.poll() is None and not ending.wait(0.2):
                continue
            if process.poll() is None:
                _end(process)
        if not ending.wait(BREATH):
            _say(
                f"{words[0]} 意外停止（{process.returncode}），重新启动 · "
                f"{words[0]} ended by itself ({process.returncode}); starting it again"
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def commands() -> list[Command]:
    """Every command of the command line, each from the package that does the work."""
    return [
        *OWN,
        *data_commands.COMMANDS,
        *ledger_commands.COMMANDS,
        *lake_commands.COMMANDS,
        *city_commands.COMMANDS,
        *hub_commands.COMMANDS,
        *evaluate_commands.COMMANDS,
        *replay_commands.COMMANDS,
        *clock_commands.COMMANDS,
        *catalogue_commands.COMMANDS,
        *cause_commands.COMMANDS,
        *import_commands.COMMANDS,
        *issue_commands.COMMANDS,
        *quality_commands.COMMANDS,
        *sharing_commands.COMMANDS,
        *sign_commands.COMMANDS,
        *point_commands.COMMANDS,
        *model_commands.COMMANDS,
        *place_commands.COMMANDS,
        *power_commands.COMMANDS,
        *weather_commands.COMMANDS,
        *duty_commands.commands(city_commands.read_list),
        *screen_commands.COMMANDS,
        *bench_commands.COMMANDS,
    ]


def parser() -> argparse.ArgumentParser:
    """The command line, nested by the words of each command's name."""
    root = argparse.ArgumentParser(
        prog="zhongshu",
        description="中枢 · an open City Brain",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="命令 · commands:\n" + "\n".join(f"  {c.name:<18} {c.zh} · {c.en}" for c in commands()),
    )
    root.add_argument("--version", action="version", version=__version__)
    groups = {"": root.add_subparsers(required=True, metavar="COMMAND", help=argparse.SUPPRESS)}
    for command in commands():
        *path, last = command.name.split(" ")
        prefix = " ".join(path)
        if prefix not in groups:
            group = groups[""].add_parser(prefix, formatter_class=argparse.RawDescriptionHelpFormatter)
            groups[prefix] = group.add_subparsers(required=True, metavar="COMMAND")
        leaf = groups[prefix].add_parser(
            last, help=f"{command.zh} · {command.en}", description=f"{command.zh} · {command.en}"
        )
        command.configure(leaf)
        leaf.set_defaults(command=command)
    return root


NEEDS_NO_DATABASE = (
    "db start",
    "db stop",
    "db status",
    "db dump",
    "db restore",
    "db url",
    "city check",
    "city make-demo",
    "bench",
)


SERVES = ("serve", "demo")
"""Commands whose process answers requests, each in a thread of its own: they need a pool."""
STAYS = (*SERVES, "runner", "life")
"""Commands that live on, and see to it that their database lives too."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a ZhongshuError is one sentence on the error stream and exit code 2."""
    arguments = parser().parse_args(argv)
    settings = load()
    command: Command = arguments.command
    if command.name == "demo":
        settings = replace(settings, demo="1")
    if command.name in SERVES:
        signal.signal(signal.SIGTERM, _leave)
    try:
        return _run(command, arguments, settings)
    except PackError as error:
        for flaw in error.flaws:
            _say(str(flaw))
        return 2
    except ZhongshuError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output had enough; the interpreter must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(command: Command, arguments: argparse.Namespace, settings: Settings) -> int:
    """Open what the command needs, run it, close in reverse order."""
    with ExitStack() as stack:
        if command.name not in NEEDS_NO_DATABASE and not getattr(arguments, "forget", False):
            database = open_database(settings, _say)
            stack.callback(database.close)
            configure(database.url, settings, WEB_POOL if command.name in SERVES else 0)
            if database.server and command.name in STAYS:
                stack.enter_context(watching(database.server, databases.reopen))
            if command.name in SERVES or not begun():
                prepare()
        return command.run(arguments, settings)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
