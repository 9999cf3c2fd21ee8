"""The evaluation page: rates of what this viewer may see, each row opening its list."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import town, town_hall
from tests.conftest import Watch
from tests.hub.test_evaluate import live_through
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate


@pytest.fixture
def signed_in(hub: Hub) -> Client:
    gate.install(hub)
    from django.contrib.auth.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=town_hall.people()["city"]), "django.contrib.auth.backends.ModelBackend")
    return client


def test_rates_by_unit_open_their_list(signed_in: Client, hub: Hub, watch: Watch) -> None:
    live_through(hub, watch, "一居垃圾评价", contacted=True, responded=True, solved=True, satisfaction=3)
    page = signed_in.get("/evaluation?from=2026-06-01&to=2026-06-02&by=unit").content.decode()
    assert f'href="/cases?unit={town.STREET}-office"' in page
    assert "100.0%" in page
    assert "样本少" in page
    nothing = signed_in.get("/evaluation?from=2020-01-01&to=2020-01-02&by=nonsense").content.decode()
    assert "这段时间没有回访" in nothing
