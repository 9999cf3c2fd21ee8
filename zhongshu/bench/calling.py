"""呼应中的人 calling: the made-up city's streets call, the departments come, the caller scores; orders are obeyed.

As everybody else in living.py they use the hub's front door, and what a post may not do is refused to them too.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from PIL import Image

from zhongshu.data import attachments, cases, convening
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE, Matter
from zhongshu.kernel.desk import Unit
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen.photos import Photo

CALLS = 0.3
"""Chance per hour that some street calls (default, no figure known)."""
ORDERS = 0.06
"""Chance per hour that the city issues a directive (default, no figure known)."""
DEAF = 0.08
"""Share of units that answer nothing: their calls go up by themselves."""

PACE: Mapping[str, float] = {
    "notified": 0.85,
    "acknowledged": 0.8,
    "arrived": 0.5,
    "acted": 0.5,
    "released": 0.6,
    "sent": 0.8,
    "received": 0.2,
    "executed": 0.3,
    "excepted": 0.3,
}
"""Chance per hour of the next step of one unit."""

LINES = ("urban_management", "drainage", "housing", "market", "environment", "fire")
LEADERS = frozenset({"command", "leading_group", "party", "hotline"})
WORDS = ("到得快，处置得力", "基本到位", "来得晚", "全程盯到办结", "只来了一个人")
TEXTS = (
    "街道力量不足，请到场联合处置",
    "夜间占道经营反复，请联合执法",
    "小区外墙脱落，请专业力量到场",
    "排水口堵塞，请派抽排设备",
)
ORDERED = (
    ("order", "今夜巡查低洼点位并逐点报照片"),
    ("ban", "大风期间停止室外高空作业"),
    ("order", "两日内清查出租屋消防通道"),
)


class Staffed(Protocol):
    """Who stands for a unit (bench.living.Staff)."""

    def viewer(self, unit: Unit, role: Role) -> Viewer: ...
    def at(self, level: Level, kind: str, place: str) -> Unit | None: ...


@dataclass(slots=True)
class Callers:
    """呼与应的人: begins calls and directives now and then, and takes the next step of those that are open."""

    hub: Hub
    staff: Staffed
    dice: random.Random

    def work(self, hours: float, rows: Sequence[Mapping[str, Any]]) -> int:
        """What happens within `hours`, about some of these open cases; returns how many moves were made."""
        done = 0
        if rows and self.dice.random() < 1 - (1 - CALLS) ** hours:
            done += self._called(self.dice.choice(rows))
        if self.dice.random() < 1 - (1 - ORDERS) ** hours:
            done += self._directed()
        for matter in (CALL, DIRECTIVE):
            for row in self._open(matter):
                done += sum(self._step(matter, row, part, hours) for part in row["parts"])
        return done

    def _open(self, matter: Matter[Any]) -> Iterator[dict[str, Any]]:
        city = self.staff.at(Level.CITY, "command", "")
        found = convening.listed(self.staff.viewer(city, Role.CHIEF), matter, "all") if city else []
        yield from (row for row in found if row["state"] == matter.opens)

    def _called(self, row: Mapping[str, Any]) -> int:
        street = self.staff.at(Level.STREET, "office", row["place"]) if row["place"] else None
        if street is None:
            return 0
        case = cases.rows([row["id"]])[row["id"]]
        wanted = self.staff.at(Level.DISTRICT, self.dice.choice(LINES), row["place"])
        given = {name: case[name] for name in ("lon", "lat", "place", "address") if case[name] not in (None, "")}
        given |= {"units": [wanted.code]} if wanted and self.dice.random() < 0.8 else {}
        given |= {"kind": "street", "urgent": self.dice.random() < 0.4, "text": self.dice.choice(TEXTS)}
        given |= {"authority": "街乡吹哨（示范）", "leave": "事毕、现场恢复", "cases": [case["id"]]}
        return self._made(self.staff.viewer(street, Role.CHIEF), Kind.CALLED, given)

    def _directed(self) -> int:
        city = self.staff.at(Level.CITY, "command", "")
        form, text = self.dice.choice(ORDERED)
        given = {"form": form, "text": text, "authority": "市防汛防旱应急预案（示范）", "units": ["district/command"]}
        return self._made(self.staff.viewer(city, Role.CHIEF), Kind.DIRECTED, given) if city else 0

    def _step(self, matter: Matter[Any], row: Mapping[str, Any], part: Mapping[str, Any], hours: float) -> int:
        """The next step of one unit, by itself or by who began the matter; some units are deaf."""
        deaf = part["state"] in ("notified", "sent") and random.Random(part["id"]).random() < DEAF
        chance = 0.0 if deaf else 1 - (1 - PACE.get(part["state"], 0.0)) ** hours
        units = self.hub.tools.knowledge.units
        if self.dice.random() >= chance or part["unit"] not in units or row[matter.owner] not in units:
            return 0
        own, owner = units[part["unit"]], units[row[matter.owner]]
        kind, given = self._next(part, row)
        mine = "unit" in matter.arrows[kind].fields
        viewer = self.staff.viewer(owner, Role.CHIEF) if mine else self._in(own)
        return self._made(viewer, kind, given | ({"unit": own.code} if mine else {}), row["id"])

    def _in(self, unit: Unit) -> Viewer:
        return self.staff.viewer(unit, Role.CHIEF if unit.kind in LEADERS else Role.HANDLER)

    def _next(self, part: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
        steps: Mapping[str, tuple[Kind, dict[str, Any]]] = {
            "notified": (Kind.CALL_ACKNOWLEDGED, {}),
            "acknowledged": (Kind.CALL_ARRIVED, {}),
            "arrived": (Kind.CALL_ACTED, {"result": "已到场处置，现场恢复"}),
            "acted": (Kind.CALL_RELEASED, {}),
            "released": (Kind.CALL_SCORED, self._score(part)),
            "sent": (Kind.DIRECTIVE_RECEIVED, {}),
            "received": (Kind.DIRECTIVE_EXECUTED, {"result": "已按要求执行"}),
            "executed": (Kind.PROOF_ACCEPTED, {}),
            "excepted": (Kind.EXCEPTION_GRANTED, {"reason": "情况属实"}),
        }
        kind, given = steps[part["state"]]
        return kind, given | (self._there(row) if kind == Kind.CALL_ARRIVED else {})

    def _score(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """Who came late gets less."""
        best = 3 if part["missed"] else 5
        return {"score": max(1, best - self.dice.choice((0, 0, 0, 1, 2))), "word": self.dice.choice(WORDS)}

    def _there(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A picture, and where it was taken: a few dozen metres off, or unknown."""
        shade = self.dice.randrange(80, 200)
        held = io.BytesIO()
        Image.new("RGB", (320, 240), (shade, shade, 120)).save(held, "JPEG")
        photo, content = self.hub.ids.take(), held.getvalue()
        attachments.store([photo], [Photo("示范现场.jpg", "image/jpeg", content, sha256(content).hexdigest())])
        if row["lon"] is None or self.dice.random() < 0.1:
            return {"photos": [photo], "reason": "示范：现场无定位信号"}
        off = self.dice.uniform(-0.0008, 0.0008)
        return {"photos": [photo], "lon": round(row["lon"] + off, 6), "lat": round(row["lat"] - off, 6)}

    def _made(self, viewer: Viewer, kind: Kind, given: Mapping[str, Any], subject: int = 0) -> int:
        try:
            return len(self.hub.convene(viewer, kind, given, subject))
        except (IllegalMove, BadInput):
            return 0
