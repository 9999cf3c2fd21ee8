"""Models as one body with data: entered, compared, approved, deployed for a place, rolled back; the hub follows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections

from tests import town
from tests.conftest import Watch
from zhongshu.data import model_register as register
from zhongshu.data.ledger import Ids
from zhongshu.hub import governing
from zhongshu.hub.deploying import Models, _read, deployed, equip, own_thresholds, under
from zhongshu.hub.governing import Ground, ModelState
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Level

RUBBISH = [f"{a}{b}" for a in ("垃圾未清", "垃圾成堆", "臭味难闻", "纸屑满地") for b in "甲乙丙丁戊己"]
FLOOD = [f"{a}{b}" for a in ("积水很深", "水淹路面", "下水堵了", "井盖冒水") for b in "甲乙丙丁戊己"]
CITY = Viewer("p-city", "市长办", "", Level.CITY, town.CITY, EVERYWHERE, frozenset({Role.CHIEF}), user=7)
DISTRICT = Viewer(
    "p-dist",
    "区指挥",
    "",
    Level.DISTRICT,
    town.DISTRICT,
    town.SCHEME.span(town.DISTRICT),
    frozenset({Role.CHIEF}),
    user=8,
)
HANDLER = replace(CITY, roles=frozenset({Role.HANDLER}))
KNOWLEDGE = replace(
    town.KNOWLEDGE, categories={code: replace(c, threshold=None) for code, c in town.KNOWLEDGE.categories.items()}
)


@pytest.fixture
def home(database: str, tmp_path: Path):
    """An empty register and three published versions; v2 and v3 were trained by user 9."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE model_version, model_deployment, model_comparison, model_watch")
    for number, labels in enumerate((("rubbish", "flood"), ("flood", "rubbish"), ("odd", "flood")), start=1):
        texts = RUBBISH + FLOOD
        said = [labels[0]] * len(RUBBISH) + [labels[1]] * len(FLOOD)
        model, card = train(texts, said, f"v{number}", Recipe(folds=2))
        thresholds = dict.fromkeys(model.labels, 0.5)
        by = 9 if number > 1 else 0
        classifiers(tmp_path).publish(replace(model, thresholds=thresholds), {**card.to_json(), "trained_by": by})
    return tmp_path


@pytest.fixture
def ground(home: Path, watch: Watch) -> Ground:
    return Ground(home, KNOWLEDGE, Ids(), watch())


def living_hub(home: Path, watch: Watch) -> Hub:
    tools = replace(town.TOOLS, knowledge=KNOWLEDGE, own_thresholds=own_thresholds(KNOWLEDGE))
    return Hub(lambda: equip(tools, home), watch, look_every=0, models=Models(home))


def judged(hub: Hub, text: str, address: str = "一居"):
    receipt = hub.take_in([normalise({"channel": "web", "text": f"{text}，{address}"}, hub.clock())])[0]
    return next(fact for fact in receipt.facts if fact.kind in ("Judged", "Unclear"))


def ready(ground: Ground, version: str) -> register.Version:
    """Entered, compared with what judges, approved by the city."""
    found = governing.enter(ground, "classify", version)
    champion = governing.judging(ground, "classify", town.CITY)
    if champion:
        pair = (register.numbered(champion.model), found)
        governing.record_comparison(ground, CITY, pair, {"n": 3})
    governing.approve(ground, CITY, register.entered("classify", version), "比在用版本好")
    return register.entered("classify", version)


def test_the_first_start_deploys_the_newest_version_and_says_that_nobody_approved(home: Path, watch: Watch) -> None:
    hub = living_hub(home, watch)
    assert judged(hub, "楼下垃圾成堆").versions["model"] == "v3"
    (one,) = register.in_force("classify")
    assert (one.how, one.place, one.version) == ("set_up", town.CITY, "v3")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, payload->>'reason' FROM ledger WHERE id = %s", [one.id])
        actor, reason = cursor.fetchone()
    assert actor == "system" and "未经人工批准" in reason
    assert register.entered("classify", "v3").state == ModelState.DEPLOYED
    assert deployed(town.CITY) == "v3"


