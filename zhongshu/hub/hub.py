"""一个中枢 the hub: everything that screens, channels and commands ask it to do goes through these few calls."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhongshu.data import cases, intake, model_register, precedents, queue, standing, write
from zhongshu.data.databases import ROAD
from zhongshu.data.ledger import Ids
from zhongshu.hub import ageing, causes, convening, enrich, forms, replying, runner
from zhongshu.hub.desk import LiveDesk, Tools
from zhongshu.hub.judge.joining import SAID
from zhongshu.hub.relay import Relay
from zhongshu.hub.resources import proceedings
from zhongshu.hub.sense.normalise import Intake
from zhongshu.kernel import lifecycle
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound, Outdated, ZhongshuError
from zhongshu.kernel.facts import RESIDENT, Fact, Kind
from zhongshu.kernel.lifecycle import State

if TYPE_CHECKING:
    from zhongshu.hub.assistant import Assistant
    from zhongshu.hub.deploying import Models

log = logging.getLogger("zhongshu.hub")
RULINGS = frozenset({Kind.RULED, Kind.PRECEDENT_WITHDRAWN})
"""Moves after which the precedents may be others."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether another process has ruled, and at the weather."""
ATTEMPTS = 3
"""Times that reports are judged when cases that they would join end in between."""
COUNT_EVERY = 600.0
"""Seconds between two counts of how common each class is."""
RARE_LEAST = 2000
"""Cases that there must be before a class may be called rare, unless thresholds.csv says `rare_least`."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执: the answer to one report. `new` is False when this key had been taken in before; then `facts` is empty."""

    report: int
    new: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """一个动作: what someone in a post wants to do to a case."""

    viewer: Viewer
    case: int
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """动作结果: the facts that a move became, or the error that refused it."""

    move: Move
    facts: tuple[Fact, ...] = ()
    error: BadInput | IllegalMove | NotFound | None = None


