"""People for the town: users with a password, the posts they hold, and a pack version, as a loaded city would have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests import town
from zhongshu.data.databases import OWNER

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "town-hall-2026"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)

POSTS: dict[str, tuple[str, str, str]] = {
    "city": (town.CITY, "command", "operator;arbiter;chief"),
    "district": (town.DISTRICT, "command", "checker;chief"),
    "street": (town.STREET, "office", "handler"),
    "next_street": (town.NEXT_STREET, "office", "handler"),
    "next_district": (town.NEXT_DISTRICT, "command", "checker;chief"),
    "community": (town.COMMUNITY, "office", "handler"),
    "next_community": (town.NEXT_COMMUNITY, "office", "handler"),
}
"""Account -> (division, kind of unit, roles). The two communities' units exist for these people only."""


def people() -> dict[str, int]:
    """Create everything once; returns user ids by account."""
    from django.contrib.auth.hashers import make_password

    from zhongshu.data import models as rows

    password = make_password(PASSWORD)
    about = {"code_lengths": list(town.SCHEME.lengths), "code": "town"}
    rows.PackVersion.objects.using(OWNER).create(code="town", version="1", effective=SINCE, digest="", about=about)
    known = {unit.code for unit in town.UNITS}
    for place, kind, _roles in POSTS.values():
        known.add(f"{place}-{kind}")
    for code in sorted(known):
        place, _, kind = code.partition("-")
        level = int(town.SCHEME.level(place))
        rows.Unit.objects.using(OWNER).create(
            code=code, valid_from=SINCE, digest="", name=f"{place}{kind}", kind=kind, level=level, place=place
        )
    return {name: _person(name, password) for name in POSTS}


def _person(name: str, password: str) -> int:
    from django.contrib.auth.models import User

    from zhongshu.data import models as rows

    place, kind, roles = POSTS[name]
    post = f"{place}-{kind}-post"
    rows.Post.objects.using(OWNER).create(
        code=post, valid_from=SINCE, digest="", name=f"{name}岗", name_en=name, unit=f"{place}-{kind}", roles=roles
    )
    user = User(username=name, first_name=name, password=password)
    user.save(using=OWNER)
    rows.PersonInPost.objects.using(OWNER).create(user_id=user.pk, post=post, valid_from=SINCE)
    return int(user.pk)


def sign_in(name: str) -> Client:
    """A client signed in as one of the people. Log-ins are limited by minute and address, and all tests have one."""
    from django.core.cache import cache
    from django.test import Client

    cache.clear()
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client