def test_nothing_published_means_people_classify(database: str, tmp_path: Path, watch: Watch) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE model_version, model_deployment")
    fact = judged(living_hub(tmp_path, watch), "楼下垃圾成堆")
    assert (fact.kind, fact.versions["model"]) == ("Unclear", "none")


def test_a_deployment_and_its_roll_back_take_effect_without_a_restart(ground: Ground, home: Path, watch: Watch) -> None:
    one, other = living_hub(home, watch), living_hub(home, watch)
    governing.set_up(ground, "classify")
    assert judged(one, "楼下垃圾成堆").payload["category"] == "odd"
    governing.deploy(ground, CITY, ready(ground, "v1"), town.CITY, "更准")
    for hub in (one, other):
        fact = judged(hub, "楼下垃圾成堆了啊")
        assert (fact.payload["category"], fact.versions["model"]) == ("rubbish", "v1")
    assert register.entered("classify", "v3").state == ModelState.RETIRED
    governing.roll_back(ground, CITY, "classify", town.CITY, "误判增多")
    for hub in (one, other):
        assert judged(hub, "门口垃圾成堆").versions["model"] == "v3"
    states = {said: register.entered("classify", said).state for said in ("v1", "v3")}
    assert states == {"v1": ModelState.ROLLED_BACK, "v3": ModelState.DEPLOYED}
    with pytest.raises(IllegalMove, match="no version before"):
        governing.roll_back(ground, CITY, "classify", town.CITY, "再退")


def test_rolling_back_twice_goes_on_back(ground: Ground, home: Path) -> None:
    governing.set_up(ground, "classify")
    for version in ("v1", "v2"):
        governing.deploy(ground, CITY, ready(ground, version), town.CITY, "更准")
    governing.roll_back(ground, CITY, "classify", town.CITY, "不好")
    assert deployed(town.CITY) == "v1"
    governing.roll_back(ground, CITY, "classify", town.CITY, "也不好")
    assert deployed(town.CITY) == "v3"


def test_a_district_keeps_its_own_version(ground: Ground, home: Path, watch: Watch) -> None:
    hub = living_hub(home, watch)
    governing.set_up(ground, "classify")
    governing.deploy(ground, DISTRICT, ready(ground, "v1"), town.DISTRICT, "本区说法不同")
    here, there = judged(hub, "楼下垃圾成堆"), judged(hub, "楼下垃圾成堆", "远居")
    assert (here.payload["category"], here.versions["model"]) == ("rubbish", "v1")
    assert (there.payload["category"], there.versions["model"]) == ("odd", "v3")
    assert here.versions["pack"] == there.versions["pack"] == "town@1"
    assert register.entered("classify", "v3").state == ModelState.DEPLOYED
    with pytest.raises(IllegalMove, match="city can't be without"):
        governing.withdraw(ground, CITY, "classify", town.CITY, "试试")
    governing.withdraw(ground, DISTRICT, "classify", town.DISTRICT, "回到全市版本")
    assert judged(hub, "楼下垃圾成堆了").versions["model"] == "v3"
    assert register.entered("classify", "v1").state == ModelState.RETIRED


