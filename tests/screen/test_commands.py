"""Tokens from the command line: shown once, listed, refused after they are revoked."""

from __future__ import annotations

from argparse import ArgumentParser

import pytest

from zhongshu.data import integrations
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.settings import Settings
from zhongshu.screen.commands import COMMANDS

BY_NAME = {command.name: command for command in COMMANDS}


def run(name: str, *words: str) -> int:
    parser = ArgumentParser()
    BY_NAME[name].configure(parser)
    return BY_NAME[name].run(parser.parse_args(words), Settings())


def test_a_token_lives_until_it_is_revoked(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("token create", "meters", "--channels", "sensor", "api", "--trusted") == 0
    token = capsys.readouterr().out.strip()
    found = integrations.find(token)
    assert found is not None
    assert (found.name, found.channels, found.trusted) == ("meters", {"sensor", "api"}, True)
    run("token list")
    listed = capsys.readouterr().out
    assert ("meters" in listed, token in listed) == (True, False), "a token can't be read again"
    with pytest.raises(BadInput, match="taken"):
        run("token create", "meters")
    run("token revoke", "meters")
    assert integrations.find(token) is None
    with pytest.raises(NotFound):
        run("token revoke", "nobody")
