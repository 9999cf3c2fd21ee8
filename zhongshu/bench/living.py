"""生活 living: the made-up city's people at work, for the demo and for measuring under a real mix of work.

They use the hub as everybody does: reports come in through the front door, moves are made from posts, and what a post
may not do is refused to them too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhongshu.bench.calling import Callers
from zhongshu.data import cases
from zhongshu.hub import hot
from zhongshu.hub.hub import Hub, Move
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge, Unit
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role, State
from zhongshu.kernel.places import EVERYWHERE, Level

SOURCES = ("demo",)
"""These people work on what the made-up city reported, and leave a visitor's own reports to the visitor."""
GROUP = 200
"""Reports or moves in one transaction."""

GATHERED = 16
"""The hour (UTC) at which a day's cases are gathered into issues: once a day is enough for what has passed."""

PACE: Mapping[str, float] = {
    State.UNCLEAR: 0.5,
    State.VERIFYING: 0.3,
    State.UNDECIDED: 0.3,
    State.DISPATCHED: 0.35,
    State.HANDLING: 0.02,
    State.HUNG: 0.002,
    State.CHECKING: 0.12,
    State.CALLING: 0.12,
}
"""Chance per hour that somebody takes the next step: a case lives some days, some run late (domain.md §10)."""

SPEAKING = 0.25
"""Chance per hour that who has signed speaks to the reporter."""

RESULTS = (
    "经现场核实，{matter}情况属实，已于当日处理完毕，现场恢复正常。联系电话：0000-12345678。",
    "经核查，{matter}系设施老化所致，已联系权属单位整改，预计本月底前完成。",
    "已安排人员清理{matter}并每日巡查",
    "{matter}已办",
    "您好，来信收悉，我们高度重视，感谢您的支持。",
)
"""Replies as different as real ones: whole ones first, empty ones last."""
WEIGHTS = (45, 25, 20, 7, 3)
DESPITE = "已电话告知详情"
"""Said by whoever sends an empty reply all the same."""
MORE_TIME = "需协调产权单位进场，申请延期两个工作日"
NO_MONEY = "需列入年度维修资金计划"
RETURN_REASON = "现场核实不属本单位职责，建议改派"


@dataclass(slots=True)
class Staff:
    """在岗人员: people of the made-up city, one for each unit and role, with user numbers nobody real has."""

    knowledge: Knowledge
    numbers: dict[str, int] = field(default_factory=dict)

    def viewer(self, unit: Unit, role: Role) -> Viewer:
        post = f"{unit.code}-{role}"
        number = self.numbers.setdefault(post, -1 - len(self.numbers))
        span = EVERYWHERE if unit.level is Level.CITY else self.knowledge.scheme.span(unit.place)
        return Viewer(post, unit.name, unit.code, unit.level, unit.place, span, frozenset({role}), number)

    def at(self, level: Level, kind: str, place: str) -> Unit | None:
        """The unit of a kind that serves a place at a level."""
        code = self.knowledge.scheme.at(place or self.knowledge.city, level)
        return self.knowledge.units.get(self.knowledge.unit_at.get((code, kind), ""))

    def centre(self, place: str, role: Role) -> Viewer | None:
        """Someone of the nearest centre, the district's, else the city's: who checks is of the supervision's."""
        kind = "supervision" if role is Role.CHECKER else "command"
        level = Level.DISTRICT if place else Level.CITY
        unit = self.at(level, kind, place) or self.at(Level.CITY, kind, place)
        return self.viewer(unit, role) if unit else None