@dataclass(slots=True)
class Hub:
    """中枢. `load` makes the tools; they are made once, and again after `refresh()`."""

    load: Callable[[], Tools]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ids: Ids = field(default_factory=Ids)
    look_every: float = LOOK_EVERY
    models: Models | None = None
    """Where the models are that the register says are deployed; None: the tools keep theirs."""
    assistant: Assistant | None = None
    """Drafts summaries when a person asks; None: there is no such thing."""
    _tools: Tools | None = None
    _making: RLock = field(default_factory=RLock)
    _precedents: int = 0
    _deployed: int = 0
    _looked: float = float("-inf")
    _counted: float = float("-inf")

    @property
    def tools(self) -> Tools:
        if self._tools is None:
            with self._making:  # the first requests come all at once: one of them makes the tools
                self._tools = self._tools or self.load()
        return self._tools

    def refresh(self) -> None:
        """Forget rules, models and precedents; the next batch reads them anew."""
        self._tools, self._precedents, self._deployed = None, 0, 0
        self._counted = float("-inf")
        self.look_again()

    def look_again(self) -> None:
        """Something was decided in this process: the next batch looks at once, not only after `look_every` seconds."""
        self._looked = float("-inf")

    def _keep_up(self) -> None:
        """Rulings and deployments of this process are known at once, those of others and the weather after `look_every`
        seconds: one number each is read."""
        if time.monotonic() - self._looked < self.look_every:
            return
        known, found = self.tools.knowledge, precedents.version()
        changed: dict[str, Any] = {}
        if found != self._precedents:
            changed = {"precedents": precedents.in_force(), "versions": {**known.versions, "precedents": str(found)}}
            self._precedents = found
        count = time.monotonic() - self._counted >= COUNT_EVERY
        self._counted = time.monotonic() if count else self._counted
        changed |= _standing(known, self.clock(), count)
        if changed:
            self._tools = replace(self.tools, knowledge=replace(known, **changed))
        deployed = model_register.version() if self.models else 0
        if self.models and deployed != self._deployed:
            self._tools, self._deployed = _equipped(self.tools, self.models), deployed
        self._looked = time.monotonic()

    def desk(self, opened: Sequence[Fact] = (), aside: Executor | None = None) -> LiveDesk:
        """A desk for one batch; `opened` are facts that open cases and are on their way into the database."""
        self._keep_up()
        now = self.clock()
        return LiveDesk(self.tools, self.ids, lambda: now, opened=opened, aside=aside)

    def take_in(self, reports: Sequence[Intake]) -> list[Receipt]:
        """Reports down the whole road, durable when this returns; again when a case ended that one was to join."""
        for _ in range(ATTEMPTS - 1):
            with suppress(Outdated):
                return _taken(self, reports)
        return _taken(self, reports)

    def rehearse(self, reports: Sequence[Intake]) -> list[Receipt]:
        """What `take_in` would answer, with nothing kept and the ledger untouched."""
        with transaction.atomic(using=ROAD):
            desk = self.desk()
            facts, receipts = self._accept(reports)
            derived = runner.travel(facts, desk)
            transaction.set_rollback(True, using=ROAD)
        return _with_results(receipts, facts, derived)

    def accept(self, reports: Sequence[Intake]) -> list[Receipt]:
        """Reports made durable and queued; a runner takes them down the road. For bulk."""
        with transaction.atomic(using=ROAD):
            facts, receipts = self._accept(reports)
            if facts:
                queue.put(facts)
                write.append(facts)
        return receipts

    def _accept(self, reports: Sequence[Intake]) -> tuple[list[Fact], list[Receipt]]:
        wanted = [(one, self.ids.take()) for one in reports]
        keyed = [(one.source, one.key or str(report), report) for one, report in wanted]
        held = intake.claim(keyed)
        fresh = [(one, report) for one, report in wanted if held[report] == report]
        contacts = {report: self.ids.take() for one, report in fresh if one.name or one.phone}
        kept = [
            {"id": contacts[report], "name": one.name, "phone": one.phone, "report": report}
            for one, report in fresh
            if report in contacts
        ]
        before = intake.save_contacts(kept, min(one.at for one, _ in fresh)) if kept else {}
        facts = [
            _reported(self.ids.take(), one, report, contacts.get(report), before.get(report)) for one, report in fresh
        ]
        return facts, [Receipt(held[report], held[report] == report) for _, report in wanted]

    def observe(self, readings: Sequence[Mapping[str, Any]]) -> list[Fact]:
        """Readings {sensor, at, value} of known sensors: kept once, and what the scenarios make of the new ones."""
        with transaction.atomic(using=ROAD):
            desk = self.desk()
            stands = {one["sensor"]: self.tools.sensors[one["sensor"]] for one in readings}
            rows = [
                {**one, "place": stands[one["sensor"]].place, "grid": stands[one["sensor"]].grid} for one in readings
            ]
            new = set(intake.save_observations(rows, self.tools.knowledge.scheme))
            facts = [
                Fact(
                    self.ids.take(),
                    Kind.SENSED,
                    0,
                    one["at"],
                    place=one["place"],
                    payload={"sensor": one["sensor"], "value": one["value"]},
                )
                for one in rows
                if (one["sensor"], one["at"].astimezone(UTC).isoformat()) in new
            ]
            derived = runner.travel(facts, desk)
            write.append(derived)
        return derived

    def act(self, viewer: Viewer, case: int, kind: str, payload: Mapping[str, Any]) -> list[Fact]:
        """One person's move on one case, and all that follows from it. Raises BadInput, IllegalMove or NotFound."""
        outcome = self.act_many([Move(viewer, case, kind, payload)])[0]
        if outcome.error:
            raise outcome.error
        return list(outcome.facts)

    def act_many(self, moves: Sequence[Move]) -> list[Outcome]:
        """Many moves in one transaction. A move that isn't allowed comes back with its error; the others happen."""
        with transaction.atomic(using=ROAD):
            desk = self.desk()
            desk.held.update(self._locked({move.case for move in moves}))
            touched: set[int] = set()
            outcomes: list[Outcome] = []
            for move in moves:
                try:
                    fact = self._fact_of(move, desk, touched)
                except (BadInput, IllegalMove, NotFound) as error:
                    outcomes.append(Outcome(move, error=error))
                else:
                    outcomes.append(Outcome(move, (fact,)))
            facts = [fact for outcome in outcomes for fact in outcome.facts]
            derived = runner.submit(facts, desk) if facts else []
        if any(fact.kind in RULINGS for fact in facts):
            self.look_again()
        later = _traced({fact.id: fact.id for fact in facts}, derived)
        return [
            replace(one, facts=(*one.facts, *later.get(one.facts[0].id, ()))) if one.facts else one for one in outcomes
        ]

    def _locked(self, ids: set[int]) -> dict[int, Mapping[str, Any]]:
        """Rows of these cases, nobody else's until the transaction ends; with the host's place, and if it is small."""
        units, categories = self.tools.knowledge.units, self.tools.knowledge.categories

        def small(row: Mapping[str, Any]) -> bool:
            return row["category"] in categories and categories[row["category"]].small

        return {
            case: {**row, "host_place": units[row["host"]].place if row["host"] in units else "", "small": small(row)}
            for case, row in cases.rows(sorted(ids), lock=True).items()
        }

    def _fact_of(self, move: Move, desk: LiveDesk, touched: set[int]) -> Fact:
        """The fact that a move is, when it is allowed; puts what it changes on the desk for the rooms to see."""
        viewer, case, kind = move.viewer, move.case, move.kind
        row = desk.held.get(case)
        if row is None or not viewer.span.holds(row["place"]):
            raise NotFound(f"there is no case {case} here / 没有这个案件，或不在您的范围内")
        if case in touched:
            raise IllegalMove(f"case {case} is moved twice in one batch / 同一批中重复操作案件 {case}")
        move = replace(move, payload=forms.read(kind, move.payload))
        arrow = lifecycle.check(kind, State(row["state"]), viewer.roles, move.payload)
        refusal = lifecycle.refusal(arrow, lifecycle.Situation(row, move.payload, viewer, desk.now()))
        if refusal:
            raise IllegalMove(refusal)
        forms.check(kind, move.payload, row, desk.knowledge, viewer)
        said = _completed(move, row, desk)
        touched.add(case)
        payload = {**said, "by": viewer.user, "unit": move.payload.get("unit") or viewer.unit}
        if payload["unit"] != viewer.unit:
            payload["by_unit"] = viewer.unit
        if viewer.rota:
            payload["rota"] = viewer.rota
        given = enrich.enriched(kind, payload, row, desk)
        place = str(given.get("place") or row["place"])
        if kind == Kind.CLASSIFIED:
            desk.held[case] = {**row, "category": given["category"], "place": place}
        return Fact(self.ids.take(), kind, case, desk.now(), actor=viewer.post, place=place, payload=given)

    def run_once(self, limit: int = 500) -> int:
        return runner.run_once(self.desk, limit)

    def advance(self) -> int:
        """Look at all clocks that are due to be looked at; returns how many there were, 0 when all is quiet."""
        now = self.clock()
        answered = convening.advance(self.desk, now) + proceedings.advance(self.desk, now)
        return ageing.advance(self.desk, now) + answered + causes.advance(self.desk)

    def archive(self) -> int:
        """Archive closed cases that can't be opened any more, some hundreds at a time; returns how many."""
        return ageing.archive(self.desk, self.clock())

    def retime(self, order: ageing.Order) -> ageing.Retiming:
        """Put open clocks on the calendar now in force (时限重算): an explicit act, never done by itself."""
        return ageing.retime(self.desk, self.clock(), order)

    def relay(self) -> Relay:
        """What a runner drives: as `run_once`, with the writing of one batch beside the judging of the next."""
        return Relay(self.desk)

    def convene(self, viewer: Viewer, kind: str, payload: Mapping[str, Any], subject: int = 0) -> list[Fact]:
        """呼应与指令: begin a call (`Called`) or a directive (`Directed`), or move the one numbered `subject`.

        One that names a `cause` is its joint task (联合任务). The facts that this became; the first's subject is the
        number. Raises BadInput, IllegalMove or NotFound.
        """
        with transaction.atomic(using=ROAD):
            desk = self.desk()
            if subject:
                fact = convening.move(viewer, subject, kind, payload, desk)
            else:
                fact = convening.begin(viewer, kind, payload, desk)
            facts = [fact]
            if fact.payload.get("cause"):
                facts.append(causes.tasked(viewer, fact, fact.payload["cause"], desk))
            return [*facts, *runner.submit(facts, desk)]


