"""量库 measuring a database: one of our own on somebody's server, statements run, processor time of its processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zhongshu.data.databases import OWNER


@contextmanager
def own_database(url: str, name: str) -> Iterator[str]:
    """Create the database `name` on the server at `url`; yields its address and drops it afterwards."""

    def run(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    run("CREATE DATABASE {}")
    try:
        yield make_conninfo(**{**conninfo_to_dict(url), "dbname": name})  # type: ignore[arg-type]
    finally:
        run("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def count_statements() -> bool:
    """Begin to count statements; False when this server has not loaded pg_stat_statements."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        cursor.execute("SELECT pg_stat_statements_reset()")
    return True


def statements() -> dict[str, tuple[int, float]]:
    """Statement -> (calls, milliseconds in all) of this database since counting began; BEGIN and COMMIT included."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT query, sum(calls)::bigint, sum(total_exec_time) FROM pg_stat_statements s"
            " JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database()"
            " AND query NOT LIKE '%pg_stat_statements%' GROUP BY query"
        )
        return {query: (int(calls), float(spent)) for query, calls, spent in cursor.fetchall()}


def server_processes() -> list[psutil.Process]:
    """The postmaster of our database and all its children; empty when it does not run on this machine."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    try:
        here = psutil.Process(backend)
        postmaster = here.parent()
    except psutil.NoSuchProcess:
        return []
    if postmaster is None or "postgres" not in here.name():
        return []
    return [postmaster, *postmaster.children()]


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Processor time that these processes and their finished children have used."""
    total = 0.0
    for process in processes:
        try:
            spent = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


def most_memory() -> float:
    """The most memory that this process has ever held, in MB."""
    import resource  # not there on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sizes() -> dict[str, int]:
    """Bytes of each table with its indexes, of this database."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " current_schema()::regnamespace"
        )
        return dict(cursor.fetchall())


def plain_inserts(url: str, count: int) -> float:
    """Seconds to insert `count` rows like the newest ones of the ledger into a bare table, each committed alone."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_rows (LIKE ledger)")
        rows = connection.execute("SELECT l FROM ledger l ORDER BY seq DESC LIMIT %s", [count]).fetchall()
        began = time.perf_counter()
        for row in rows:
            connection.execute("INSERT INTO bench_rows SELECT (%s::ledger).*", row)
        spent = time.perf_counter() - began
        connection.execute("DROP TABLE bench_rows")
    return spent


def census() -> dict[str, float]:
    """How many reports, cases and ledger facts there are, and how many of them got stuck."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            'SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM report WHERE "case" IS NULL),'
            ' (SELECT count(*) FROM "case"), (SELECT count(*) FROM stuck), (SELECT count(*) FROM ledger)'
        )
        return dict(zip(("reports", "reports_without_case", "cases", "stuck", "facts"), cursor.fetchone(), strict=True))


def plain_copy(url: str) -> float:
    """Rows per second when the ledger's rows are only copied into a bare table (binary COPY, one transaction)."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bench_rows (LIKE ledger)")
        with connection.cursor() as cursor, cursor.copy("COPY (SELECT * FROM ledger) TO STDOUT (FORMAT binary)") as out:
            blocks = [bytes(block) for block in out]
        began = time.perf_counter()
        with connection.cursor() as cursor:
            with cursor.copy("COPY bench_rows FROM STDIN (FORMAT binary)") as into:
                for block in blocks:
                    into.write(block)
            count = cursor.rowcount
        connection.commit()
        spent = time.perf_counter() - began
        connection.execute("DROP TABLE bench_rows")
    return count / spent
