"""单件实测 bench `one`: one report over HTTP down the whole road, durable: processor time and statements of each."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import httpx
import orjson
import psutil

from zhongshu.bench.laboratory import laboratory
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data import integrations, measures
from zhongshu.kernel.errors import Unavailable

WARM, COUNTED, CROWD, CLIENTS = 100, 300, 800, 8
"""Reports before, during and after the counted ones; the last are sent by several clients at once."""


def _said(row: Mapping[str, Any]) -> bytes:
    return orjson.dumps({name: value for name, value in row.items() if name not in ("at", "source") and value})


def _send(client: httpx.Client, bodies: Sequence[bytes]) -> list[str]:
    """Send reports one after the other; returns the state that each answer tells."""
    states = []
    for body in bodies:
        answer = client.post("/api/reports", content=body, headers={"content-type": "application/json"})
        if answer.status_code != 201:
            raise Unavailable(f"/api/reports answered {answer.status_code}: {answer.text[:500]}")
        states.append(answer.json()["state"])
    return states


def _crowd(address: str, token: str, bodies: Sequence[bytes]) -> float:
    """Reports per second with several clients, each on a connection of its own."""

    def work(own: Sequence[bytes]) -> None:
        with _client(address, token) as client:
            _send(client, own)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [bodies[n::CLIENTS] for n in range(CLIENTS)]))
    return len(bodies) / (time.perf_counter() - began)


def _client(address: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=60, trust_env=False)


def run(quick: bool) -> Result:
    """Reports one after the other, then from several clients at once; quick: the same without the crowd."""
    crowd = 0 if quick else CROWD
    with laboratory() as lab:
        token = integrations.issue("bench", ["web", "phone", "app", "api", "grid", "media"], trusted=True)
        bodies = iter([_said(row) for row in lab.stream(WARM + COUNTED + crowd)])
        with lab.serving() as (address, server), _client(address, token) as client:
            _send(client, list(islice(bodies, WARM)))
            web = [psutil.Process(server.pid)]
            counting = measures.count_statements()
            before = measures.cpu_seconds(web), measures.cpu_seconds(measures.server_processes())
            began = time.perf_counter()
            states = _send(client, list(islice(bodies, COUNTED)))
            seconds = time.perf_counter() - began
            after = measures.cpu_seconds(web), measures.cpu_seconds(measures.server_processes())
            calls = sum(calls for calls, _ in measures.statements().values()) if counting else 0
            rate = {"reports_per_s_8_clients": round(_crowd(address, token, list(bodies)))} if crowd else {}
        plain = _plain(lab.url)
    app, postgres = (1000 * (b - a) / COUNTED for a, b in zip(before, after, strict=True))
    return Result(
        bench="one",
        machine=machine(),
        versions=libraries("django", "psycopg", "uvicorn", "django-ninja"),
        size={"reports": COUNTED, "dispatched": states.count("dispatched"), "crowd": crowd, "quick": quick},
        figures={
            "cpu_ms": round(app + postgres, 2),
            "app_cpu_ms": round(app, 2),
            "postgres_cpu_ms": round(postgres, 2),
            "sql": round(calls / COUNTED, 2),
            "wall_ms": round(1000 * seconds / COUNTED, 2),
            **rate,
        },
        baseline=plain,
    )


def _plain(url: str) -> dict[str, float]:
    """What only storing the same row costs: one INSERT per report, each durable, on one connection."""
    spent = measures.plain_inserts(url, COUNTED)
    return {"insert_ms": round(1000 * spent / COUNTED, 2)}
