"""社区 the community through the hub: members and their links, what is said and voted, and topics that become cases."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from zhongshu.data import community as rows
from zhongshu.data import points as accounts
from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.hub import community_rules as rules
from zhongshu.hub import points
from zhongshu.hub.community_facts import told
from zhongshu.hub.community_rules import Speaker, Turn
from zhongshu.hub.judge.address_features import fold_address
from zhongshu.hub.judge.address_parts import numerals
from zhongshu.hub.sense.normalise import Intake, clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub

SOURCE = "community"
"""Sender of the reports that topics become; the topic is the key, so it becomes one case."""


def _said(hub: Hub, kind: Kind, subject: int, place: str, said: tuple[Speaker, Mapping[str, Any]]) -> Fact:
    """One fact, written: inside the caller's transaction, as its last statement."""
    fact = told(hub, kind, (subject, place), said)
    write.append([fact])
    return fact


def mark(phone: str) -> str:
    """A digest of a telephone number under this installation's key: it tells two numbers apart and none back."""
    digits = "".join(one for one in phone if one.isdigit())
    if not 7 <= len(digits) <= 15:
        raise BadInput(f"phone: found {len(digits)} digits, expected a telephone number / 请填写本人电话号码")
    return _digest(f"community:{digits}")


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


_PARTS = re.compile(r"号楼|号|栋|幢|座|弄|单元|门|层|楼|室|房|户|[-—－#.,，、/\\]")


def household_mark(place: str, address: str) -> str:
    """住户印记: the same for an address in a community; 三号楼2单元501室 and 3-2-501 are one. "" for no address."""
    plain = _PARTS.sub(" ", numerals(fold_address(address))).casefold().split()
    return _digest(f"household:{place}:{' '.join(plain)}") if plain else ""


def admit(hub: Hub, viewer: Viewer, given: Mapping[str, Any]) -> tuple[int, int, bool]:
    """发放凭证: somebody whom this post met gets a link; one telephone number is one member of a community.

    `given` has kind, name (of a firm or body), phone and the address of the household, without which a resident earns
    no points. The member, the serial of his new link, and whether he is new: a number that is known gets a new link,
    and the old one opens nothing any more. Raises BadInput, IllegalMove.
    """
    if not rules.keeps(viewer, viewer.place):
        raise IllegalMove("for the community's own post / 由本社区工作人员办理")
    kind, name = str(given.get("kind", "")), clean(given.get("name"), 60)
    if kind not in rules.MEMBERS:
        raise BadInput(f"kind: found {kind!r}, expected one of {', '.join(rules.MEMBERS)} / 请选择成员类别")
    if kind != rules.RESIDENT and not name:
        raise BadInput("name: found nothing, expected what the firm or body is called / 请填写单位或组织名称")
    digest, speaker = mark(str(given.get("phone", ""))), Speaker(viewer=viewer)
    home = household_mark(viewer.place, clean(given.get("household"), 80))
    with transaction.atomic(using=ROAD):
        number = hub.ids.take()
        held = rows.claim_mark(viewer.place, digest, number)
        if home:
            accounts.remember_household(held, home)
        if held != number:
            member = rows.member(held, lock=True)
            serial = (member["serial"] if member else 0) + 1
            _said(hub, Kind.MEMBER_MOVED, held, viewer.place, (speaker, {"move": "renew", "serial": serial}))
            return held, serial, False
        called = name if kind != rules.RESIDENT else f"{rows.members(viewer.place) + 1:04}"
        _said(hub, Kind.MEMBER_ADMITTED, number, viewer.place, (speaker, {"kind": kind, "name": called}))
    return number, 1, True


def leave(hub: Hub, viewer: Viewer, member: int) -> None:
    """注销凭证: who moved away takes part no more; what he said stays. Raises NotFound or IllegalMove."""
    with transaction.atomic(using=ROAD):
        held = rows.member(member, lock=True)
        if held is None or not rules.keeps(viewer, held["place"]) or held["left_at"]:
            raise NotFound("there is no such member here / 本社区没有这位成员，或已注销")
        _said(hub, Kind.MEMBER_MOVED, member, held["place"], (Speaker(viewer=viewer), {"move": "leave"}))


def post(hub: Hub, speaker: Speaker, place: str, given: Mapping[str, Any]) -> int:
    """发布: a notice or a vote by the community's post, a topic by a member or the post; its number.

    `given` has kind, title, text, options, voters and closes_at (of a vote). Raises BadInput or IllegalMove.
    """
    kind = str(given.get("kind", ""))
    _may_post(speaker, place, kind)
    title, text = clean(given.get("title"), rules.TITLE), clean(given.get("text"), rules.TEXT)
    if not title:
        raise BadInput("title: found nothing, expected a title / 请填写标题")
    payload: dict[str, Any] = {"kind": kind, "title": title, "text": text, "options": [], "voters": ""}
    payload |= {"closes_at": None, **(_vote(given, hub.clock()) if kind == rules.VOTE else {})}
    with transaction.atomic(using=ROAD):
        number = hub.ids.take()
        _said(hub, Kind.TOPIC_POSTED, number, place, (speaker, payload))
    return number


