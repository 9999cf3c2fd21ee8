"""Whole lives of cases: random legal histories end, every clock stops, and folding the ledger again gives the same."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests import walk
from tests.conftest import Watch
from zhongshu.data import cases, ledger, write
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ARROWS, ENDED, Role, State

WORDS = ("垃圾", "积水", "违建", "小区积水", "无人管", "难分", "楼顶违建")
PATIENCE = 400
"""Moves after which a case that somebody wants to end must have ended."""


def born(hub: Hub, watch: Watch, seed: int, dice: random.Random) -> list[int]:
    raws = [
        {"text": f"一居{word}历史{seed}之{n}", "phone": dice.choice(["", "13800000000"])}
        for n, word in enumerate(WORDS)
    ]
    return [one.facts[0].subject for one in hub.take_in([normalise(raw, watch()) for raw in raws])]


def live(hub: Hub, watch: Watch, dice: random.Random, case: int) -> set[str]:
    """Wander for a while, then make for the end; the kinds of facts on the way."""
    done: set[str] = set()
    for n in range(PATIENCE):
        watch.now += timedelta(minutes=dice.randint(0, 240))
        done |= walk.step(hub, case, dice, closing=n > 30)
        hub.advance()
        if State(cases.rows([case])[case]["state"]) in ENDED and n > 30:
            return done
    raise AssertionError(f"case {case} did not end within {PATIENCE} moves")


@pytest.mark.parametrize("seed", range(3))
def test_every_life_ends_and_every_clock_stops(hub: Hub, watch: Watch, seed: int) -> None:
    dice = random.Random(f"lives {seed}")
    for case in born(hub, watch, seed, dice):
        live(hub, watch, dice, case)
        row: Any = cases.rows([case])[case]
        assert [clock["name"] for clock in row["clocks"] if not clock["stopped_at"]] == []
        assert row["closed_at"] is not None
    assert list(ledger.verify()) == []
    before = write.snapshot()
    write.rebuild(batch=37)
    assert write.snapshot() == before


def test_the_walks_take_every_arrow_of_a_person(hub: Hub, watch: Watch) -> None:
    """What no walk ever does would be a row of the table that nobody can reach."""
    dice = random.Random("all arrows")
    people = {arrow.kind for arrow in ARROWS if arrow.roles - {Role.SYSTEM}} - set(walk.ELSEWHERE)
    wanted = people | {Kind.REDONE, Kind.CLOSED, Kind.EVALUATED}
    turns = (case for seed in range(40, 60) for case in born(hub, watch, seed, dice) for _ in range(60))
    while wanted and (case := next(turns, None)):
        watch.now += timedelta(minutes=dice.randint(0, 60))
        wanted -= walk.step(hub, case, dice)
        hub.advance()
    assert wanted == set()
