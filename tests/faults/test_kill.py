"""Sudden death in the middle of an intake of 10,000 reports: what was answered with success is there, once."""

from __future__ import annotations

import os
import signal
import sys

import psutil
import pytest

from tests.faults.installation import Client, Installation, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals"),
]
MANY = 10_000


def keys(word: str) -> list[str]:
    return [f"{word}-{number}" for number in range(MANY)]


def all_is_there(client: Client, word: str) -> None:
    """Every success exists once, at a desk; sending everything again makes nothing twice."""
    here = client.installation
    until(lambda: here.waiting() == 0, "the runner has emptied the queue")
    answered = dict(client.told)
    assert len(answered) > MANY // 5
    found = dict(here.rows(f"SELECT key, id FROM report WHERE key LIKE '{word}-%'"))
    assert {key: number for key, number in answered.items() if found.get(key) != number} == {}

    client.send(keys(word))
    until(lambda: here.waiting() == 0, "the runner has emptied the queue again")
    assert len(client.told) == MANY
    assert client.twice == 0
    reports = here.rows(f"SELECT key, id FROM report WHERE key LIKE '{word}-%'")
    assert len(reports) == MANY
    assert dict(reports) == client.told
    astray = """
        SELECT r.key, c.state, c.host FROM report r LEFT JOIN "case" c ON c.id = r."case"
        WHERE c.id IS NULL OR c.state <> 'dispatched' OR c.host <> '990101001000-office'"""
    assert here.rows(astray) == []
    miscounted = """
        SELECT c.id FROM "case" c WHERE c.reports <> (SELECT count(*) FROM report r WHERE r."case" = c.id)"""
    assert here.rows(miscounted) == [], "merging parallel batches loses none and counts none twice"
    homes = """
        SELECT payload->>'report' FROM ledger WHERE kind IN ('Judged', 'Unclear', 'Merged') AND actor = 'system'
        GROUP BY 1 HAVING count(*) <> 1"""
    assert here.rows(homes) == []
    facts = f"SELECT count(*), count(DISTINCT payload->>'key') FROM ledger WHERE kind = 'Reported' \
        AND payload->>'key' LIKE '{word}-%'"
    assert here.rows(facts) == [(MANY, MANY)]
    assert here.rows("SELECT count(*) - count(DISTINCT id) FROM ledger") == [(0,)]


def rebuilt_while_nothing_was_told(here: Installation) -> bool:
    """Whether a rebuild changed nothing; False if the runner's errands told facts of their own meanwhile."""
    facts = "SELECT count(*), max(id) FROM ledger"
    before, live = here.rows(facts), here.snapshot()
    assert here.command("ledger", "rebuild").returncode == 0
    rebuilt = here.snapshot()
    if here.rows(facts) != before:
        return False
    assert rebuilt == live
    return True


def test_killed_runner_is_started_again(serving: Installation) -> None:
    client = Client(serving)
    with client.sending(keys("runner")):
        killed = until(serving.runner, "a runner runs")
        os.kill(killed, signal.SIGKILL)
        until(lambda: serving.runner() not in (0, killed), "another runner runs")
    assert "runner 意外停止（-9）" in serving.log()
    all_is_there(client, "runner")


def test_killed_postmaster_is_started_again_by_those_who_use_it(serving: Installation) -> None:
    client = Client(serving)
    web = serving.served
    runner = serving.runner()
    with client.sending(keys("postmaster")):
        killed = serving.server.pid()
        os.kill(killed, signal.SIGKILL)
        until(lambda: serving.server.pid() not in (0, killed), "another postmaster runs")
    until(serving.answers, "the web process answers again")
    assert (web is serving.served, serving.runner()) == (True, runner), "neither of them had to be started again"
    all_is_there(client, "postmaster")


def test_every_process_of_postgres_killed_at_once(serving: Installation) -> None:
    client = Client(serving)
    with client.sending(keys("postgres")):
        killed = psutil.Process(serving.server.pid())
        for process in [killed, *killed.children()]:
            process.kill()
        until(lambda: serving.server.pid() not in (0, killed.pid), "another postmaster runs")
    until(serving.answers, "the web process answers again")
    all_is_there(client, "postgres")


def test_killed_web_process_takes_its_runner_along_and_serve_begins_anew(serving: Installation) -> None:
    client = Client(serving)
    with client.sending(keys("web")):
        runner = serving.runner()
        serving.kill_serve()
        until(lambda: not psutil.pid_exists(runner), "the runner has ended too")
        serving.serve()
    all_is_there(client, "web")


def test_the_ledger_proves_it_after_all_deaths(serving: Installation) -> None:
    """Once: what any of the deaths left wrong in the chain or in a row is there still."""
    verified = serving.command("ledger", "verify")
    assert (verified.returncode, verified.stdout.split(" · ")[0]) == (0, "账本完整")
    until(lambda: rebuilt_while_nothing_was_told(serving), "the city is quiet for the length of one rebuild")


def test_terminated_serve_leaves_nothing_running(serving: Installation) -> None:
    assert serving.served is not None
    runner = serving.runner()
    serving.served.terminate()
    assert serving.served.wait(60) == 0
    assert not psutil.pid_exists(runner)
    assert not serving.server.status().running
