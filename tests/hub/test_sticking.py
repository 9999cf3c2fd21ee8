"""What can't be taken gets stuck alone: a scenario that raises, a fact that the database refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from tests import town
from tests.conftest import Watch
from zhongshu.data import cases, ledger, queue, write
from zhongshu.hub import runner
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.desk import Guess
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.plugins import scenarios
from zhongshu.scenarios import waterlogging

MANIFEST = 'title = "坏"\ntitle_en = "Faulty"\nowner = "water"\nlistens = ["Sensed"]\n'
FAULTY = """
def run(batch, desk):
    return [fact for fact in batch if 1 / (fact.payload["sensor"] != "W1") < 0]
"""
SENSORS = {"W1": town.SENSOR, "W2": replace(town.SENSOR, code="W2", name="隧道积水")}


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A scenario in a folder of its own, found by its manifest, that can't bear the sensor W1."""
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / "town_scenarios" / "faulty"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").write_text(FAULTY)
    (folder / "manifest.toml").write_text(MANIFEST, "utf-8")
    return scenarios(folder.parent, "town_scenarios")[0].run


def test_a_scenario_that_raises_sticks_its_own_reading_and_keeps_no_other_from_it(
    database: str, watch: Watch, faulty: Any
) -> None:
    tools = replace(town.TOOLS, sensors=SENSORS, scenarios={Kind.SENSED: [faulty, waterlogging.run]})
    hub = Hub(lambda: tools, watch)
    facts = hub.observe([{"sensor": code, "at": watch(), "value": 40.0} for code in SENSORS])
    stuck = [fact for fact in facts if fact.kind == Kind.STUCK]
    assert [(fact.payload["fact"]["payload"]["sensor"], fact.place) for fact in stuck] == [("W1", town.COMMUNITY)]
    assert stuck[0].payload["sentence"] == "town_scenarios.faulty: ZeroDivisionError: division by zero"
    warned = {fact.payload["sensor"]: fact.subject for fact in facts if fact.kind == Kind.WARNED}
    assert sorted(warned) == ["W1", "W2"], "the sound scenario heard both readings"
    assert {row["state"] for row in cases.rows(list(warned.values())).values()} == {"dispatched"}


class Venomous(town.Model):
    """Gives texts with 毒 a category that the database refuses."""

    def __init__(self, category: Any) -> None:
        self.category = category

    def classify(self, texts: Sequence[str]) -> list[Guess]:
        said = super().classify(texts)
        return [Guess(self.category, 0.2) if "毒" in text else one for text, one in zip(texts, said, strict=True)]


@pytest.mark.parametrize(
    "category", ["x" * 99, None, "a\x00b"], ids=["too long", "null in a column that has none", "a character too many"]
)
def test_a_fact_that_the_database_refuses_gets_stuck_alone(database: str, watch: Watch, category: Any) -> None:
    hub = Hub(lambda: replace(town.TOOLS, model=Venomous(category)), watch)
    texts = ["一居垃圾在前", "一居毒", "一居垃圾在后", "一居垃圾最后"]
    receipts = hub.accept([normalise({"text": text}, watch()) for text in texts])
    assert hub.run_once() == 4
    assert (queue.waiting(), hub.run_once()) == (0, 0)
    homes = [cases.report_row(one.report)["case"] for one in receipts]  # type: ignore[index]
    assert [home is None for home in homes] == [False, True, False, False]
    assert {row["state"] for row in cases.rows([home for home in homes if home]).values()} == {"dispatched"}
    row = write.snapshot()["stuck"][-1][0]
    assert f'"subject":{receipts[1].report},' in row
    assert "road: " in row
    assert list(ledger.verify()) == []


def test_a_database_that_is_away_is_no_fault_of_the_fact(
    hub: Hub, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("the server closed the connection")

    receipt = hub.accept([normalise({"text": "一居垃圾等库"}, watch())])[0]
    with monkeypatch.context() as broken:
        broken.setattr(runner.write, "append", gone)
        with pytest.raises(OperationalError):
            hub.run_once()
    assert queue.waiting() == 1
    assert hub.run_once() == 1
    assert cases.report_row(receipt.report)["case"] is not None  # type: ignore[index]
