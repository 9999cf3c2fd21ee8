"""The demo's community on a real database: everything through the hub, as anybody would."""

from __future__ import annotations

from tests import town
from zhongshu.bench import neighbours
from zhongshu.data import community as rows
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role

KEEPER = town.viewer(town.COMMUNITY, "office", Role.HANDLER, user=11)
ANYBODY = Viewer("resident", span=town.SCHEME.span(town.COMMUNITY), place=town.COMMUNITY)


def test_neighbours_talk_vote_and_have_something_done(hub: Hub) -> None:
    met = neighbours.meet(hub, KEEPER)
    found = rows.topics(ANYBODY, town.COMMUNITY)
    assert met.members == rows.members(town.COMMUNITY) == len(neighbours.MEMBERS)
    assert met.topics == len(found)
    assert sorted(one["kind"] for one in found) == ["notice", "notice", "topic", "topic", "topic", "vote"]
    vote = next(one["id"] for one in found if one["kind"] == "vote")
    assert sum(rows.counted(ANYBODY, vote).values()) == 6
    assert [one["title"] for one in found if one["report"]] == [neighbours.FILED[0]]
