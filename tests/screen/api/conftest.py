"""The API in front of the town's hub, and integrations with tokens."""

from __future__ import annotations

import pytest
from django.test import Client

from zhongshu.data import integrations
from zhongshu.hub.hub import Hub
from zhongshu.screen import gate


@pytest.fixture
def site(hub: Hub) -> Client:
    """A browser without an account; every host name is its own."""
    gate.install(hub)
    return Client(headers={"host": "localhost"})


@pytest.fixture(scope="module")
def trusted(database: str) -> str:
    """The token of an integration that may do everything."""
    from tests import town

    return integrations.issue(
        "hotline", ["api", "phone", "import", "sensor", "open311", "web"], place=town.CITY, trusted=True
    )


@pytest.fixture(scope="module")
def plain(database: str) -> str:
    """The token of an integration that is not trusted and reads one district."""
    from tests import town

    return integrations.issue("app", ["api"], place=town.NEXT_DISTRICT)