def _taken(hub: Hub, reports: Sequence[Intake]) -> list[Receipt]:
    """One attempt at `take_in`: Outdated leaves nothing behind."""
    with transaction.atomic(using=ROAD):
        desk = hub.desk()
        joined = {one.joins for one in reports if one.joins}
        if joined:
            # Locked before it is looked at: a case that a report joins is not closed meanwhile.
            desk.held.update(hub._locked(joined))
        facts, receipts = hub._accept(reports)
        derived = runner.submit(facts, desk) if facts else []
    return _with_results(receipts, facts, derived)


def _reported(number: int, one: Intake, report: int, contact: int | None, before: list[dict[str, Any]] | None) -> Fact:
    payload: dict[str, Any] = {
        "channel": one.channel,
        "source": one.source,
        "key": one.key,
        "text": one.text,
        "address": one.address,
        "lon": one.lon,
        "lat": one.lat,
        "contact": contact,
    }
    payload |= {"before": before} if before else {}
    more = ("category", "merge", "photos", "joins", "shown")
    payload.update({name: value for name in more if (value := getattr(one, name))})
    return Fact(number, Kind.REPORTED, report, one.at, actor=RESIDENT, payload=payload)


def _standing(known: Knowledge, now: datetime, count: bool) -> dict[str, Any]:
    """What of the weather is other than known, and, when asked to `count`, how common each class is."""
    weather = standing.weather(now)
    changed: dict[str, Any] = {"weather": weather} if weather != known.weather else {}
    if count:
        changed["shares"] = standing.shares(int(known.thresholds.get("rare_least", RARE_LEAST)))
    return changed


