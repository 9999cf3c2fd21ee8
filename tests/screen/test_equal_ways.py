"""Reported by oneself, by a call, by a helper, or from a telephone without a network: the same case in every way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.db import connections
from django.test import Client

from tests import town, town_hall
from tests.conftest import Watch
from zhongshu.data.databases import OWNER
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

FLOOD = town.KNOWLEDGE.categories["flood"].name
WHERE = {"address": "一居三号楼前"}
ITS_OWN = ("id", "case", "number", "text", "title", "channel", "grams", "lon", "lat", "cell", "reasons", "others")
"""Columns that tell one case from another, or say by which way it came."""


@pytest.fixture(scope="module", autouse=True)
def people(database: str) -> Iterator[dict[str, int]]:
    gate.install(Hub(lambda: town.TOOLS, Watch()))
    yield town_hall.people()


def asked(statement: str, *given: object) -> list[dict[str, Any]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM ({statement}) t", given)
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ITS_OWN}


def course(text: str) -> dict[str, Any]:
    """All that decides how a report is dealt with: its case, clocks, tasks, and what was decided by which row."""
    (case,) = asked('SELECT * FROM "case" WHERE text = %s', text)
    number = case["id"]
    decided = asked("SELECT payload FROM ledger WHERE subject = %s AND kind = 'Decided'", number)
    kinds = asked("SELECT kind FROM ledger WHERE subject = %s ORDER BY id", number)
    return {
        "case": without(case),
        "clocks": [without(one) for one in asked('SELECT * FROM clock WHERE "case" = %s ORDER BY name', number)],
        "tasks": [without(one) for one in asked('SELECT * FROM task WHERE "case" = %s ORDER BY unit', number)],
        "route": [one["payload"] for one in decided],
        "facts": [one["kind"] for one in kinds],
    }


def by_oneself(text: str) -> None:
    answer = Client(SERVER_NAME="localhost").post("/report", {"text": text, "client_key": "own", **WHERE})
    assert answer.status_code == 302, answer.content.decode()[:300]


def by_telephone(text: str) -> None:
    """线下: told on the hotline or at a counter, and written down by an operator."""
    told = {"text": text, "client_key": text, "channel": "phone", **WHERE}
    answer = town_hall.sign_in("city").post("/operator", told)
    assert answer.status_code == 302, answer.content.decode()[:300]


def from_the_queue(text: str, **more: str) -> None:
    """As the telephone's queue sends it when there is a network again; the answer was lost, so it sends it twice."""
    client = town_hall.sign_in("community")
    for _ in range(2):
        answer = client.post("/field/send", {"kind": "report", "text": text, "client_key": text, **WHERE, **more})
        assert answer.json()["state"] == "done", answer.json()


def test_a_call_help_and_a_lost_network_change_neither_route_nor_limits() -> None:
    wheres = ("东门口公交站", "西墙外的巷子", "中学北侧路面", "菜市场后巷")
    own, called, helped, late = (f"一居 {FLOOD}，{where}" for where in wheres)
    by_oneself(own)
    by_telephone(called)
    from_the_queue(helped, helped="elder")
    from_the_queue(late)
    direct = course(own)
    assert [one["name"] for one in direct["clocks"]]
    assert direct["route"]
    assert direct["tasks"]
    assert course(called) == direct
    assert course(helped) == direct
    assert course(late) == direct
    reports = asked("SELECT payload->>'why' AS why FROM ledger WHERE kind = 'Helped'")
    assert [one["why"] for one in reports] == ["elder"]