@dataclass(slots=True)
class Workers:
    """Decides who does what next, by chance and pace; makes no move itself."""

    staff: Staff
    dice: random.Random

    def moves(self, rows: Sequence[Mapping[str, Any]], hours: float) -> Iterator[Move]:
        """The next steps taken within `hours`, one at most per case."""
        for row in rows:
            pace = SPEAKING if row["unspoken"] else PACE.get(row["state"], 0.0)
            chance = 1 - (1 - pace) ** hours
            if self.dice.random() < chance:
                move = self._next(row)
                if move:
                    yield move

    def _next(self, row: Mapping[str, Any]) -> Move | None:
        step = {
            State.UNCLEAR: self._classify,
            State.VERIFYING: self._verify,
            State.UNDECIDED: self._rule,
            State.DISPATCHED: self._sign,
            State.HANDLING: self._handle,
            State.HUNG: self._resume,
            State.CHECKING: self._check,
            State.CALLING: self._call,
        }[State(row["state"])]
        return step(row)

    def _by(self, viewer: Viewer | None, row: Mapping[str, Any], kind: Kind, **payload: Any) -> Move | None:
        return Move(viewer, row["id"], kind, payload) if viewer else None

    def _classify(self, row: Mapping[str, Any]) -> Move | None:
        """The operator takes the model's first guess; a real one would sometimes know better."""
        city = self.staff.at(Level.CITY, "hotline", "") or self.staff.at(Level.CITY, "command", "")
        known = row["category"] in self.staff.knowledge.categories
        viewer = self.staff.viewer(city, Role.OPERATOR) if city and known else None
        return self._by(viewer, row, Kind.CLASSIFIED, category=row["category"])

    def _verify(self, row: Mapping[str, Any]) -> Move | None:
        """Nine in ten are as they were reported."""
        checker = self.staff.centre(row["place"], Role.CHECKER)
        if self.dice.random() < 0.1:
            return self._by(checker, row, Kind.NOT_FILED, reason="现场核实未发现所反映的问题")
        return self._by(checker, row, Kind.VERIFIED, text="现场核实属实")

    def _rule(self, row: Mapping[str, Any]) -> Move | None:
        host = self.staff.at(Level.DISTRICT, "urban_management", row["place"]) if row["place"] else None
        host = host or self.staff.at(Level.CITY, "command", "")
        viewer = self.staff.centre("", Role.ARBITER)
        if host and row.get("returned", 0) > 1 and not row.get("met"):
            units = [unit for unit in (host.code, row["host"]) if unit]
            return self._by(viewer, row, Kind.MEETING_HELD, attendees=units, minutes="现场会商一致")
        return self._by(viewer, row, Kind.RULED, host=host.code, reason="经会商由其牵头") if host else None

    def _handler(self, row: Mapping[str, Any]) -> Viewer | None:
        unit = self.staff.knowledge.units.get(row["host"])
        return self.staff.viewer(unit, Role.HANDLER) if unit else None

    def _sign(self, row: Mapping[str, Any]) -> Move | None:
        if self.dice.random() < 0.06:
            return self._by(self._handler(row), row, Kind.RETURNED, reason=RETURN_REASON)
        return self._by(self._handler(row), row, Kind.SIGNED)

    def _handle(self, row: Mapping[str, Any]) -> Move | None:
        """Done, or asked for: more time, or to be hung until there is money. About every second request is granted."""
        handler, luck = self._handler(row), self.dice.random()
        if row["unspoken"]:
            return self._by(handler, row, Kind.CONTACTED, text="已与诉求人联系，约定上门时间")
        if row["asked"]:
            granted = {Kind.EXTENSION_ASKED: Kind.EXTENDED, Kind.HANG_ASKED: Kind.HUNG}.get(row["asked"][0])
            chief = self.staff.centre(row["place"], Role.CHIEF)
            return self._by(chief, row, granted) if granted and luck < 0.5 else None
        if luck < 0.03:
            return self._by(handler, row, Kind.EXTENSION_ASKED, reason=MORE_TIME, extra_minutes=960)
        if luck < 0.045:
            review = f"{row['opened_at'] + timedelta(days=45):%Y-%m-%d}"
            asked = {"reason_code": "budget", "reason": NO_MONEY, "review_on": review, "owner": "分管负责人"}
            return self._by(handler, row, Kind.HANG_ASKED, **asked)
        return self._by(handler, row, Kind.HANDLED, result=self._result(row), despite=DESPITE)

    def _result(self, row: Mapping[str, Any]) -> str:
        category = self.staff.knowledge.categories.get(row["category"])
        said = self.dice.choices(RESULTS, WEIGHTS)[0]
        return said.format(matter=category.name if category else "")

    def _resume(self, row: Mapping[str, Any]) -> Move | None:
        return self._by(self._handler(row), row, Kind.RESUMED, reason="资金已落实，恢复办理")

    def _check(self, row: Mapping[str, Any]) -> Move | None:
        checker = self.staff.centre(row["place"], Role.CHECKER)
        if self.dice.random() < 0.08:
            return self._by(checker, row, Kind.CHECK_FAILED, reason="现场仍有遗留，退回返工")
        return self._by(checker, row, Kind.CHECK_PASSED)

    def _call(self, row: Mapping[str, Any]) -> Move | None:
        """Ask one reporter: about three in five are reached, most of them content (domain.md §10)."""
        waiting = [one["report"] for one in row.get("reporters", ()) if one["contact"] and not one["called"]]
        city = self.staff.at(Level.CITY, "hotline", "") or self.staff.at(Level.CITY, "command", "")
        if not waiting or not city:
            return None
        contacted = self.dice.random() < 0.62
        answer: dict[str, Any] = {"report": waiting[0], "contacted": contacted}
        if contacted:
            answer |= {
                "responded": self.dice.random() < 0.95,
                "solved": self.dice.random() < 0.88,
                "satisfaction": self.dice.choices((1, 2, 3, 4, 5), (1, 3, 8, 58, 30))[0],
            }
        return self._by(self.staff.viewer(city, Role.OPERATOR), row, Kind.CALLED_BACK, **answer)


