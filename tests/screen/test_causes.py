"""The pages of causes against a real database: the list, one cause, confirm, joint task, and what others see of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests import linked, town, town_hall
from tests.conftest import Watch
from tests.hub.test_causes import ASKED
from zhongshu.data import cause_views
from zhongshu.hub import causes as moves
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import ROAD
from zhongshu.kernel.facts import Kind
from zhongshu.screen import gate

Enter = Callable[[str], Client]


@pytest.fixture(scope="module")
def hall(database: str) -> Hub:
    town_hall.people()
    watch = Watch()
    hub = Hub(lambda: town.TOOLS, watch)
    gate.install(hub)
    return hub


@pytest.fixture(scope="module")
def lived(hall: Hub) -> Hub:
    watch = hall.clock
    assert isinstance(watch, Watch)
    start = watch.now
    watch.now += timedelta(days=linked.DAYS)
    hall.take_in([normalise(raw, watch.now) for raw in linked.linked(start, ("一居", "远居"))])
    moves.find(hall.desk, hall.clock(), ASKED)
    return hall


@pytest.fixture
def sign_in(hall: Hub) -> Enter:
    return town_hall.sign_in


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_nothing_was_searched_yet(sign_in: Enter) -> None:
    assert "还没有查找过" in said(sign_in("district"), "/causes")


def cause_in(place: str) -> int:
    return next(int(row["id"]) for row in cause_views.listed(ROAD) if row["place"] == place)


def test_the_list_shows_own_causes_with_their_strength(lived: Hub, sign_in: Enter) -> None:
    own, other = cause_in(town.DISTRICT), cause_in(town.NEXT_DISTRICT)
    page = said(sign_in("district"), "/causes")
    assert f'href="/causes/{own}"' in page
    assert f'href="/causes/{other}"' not in page
    assert "垃圾 → 违建" in page
    assert '<svg class="graph"' in page
    assert f'href="/causes/{own}"' in said(sign_in("district"), "/causes?state=found")
    assert f'href="/causes/{own}"' not in said(sign_in("district"), "/causes?state=settled")
    everything = said(sign_in("city"), "/causes?state=nonsense")
    assert f'href="/causes/{own}"' in everything
    assert f'href="/causes/{other}"' in everything


def test_one_cause_explains_itself_and_opens_its_cases(lived: Hub, sign_in: Enter) -> None:
    own = cause_in(town.DISTRICT)
    page = said(sign_in("district"), f"/causes/{own}")
    assert "是偶然情形的" in page
    assert "打乱 199 次，没有一次达到这么多" in page
    assert len(re.findall(r'<details class="card" id="place-', page)) >= linked.SITES // 2
    assert len(set(re.findall(r"/cases/(\d+)", page))) >= 40
    assert 'data-opens="act-CauseConfirmed"' in page
    assert "new?cause=" not in page
    case = re.search(r"/cases/\d+", page)
    assert case
    assert f'href="/causes/{own}"' in said(sign_in("district"), case[0])
    said(sign_in("next_district"), f"/causes/{own}", 404)
    assert "本岗位目前没有可做的操作" in said(sign_in("street"), f"/causes/{own}")
    client = sign_in("district")
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "as often as chance would bring" in said(client, f"/causes/{own}")


def test_confirm_joint_task_and_recurrence(lived: Hub, sign_in: Enter) -> None:
    own = cause_in(town.DISTRICT)
    district, street = sign_in("district"), sign_in("street")
    refused = district.post(f"/causes/{own}/act", {"move": "CauseConfirmed"})
    assert (refused.status_code, "缺少必填项：reason" in refused.content.decode()) == (409, True)
    odd = district.post(f"/causes/{own}/act", {"move": "Closed"})
    assert odd.status_code == 409
    assert district.post(f"/causes/{own}/act", {"move": "CauseConfirmed", "reason": "现场属实"}).status_code == 302
    page = said(district, f"/causes/{own}")
    assert f"/directives/new?cause={own}" in page
    assert "现场属实" in page
    form = said(district, f"/directives/new?cause={own}")
    assert f'name="cause" value="{own}"' in form
    assert f'<option value="{town.STREET}-office" selected' in form
    cases = re.search(r'name="cases" value="([\d,]+)"', form)
    assert cases
    given = {"form": "order", "text": "联合治理", "authority": "联席会议", "units": f"{town.STREET}-office"}
    given |= {"cause": str(own), "cases": cases[1], "place": town.DISTRICT}
    begun = district.post("/directives/new", given)
    assert begun.status_code == 302
    task = str(begun["Location"])
    assert f'href="/causes/{own}"' in said(district, task)
    assert f'href="{task}"' in said(district, f"/causes/{own}")
    again = district.post("/directives/new", given)
    assert again.status_code == 409
    assert street.post(f"{task}/act", {"move": "DirectiveExecuted", "result": "已整治"}).status_code == 302
    chief = town.viewer(town.DISTRICT, "command", *town_hall_roles(), user=99)
    lived.convene(chief, Kind.PROOF_ACCEPTED, {"unit": f"{town.STREET}-office"}, int(task.rpartition("/")[2]))
    lived.advance()
    assert "尚不能评估" in said(district, f"/causes/{own}")
    watch = lived.clock
    assert isinstance(watch, Watch)
    watch.now += timedelta(days=20)
    later = said(district, f"/causes/{own}")
    assert "不作评估" in later
    assert "治理到位" in later


def town_hall_roles() -> tuple[str, ...]:
    from zhongshu.kernel.lifecycle import Role

    return (Role.CHECKER, Role.CHIEF)
