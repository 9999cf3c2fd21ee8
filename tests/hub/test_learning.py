"""Learning from the ledger: what people said is a lesson, the newest is held back, drift becomes a fact with alarms."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from tests import town, town_hall
from tests.conftest import Watch
from tests.hub.test_governing import CITY, KNOWLEDGE, living_hub
from zhongshu.data import model_register as register
from zhongshu.data.ledger import Ids
from zhongshu.hub import commands, governing, learning, model_commands
from zhongshu.hub.governing import Ground
from zhongshu.hub.hub import Hub, Move
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.learning import Wish, cut, known_cases
from zhongshu.hub.sense.normalise import normalise
from zhongshu.hub.suggest import strange
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.settings import Settings

RUBBISH, FLOOD = ("垃圾未清", "垃圾成堆", "臭味难闻", "纸屑满地"), ("积水很深", "水淹路面", "下水堵了", "井盖冒水")
SAMPLES = [
    (f"{a}{b}", code) for code, words in (("rubbish", RUBBISH), ("flood", FLOOD)) for a in words for b in "甲乙丙"
]
OPERATOR = replace(town.viewer(town.CITY, "command", Role.OPERATOR), user=5)
THRESHOLDS = {"model_psi": 0.25, "model_corrected": 0.1, "model_ece": 0.5, "model_unseen": 1.0, "model_watch_least": 10}
KNOWS = replace(KNOWLEDGE, thresholds=THRESHOLDS)
PADDING = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"


@pytest.fixture(scope="module")
def home(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    model, card = train([text for text, _ in SAMPLES], [code for _, code in SAMPLES], "v1", Recipe(folds=2))
    told = replace(model, thresholds=dict.fromkeys(model.labels, 0.5))
    classifiers(folder).publish(told, {**card.to_json(), "data": {}})
    return folder


def report(hub: Hub, text: str) -> int:
    (receipt,) = hub.take_in([normalise({"channel": "web", "text": f"{text}，一居", "merge": "off"}, hub.clock())])
    return next(fact.subject for fact in receipt.facts if fact.kind in ("Judged", "Unclear"))


def classify(hub: Hub, case: int, category: str) -> None:
    (outcome,) = hub.act_many([Move(OPERATOR, case, Kind.CLASSIFIED, {"category": category})])
    assert outcome.error is None


@pytest.fixture(scope="module")
def lived(home: Path) -> dict[str, int]:
    """Thirty reports, one a day, rubbish and flood by turns; every sixth is 楼顶违建, and an operator says so."""
    watch = Watch()
    hub = living_hub(home, watch)
    cases = {}
    for n in range(30):
        watch.now = town.NOON + timedelta(days=n)
        words = (RUBBISH, FLOOD)[n % 2]
        if n % 6 == 5:
            cases[f"roof{n}"] = report(hub, f"{PADDING[n]}楼顶加盖积水{PADDING[-n]}")
            classify(hub, cases[f"roof{n}"], "building.roof")
        else:
            cases[f"plain{n}"] = report(hub, f"{PADDING[n]}{words[n % 4]}{PADDING[-n]}{PADDING[n // 2]}")
    classify(hub, cases["plain0"], "rubbish")
    with connections["owner"].cursor() as cursor:
        done = [cases["plain1"], cases["plain2"], cases["plain28"]]
        cursor.execute("""UPDATE "case" SET state = 'closed' WHERE id = ANY (%s)""", [done])
    return cases


@pytest.fixture
def ground(home: Path, lived: dict[str, int]) -> Ground:
    return Ground(home, KNOWS, Ids(), town.NOON + timedelta(days=40))


def test_lessons_say_how_the_category_came_to_be_known(ground: Ground, lived: dict[str, int]) -> None:
    known = known_cases(KNOWS, ground.span(town.CITY), learning.LONG_AGO, ground.now)
    assert Counter(one.source for one in known) == {"corrected": 5, "classified": 1, "closed": 3}
    roof = next(one for one in known if one.case == lived["roof5"])
    assert (roof.label, roof.said, roof.model, roof.by_person) == ("building.roof", "flood", "v1", True)
    assert [one.case for one in known] == sorted(one.case for one in known)
    assert known_cases(KNOWS, town.SCHEME.span(town.NEXT_DISTRICT), learning.LONG_AGO, ground.now) == []


def test_the_newest_cases_and_their_twins_are_held_back(ground: Ground) -> None:
    known = known_cases(KNOWS, ground.span(town.CITY), learning.LONG_AGO, ground.now)
    lessons, held = cut(known, 0.3)
    assert len(held) == 3
    assert max(one.at for one in lessons) < min(one.at for one in held)
    twin = replace(lessons[0], text=held[0].text, case=1)
    assert twin.case not in {one.case for one in cut([twin, *known], 0.3)[0]}
    assert cut(known, 0.0) == (known, [])


def test_a_version_taught_by_the_ledger_knows_what_people_corrected(
    ground: Ground, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhongshu.data.packs.samples", lambda: SAMPLES)
    model, card = learning.teach(ground, Wish("v2", by=9), Recipe(folds=2))
    assert model.classify(["后院楼顶加盖积水"])[0].category == "building.roof"
    assert card.data["counts"] == {"corrected": 4, "classified": 1, "closed": 2, "sample": len(SAMPLES)}
    assert card.data["held_back"] == 2
    assert card.data["until"] == (town.NOON + timedelta(days=28)).isoformat()
    assert sum(card.data["ledger"].values()) > 60
    classifiers(home).publish(model, {**card.to_json(), "trained_by": 9})
    found, fact = learning.side_by_side(ground, CITY, "v1", "v2")
    assert (found["n"], found["by_people"]) == (2, 1)
    assert found["champion"]["accuracy"] == 0.5
    assert found["challenger"]["accuracy"] == 1.0
    assert fact.payload["figures"]["differ"] == 1
    (row,) = register.comparisons(CITY, fact.subject)
    assert (row["champion_version"], row["challenger_version"]) == ("v1", "v2")
    assert "text" not in json.dumps(row["figures"])


def test_costs_are_inherited_from_the_category_above() -> None:
    dear = {**KNOWS.categories, "building": replace(KNOWS.categories["building"], mistake_cost=50.0)}
    assert learning.costs(replace(KNOWS, categories=dear)) == {"building": 50.0, "building.roof": 50.0}


def test_without_a_known_case_nothing_is_taught(ground: Ground) -> None:
    with pytest.raises(BadInput, match="found 0 cases"):
        learning.teach(ground, Wish("v9", town.SCHEME.span(town.NEXT_DISTRICT)))


def test_the_watch_makes_one_fact_a_day_with_its_alarms(ground: Ground) -> None:
    (fact,) = learning.watch(ground)
    assert fact.payload["figures"]["corrected"] == 3 / 15
    assert {one["code"] for one in fact.payload["alarms"]} >= {"corrected"}
    assert learning.watch(ground) == []
    assert len(learning.watch(replace(ground, now=ground.now + timedelta(hours=25)))) == 1
    newest = register.watches(CITY)[0]
    assert (newest["version"], newest["place"]) == ("v1", town.CITY)


def run(name: str, settings: Settings, *given: str) -> int:
    (command,) = [one for one in (*model_commands.COMMANDS, *commands.COMMANDS) if one.name == name]
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(given), settings)


def test_from_training_to_roll_back_by_command(
    ground: Ground, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town_hall.people()
    monkeypatch.setattr("zhongshu.data.packs.samples", lambda: SAMPLES)
    monkeypatch.setattr(model_commands, "ground", lambda settings, knowledge=None: replace(ground, ids=Ids()))
    settings = Settings(home=str(home))
    assert run("model train", settings, "--from-ledger", "--version", "c1", "--by", "district") == 0
    assert run("model compare", settings, "v1", "c1") == 0
    assert "macro_f1" in capsys.readouterr().out
    decided = ("--by", "city", "--reason", "楼顶违建分得更准")
    assert run("model approve", settings, "c1", *decided) == 0
    assert run("model deploy", settings, "c1", *decided) == 0
    assert governing.judging(ground, "classify", town.CITY).version == "c1"
    assert run("model rollback", settings, *decided) == 0
    assert "v1" in capsys.readouterr().out
    assert governing.judging(ground, "classify", town.CITY).version == "v1"
    assert run("model drift", settings, "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["figures"] == {"first": 0, "last": 0}
    with pytest.raises(NotFound, match="holds the post"):
        run("model approve", settings, "c1", "--by", "nobody", "--reason", "x")
    with pytest.raises(NotFound, match="not in the register"):
        run("model deploy", settings, "c9", *decided)
    assert run("model train", settings, "--from-ledger", "--held-back", "2") == 1
    assert "--held-back: found 2.0" in capsys.readouterr().err


def test_of_a_text_that_the_model_cant_read_its_probability_is_doubted(home: Path) -> None:
    hub = Hub(lambda: replace(town.TOOLS, model=classifiers(home).load("v1")))
    assert strange(hub, "垃圾成堆，臭味难闻", "") is None
    assert strange(hub, "量子纠缠的实验怎么做", "") == 1.0
