"""示范邻里 the demo's community: members, notices, a vote, topics, volunteers, and what waits for its grid officer.

Everything goes the way it goes for anybody: people are admitted, post, vote, volunteer and report through the hub.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhongshu.data import community as rows
from zhongshu.data import nearby
from zhongshu.data import points as accounts
from zhongshu.hub import community, points, volunteering
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME

Say = Callable[[str], None]

MEMBERS = (
    ("resident", "", "1号楼1单元101室"),
    ("resident", "", "1号楼1单元101室"),
    ("resident", "", "1号楼2单元203室"),
    ("resident", "", "2号楼1单元302室"),
    ("resident", "", "2号楼1单元401室"),
    ("resident", "", ""),
    ("firm", "街角便利店（示范）", ""),
    ("body", "业主委员会（示范）", ""),
)
"""Kind, name and address of the household: the first two live together."""
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
CARE = "volunteer_care"
DONE_TASKS = (("陪独居老人就医（示范）", 9, (0, 2)), ("给行动不便的老人送餐（示范）", 14, (1, 3)))
"""Tasks of three hours five days ago: title, hour of the day, who came. The first two members earn as one."""
LATE_TASK = ("楼道巡护（示范）", (3, 4))
"""Over since yesterday; who came is not confirmed yet."""
OPEN_TASK = ("周末清洁小花园（示范）", (2, 7))
OFF_TASK = ("露天电影维持秩序（示范）", "天气预报有雨")
FIXED = ("小花园长椅松了", "坐上去会晃，老人容易摔。")
"""The topic that the firm takes on and two neighbours look at."""


@dataclass(frozen=True, slots=True)
class Met:
    """What there is afterwards."""

    members: int
    topics: int
    reports: int
    tasks: int


def meet(hub: Hub, keeper: Viewer, other: Viewer) -> Met:
    """Let the community that `keeper` and `other` work for talk and volunteer, and its streets be looked at.

    Raises what the hub raises.
    """
    people = [_member(hub, keeper, number, *one) for number, one in enumerate(MEMBERS)]
    return Met(len(people), _talk(hub, keeper, people), _look(hub, keeper), _serve(hub, keeper, other, people))


def _member(hub: Hub, keeper: Viewer, number: int, *about: str) -> Speaker:
    kind, name, household = about
    given = {"kind": kind, "name": name, "phone": f"00001{number:06}", "household": household}
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


def _serve(hub: Hub, keeper: Viewer, other: Viewer, people: list[Speaker]) -> int:
    """Tasks done, late, to come and called off; points, one refused by a ceiling, one reversed; none without rules."""
    today = hub.clock().astimezone(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    long_ago = today - timedelta(days=5)
    if not any(one.code == CARE for one in points.rules_at(long_ago)):
        return 0
    for title, hour, who in DONE_TASKS:
        task = _task(hub, keeper, (title, CARE), long_ago + timedelta(hours=hour), [people[n] for n in who])
        after = replace(hub, clock=lambda: long_ago + timedelta(hours=18))
        for n in who:
            given = {"move": "came", "member": str(people[n].number), "hours": "3"}
            volunteering.move(after, Speaker(viewer=other), keeper.place, task, given)
    title, who = LATE_TASK
    _task(hub, keeper, (title, "volunteer_patrol"), today - timedelta(hours=6), [people[n] for n in who])
    title, who = OPEN_TASK
    _task(hub, keeper, (title, "volunteer_clean"), today + timedelta(days=3, hours=9), [people[n] for n in who])
    title, reason = OFF_TASK
    off = _task(hub, keeper, (title, "volunteer_patrol"), today + timedelta(days=4, hours=19), [])
    volunteering.move(hub, Speaker(viewer=keeper), keeper.place, off, {"move": "cancel", "reason": reason})
    _mend(hub, keeper, people)
    _undo(hub, keeper, people[2])
    points.use(hub, keeper, people[0].number, {"points": "5", "text": "理发一次（示范）"})
    return len(DONE_TASKS) + 3


def _task(hub: Hub, keeper: Viewer, about: tuple[str, str], begins: datetime, who: list[Speaker]) -> int:
    """Put up the day before it begins, and enrolled in at once."""
    title, rule = about
    before = replace(hub, clock=lambda: min(begins - timedelta(days=1), hub.clock()))
    given = {"title": title, "text": "", "spot": "社区党群服务站（示范）", "rule": rule, "wanted": "5"}
    task = volunteering.post(before, keeper, {**given, "begins_at": begins, "ends_at": begins + timedelta(hours=3)})
    for one in who:
        volunteering.move(before, one, keeper.place, task, {"move": "enrol"})
    return task


def _mend(hub: Hub, keeper: Viewer, people: list[Speaker]) -> None:
    """A bench that the firm mends; one neighbour's look is settled, one waits."""
    here, desk, firm = keeper.place, Speaker(viewer=keeper), people[6]
    title, text = FIXED
    topic = community.post(hub, people[4], here, {"kind": "topic", "title": title, "text": text})
    for move, said in (("adopt", "本店来修。"), ("done", "已拧紧。")):
        community.move(hub, firm, here, (topic, 0), {"move": move, "text": said})
    for one in (people[3], people[2]):
        volunteering.look(hub, one, here, topic, {"done": "1", "text": "坐上去不晃了。"})
    volunteering.settle(hub, desk, here, (topic, people[3].number), {"accepted": "1"})
    community.move(hub, desk, here, (topic, 0), {"move": "confirm", "text": "到现场看过。"})


def _undo(hub: Hub, keeper: Viewer, member: Speaker) -> None:
    """A line that is reversed and appealed: it waits for somebody else to hear it."""
    line = next(row for row in accounts.account(member.number) if row["entry"] == "earned" and row["points"])
    given = {"move": "hide", "ground": "not_done", "reason": "中途离开，没有陪到就医结束。"}
    points.move(hub, Speaker(viewer=keeper), keeper.place, line["id"], given)
    points.move(hub, member, keeper.place, line["id"], {"move": "appeal", "text": "老人由家属接走，我到家后才离开。"})


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
    met = meet(hub, in_post("community-handler"), in_post("community-checker"))
    say(f"    {met.members} 位成员、{met.topics} 个话题、{met.reports} 件待核实 · members, topics, reports to verify")
    say(f"    {met.tasks} 个志愿任务 · volunteer tasks")
