"""A whole installation of its own, as an operator would have it: a home, the embedded database, `zhongshu serve`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import shapely

from tests import town
from zhongshu.cities.demo.write import write_csv, write_geojson
from zhongshu.data.server import Server
from zhongshu.data.write import PROJECTIONS

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 90.0
"""Seconds until a condition counts as never coming true; the machine may be busy with others."""

ABOUT = """\
code = "town"
name = "小城"
title_en = "Town"
version = "1"
effective = 2026-01-01
zone_minutes = 480
datum = "wgs84"
code_lengths = [4, 6, 9, 12]
bounds = [113.0, 23.0, 114.0, 24.0]
center = [113.5, 23.5]
synthetic = true
"""


def write_pack(folder: Path) -> Path:
    """The town as a city pack; its one community with a grid is a square of a tenth of a degree."""
    folder.mkdir()
    codes = [town.CITY, town.DISTRICT, town.NEXT_DISTRICT, town.STREET, town.NEXT_STREET]
    codes += [town.COMMUNITY, town.NEXT_COMMUNITY]
    levels = {code: int(town.SCHEME.level(code)) for code in codes}
    parents = {code: town.SCHEME.at(code, town.SCHEME.level(code).upper or town.SCHEME.level(code)) for code in codes}
    names = {**dict.fromkeys(codes, "某地"), **town.KNOWLEDGE.names}
    rows = [
        {"code": code, "name": names[code], "level": levels[code], "parent": parents[code] if levels[code] > 1 else ""}
        for code in codes
    ]
    write_csv(folder, "divisions", rows)
    units = [
        {"code": unit.code, "name": unit.name, "kind": unit.kind, "level": int(unit.level), "place": unit.place}
        for unit in town.UNITS
    ]
    write_csv(folder, "units", units)
    write_csv(folder, "categories", [{"code": "rubbish", "name": "垃圾", "kind": "appeal", "threshold": 0.5}])
    duty = {"code": "D1", "category": "rubbish", "host": "street/office", "list_kind": "basic", "calendar": "always"}
    limits = {"sign_minutes": 60, "contact_minutes": 240, "handle_minutes": 2400}
    write_csv(folder, "duties", [{**duty, **limits}])
    write_csv(folder, "calendars", [{"code": "always", "name": "24/7", "zone_minutes": 480}])
    square = shapely.box(113.20, 23.10, 113.30, 23.20)
    write_geojson(folder, "grids", [{"code": "G1", "division": town.COMMUNITY, "kind": "base"}], [square], False)
    (folder / "pack.toml").write_text(ABOUT, "utf-8")
    return folder


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until a condition gives something true and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"never came true: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """One home; `served` is the running `zhongshu serve`."""

    home: Path
    port: int = field(default_factory=free_port)
    served: subprocess.Popen[bytes] | None = None
    token: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"ZHONGSHU_HOME": str(self.home), "ZHONGSHU_PORT": str(self.port), "PYTHONPATH": str(REPOSITORY)}
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return {**kept, **own, "PYTHONUNBUFFERED": "1"}

    @property
    def server(self) -> Server:
        return Server(self.home / "postgres")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zhongshu", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def did(self, *words: str) -> str:
        """What a command printed; it must succeed."""
        done = self.command(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def settle(self, pack: Path) -> None:
        """Everything an operator does before the first `serve`."""
        self.did("db", "start")
        self.did("city", "load", str(pack))
        self.token = self.did(
            "token", "create", "flood", "--channels", "api", "--trusted", "--place", town.CITY
        ).strip()
        (self.home / "postgres" / "keep").unlink()

    def serve(self) -> None:
        """Start `zhongshu serve` and wait until it answers."""
        with self.log_file.open("ab") as log:
            self.served = subprocess.Popen(
                [sys.executable, "-m", "zhongshu", "serve"], env=self.environment, stderr=log, stdout=log
            )
        until(self.answers, f"serve answers; its log: {self.log()[-2000:]}")

    @property
    def log_file(self) -> Path:
        """Beside the home, whose disk may be full."""
        return self.home.with_suffix(".log")

    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def answers(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/report", timeout=20).status_code == 200
        return False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def runner(self) -> int:
        """Process number of the runner, 0 when there is none."""
        assert self.served is not None
        for child in psutil.Process(self.served.pid).children():
            with suppress(psutil.Error):
                if "runner" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                    return child.pid
        return 0

    def kill_serve(self) -> None:
        assert self.served is not None
        self.served.send_signal(signal.SIGKILL)
        self.served.wait()

    def end(self) -> None:
        """Stop whatever runs."""
        if self.served is not None and self.served.poll() is None:
            self.served.terminate()
            self.served.wait(30)
        self.server.stop()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.url()) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload, no-any-return]

    def waiting(self) -> int:
        with suppress(psycopg.Error):
            return int(self.rows("SELECT count(*) FROM road_queue")[0][0])
        return -1

    def snapshot(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: self.rows(f'SELECT row_to_json(t)::text FROM "{name}" t ORDER BY id') for name in PROJECTIONS}


def report(key: str) -> dict[str, Any]:
    """A report that goes to the street's office; its place differs with its number."""
    number = int(key.rpartition("-")[2])
    lon, lat = 113.201 + number % 97 / 1000, 23.101 + number // 97 % 97 / 1000
    return {"key": key, "text": f"第{number}号门口垃圾没人收", "category": "rubbish", "lon": lon, "lat": lat}


@dataclass
class Client:
    """A sender that remembers what was answered with success: key -> report number."""

    installation: Installation
    told: dict[str, int] = field(default_factory=dict)
    twice: int = 0
    fell: threading.Event = field(default_factory=threading.Event)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.installation.token}"}

    def one(self, keys: Sequence[str]) -> None:
        with httpx.Client(headers=self.headers, timeout=30) as http:
            for key in keys:
                with suppress(httpx.HTTPError):
                    answer = http.post(f"{self.installation.url}/api/reports", json=report(key))
                    self._note(answer.status_code in (200, 201), key, answer)

    def _note(self, well: bool, key: str, answer: httpx.Response) -> None:
        if not well:
            assert answer.status_code == 503, answer.text
            self.fell.set()
            return
        self._tell(key, answer.json()["report"])

    def _tell(self, key: str, number: int) -> None:
        self.twice += self.told.get(key, number) != number
        self.told[key] = number

    def stream(self, keys: Sequence[str]) -> None:
        body = "\n".join(json.dumps(report(key)) for key in keys).encode()
        with suppress(httpx.HTTPError):
            answer = httpx.post(
                f"{self.installation.url}/api/reports/stream", content=body, headers=self.headers, timeout=60
            )
            for line in answer.text.splitlines():
                told = json.loads(line)
                with suppress(KeyError):
                    self._tell(keys[told["line"] - 1], told["report"])

    def send(self, keys: Sequence[str], size: int = 400) -> None:
        """Most by the stream from two threads, every twentieth by itself from two others."""
        alone = keys[::20]
        bulk = [key for key in keys if key not in set(alone)]
        lots = [bulk[n : n + size] for n in range(0, len(bulk), size)]
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(self.one, alone[n::2]) for n in range(2)]
            jobs += [pool.submit(self.stream, lot) for lot in lots]
            for job in jobs:
                job.result()

    @contextmanager
    def sending(self, keys: Sequence[str]) -> Iterator[None]:
        """Send from a thread beside; the block begins when a fifth is taken in."""
        thread = threading.Thread(target=self.send, args=[keys])
        thread.start()
        until(lambda: len(self.told) > len(keys) // 5, "a fifth of the reports is taken in")
        yield
        thread.join()
