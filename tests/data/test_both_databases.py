"""The core runs on a PostgreSQL that is not ours: Debian's version 15, named by DATABASE_URL (see docs/testing.md)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhongshu.data.server import binaries as programs
from zhongshu.data.server.binaries import Binaries

DEBIAN = Path("/usr/lib/postgresql/15/bin")
REPOSITORY = Path(__file__).parents[2]
CORE = ["tests/hub/test_road.py", "tests/hub/test_relay.py", "tests/hub/test_sticking.py", "tests/data/test_ledger.py"]


@pytest.fixture
def debian() -> Iterator[str]:
    """Address of a scratch server of Debian's PostgreSQL 15, made, started and removed with its own programs."""
    if not DEBIAN.exists():
        pytest.skip(f"Debian's PostgreSQL 15 is not in {DEBIAN} (apt-get install postgresql-15)")
    account = programs.unprivileged()
    tools = Binaries(DEBIAN, account)
    folder = Path(tempfile.mkdtemp(prefix="zhongshu-debian-"))
    owner = account or programs.Account("", os.geteuid(), os.getegid())
    os.chown(folder, owner.uid, owner.gid)
    data, log = str(folder / "data"), str(folder / "log")
    made = tools.run("initdb", "-D", data, "-A", "trust", "-U", "zhongshu", "-E", "UTF8", "--locale=C.UTF-8")
    assert made.returncode == 0, made.stderr
    options = f"-k {folder} -c listen_addresses= -c port=5432"
    try:
        assert tools.run("pg_ctl", "start", "-w", "-s", "-D", data, "-l", log, "-o", options).returncode == 0
        assert tools.run("createdb", "-h", str(folder), "-U", "zhongshu", "zhongshu").returncode == 0
        yield f"postgresql://zhongshu@/zhongshu?host={folder}"
    finally:
        tools.run("pg_ctl", "stop", "-m", "immediate", "-D", data)
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.quiet
@pytest.mark.timeout(600)
def test_the_core_passes_on_debians_postgresql_15(debian: str) -> None:
    environment = {**os.environ, "DATABASE_URL": debian}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *CORE]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=550
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
