"""积分 points through the hub: what confirmed acts earn, lines reversed and appealed, points used, reports settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhongshu.data import community as talk
from zhongshu.data import points as rows
from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.hub import community_rules, point_rules
from zhongshu.hub.community_facts import told
from zhongshu.hub.community_rules import Speaker, Turn
from zhongshu.hub.point_rules import Deed, Earned, PointRule
from zhongshu.hub.sense.normalise import clean, whole
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import SYSTEM, Fact, Kind

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub

TURNS = ("hide", "appeal", "restore", "uphold")
"""冲销、申诉、恢复、维持: of a line as of a topic, by the same table."""


@dataclass(frozen=True, slots=True)
class Earning:
    """一件已确认的事: which act about what (`source`: a task or topic), whose, when done, how much, whom it served.

    `cause` is the fact that confirmed it; `rule` names one of several rules of an act; `bar` speaks against it.
    """

    act: str
    source: int
    member: int
    place: str
    at: datetime
    cause: int
    amount: float = 1
    rule: str = ""
    served: tuple[int, ...] = ()
    bar: str = ""


def rules_at(at: datetime) -> list[PointRule]:
    """The rules in force at a moment."""
    names = ("code", "name", "name_en", "act", "points", "month_ceiling", "per_day")
    return [
        PointRule(**{name: row[name] for name in names}, version=row["valid_from"].astimezone(CITY_TIME).isoformat())
        for row in rows.rules(at)
    ]


def reckoned(hub: Hub, speaker: Speaker, one: Earning) -> list[Fact]:
    """The line that a confirmed act becomes, not written yet; none where the pack has no rule for it."""
    known = rules_at(one.at)
    rule = next((each for each in known if each.act == one.act and one.rule in ("", each.code)), None)
    if rule is None:
        return []
    homed, mates = rows.household(one.member, one.place)
    bar = one.bar or ("own_household" if set(mates) & set(one.served) else "" if homed else "no_household")
    day = point_rules.day_of(one.at)
    earlier = [Earned(*each) for each in rows.earlier(mates, rule.code, day)]
    found = point_rules.reckon(rule, Deed(one.member, day, one.amount, bar), earlier)
    line = {"rule": rule.code, "version": rule.version, "act": one.act, "source": one.source, "amount": one.amount}
    line |= {"day": day.isoformat(), "worth": found.worth, "points": found.points, "why": found.why}
    return [told(hub, Kind.POINTS_RECKONED, (one.member, one.place), (speaker, line), one.cause)]


def of_adoption(hub: Hub, speaker: Speaker, topic: Mapping[str, Any], confirmed: Fact) -> list[Fact]:
    """认领办成: counts by the day on which its taker said that it was done."""
    done = [row["at"] for row in talk.timeline(topic["id"]) if row["payload"].get("move") == "done"]
    at = done[-1] if done else confirmed.at
    served = (topic["member"],) if topic["member"] else ()
    one = Earning(point_rules.ADOPT, topic["id"], topic["adopter"], topic["place"], at, confirmed.id, served=served)
    return reckoned(hub, speaker, one)


def move(hub: Hub, speaker: Speaker, place: str, line: int, given: Mapping[str, Any]) -> Fact:
    """One of TURNS on an earned line. Nothing is deleted: a reversal is a line of its own, and so is its end.

    Raises BadInput, IllegalMove or NotFound.
    """
    name = str(given.get("move", ""))
    with transaction.atomic(using=ROAD):
        row = rows.line(line, lock=True)
        if row is None or row["place"] != place or row["entry"] != "earned":
            raise NotFound(f"there is no such line {line} here / 没有这条积分明细")
        if name not in TURNS or not row["points"]:
            raise IllegalMove("nothing of it counted / 这条没有计分，不能这样办理")
        said = community_rules.refusal(name, Turn(row, speaker, hub.clock()), given)
        if said:
            raise IllegalMove(said)
        ground = str(given.get("ground", "")) if name == "hide" else ""
        if name == "hide" and ground not in point_rules.GROUNDS:
            raise BadInput(f"ground: expected one of {', '.join(point_rules.GROUNDS)} / 请选择冲销依据")
        words = {one: clean(given.get(one), community_rules.TEXT) for one in ("reason", "text")}
        change = {"hide": -row["points"], "restore": row["points"]}.get(name, 0)
        of = {one: row[one] for one in ("rule", "version", "act", "source", "day")}
        payload = {"move": name, "line": line, "points": change, "ground": ground, **words, **of}
        fact = told(hub, Kind.POINTS_MOVED, (row["member"], place), (speaker, payload), line)
        write.append([fact])
        return fact


def use(hub: Hub, viewer: Viewer, member: int, given: Mapping[str, Any]) -> Fact:
    """兑换: the post notes that a member used so many `points` for `text`. Raises BadInput, IllegalMove or NotFound."""
    amount = str(given.get("points", ""))
    text = clean(given.get("text"), 200)
    if not text:
        raise BadInput("text: found nothing, expected what the points were used for / 请填写兑换了什么")
    with transaction.atomic(using=ROAD):
        held = talk.member(member, lock=True)
        if held is None or not community_rules.keeps(viewer, held["place"]):
            raise NotFound("there is no such member here / 本社区没有这位成员")
        wanted = whole(amount) or 0
        said = point_rules.use_refusal(rows.balance(member), wanted)
        if said:
            raise IllegalMove(said)
        payload = {"points": wanted, "text": text, "day": point_rules.day_of(hub.clock()).isoformat()}
        fact = told(hub, Kind.POINTS_USED, (member, held["place"]), (Speaker(viewer=viewer), payload))
        write.append([fact])
        return fact


_GOOD = ("closed", "archived")


def settle(hub: Hub) -> int:
    """上报记分: topics that became cases which have ended by now: found true by the official road, or not."""
    settled = 0
    for row in rows.ready():
        with transaction.atomic(using=ROAD):
            talk.topic(row["id"], lock=True)
            settled += _settled(hub, row["id"])
    return settled


def _settled(hub: Hub, topic: int) -> int:
    # Read again under the lock: somebody else may have settled it meanwhile.
    row = next(iter(rows.ready(1, topic)), None)
    if row is None:
        return 0
    bar = ("duplicate" if row["again"] else "") if row["case_state"] in _GOOD else "untrue"
    about = (row["member"], row["place"], row["at"], row["ended"] or 0)
    facts = reckoned(hub, Speaker(), Earning(point_rules.REPORT, topic, *about, bar=bar))
    write.append([replace(fact, actor=SYSTEM) for fact in facts])
    return len(facts)
