"""Models on their pages: compared, approved, deployed, rolled back; and the summary that a person confirms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from tests import town, town_hall
from tests.hub.test_assistant import Fake, fake  # noqa: F401
from tests.hub.test_learning import KNOWS, OPERATOR, SAMPLES
from zhongshu.data import model_register as register
from zhongshu.hub.assistant import Assistant
from zhongshu.hub.deploying import Models, equip
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.screen import gate

SignIn = Callable[[str], Client]
TEXTS = ("垃圾成堆没人管", "积水很深过不去", "井盖冒水好几天")


@pytest.fixture(scope="module")
def hall(database: str, tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub with two versions: v1 was deployed by set-up, v2 is published; three cases that an operator classified."""
    town_hall.people()
    home = tmp_path_factory.mktemp("home")
    for version, labels in (("v2", ("flood", "rubbish")), ("v1", ("rubbish", "flood"))):
        said = {"rubbish": labels[0], "flood": labels[1]}
        model, card = train(
            [text for text, _ in SAMPLES], [said[code] for _, code in SAMPLES], version, Recipe(folds=2)
        )
        sure = replace(model, thresholds=dict.fromkeys(model.labels, 0.5))
        classifiers(home).publish(sure, {**card.to_json(), "trained_by": 0})
    tools = replace(town.TOOLS, knowledge=KNOWS)
    hub = Hub(lambda: equip(tools, home), models=Models(home))
    gate.install(hub)
    for text in TEXTS:
        case = take(hub, text)
        hub.act(OPERATOR, case, Kind.CLASSIFIED, {"category": "rubbish" if "垃圾" in text else "flood"})
    return hub


@pytest.fixture
def sign_in(hall: Hub) -> SignIn:
    return town_hall.sign_in


def take(hub: Hub, text: str, **more: str) -> int:
    raw = {"text": f"{text}，一居", "merge": "off", **more}
    facts = hub.take_in([normalise(raw, hub.clock())])[0].facts
    return next(fact.subject for fact in facts if fact.kind in ("Judged", "Unclear"))


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def act(client: Client, version: str, **given: str) -> tuple[int, str]:
    from zhongshu.hub import governing

    on = gate.hub().models.ground(gate.hub().tools, gate.hub().ids, gate.hub().clock())
    number = governing.enter(on, "classify", version).id
    answer = client.post(f"/models/{number}/act", given, follow=True)
    return answer.status_code, answer.content.decode()


def test_only_chiefs_and_arbiters_have_the_pages(sign_in: SignIn) -> None:
    assert sign_in("street").get("/models").status_code == 403
    page = read(sign_in("city"), "/models")
    assert "首次启用（未经人工批准）" in page
    assert 'href="/models"' in page
    read(sign_in("city"), "/models/99", 404)


def test_from_comparison_to_roll_back(sign_in: SignIn, hall: Hub) -> None:
    city = sign_in("city")
    status, page = act(city, "v2", act="approve", reason="好")
    assert status == 409 and "须先与在用版本 v1 比对" in page
    status, page = act(city, "v2", act="compare")
    assert status == 200 and "并列比对" in page
    assert "仅人工认定的案件" in page and "确有下降" in page
    assert len(re.findall(r'href="/cases/\d+"', page)) >= 3
    status, page = act(city, "v2", act="approve", reason="")
    assert status == 409
    status, page = act(city, "v2", act="approve", reason="试用一周")
    assert status == 200 and "试用一周" in page
    status, page = act(city, "v2", act="deploy", place=town.CITY, reason="试用")
    assert status == 200 and "已部署" in page
    assert hall.desk().knowledge.versions["model"] == "v2"
    (one,) = register.in_force("classify")
    page = city.post(f"/models/deployments/{one.id}", {"act": "rollback", "reason": "误判"}, follow=True)
    assert "回滚" in page.content.decode()
    assert hall.desk().knowledge.versions["model"] == "v1"
    page = read(city, f"/models/{register.entered('classify', 'v2').id}")
    assert "已回滚" in page and "部署经过" in page
    status, page = act(city, "v2", act="retire", reason="不用了")
    assert status == 200 and "已退役" in page


