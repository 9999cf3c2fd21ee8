"""The demo's community on a real database: everything through the hub, as anybody would."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests import town
from zhongshu.bench import neighbours
from zhongshu.data import community as rows
from zhongshu.data import points, volunteering
from zhongshu.data.databases import OWNER
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role

KEEPER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=11)
OTHER = town.viewer(town.COMMUNITY, "party", Role.CHECKER, Role.CHIEF, user=12)
ANYBODY = Viewer("resident", span=town.SCHEME.span(town.COMMUNITY), place=town.COMMUNITY)


def rules(*codes: str) -> None:
    from zhongshu.data import models

    for code in codes:
        about = {"basis": "default", "basis_text": "示范", "author": "测试", "since": date(2026, 1, 1)}
        about |= {"act": code.partition("_")[0], "points": 3, "month_ceiling": 12, "per_day": 1}
        since = datetime(2026, 1, 1, tzinfo=UTC)
        models.PointRule.objects.using(OWNER).create(code=code, name=code, valid_from=since, **about)


def test_neighbours_talk_vote_volunteer_and_have_something_done(hub: Hub) -> None:
    rules("verify", "adopt", "volunteer_care", "volunteer_patrol", "volunteer_clean")
    met = neighbours.meet(hub, KEEPER, OTHER)
    found = rows.topics(ANYBODY, town.COMMUNITY)
    assert met.members == rows.members(town.COMMUNITY) == len(neighbours.MEMBERS)
    assert met.topics + 1 == len(found)
    assert sorted(one["kind"] for one in found) == ["notice", "notice", "topic", "topic", "topic", "topic", "vote"]
    vote = next(one["id"] for one in found if one["kind"] == "vote")
    assert sum(rows.counted(ANYBODY, vote).values()) == 6
    assert [one["title"] for one in found if one["report"]] == [neighbours.FILED[0]]
    tasks = volunteering.tasks(ANYBODY, town.COMMUNITY)
    assert met.tasks == len(tasks)
    assert sorted(one["came"] for one in tasks) == [0, 0, 0, 2, 2]
    counts = points.counts(ANYBODY, town.COMMUNITY)
    assert counts == {"ceiling": 1, "reversed": 1, "appealed": 1}
    assert points.sums(ANYBODY, town.COMMUNITY)["used"] == (-5, 1)