@dataclass(slots=True)
class Living:
    """One hub and its made-up people."""

    hub: Hub
    workers: Workers
    callers: Callers

    @classmethod
    def of(cls, hub: Hub, seed: int) -> Living:
        staff = Staff(hub.tools.knowledge)
        callers = Callers(hub, staff, random.Random(f"calls {seed}"))
        return cls(hub, Workers(staff, random.Random(seed)), callers)

    def report(self, raws: Iterable[Mapping[str, Any]], now: datetime) -> int:
        """Take reports in; returns how many."""
        taken = [normalise(raw, now) for raw in raws]
        for first in range(0, len(taken), GROUP):
            self.hub.take_in(taken[first : first + GROUP])
        return len(taken)

    def work(self, hours: float, share: tuple[int, int] = (0, 1)) -> int:
        """Everybody's next steps within `hours` of work on one share of the open cases; how many were made."""
        made, after = 0, 0
        while rows := cases.open_rows(SOURCES, after, share):
            after = rows[-1]["id"]
            made += self._step(rows, hours)
        return made

    def _step(self, rows: list[dict[str, Any]], hours: float) -> int:
        calling = [row["id"] for row in rows if row["state"] == State.CALLING]
        reporters = {case: row["reporters"] for case, row in cases.rows(calling).items()} if calling else {}
        for row in rows:
            row["reporters"] = reporters.get(row["id"], ())
        moves = list(self.workers.moves(rows, hours))
        groups = [moves[first : first + GROUP] for first in range(0, len(moves), GROUP)]
        done = sum(not outcome.error for group in groups for outcome in self.hub.act_many(group))
        return done + self.callers.work(hours, rows)

    def history(
        self, stream: Iterable[Mapping[str, Any]], start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, int]]:
        """Live from `start` to `end` hour by hour in the city's own time; yields (hour, reports so far)."""
        own_clock, count, hour = self.hub.clock, 0, start
        waiting = iter(stream)
        held = next(waiting, None)
        try:
            while hour < end:
                hour += timedelta(hours=1)
                moment = min(hour, end)
                self.hub.clock = lambda moment=moment: moment  # type: ignore[misc]
                batch = []
                while held is not None and held["at"] <= moment:
                    batch.append(held)
                    held = next(waiting, None)
                count += self.report(batch, moment)
                self.work(1.0)
                self.hub.advance()
                if moment.hour == GATHERED:
                    hot.follow_all(self.hub.desk, moment)
                yield moment, count
        finally:
            self.hub.clock = own_clock
