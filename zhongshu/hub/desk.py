"""案头 the live desk: knowledge in memory, models, indexes, and the few questions that go to the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from zhongshu.data import cases
from zhongshu.data.ledger import Ids
from zhongshu.hub.assets import Assets
from zhongshu.hub.attempt import guarded
from zhongshu.hub.judge.address_tags import AddressTagger
from zhongshu.hub.judge.rubric import Rubric, rubric
from zhongshu.hub.judge.window import beside
from zhongshu.kernel.desk import Guess, Knowledge, Run
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Fact
from zhongshu.kernel.places import Asset, Neighbourhood, Place, Probe, Sensor, Span


class Classifies(Protocol):
    def classify(self, texts: Sequence[str]) -> list[Guess]: ...


class Locates(Protocol):
    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a hub needs to know and keeps between batches: loaded once, replaced whole when rules or models change."""

    knowledge: Knowledge
    model: Classifies
    atlas: Locates
    sensors: Mapping[str, Sensor] = field(default_factory=dict)
    scenarios: Mapping[str, Sequence[Run]] = field(default_factory=dict)
    assets: Assets = field(default_factory=Assets)
    local: Sequence[Local] = ()
    """Models of divisions that keep another version than the city's, the smallest division first."""
    own_thresholds: Mapping[str, float] = field(default_factory=dict)
    """Category -> threshold that the pack itself names: no model changes it."""
    rubric: Rubric = field(default_factory=rubric)
    """By which replies are scored before they are sent."""
    tagger: AddressTagger | None = None
    """Reads the parts of an address out of words; None where the city has taught none."""


@dataclass(frozen=True, slots=True)
class Local:
    """本地模型: `version` judges what happens within `span`; `least` by category, the pack's own thresholds in it."""

    span: Span
    version: str
    model: Classifies
    least: Mapping[str, float]


def by_place(tools: Tools, texts: Sequence[str], places: Sequence[str]) -> list[Guess]:
    """Each text by the model of its place; those of divisions without one of their own, all at once, by the city's."""
    if not tools.local or not places:
        return tools.model.classify(texts)
    groups: dict[int, list[int]] = {}
    for n, place in enumerate(places):
        groups.setdefault(next((k for k, one in enumerate(tools.local) if one.span.holds(place)), -1), []).append(n)
    found: dict[int, Guess] = {}
    for k, numbers in groups.items():
        model = tools.model if k < 0 else tools.local[k].model
        said = model.classify([texts[n] for n in numbers])
        found.update(zip(numbers, said if k < 0 else _signed(said, tools.local[k]), strict=True))
    return [found[n] for n in range(len(texts))]


def _signed(said: Sequence[Guess], local: Local) -> list[Guess]:
    return [replace(one, model=local.version, least=local.least.get(one.category, 1.0)) for one in said]


@dataclass(slots=True)
class LiveDesk:
    """One batch's desk. Case rows are read once per batch; `clock` lets a back-fill live in its own time."""

    tools: Tools
    ids: Ids
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    held: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    opened: Sequence[Fact] = ()
    """Facts that open cases and are on their way into the database: a report may be the same matter as one of them."""
    aside: Executor | None = None
    """Where questions may wait for the database while the batch is judged; without one they are asked at once."""

    @property
    def knowledge(self) -> Knowledge:
        return self.tools.knowledge

    def now(self) -> datetime:
        return self.clock()

    def new_id(self) -> int:
        return self.ids.take()

    def classify(self, texts: Sequence[str], places: Sequence[str] = ()) -> list[Guess]:
        return by_place(self.tools, texts, places)

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        return self.tools.atlas.locate(places, texts)

    def neighbours(self, probes: Sequence[Probe]) -> Neighbourhood:
        if self.aside:
            asked = self.aside.submit(cases.neighbours, probes)
            return lambda: beside(asked.result(), probes, self.opened)
        found = beside(cases.neighbours(probes), probes, self.opened)
        return lambda: found

    def components(self, asked: Sequence[tuple[str, float | None, float | None]]) -> list[Asset | None]:
        return self.tools.assets.find(asked)

    def hold(self, subjects: Sequence[int]) -> None:
        """Read case rows ahead, all at once."""
        self.held.update(cases.rows([subject for subject in subjects if subject not in self.held]))

    def case(self, subject: int) -> Mapping[str, Any]:
        if subject not in self.held:
            self.hold([subject])
        if subject not in self.held:
            raise NotFound(f"there is no case {subject}")
        return self.held[subject]

    def report(self, subject: int) -> Mapping[str, Any]:
        row = cases.report_row(subject)
        if row is None:
            raise NotFound(f"there is no report {subject}")
        return row

    def sensor(self, code: str) -> Sensor | None:
        return self.tools.sensors.get(code)

    def active_warnings(self, sensors: Sequence[str]) -> Mapping[str, int]:
        return cases.active_warnings(sensors)

    def scenarios(self, kind: str) -> Sequence[Run]:
        """Each by itself: one that raises sticks the fact it could not take and doesn't keep the others from it."""
        return [guarded(run) for run in self.tools.scenarios.get(kind, ())]
