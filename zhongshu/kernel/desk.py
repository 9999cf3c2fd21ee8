"""案头 the desk: the read-only knowledge and the clock that a room may ask. Rooms do no other I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from zhongshu.kernel import lifecycle
from zhongshu.kernel.clocks import ALWAYS, CLOCK_RULES, Calendar, ClockRule, begin, resume
from zhongshu.kernel.convening import CALL_RULES, CallRule
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Asset, Level, Neighbourhood, Place, Probe, Scheme, Sensor, Weather


@dataclass(frozen=True, slots=True)
class Category:
    """事项类别: one class drives dispatch.

    `threshold` is the confidence below which a person decides; None leaves it to the model, which chose one per class.
    """

    code: str
    name: str
    name_en: str = ""
    parent: str = ""
    kind: str = "appeal"
    """appeal 诉求 | event 事件 | component 部件."""
    threshold: float | None = None
    urgent: bool = False
    keywords: tuple[str, ...] = ()
    verify: str = ""
    """核实: the "level/kind" that goes and looks before a public report is filed; "" files at once."""
    photos: int = 0
    """How many photos the handler's answer must carry."""
    small: bool = False
    """社区小事: a community that handled it may call back and so close it itself (自办自结)."""
    learnt: bool = False
    """Whether the threshold is the model's own choice: then it measures the model's confidence, not a rule's."""
    mistake_cost: float | None = None
    """误判代价: what a wrong automatic answer costs, counted in looks of a person; None: what training assumes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: `kind` is its line of work (e.g. water), the same word at every level; `place` the division it serves."""

    code: str
    name: str
    kind: str
    level: Level
    place: str
    name_en: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """责任清单条目: category x condition x place type x ownership -> host, assists, basis, limits.

    `host` and `assists` are "level/kind" (e.g. "district/water"), resolved at the case's place. `list_kind` is
    basic 基本 | assist 配合 | recalled 收回: a recalled item can't go to a street or a community.
    Limits are working minutes of `calendar`. `category` may be "*" or "*/event" (of `Category.kind`): 兜底.
    """

    code: str
    category: str
    host: str
    assists: tuple[str, ...] = ()
    condition: str = ""
    place_type: str = ""
    ownership: str = ""
    basis: str = ""
    list_kind: str = "basic"
    calendar: str = "office"
    sign_minutes: int = 480
    contact_minutes: int = 1440
    handle_minutes: int = 2400
    make_safe_minutes: int | None = None

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """How specific it is: more conditions first, then what was said before who owns it before what place it is."""
        given = (bool(self.condition), bool(self.ownership), bool(self.place_type))
        return sum(given), *given

    @property
    def limits(self) -> dict[str, float]:
        """Minutes by clock; 0 for a stage that this duty doesn't have."""
        return {
            "sign": self.sign_minutes,
            "contact": self.contact_minutes,
            "make_safe": self.make_safe_minutes or 0,
            "handle": self.handle_minutes,
        }


def by_rank(duties: Iterable[Duty]) -> list[Duty]:
    """The most specific first; those equally specific by code."""
    return sorted(sorted(duties, key=lambda duty: duty.code), key=lambda duty: duty.rank, reverse=True)


FALLBACK = "*"
"""兜底: the category of a duty that answers when no other does; "*/event" for one kind of category only."""


def fallbacks(kind: str) -> tuple[str, str]:
    """The categories under which duties of last resort for this kind of category stand, the nearer first."""
    return f"{FALLBACK}/{kind}", FALLBACK


@dataclass(frozen=True, slots=True)
class Emergency:
    """紧急绕行: words that bypass the list. One of `words` in a clause without any of `not_words` is a hit.

    `channel` is the number that the resident is told to call (110, 119, 120 …); minutes count around the clock.
    """

    code: str
    words: tuple[str, ...]
    not_words: tuple[str, ...]
    channel: str
    host: str
    assists: tuple[str, ...] = ()
    sign_minutes: int = 15
    contact_minutes: int = 15
    handle_minutes: int = 120
    basis: str = ""

    @property
    def limits(self) -> dict[str, float]:
        return {"sign": self.sign_minutes, "contact": self.contact_minutes, "handle": self.handle_minutes}


