"""The duty rota: who may stand in for whom, for how long, and what it lets them do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests import town, town_hall
from zhongshu.data import people, rota
from zhongshu.data.people import posts_of, viewer_of
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound

POST = f"{town.STREET}-office-post"


@pytest.fixture(scope="module")
def users(database: str) -> dict[str, int]:
    return town_hall.people()


@pytest.fixture
def chief(users: dict[str, int]) -> Viewer:
    return viewer_of(users["district"])


def hours(first: float, last: float) -> tuple[datetime, datetime]:
    now = timezone.now()
    return now + timedelta(hours=first), now + timedelta(hours=last)


def test_a_substitute_acts_in_the_post_while_it_lasts(users: dict[str, int], chief: Viewer) -> None:
    line = rota.approve(chief, POST, "community", hours(-1, 5), "出差")
    held = posts_of(users["community"])
    assert [one.post for one in held] == [f"{town.COMMUNITY}-office-post", POST]
    acting = viewer_of(users["community"], POST)
    assert (acting.unit, acting.rota, acting.user) == (f"{town.STREET}-office", line, users["community"])
    assert viewer_of(users["community"]).rota == 0
    post = next(one for one in rota.manned(chief) if one.code == POST)
    assert (post.holders, post.substitutes) == (["street"], ["community"])
    rota.call_off(chief, line)
    assert [one.post for one in posts_of(users["community"])] == [f"{town.COMMUNITY}-office-post"]
    assert [(one.state, one.approved_by) for one in rota.lines(chief) if one.id == line] == [("off", "district")]
    with pytest.raises(NotFound):
        rota.call_off(chief, line)


def test_an_own_post_is_not_held_twice(users: dict[str, int], chief: Viewer) -> None:
    rota.approve(chief, POST, "street", hours(-1, 1), "误排")
    assert [(one.post, one.viewer.rota) for one in posts_of(users["street"])] == [(POST, 0)]


def test_a_line_that_has_not_begun_opens_nothing(users: dict[str, int], chief: Viewer) -> None:
    line = rota.approve(chief, POST, "community", hours(5, 9), "休假")
    assert POST not in [one.post for one in posts_of(users["community"])]
    assert [one.state for one in rota.lines(chief) if one.id == line] == ["coming"]


@pytest.mark.parametrize(("first", "last"), [(2, 1), (1, 1), (0, 24 * 93)])
def test_a_period_that_makes_no_sense_is_refused(chief: Viewer, first: float, last: float) -> None:
    with pytest.raises(BadInput, match="ends_at"):
        rota.approve(chief, POST, "community", hours(first, last), "出差")


def test_a_reason_is_needed(chief: Viewer) -> None:
    with pytest.raises(BadInput, match="reason"):
        rota.approve(chief, POST, "community", hours(0, 1), " ")


def test_nobody_approves_himself(chief: Viewer) -> None:
    with pytest.raises(IllegalMove, match="himself"):
        rota.approve(chief, POST, "district", hours(0, 1), "出差")


@pytest.mark.parametrize(
    ("post", "account"),
    [
        (POST, "next_district"),
        (POST, "nobody"),
        (f"{town.CITY}-command-post", "community"),
        (f"{town.NEXT_DISTRICT}-command-post", "community"),
        ("no-such-post", "community"),
    ],
)
def test_a_chief_arranges_only_what_is_under_him(chief: Viewer, post: str, account: str) -> None:
    with pytest.raises(IllegalMove, match="no such post"):
        rota.approve(chief, post, account, hours(0, 1), "出差")


def test_only_chiefs_arrange(users: dict[str, int]) -> None:
    with pytest.raises(IllegalMove):
        rota.approve(viewer_of(users["street"]), POST, "community", hours(0, 1), "出差")


def test_names_of_people(users: dict[str, int]) -> None:
    assert people.names([users["street"]]) == {users["street"]: "street"}
