"""实验室 the laboratory: a home and a database of a bench's own, so that measuring never touches anybody's data."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any

import django
import httpx
from django.conf import settings as django_settings
from django.db import connections

from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import read
from zhongshu.data import databases, measures
from zhongshu.data.prepare import prepare
from zhongshu.data.server import Database, open_database
from zhongshu.hub.hub import Hub
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.settings import Settings, load, variable
from zhongshu.screen.configuration import configuration

PATIENCE = 60.0
"""Seconds that a started web server is given for its first answer."""
STREAM_RATE = 100.0
"""Reports an hour: what a district of about a million people says; some of it is said again by others."""


@dataclass(frozen=True, slots=True)
class Lab:
    """One laboratory: its settings, its database, its city pack."""

    settings: Settings
    database: Database
    pack: Path

    @property
    def url(self) -> str:
        return self.database.url

    def leave(self) -> None:
        """Leave the database, which stops with its last user: this process asks it nothing more."""
        connections.close_all()
        self.database.close()

    def hub(self) -> Hub:
        """A hub in this process."""
        from zhongshu.hub.loading import load_tools

        return Hub(lambda: load_tools(self.settings, Path(__file__).parent.parent / "scenarios"))

    def stream(self, count: int, start: datetime | None = None) -> Iterator[dict[str, Any]]:
        """The first `count` reports of the demo city from `start` on (default: the days up to now), duplicates too."""
        pack, _ = read(self.pack)
        days = timedelta(days=count / STREAM_RATE / 12 + 2)
        end = datetime.now(UTC)
        for n, row in enumerate(reports(pack, start or end - days, end, STREAM_RATE)):
            if n == count:
                return
            yield {name: value for name, value in row.items() if name != "truth"}

    def run(self, *words: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start a command of ours in this laboratory."""
        given = {variable(name): value for name, value in settings.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "zhongshu", *words], env={**os.environ, **_environment(self.settings), **given}
        )

    @contextmanager
    def serving(self, page: str = "/api/openapi.json") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
        """`serve` on a free port, up and answering `page`; yields its address and its process."""
        address, process = self.serve()
        try:
            first_answer(address + page, process)
            yield address, process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def serve(self) -> tuple[str, subprocess.Popen[bytes]]:
        """Start `serve` on a free port without waiting for it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        return f"http://127.0.0.1:{port}", self.run("serve", port=port)


def first_answer(address: str, process: subprocess.Popen[bytes]) -> float:
    """Seconds until `address` answers 200, redirects followed. Raises Unavailable when the process ends instead."""
    began = time.perf_counter()
    with httpx.Client(follow_redirects=True, timeout=PATIENCE, trust_env=False) as client:
        while time.perf_counter() - began < PATIENCE:
            try:
                answer = client.get(address)
            except httpx.TransportError:
                time.sleep(0.01)
            else:
                if answer.status_code == 200:
                    return time.perf_counter() - began
                raise Unavailable(f"{address} answered {answer.status_code}")
            if process.poll() is not None:
                raise Unavailable(f"the web server ended with code {process.returncode}")
    raise Unavailable(f"{address} did not answer within {PATIENCE:.0f} s")


def _environment(settings: Settings) -> dict[str, str]:
    return {variable("home"): settings.home, variable("database_url"): settings.database_url}


@contextmanager
def laboratory(school: bool = True, city: bool = True, size: str = "small") -> Iterator[Lab]:
    """A new home in a temporary folder with a prepared database, a demo city loaded and a model published.

    DATABASE_URL is respected: then a database of our own is created on that server, and dropped afterwards.
    """
    user = load()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="zhongshu-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        settings = replace(user, home=str(folder), database_url="", app_database_url="")
        if user.database_url:
            own = measures.own_database(user.database_url, f"zhongshu_bench_{token_hex(4)}")
            settings = replace(settings, database_url=stack.enter_context(own))
        database = open_database(settings)
        stack.callback(database.close)
        stack.enter_context(pointed_at(database.url, settings))
        prepare()
        lab = Lab(settings, database, folder / "pack")
        if city:
            _city(lab, size)
        if school:
            _school(user, lab)
        yield lab


def _city(lab: Lab, size: str) -> None:
    from zhongshu.cities.load import load as load_city

    generate(lab.pack, size)
    load_city(lab.pack)


def _school(user: Settings, lab: Lab) -> None:
    """Publish a model: the one that the user's own demo has, otherwise a new one that is kept in the user's cache."""
    from zhongshu.bench.school import schooled
    from zhongshu.data import packs

    shutil.copytree(schooled(user.home_path, packs.samples) / "models", lab.settings.home_path / "models")


@contextmanager
def pointed_at(url: str, settings: Settings) -> Iterator[None]:
    """Django of this process on the laboratory's database; as before afterwards."""
    wanted = databases.aliases(url)
    if not django_settings.configured:
        django_settings.configure(**configuration(settings, token_urlsafe(48)), DATABASES=wanted)
        django.setup()
    before = {name: dict(connections[name].settings_dict) for name in wanted}
    connections.close_all()
    for name, description in wanted.items():
        connections[name].settings_dict.update(description)
    try:
        yield
    finally:
        connections.close_all()
        for name, description in before.items():
            connections[name].settings_dict.update(description)