def test_who_may_approve_and_deploy(ground: Ground) -> None:
    governing.set_up(ground, "classify")
    v1, v2 = (governing.enter(ground, "classify", said) for said in ("v1", "v2"))
    with pytest.raises(IllegalMove, match="compare it with v3"):
        governing.approve(ground, CITY, v1, "好")
    governing.record_comparison(ground, CITY, (register.entered("classify", "v3"), v1), {})
    assert register.entered("classify", "v1").state == ModelState.CHALLENGER
    with pytest.raises(IllegalMove, match="ModelApproved is for chief"):
        governing.approve(ground, HANDLER, v1, "好")
    with pytest.raises(IllegalMove, match="ModelApproved needs reason"):
        governing.approve(ground, CITY, v1, "")
    with pytest.raises(IllegalMove, match="who trained a model can't approve it"):
        governing.approve(ground, replace(CITY, user=9), v2, "好")
    with pytest.raises(IllegalMove, match="needs one in approved"):
        governing.deploy(ground, CITY, register.entered("classify", "v1"), town.CITY, "好")
    governing.approve(ground, DISTRICT, register.entered("classify", "v1"), "本区可用")
    v1 = register.entered("classify", "v1")
    with pytest.raises(IllegalMove, match="nobody has approved it for this place"):
        governing.deploy(ground, CITY, v1, town.CITY, "好")
    with pytest.raises(NotFound, match="no division"):
        governing.deploy(ground, DISTRICT, v1, town.CITY, "好")
    governing.deploy(ground, DISTRICT, v1, town.DISTRICT, "好")
    with pytest.raises(IllegalMove, match="judges there already"):
        governing.deploy(ground, DISTRICT, register.entered("classify", "v1"), town.DISTRICT, "好")
    assert register.entered("classify", "v1").approvals[0]["name"] == "区指挥"
    governing.retire(ground, CITY, v2, "过时")
    with pytest.raises(IllegalMove, match="needs one in"):
        governing.retire(ground, CITY, register.entered("classify", "v2"), "过时")


def test_a_folder_that_was_changed_after_it_was_entered_is_refused(ground: Ground, home: Path) -> None:
    governing.enter(ground, "classify", "v1")
    folder = home / "models" / "classify" / "v1"
    model, card = train(RUBBISH + FLOOD, ["odd"] * 24 + ["flood"] * 24, "v1", Recipe(folds=2))
    folder.rename(home / "away")
    classifiers(home).publish(model, card)
    with pytest.raises(IllegalMove, match="the register has"):
        governing.enter(ground, "classify", "v1")
    with pytest.raises(BadInput, match="the register has"):
        _read(home, "v1", town.CITY)


def test_a_deployed_version_that_is_gone_keeps_a_running_hub_judging_and_stops_a_starting_one(
    ground: Ground, home: Path, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    hub = living_hub(home, watch)
    governing.set_up(ground, "classify")
    assert judged(hub, "楼下垃圾成堆").versions["model"] == "v3"
    governing.deploy(ground, CITY, ready(ground, "v1"), town.CITY, "更准")
    (home / "models" / "classify" / "v1").rename(home / "away")
    assert judged(hub, "楼下垃圾成堆了").versions["model"] == "v3"
    assert "classify v1 is deployed" in caplog.text
    with pytest.raises(BadInput, match="rollback"):
        living_hub(home, watch).desk()
    governing.roll_back(ground, CITY, "classify", town.CITY, "文件丢失")
    assert judged(living_hub(home, watch), "门口垃圾成堆").versions["model"] == "v3"


def test_a_replay_takes_the_deployed_version_unless_told(ground: Ground, home: Path) -> None:
    governing.set_up(ground, "classify")
    model, knowledge = under(home, KNOWLEDGE)
    assert (model.version, knowledge.versions["model"]) == ("v3", "v3")
    assert knowledge.categories["odd"].threshold == 0.5
    assert under(home, KNOWLEDGE, "v1")[0].version == "v1"


def test_people_see_the_deployments_that_concern_them(ground: Ground) -> None:
    governing.set_up(ground, "classify")
    governing.deploy(ground, DISTRICT, ready(ground, "v1"), town.DISTRICT, "本区")
    next_door = replace(DISTRICT, place=town.NEXT_DISTRICT, span=town.SCHEME.span(town.NEXT_DISTRICT))
    nobody = Viewer("p-none")
    seen = {
        name: [one["version"] for one in register.deployments(viewer)]
        for name, viewer in (("city", CITY), ("own", DISTRICT), ("next", next_door), ("nobody", nobody))
    }
    assert seen == {"city": ["v1", "v3"], "own": ["v1", "v3"], "next": ["v3"], "nobody": []}
    assert {row["version"] for row in register.listed(DISTRICT)} == {"v1", "v3"}
    assert register.listed(nobody) == []
    (row,) = [row for row in register.listed(CITY) if row["version"] == "v1"]
    assert row["card"]["macro_f1"] == json.loads(json.dumps(row["card"]))["macro_f1"]
    assert register.shown(CITY, row["id"])["approvals"][0]["reason"] == "比在用版本好"
