"""The register of models: what the ledger makes of it, and that a rebuild makes the same again."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.db import transaction

from tests.town import CITY, DISTRICT, NOON
from zhongshu.data import model_register as register
from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Span

IDS = count(5000)


def fact(kind: Kind, subject: int, place: str = "", **payload: object) -> Fact:
    number = next(IDS)
    return Fact(number, kind, subject, NOON + timedelta(minutes=number - 5000), actor="p", place=place, payload=payload)


def published(subject: int, version: str) -> Fact:
    told = {"name": "classify", "version": version, "checksum": "c" * 64, "card": {"macro_f1": 0.9}, "trained_by": 3}
    return fact(Kind.MODEL_PUBLISHED, subject, **told, state="published")


def deployed(subject: int, version: str, place: str, before: int | None, left: list, how: str = "deployed") -> Fact:
    kind = Kind.MODEL_ROLLED_BACK if how == "rolled_back" else Kind.MODEL_DEPLOYED
    span = {"lo": place[:6], "hi": place[:6] + "~"} if place != CITY else {"lo": "", "hi": "~"}
    told = {"name": "classify", "version": version, "how": how, "by": 1, "reason": "r", "state": "deployed"}
    return fact(kind, subject, place, **told, **span, before=before, left=left)


def test_the_register_is_what_the_ledger_says_and_is_rebuilt_the_same(database: str) -> None:
    one, two = published(1, "a"), published(2, "b")
    compared = fact(Kind.MODEL_COMPARED, 2, champion=1, by=1, figures={"n": 5}, state="challenger")
    approved = fact(Kind.MODEL_APPROVED, 2, CITY, state="approved", approvals=[{"by": 1, "lo": "", "hi": "~"}])
    first = deployed(1, "a", CITY, None, [], "set_up")
    own = deployed(1, "a", DISTRICT, None, [])
    second = deployed(2, "b", CITY, first.id, [])
    watched = fact(
        Kind.MODEL_WATCHED, 2, CITY, deployment=second.id, lo="", hi="~", figures={"psi": 0.3}, alarms=[{"code": "x"}]
    )
    back = deployed(1, "a", CITY, second.id, [[2, "rolled_back"]], "rolled_back")
    gone = fact(Kind.MODEL_WITHDRAWN, 1, DISTRICT, before=own.id, left=[])
    retired = fact(Kind.MODEL_RETIRED, 2, state="retired")
    with transaction.atomic(using=ROAD):
        write.append([one, two, compared, approved, first, own, second])
    assert register.version() == second.id
    assert [(d.version, d.place, d.how) for d in register.in_force("classify")] == [
        ("b", CITY, "deployed"),
        ("a", DISTRICT, "deployed"),
    ]
    with transaction.atomic(using=ROAD):
        write.append([watched, back, gone, retired])
    assert register.version() == gone.id
    (left,) = register.in_force("classify")
    assert (left.version, left.how, left.before, left.span) == ("a", "rolled_back", second.id, Span("", "~"))
    found = register.entered("classify", "b")
    assert found is not None
    assert (found.id, found.state, found.trained_by, found.approvals) == (
        2,
        "retired",
        3,
        approved.payload["approvals"],
    )
    assert register.compared(2, 1) and not register.compared(1, 2)
    assert register.last_watch(second.id) == watched.at
    assert register.entered("address", "b") is None
    before = write.snapshot()
    write.rebuild()
    assert write.snapshot() == before
    assert len(before["model_deployment"]) == 4
    assert sum(register.head().values()) == 11
