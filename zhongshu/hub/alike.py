"""相似事项 alike: open matters near a report that is being written, which its writer may join instead of a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhongshu.data import attachments, cases
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.emergency import emergency
from zhongshu.hub.judge.joining import SAID, near
from zhongshu.hub.judge.merge import verdicts
from zhongshu.hub.judge.needs import needs
from zhongshu.hub.sense.normalise import Intake, normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import State
from zhongshu.kernel.places import Place, Probe

__all__ = ["MOST", "SAID", "Alike", "alike", "early", "excerpt", "join", "joined_to", "pictures", "seen"]

MOST = 3
"""So many are shown: whoever reads more no longer compares."""
EARLY = frozenset({State.JUDGED, State.UNCLEAR, State.DECIDED, State.UNDECIDED, State.DISPATCHED})
"""While nobody has begun to work on it, a case may still go into another at its reporter's word."""


@dataclass(frozen=True, slots=True)
class Alike:
    """一件相似的事: `score` 0..1 ranks; `metres` from the place of the report, None where one isn't known."""

    case: int
    score: float
    metres: float | None
    hours: float


def alike(hub: Hub, raw: Mapping[str, Any], most: int = MOST) -> list[Alike]:
    """The open cases near by that this report may be about, the likeliest first; nothing is written.

    The same neighbours and the same verdicts as the road's own merging. BadInput as for a real report.
    """
    desk = hub.desk()
    one = normalise(raw, desk.now())
    place = desk.locate([Place(one.lon, one.lat, one.address)], [one.text])[0]
    probe = Probe(one.text, one.at, place)
    found = desk.neighbours([probe])()[0]
    rows = desk.knowledge.emergencies
    if emergency(one.text, rows):
        found = [other for other in found if emergency(other.text, rows)]
    category = desk.classify([one.text])[0].category
    known = {other.case: other for other in found}
    ranked = sorted(verdicts([probe], [category], [found])[0], key=lambda said: (said.kind == "merge", said.score))
    return [
        Alike(said.case, said.score, known[said.case].metres, known[said.case].hours) for said in ranked[::-1][:most]
    ]


_CLAUSE = re.compile(r"[，,。；;！!？?\n]+")
_PERSONAL = re.compile(
    r"\d{3,}|[@＠]|\d+\s*(?:栋|幢|座|号楼|单元|室|房|楼)|[\u4e00-\u9fff]牌?[A-Z][A-Z0-9]{4,6}|[我俺咱家妈爸父母爷奶婆孩儿孙夫妻]"
    r"|老人|先生|女士|小姐|师傅|阿姨|叔|大爷|大妈|老板|经理|主任|医生|老师|护士|司机|姓|名叫|叫做|某|患|病|残|孕|怀|低保|离婚|债|工资|身份证|电话|微信|手机"
)
"""What may tell who spoke, of whom, or from which door: a clause with it is never shown to a stranger."""
EXCERPT = 60


def excerpt(text: str, asked: str) -> str:
    """What a stranger may read of a report: its impersonal clauses that say what he himself has said; "" for none.

    At most EXCERPT characters. A clause without a word in common with `asked` is left out: it would tell him
    something new about somebody, and would not help him to know the matter again.
    """
    own = _pairs(asked)
    clauses = [clause.strip() for clause in _CLAUSE.split(text[:1000])]
    kept = [one for one in clauses if one and not _PERSONAL.search(one) and own & _pairs(one)]
    return "，".join(kept)[:EXCERPT]


def _pairs(text: str) -> set[str]:
    runs = re.findall(r"\w{2,}", text)
    return {run[n : n + 2] for run in runs for n in range(len(run) - 1)}


PICTURES = 2
"""Photos of one case that a stranger may see."""


def pictures(of: Sequence[int], knowledge: Knowledge) -> dict[int, list[int]]:
    """Case -> the photos that a stranger may see, at most PICTURES: consented, of open cases that are not delicate.

    What is delicate says the city's list (lexicon.csv, kind discreet): complaints against somebody, wishes for secrecy,
    people in need. A city without such a list shows no photo at all.
    """
    if not knowledge.words.discreet:
        return {}
    found: dict[int, list[int]] = {}
    discreet: set[int] = set()
    for case, photo, words in attachments.consented(of):
        found.setdefault(case, []).append(photo)
        if any(word in words for word in knowledge.words.discreet) or needs(words, knowledge.words).special:
            discreet.add(case)
    return {case: photos[:PICTURES] for case, photos in found.items() if case not in discreet}


def seen(case: int, photo: int, knowledge: Knowledge) -> bytes | None:
    """The bytes of a photo that `pictures` names at this moment; None for any other."""
    return attachments.shown_content(photo) if photo in pictures([case], knowledge).get(case, ()) else None


def joined_to(one: Intake, case: int | None) -> Intake:
    """The report with the case that its reporter named; the road looks whether it can still be joined."""
    return replace(one, joins=case) if case else one


def early(row: Mapping[str, Any]) -> bool:
    """Whether a case of one report may still go into another at its reporter's word."""
    return State(row["state"]) in EARLY and row["reports"] == 1


def join(hub: Hub, viewer: Viewer, report: int, case: int) -> list[Fact]:
    """A report that was taken in goes into another case because its reporter says so; its own case ends in that one.

    IllegalMove when somebody already works on its own case, when the other is closed, or too far away: then it stays
    where it is.
    """
    found = cases.report_row(report)
    own = cases.rows([found["case"]]) if found and found["case"] else {}
    if not found or not own:
        raise NotFound("there is no such report / 没有这条反映")
    other = cases.rows([case]).get(case)
    if other is None or not early(own[found["case"]]) or not near(Place(found["lon"], found["lat"]), other):
        raise IllegalMove("this report can't be joined any more / 这条反映已在办理，不能再并入")
    return hub.act(viewer, case, Kind.MERGED, {"report": report, "said": "reporter"})