def _may_post(speaker: Speaker, place: str, kind: str) -> None:
    if kind not in (rules.NOTICE, rules.TOPIC, rules.VOTE):
        raise BadInput(f"kind: found {kind!r}, expected notice, topic or vote / 请选择公告、话题或表决")
    member = speaker.member
    own = bool(member) and member is not None and member["place"] == place and member["left_at"] is None
    if not rules.keeps(speaker.viewer, place) and not (own and kind == rules.TOPIC):
        raise IllegalMove("for members, or the community's post / 请先凭居民凭证进入；公告和表决由社区发布")


def _vote(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    options = [found for one in given.get("options", ()) if (found := clean(one, 60))]
    least, most = rules.OPTIONS
    if not least <= len(set(options)) == len(options) <= most:
        raise BadInput(
            f"options: found {len(options)}, expected {least} to {most} different ones / 选项须为 2 至 8 个且不重复"
        )
    voters = str(given.get("voters") or "residents")
    closes = given.get("closes_at")
    if voters not in rules.VOTERS:
        raise BadInput(f"voters: found {voters!r}, expected one of {', '.join(rules.VOTERS)} / 请选择谁可以表决")
    if not isinstance(closes, datetime) or closes <= now:
        raise BadInput("closes_at: expected a moment to come / 请填写将来的截止时间")
    return {"options": options, "voters": voters, "closes_at": closes.isoformat()}


def _held(topic: int, place: str) -> dict[str, Any]:
    found = rows.topic(topic, lock=True)
    if found is None or found["place"] != place:
        raise NotFound(f"there is no topic {topic} here / 没有这个话题")
    return found


def reply(hub: Hub, speaker: Speaker, place: str, topic: int, text: str) -> int:
    """回帖 by a member or the community's post. Raises BadInput, IllegalMove or NotFound."""
    said = clean(text, rules.TEXT)
    if not said:
        raise BadInput("text: found nothing, expected words / 请写点什么")
    with transaction.atomic(using=ROAD):
        found = _held(topic, place)
        _may_post(speaker, place, rules.TOPIC)
        if found["state"] != "open":
            raise IllegalMove("it is closed / 已隐藏或已结束，不能再回帖")
        return _said(hub, Kind.TOPIC_REPLIED, topic, place, (speaker, {"text": said})).id


def vote(hub: Hub, speaker: Speaker, place: str, topic: int, option: int) -> None:
    """表决: one member, one choice; a later one takes its place while the vote is open."""
    with transaction.atomic(using=ROAD):
        found = _held(topic, place)
        _may_post(speaker, place, rules.TOPIC)
        said = rules.vote_refusal(Turn(found, speaker, hub.clock()), option)
        if said:
            raise IllegalMove(said)
        _said(hub, Kind.BALLOT_CAST, topic, place, (speaker, {"option": option}))


def move(hub: Hub, speaker: Speaker, place: str, target: tuple[int, int], given: Mapping[str, Any]) -> Fact:
    """One of community_rules.MOVES on a topic, or on a reply to it: `target` is (topic, reply or 0).

    Raises BadInput, IllegalMove or NotFound. `file` sends the topic down the ordinary road as a report.
    """
    name = str(given.get("move", ""))
    topic, answer = target
    with transaction.atomic(using=ROAD):
        found = _held(topic, place)
        row = rows.reply(answer, topic) if answer else found
        if row is None:
            raise NotFound(f"there is no reply {answer} here / 没有这条回帖")
        said = rules.refusal(name, Turn(row, speaker, hub.clock()), given)
        if said:
            raise IllegalMove(said)
        payload = {one: clean(given[one], rules.TEXT) for one in ("reason", "text", "ground") if given.get(one)}
        if name == "hide" and payload["ground"] not in rules.GROUNDS:
            raise BadInput(f"ground: expected one of {', '.join(rules.GROUNDS)} / 请选择隐藏依据")
        payload |= _filed(hub, found) if name == "file" else {}
        moved = told(hub, Kind.TOPIC_MOVED, (topic, place), (speaker, {"move": name, "reply": answer, **payload}))
        write.append([moved, *(points.of_adoption(hub, speaker, found, moved) if name == "confirm" else [])])
        return moved


def _filed(hub: Hub, topic: Mapping[str, Any]) -> dict[str, Any]:
    """转办: the topic as a report of its own, once; the case that it became or joined."""
    name = hub.tools.knowledge.names.get(topic["place"], "")
    text = "\n".join(part for part in (topic["title"], topic["text"]) if part)
    one = Intake(SOURCE, f"topic-{topic['id']}", "web", hub.clock(), text, address=name)
    receipt = hub.take_in([one])[0]
    born = (Kind.JUDGED, Kind.UNCLEAR, Kind.MERGED)
    case = next((fact.subject for fact in receipt.facts if fact.kind in born), 0)
    return {"report": receipt.report, "case": case}