def _equipped(tools: Tools, models: Models) -> Tools:
    """With other models; a version that can't be read here leaves those in use, so that reports go on being judged."""
    try:
        return models.equip(tools)
    except ZhongshuError as error:
        log.error("the models stay as they are: %s", error)
        return tools


def _completed(move: Move, row: Mapping[str, Any], desk: LiveDesk) -> Mapping[str, Any]:
    """The payload with what only the hub can say: how a reply scores, where a merged report comes from."""
    if move.kind in replying.REPLIES:
        return replying.checked(move.kind, move.payload, row, desk.now(), (desk.knowledge, desk.tools.rubric))
    if move.kind != Kind.MERGED:
        return move.payload
    grounds = {"score": 1.0, "reasons": [[SAID, 1.0]]} if move.payload.get("said") else {}
    return {**move.payload, **grounds, **_moving(move)}


def _moving(move: Move) -> dict[str, int]:
    """Where a report comes from when a person merges it, and whether its old case is left empty."""
    report = cases.report_row(move.payload["report"])
    source = report["case"] if report else None
    if source is None or source == move.case:
        raise IllegalMove("this report is part of the case already / 这条诉求已在本案中")
    row = cases.rows([source], lock=True)[source]
    if not move.viewer.span.holds(row["place"]) or State(row["state"]) in lifecycle.ENDED:
        raise IllegalMove("the report's own case is closed or out of reach / 原案件已办结或不在您的范围内")
    return {"from": source, **({"emptied": source} if len(row["reporters"]) == 1 else {})}


def _with_results(receipts: Sequence[Receipt], facts: Iterable[Fact], derived: Sequence[Fact]) -> list[Receipt]:
    """Give each receipt the facts that its report caused."""
    by_report = _traced({fact.id: fact.subject for fact in facts}, derived)
    return [replace(one, facts=tuple(by_report.get(one.report, ()))) if one.new else one for one in receipts]


def _traced(roots: Mapping[int, int], derived: Iterable[Fact]) -> dict[int, list[Fact]]:
    """Derived facts by the root that caused them, directly or through others; `roots` maps fact id to name of root."""
    origin = dict(roots)
    found: dict[int, list[Fact]] = {}
    for fact in derived:
        root = origin.get(fact.cause or 0)
        if root is not None:
            origin[fact.id] = root
            found.setdefault(root, []).append(fact)
    return found
