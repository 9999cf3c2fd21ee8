"""The evaluation page: figures of what this viewer may see, each opening exactly the cases it was counted from."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests import town, town_hall
from tests.conftest import Watch
from tests.hub.test_evaluate import live_through
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate

JUNE = "/evaluation?window=natural_month&day=2026-06-09"


@pytest.fixture(scope="module")
def people(database: str) -> dict[str, int]:
    return town_hall.people()


@pytest.fixture
def signed_in(hub: Hub, people: dict[str, int]) -> Client:
    gate.install(hub)
    from django.contrib.auth.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=people["city"]), "django.contrib.auth.backends.ModelBackend")
    return client


def test_every_number_opens_its_cases(signed_in: Client, hub: Hub, watch: Watch) -> None:
    case = live_through(hub, watch, "一居垃圾评价", contacted=True, responded=True, solved=True, satisfaction=3)
    other = live_through(hub, watch, "一居垃圾再来", contacted=True, responded=True, solved=False, satisfaction=1)
    page = signed_in.get(f"{JUNE}&by=unit").content.decode()
    assert "50.0%" in page
    assert "[9.5%–90.5%]" in page, "Wilson's interval of one in two"
    assert "样本少" in page
    links = [unescape(one) for one in re.findall(r'href="(/evaluation/cases[^"]*)"', page)]
    solved = next(one for one in links if "formula=solve&part=numerator" in one and "key=" + town.STREET in one)
    valid = next(one for one in links if "formula=solve&part=denominator" in one and "key=" + town.STREET in one)
    assert re.findall(r"/cases/(\d+)", signed_in.get(solved).content.decode()) == [str(case)]
    assert re.findall(r"/cases/(\d+)", signed_in.get(valid).content.decode()) == [str(case), str(other)]
    whole = next(one for one in links if "formula=solve&part=denominator" in one and "key=%2A" in one)
    assert re.findall(r"/cases/(\d+)", signed_in.get(whole).content.decode()) == [str(case), str(other)]
    missing = signed_in.get(valid.replace("formula=solve", "formula=none"))
    assert missing.status_code == 422


@pytest.mark.parametrize(
    "cut", ["unit", "level", "district", "street", "community", "cohort", "category", "grid", "day"]
)
@pytest.mark.parametrize("group", ["rates", "time", "flow"])
def test_every_cut_has_its_table(signed_in: Client, cut: str, group: str) -> None:
    page = signed_in.get(f"{JUNE}&by={cut}&set={group}")
    assert page.status_code == 200
    assert "<table" in page.content.decode()


def test_a_period_without_anything_says_so(signed_in: Client) -> None:
    nothing = signed_in.get("/evaluation?from=2020-01-01&to=2020-01-02&by=nonsense").content.decode()
    assert "这段时间没有回访" in nothing