@dataclass(frozen=True, slots=True, eq=False)
class KeywordRule:
    """关键词规则: a clause with one of `words` (parts joined by + stand in it in any order) and none of `not_words`
    speaks for `category`; `weight` 0..1 is how often such a clause is right. Compared as an object.
    """

    code: str
    category: str
    words: tuple[str, ...]
    not_words: tuple[str, ...] = ()
    weight: float = 0.9
    basis: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    """加急: a matter of `category`, or of one below it, is `step` more urgent in this weather (`on` weather), or on the
    local days `begins` to `ends` (`on` date); `what` is the kind of weather or the name of the days.
    """

    code: str
    on: str
    what: str
    category: str
    step: int
    reason: str
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Precedent:
    """裁定先例: in `area`, a matter of `category` that the list would give to `wrong` goes to `to`.

    `wrong` and `to` are "level/kind", `wrong` "" where the list names nobody; `host` is the unit that was named then.
    `id` is the ruling's fact.
    """

    id: int
    number: str
    category: str
    area: str
    wrong: str
    to: str
    host: str
    clause: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """时限细分: limits of one duty (or of every duty of a category) for an area grade and a nature of the work.

    `target` is the code of the duty or of the category; `area_grade` A 核心 | B 一般 | C 外围 and `work_nature`
    general 一般 | works 工程 | special 特殊 are two dimensions of their own, "" meaning any. `minutes` holds only the
    clocks that it sets, in minutes of the duty's calendar.
    """

    target: str
    area_grade: str
    work_nature: str
    minutes: Mapping[str, float]
    basis: str = "default"


@dataclass(frozen=True, slots=True)
class Guess:
    """One answer of the classifier (研判结果): confidence in 0..1, `reasons` readable features with their weight."""

    category: str
    confidence: float
    reasons: tuple[tuple[str, float], ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    ruled: bool = False
    """Whether a keyword rule said so, with the model or against it."""
    model: str = ""
    """The version that said so where it isn't the city's; then `least` is the confidence that this category needs."""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """词表: words that raise urgency, show special need, or forbid showing photos to strangers, with why (D07)."""

    urgent: Mapping[str, str] = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=dict)
    discreet: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """规则快照 the rules in force at one moment, in memory; `versions` goes onto every fact that used them."""

    city: str
    scheme: Scheme
    categories: Mapping[str, Category]
    units: Mapping[str, Unit]
    unit_at: Mapping[tuple[str, str], str]
    """(division code, unit kind) -> unit code."""
    duties: Mapping[str, Sequence[Duty]]
    """category code -> its duties, most specific first."""
    calendars: Mapping[str, Calendar]
    names: Mapping[str, str]
    """division code -> name."""
    names_en: Mapping[str, str] = field(default_factory=dict)
    """division code -> English name, of those that have one."""
    words: Words = field(default_factory=Words)
    versions: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, ClockRule] = field(default_factory=lambda: CLOCK_RULES)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Thresholds of lists and alarms by code; what is not here takes the default of whoever asks."""
    former: Mapping[str, Calendar] = field(default_factory=dict)
    """"code@version" -> a calendar that is not in force any more but that open clocks still run by."""
    calls: Mapping[str, CallRule] = field(default_factory=lambda: CALL_RULES)
    emergencies: Sequence[Emergency] = ()
    keywords: Sequence[KeywordRule] = ()
    raises: Sequence[Raise] = ()
    weather: Sequence[Weather] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    """category code -> share of the latest cases; empty while there are too few to tell what is rare."""
    taught: Mapping[str, int] = field(default_factory=dict)
    """category code -> texts that the model in use was taught with."""
    precedents: Mapping[tuple[str, str, str], Precedent] = field(default_factory=dict)
    """(category, area, wrong) -> the latest ruling in force."""

    limits: Mapping[str, Sequence[Limit]] = field(default_factory=dict)
    """code of a duty or a category -> limits that are more exact than the duty's own."""
    grades: Mapping[str, str] = field(default_factory=dict)
    """division code -> area grade, of the divisions that have one of their own."""

    def grade(self, place: str) -> str:
        """The area grade of a place: that of the smallest division around it that has one, otherwise ""."""
        around = (self.scheme.at(place, level) for level in reversed(Level)) if place else iter(())
        return next((self.grades[code] for code in around if code in self.grades), "")

    def limit_row(self, duty: Duty, place: str, nature: str = "") -> Limit | None:
        """The most exact row for this duty at this place; the duty before its category, nature before area grade."""
        grade, nature = self.grade(place), nature or "general"
        for target in (duty.code, duty.category):
            rows = [
                row
                for row in self.limits.get(target, ())
                if row.area_grade in ("", grade) and row.work_nature in ("", nature)
            ]
            if rows:
                return max(rows, key=lambda row: (row.work_nature != "", row.area_grade != ""))
        return None

    def limits_of(self, duty: Duty, place: str, nature: str = "") -> dict[str, float]:
        """Minutes by clock for a case of this duty at this place: the duty's own where no row is more exact."""
        row = self.limit_row(duty, place, nature)
        return {**duty.limits, **(row.minutes if row else {})}

    def calendar(self, name: str) -> Calendar:
        """The calendar "code" in force, or exactly "code@version"; one that never sleeps when there is none such."""
        code, _, version = name.partition("@")
        current = self.calendars.get(code)
        if current is not None and version in ("", current.version):
            return current
        return self.former.get(name) or current or ALWAYS


