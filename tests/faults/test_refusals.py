"""The database down, the disk full: a sentence and 503, nothing accepted, nothing lost, and on again afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.faults.installation import Client, Installation, report, until, write_pack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals"),
]
SOMEBODY = {"Cookie": "sessionid=" + "a" * 32}
"""A session that must be looked up, so that any page has to ask the database."""


def send(here: Installation, key: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {here.token}"}
    return httpx.post(f"{here.url}/api/reports", json=report(key), headers=headers, timeout=60)


def accepted(here: Installation, key: str) -> bool:
    return send(here, key).status_code == 201


def test_database_down_is_a_sentence_and_then_all_goes_on(serving: Installation) -> None:
    assert accepted(serving, "down-0")
    served, runner = serving.served, serving.runner()
    serving.did("db", "stop")

    answer = send(serving, "down-1")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "nothing was accepted" in answer.json()["error"]
    assert "未受理" in answer.json()["error"]
    stream = httpx.post(
        f"{serving.url}/api/reports/stream",
        content=b'{"text": "x"}\n',
        headers={"Authorization": f"Bearer {serving.token}"},
        timeout=60,
    )
    assert "未受理" in stream.text
    page = httpx.get(f"{serving.url}/operator", headers=SOMEBODY, timeout=60)
    assert page.status_code == 503
    assert "系统暂时不能登记" in page.text
    assert "<html" in page.text

    serving.did("db", "start")
    until(lambda: accepted(serving, "down-2"), "reports are taken in again")
    assert (serving.served, serving.runner()) == (served, runner)
    found = serving.rows("SELECT key FROM report WHERE key LIKE 'down-%' ORDER BY key")
    assert found == [("down-0",), ("down-2",)], "what was answered with 503 was not taken in"
    assert httpx.get(f"{serving.url}/operator", headers=SOMEBODY, timeout=60).status_code == 302
    (serving.home / "postgres" / "keep").unlink()


def test_connections_cut_by_the_server_cost_a_few_refusals_and_no_report(serving: Installation) -> None:
    assert accepted(serving, "cut-0")
    serving.rows(
        "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
        " WHERE usename = 'zhongshu' AND pid <> pg_backend_pid()"
    )
    answers = [send(serving, f"cut-{number}").status_code for number in range(1, 21)]
    assert set(answers) <= {201, 503}
    assert answers.count(503) <= 4, "no more than there were connections waiting"
    assert answers[-10:] == [201] * 10
    kept = serving.rows("SELECT count(*) FROM report WHERE key LIKE 'cut-%'")
    assert kept == [(1 + answers.count(201),)]


DISK = 200
"""Megabytes of the disk that gets full: an empty cluster takes about seventy."""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, small enough to fill."""
    folder = Path(tempfile.mkdtemp(prefix="zhongshu-disk-"))
    folder.chmod(0o711)
    (folder / "home").mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK}m,mode=0711", "tmpfs", str(folder / "home")]
    with suppress(FileNotFoundError):
        subprocess.run(["mount", *options], capture_output=True, check=False)
    if not (folder / "home").is_mount():
        shutil.rmtree(folder)
        pytest.skip("this machine lets us mount no file system of our own to fill")
    yield folder
    subprocess.run(["umount", str(folder / "home")], check=True)
    shutil.rmtree(folder)


@pytest.fixture
def cramped(small_disk: Path) -> Iterator[Installation]:
    built = Installation(small_disk / "home")
    try:
        built.settle(write_pack(small_disk / "pack"))
        built.serve()
        yield built
    finally:
        (small_disk / "home" / "ballast").unlink(missing_ok=True)
        built.end()


def fill(path: Path) -> None:
    """Leave not one block free."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65536)


def send_until_refused(client: Client) -> None:
    number = 0
    while not client.fell.is_set():
        client.one([f"full-{n}" for n in range(number, number + 20)])
        number += 20
        assert number < 50_000, "a full disk takes everything"


def test_full_disk_refuses_and_loses_nothing(cramped: Installation) -> None:
    client = Client(cramped)
    client.one([f"before-{n}" for n in range(20)])
    ballast = cramped.home / "ballast"
    fill(ballast)
    send_until_refused(client)
    answered = dict(client.told)
    refusal = send(cramped, "refused-0")
    assert refusal.status_code == 503
    assert "nothing was accepted" in refusal.json()["error"]
    assert cramped.served is not None
    assert cramped.served.poll() is None

    ballast.unlink()
    until(lambda: accepted(cramped, "after-0"), "reports are taken in again")
    until(lambda: cramped.waiting() == 0, "the queue is empty")
    with psycopg.connect(cramped.server.url()) as connection:
        rows = connection.execute('SELECT key, id FROM report WHERE "case" IS NOT NULL').fetchall()
    assert len(dict(rows)) == len(rows)
    assert {key: number for key, number in answered.items() if dict(rows).get(key) != number} == {}
    assert len(answered) >= 20
    verified = cramped.command("ledger", "verify")
    assert verified.returncode == 0, verified.stdout
