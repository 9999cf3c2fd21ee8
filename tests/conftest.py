"""Shared fixtures: one PostgreSQL server for the session, one fresh database for each module that asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connections
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import town
from zhongshu import app
from zhongshu.data import databases, server
from zhongshu.hub.hub import Hub
from zhongshu.kernel.settings import load

# How long an example takes says more about the machine than about the code: speed lives in the benches.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# A million rounds keep a thief busy; of those who log in here everybody knows the password.
PBKDF2PasswordHasher.iterations = 1_000

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of several processes this is, so that they can share a server that DATABASE_URL names; "" alone."""
TEMPLATE = "zhongshu_test_template" + WORKER


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server under test: DATABASE_URL when given, otherwise an embedded one of our own."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    os.environ["ZHONGSHU_HOME"] = str(home)
    database = server.open_database(load())
    if not load().database_url:
        careless(database.url)
    yield database.url
    database.close()


def careless(url: str) -> None:
    """Our own server waits for no disk: nobody pulls its plug (those of tests/faults keep their full care)."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")


def at_database(url: str, name: str) -> str:
    return make_conninfo(**{**conninfo_to_dict(url), "dbname": name})


def run_sql(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(TEMPLATE)))


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """A migrated, empty database that others are copied from."""
    from zhongshu.data.prepare import prepare

    run_sql(server_url, "DROP DATABASE IF EXISTS {0} WITH (FORCE)", TEMPLATE)
    run_sql(server_url, "CREATE DATABASE {0}", TEMPLATE)
    app.configure(at_database(server_url, TEMPLATE))
    use_database(at_database(server_url, TEMPLATE))
    prepare()
    connections.close_all()
    return server_url


def use_database(url: str) -> None:
    """Point all three aliases at another database."""
    connections.close_all()
    for name, description in databases.aliases(url).items():
        connections[name].settings_dict.update(description)


@pytest.fixture(scope="module")
def database(template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database of this module's own."""
    name = f"zt_{WORKER}" + Path(request.node.fspath).stem[-40:]
    run_sql(template, "DROP DATABASE IF EXISTS {0} WITH (FORCE)", name)
    run_sql(template, "CREATE DATABASE {0} TEMPLATE {1}", name)
    url = at_database(template, name)
    use_database(url)
    # Log-ins are limited by the minute and the address: each module starts with its own measure.
    cache.clear()
    yield url
    connections.close_all()
    run_sql(template, "DROP DATABASE IF EXISTS {0} WITH (FORCE)", name)


class Watch:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = town.NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    """A hub that knows the town, with its clock at noon on a working Monday."""
    return Hub(lambda: town.TOOLS, watch)