class Desk(Protocol):
    """What a room sees of the world. Every call takes and returns whole batches."""

    @property
    def knowledge(self) -> Knowledge: ...

    def now(self) -> datetime: ...

    def new_id(self) -> int: ...

    def classify(self, texts: Sequence[str], places: Sequence[str] = ()) -> list[Guess]:
        """A guess for each text; `places` are the divisions they are about, for some have a model of their own."""

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]: ...

    def neighbours(self, probes: Sequence[Probe]) -> Neighbourhood:
        """Begins to look for the neighbours of each; the answer may be fetched later, after other work."""

    def components(self, asked: Sequence[tuple[str, float | None, float | None]]) -> list[Asset | None]:
        """The nearest component of a category within REACH metres of (category, lon, lat); None where there is none."""

    def hold(self, subjects: Sequence[int]) -> None:
        """Read these cases ahead, all at once, for the calls of `case` to come."""

    def case(self, subject: int) -> Mapping[str, Any]: ...

    def report(self, subject: int) -> Mapping[str, Any]: ...

    def sensor(self, code: str) -> Sensor | None: ...

    def active_warnings(self, sensors: Sequence[str]) -> Mapping[str, int]: ...

    def scenarios(self, kind: str) -> Sequence[Run]: ...


Run = Callable[[Sequence[Fact], Desk], list[Fact]]
Room = Callable[[Sequence[Fact], Desk], list[Fact]]
"""室: turns a batch of facts plus knowledge into facts; it has no other effect."""


def started(
    kind: str, at: datetime, knowledge: Knowledge, limits: Mapping[str, float] | None = None, calendar: str = ""
) -> list[Mapping[str, Any]]:
    """Clocks that a fact of this kind starts: by `limits` (minutes of `calendar`), otherwise by the clocks' rules."""
    limits = limits or {}
    found = []
    for name in lifecycle.starts(kind):
        rule = knowledge.clocks[name]
        minutes = limits.get(name, rule.minutes)
        if minutes:
            code = calendar if name in limits and calendar else rule.calendar
            found.append(begin(rule, at, minutes, knowledge.calendar(code)))
    return found


def begun(kind: str, at: datetime, desk: Desk, more: Iterable[ClockRule] = ()) -> list[Mapping[str, Any]]:
    """The clocks that a fact of this kind starts by the table of moves, and `more`, each by its rule."""
    own = [begin(rule, at, rule.minutes, desk.knowledge.calendar(rule.calendar)) for rule in more if rule.minutes]
    return [_over(clock, desk) for clock in [*started(kind, at, desk.knowledge), *own]]


def resumed(kind: str, clocks: Sequence[Mapping[str, Any]], at: datetime, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Of a case's clocks those that stand still and that a fact of this kind lets go on, with what was left of them."""
    names = lifecycle.arrow(kind).resumes
    standing = [one for one in clocks if one["name"] in names and one["paused_at"] and not one["stopped_at"]]
    return [resume(one, knowledge.clocks[one["name"]], at, knowledge.calendar(one["calendar"])) for one in standing]


def follow(cause: Fact, desk: Desk, kind: Kind, payload: Mapping[str, Any], /, **changes: Any) -> Fact:
    """A fact that `cause` brought about: same subject and place, under the rules in force, unless `changes` say else.

    It happens now, but never before its cause, so that a back-fill of old reports stays in order; and it starts the
    clocks that the table of moves says, unless `payload` brings its own.
    """
    given: dict[str, Any] = {
        "subject": cause.subject,
        "at": max(cause.at, desk.now()),
        "cause": cause.id,
        "place": cause.place,
        "versions": desk.knowledge.versions,
        **changes,
    }
    if "clocks" not in payload:
        clocks = begun(kind, given["at"], desk)
        payload = {**payload, "clocks": clocks} if clocks else payload
    return Fact(desk.new_id(), kind, payload=payload, **given)


def _over(clock: Mapping[str, Any], desk: Desk) -> Mapping[str, Any]:
    """The clock, over at birth where it ran out before anybody could know: a back-fill brings no fact more for it."""
    if datetime.fromisoformat(clock["due_at"]) < desk.now() and not desk.knowledge.clocks[clock["name"]].escalates:
        return {**clock, "overdue": True, "wake_at": None}
    return clock


TITLE = 40


def title_of(text: str) -> str:
    """案件标题: the first line of what was said, at most TITLE characters, with … where it was cut."""
    line = text.strip().split("\n")[0].strip()
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"