def test_a_district_may_not_decide_for_the_city(sign_in: SignIn) -> None:
    district = sign_in("district")
    (one,) = register.in_force("classify")
    answer = district.post(f"/models/deployments/{one.id}", {"act": "rollback", "reason": "x"})
    assert answer.status_code == 404
    assert act(district, "v1", act="dance")[0] == 404


def test_the_watch_is_asked_for_on_the_page(sign_in: SignIn, hall: Hub) -> None:
    for n in range(24):
        case = take(hall, f"垃圾成堆{n}")
        hall.act(OPERATOR, case, Kind.CLASSIFIED, {"category": "flood" if n > 11 else "rubbish"})
    city = sign_in("city")
    page = city.post("/models/look", follow=True).content.decode()
    assert "已监测 1 项部署，1 项告警" in page
    assert "被人改判" in page
    (one,) = register.in_force("classify")
    page = read(city, f"/models/{one.model}")
    assert "最近被人改判的案件" in page
    page = city.get(f"/models/{one.model}", headers={"accept-language": "en"}).content.decode()
    assert "Changed by people" in page


def test_a_hub_without_a_registry_says_so(sign_in: SignIn, hall: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    city = sign_in("city")
    monkeypatch.setattr(hall, "models", None)
    assert city.post("/models/look").status_code == 404


def test_a_summary_is_drafted_by_the_machine_and_confirmed_by_a_person(
    sign_in: SignIn,
    hall: Hub,
    fake: Fake,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = take(hall, "我叫王小五，电话13800138000，垃圾成堆", name="王小五", phone="13800138000")
    street = sign_in("street")
    assert "起草摘要" not in read(street, f"/cases/{case}")
    assert "没有设置起草助手" in street.post(f"/cases/{case}/draft", follow=True).content.decode()
    monkeypatch.setattr(hall, "assistant", Assistant(fake.url, "small-model", "sesame"))
    assert "起草摘要" in read(street, f"/cases/{case}")
    page = street.post(f"/cases/{case}/draft", follow=True).content.decode()
    assert "机器起草" in page and "居民反映路灯不亮" in page
    sent = fake.asked[0]["messages"][1]["content"]
    assert "王小五" not in sent and "13800138000" not in sent and "垃圾成堆" in sent
    draft = re.search(r'name="draft" value="(\d+)"', page)[1]
    confirmed = {"kind": "SummaryConfirmed", "draft": draft, "text": "居民反映垃圾成堆，已派街道办理。"}
    page = street.post(f"/cases/{case}/act", confirmed, follow=True).content.decode()
    assert "居民反映垃圾成堆，已派街道办理。" in page and "人工改定" in page
    assert 'name="draft"' not in page
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT kind, payload->>'model', payload->>'edited', actor FROM ledger WHERE subject = %s"
            " AND kind LIKE 'Summary%%' ORDER BY seq",
            [case],
        )
        rows = cursor.fetchall()
    post = f"{town.STREET}-office-post"
    assert rows == [("SummaryDrafted", "small-model", None, post), ("SummaryConfirmed", None, "true", post)]
    fake.status = 500
    assert "请人工填写摘要" in street.post(f"/cases/{case}/draft", follow=True).content.decode()
    assert "垃圾成堆" in read(sign_in("city"), f"/cases/{case}")


def test_the_public_page_shows_no_draft(hall: Hub) -> None:
    from zhongshu.screen import naming

    assert not {"SummaryDrafted", "SummaryConfirmed"} & set(naming.PUBLIC_FACTS)


@pytest.mark.parametrize("name", ["models.html", "model.html"])
def test_every_field_has_its_label(name: str) -> None:
    text = (Path(gate.__file__).parent / "templates" / "desk" / name).read_text("utf-8")
    fields = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', text)
    assert fields and set(fields) <= set(re.findall(r'<label for="([^"]+)"', text))
