"""Schemathesis over our own description: no answer is a 500 and none is undeclared, whatever comes in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from zhongshu.hub.hub import Hub
from zhongshu.screen import api as screen_api
from zhongshu.screen import gate

CLASS = re.compile(r"^class (\w+(?:In|Out))\(", re.MULTILINE)

EXAMPLES = 660
"""Shared by all operations."""
LEAST = 22
"""Operations that there were when this was last looked at: none may vanish."""


@pytest.fixture
def described(hub: Hub, trusted: str, database: str) -> Iterator[Any]:
    gate.install(hub)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), headers={"host": "localhost"})
    yield schema


def test_every_schema_has_a_name_of_its_own() -> None:
    """The description knows a schema by its name alone: of two the later one would stand for both."""
    folder = Path(screen_api.__file__).parent
    names = [name for path in folder.glob("*.py") for name in CLASS.findall(path.read_text("utf-8"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_no_500_and_nothing_undeclared(described: Any, trusted: str) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) >= LEAST
    statuses: set[int] = set()
    for operation in operations:

        @seed(20260601)
        @settings(
            max_examples=EXAMPLES // len(operations),
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        @given(
            case=st.one_of(
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
            )
        )
        def try_it(case: Any) -> None:
            response = case.call(headers={"host": "localhost", "authorization": f"Bearer {trusted}"})
            statuses.add(response.status_code)
            case.validate_response(
                response, checks=[not_a_server_error, status_code_conformance, response_schema_conformance]
            )

        try_it()
    assert {200, 201, 422} <= statuses
