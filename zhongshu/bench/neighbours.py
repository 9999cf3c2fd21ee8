"""示范邻里 the demo's community: members, notices, a vote, topics, and what waits for its grid officer, all by the hub.

Everything goes the way it goes for anybody: people are admitted, post, vote and report through the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from zhongshu.data import community as rows
from zhongshu.data import nearby
from zhongshu.hub import community
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer

Say = Callable[[str], None]

MEMBERS = (
    ("resident", ""),
    ("resident", ""),
    ("resident", ""),
    ("resident", ""),
    ("resident", ""),
    ("resident", ""),
    ("firm", "街角便利店（示范）"),
    ("body", "业主委员会（示范）"),
)
NOTICES = (
    ("二次供水水箱清洗停水通知", "本周六 9:00 至 17:00 清洗水箱，请提前储水。"),
    ("消防通道清理告知", "下周一起清理占用楼道和消防通道的杂物，请自行移走。"),
)
VOTE = ("电动自行车充电棚放在哪里", ("小区东门旁", "原自行车棚", "西侧空地"), (0, 0, 1, 0, 2, 0))
"""Title, choices, and what each resident chose."""
TOPICS = (
    (
        "傍晚广场舞声音能不能小一点",
        "孩子写作业受影响，希望八点后停。",
        ("我家也听得见，建议换到东门广场。", "社区已约两支舞队商量。"),
    ),
    ("想要一个旧衣回收箱", "放在快递柜旁边就好。", ("支持。",)),
)
FILED = ("三号楼楼道灯坏了一周", "二到四层都不亮，晚上老人下楼危险。")
"""The topic that its author has done by the administration."""
SEEN = (
    ("擅自饲养家禽家畜", "有人在天台养鸡，气味大，早上打鸣"),
    ("无证掘路", "围墙外路面被挖开，没有公示牌"),
)
"""Class and words of reports that somebody goes and looks at: the grid officer."""
FROM = "community-desk"


@dataclass(frozen=True, slots=True)
class Met:
    """What there is afterwards."""

    members: int
    topics: int
    reports: int


def meet(hub: Hub, keeper: Viewer) -> Met:
    """Let the community that `keeper` works for talk, and its streets be looked at. Raises what the hub raises."""
    people = [_member(hub, keeper, number, *one) for number, one in enumerate(MEMBERS)]
    return Met(len(people), _talk(hub, keeper, people), _look(hub, keeper))


def _member(hub: Hub, keeper: Viewer, number: int, kind: str, name: str) -> Speaker:
    given = {"kind": kind, "name": name, "phone": f"00001{number:06}"}
    member, _serial, _new = community.admit(hub, keeper, given)
    return Speaker(member=rows.member(member))


def _talk(hub: Hub, keeper: Viewer, people: list[Speaker]) -> int:
    desk, here = Speaker(viewer=keeper), keeper.place
    for title, text in NOTICES:
        community.post(hub, desk, here, {"kind": "notice", "title": title, "text": text})
    title, options, chosen = VOTE
    closes = hub.clock() + timedelta(days=7)
    given = {"kind": "vote", "title": title, "options": list(options), "closes_at": closes}
    ballot = community.post(hub, desk, here, given)
    for voter, option in zip(people, chosen, strict=False):
        community.vote(hub, voter, here, ballot, option)
    for number, (title, text, answers) in enumerate(TOPICS):
        topic = community.post(hub, people[number], here, {"kind": "topic", "title": title, "text": text})
        for answer, speaker in zip(answers, (people[number + 2], desk), strict=False):
            community.reply(hub, speaker, here, topic, answer)
    title, text = FILED
    filed = community.post(hub, people[0], here, {"kind": "topic", "title": title, "text": text})
    community.move(hub, people[0], here, (filed, 0), {"move": "file"})
    return len(NOTICES) + 1 + len(TOPICS) + 1


def _look(hub: Hub, keeper: Viewer) -> int:
    """Reports from the community's own streets of classes that are verified on the spot before they are filed."""
    knowledge, here = hub.tools.knowledge, keeper.place
    codes = {one.name: code for code, one in sorted(knowledge.categories.items()) if one.verify}
    spot = nearby.centres(knowledge.scheme.span(here)).get(here)
    where = {"lon": spot[0], "lat": spot[1]} if spot else {}
    name = knowledge.names.get(here, "")
    taken = [
        normalise(
            {"text": f"{name}{text}", "address": name, "category": codes[kind], "channel": "phone", "source": FROM}
            | {"key": kind, "merge": "off", **where},
            hub.clock(),
        )
        for kind, text in SEEN
        if kind in codes
    ]
    return len(hub.take_in(taken)) if taken else 0


def begin(hub: Hub, say: Say) -> None:
    """The demo's own: the community of the demo accounts."""
    from zhongshu.data.people import in_post

    say("  邻里议事 · neighbours talk")
    met = meet(hub, in_post("community-handler"))
    say(f"    {met.members} 位成员、{met.topics} 个话题、{met.reports} 件待核实 · members, topics, reports to verify")
