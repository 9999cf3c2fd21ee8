"""The words `db …` as an operator types them."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from zhongshu.data.commands import COMMANDS
from zhongshu.data.server import ServerError, server_of
from zhongshu.kernel.settings import Settings


@pytest.fixture
def settings() -> Iterator[Settings]:
    path = Path(tempfile.mkdtemp(prefix="zhongshu-test-"))
    path.chmod(0o711)
    settings = Settings(home=str(path))
    yield settings
    server_of(settings).stop()
    shutil.rmtree(path)


def run(settings: Settings, name: str, *words: str) -> int:
    command = next(command for command in COMMANDS if command.name == name)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(words), settings)


def test_an_operators_day(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(settings, "db status") == 3
    assert run(settings, "db start") == 0
    assert run(settings, "db status") == 0
    assert "常驻 kept running: 是" in capsys.readouterr().out
    assert run(settings, "db url") == 0
    url = capsys.readouterr().out.strip()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE words AS SELECT '路灯' AS said")
    file = f"{settings.home}/all.dump"
    assert run(settings, "db dump", file) == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE words")
    assert run(settings, "db restore", file) == 0
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT said FROM words").fetchall() == [("路灯",)]
    assert run(settings, "db stop") == 0
    assert run(settings, "db stop") == 0
    assert "数据库本未运行" in capsys.readouterr().out
    assert run(settings, "db status") == 3


def test_your_own_server_is_not_ours_to_start_or_stop(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(database_url="postgresql://u@h/d")
    with pytest.raises(ServerError, match="DATABASE_URL"):
        run(settings, "db start")
    with pytest.raises(ServerError, match="DATABASE_URL"):
        run(settings, "db stop")
    assert run(settings, "db url") == 0
    assert capsys.readouterr().out == "postgresql://u@h/d\n"


def test_every_command_is_told_in_both_languages() -> None:
    assert all(command.zh and command.en and command.name.startswith("db ") for command in COMMANDS)
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
