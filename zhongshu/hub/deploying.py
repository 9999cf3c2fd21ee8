"""模型上岗 which models judge: those that the register says are deployed, the city's and those of single divisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from zhongshu.data import model_register as register
from zhongshu.data.ledger import Ids
from zhongshu.hub.desk import Local, Tools
from zhongshu.hub.governing import Ground, set_up
from zhongshu.hub.judge.model_forms import CLASSIFY, Judges, classifiers
from zhongshu.kernel.desk import Guess, Knowledge
from zhongshu.kernel.errors import BadInput, NotFound

FLOOR = 0.5
"""No threshold that a model chose for itself goes below this: its samples may be kinder than what people really say."""


class Unschooled:
    """A hub without a model (未训练): it says so by abstaining, and people classify."""

    version = "none"
    labels: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = {}

    def classify(self, texts: Sequence[str], reasons: bool = True) -> list[Guess]:
        return [Guess("", 0.0) for _ in texts]


def schooled(knowledge: Knowledge, own: Mapping[str, float], model: Judges) -> Knowledge:
    """What is known when this model judges: its version, and its thresholds where the pack names none of its `own`."""
    least = _least(knowledge, own, model)
    categories = {
        code: replace(one, threshold=least[code], learnt=code not in own) for code, one in knowledge.categories.items()
    }
    return replace(knowledge, categories=categories, versions={**knowledge.versions, "model": model.version})


def _taught(home: Path, version: str) -> dict[str, int]:
    """Category -> texts that the version was taught with, as its card says; none of a model without such a card."""
    known = classifiers(home).card(version).get("per_class", {}) if version else {}
    return {code: int(row.get("n", 0)) for code, row in known.items()}


def _least(knowledge: Knowledge, own: Mapping[str, float], model: Judges) -> dict[str, float]:
    chosen = {code: max(FLOOR, model.thresholds.get(code, 1.0)) for code in knowledge.categories}
    return {**chosen, **{code: bar for code, bar in own.items() if code in chosen}}


def own_thresholds(knowledge: Knowledge) -> dict[str, float]:
    """Category -> threshold, of those for which the pack itself names one."""
    return {code: one.threshold for code, one in knowledge.categories.items() if one.threshold is not None}


def under(home: Path, knowledge: Knowledge, version: str = "") -> tuple[Judges, Knowledge]:
    """A version, "" the one deployed for the city, and what is known when it judges."""
    version = version or deployed(knowledge.city)
    model: Judges = classifiers(home).load(version) if version else Unschooled()
    return model, replace(schooled(knowledge, own_thresholds(knowledge), model), taught=_taught(home, version))


def deployed(city: str, name: str = CLASSIFY) -> str:
    """The version in force for the whole city, "" when there is none."""
    return next((one.version for one in register.in_force(name) if one.place == city), "")


def in_use(home: Path, knowledge: Knowledge, name: str) -> str:
    """As `deployed`, for kinds of models that a city may do without; the first one published is deployed here."""
    if not register.in_force(name):
        set_up(Ground(home, knowledge, Ids(), datetime.now(UTC)), name)
    return deployed(knowledge.city, name)


def equip(tools: Tools, home: Path) -> Tools:
    """The tools with the models that the register says; those held already are kept. A city without a deployment gets
    its first one here. BadInput when a deployed version can't be read on this machine."""
    knowledge, own = tools.knowledge, tools.own_thresholds
    found = register.in_force(CLASSIFY)
    if not found:
        first = set_up(Ground(home, knowledge, Ids(), datetime.now(UTC)), CLASSIFY)
        found = [first] if first else []
    held = {**{one.version: one.model for one in tools.local}, knowledge.versions.get("model", ""): tools.model}
    models = {
        one.version: cast(Judges, held[one.version]) if one.version in held else _read(home, one.version, one.place)
        for one in found
    }
    city = next((models[one.version] for one in found if one.place == knowledge.city), Unschooled())
    local = [
        Local(one.span, one.version, models[one.version], _least(knowledge, own, models[one.version]))
        for one in reversed(found)
        if one.place != knowledge.city
    ]
    used = next((one.version for one in found if one.place == knowledge.city), "")
    taught = knowledge.taught if used == knowledge.versions.get("model") else _taught(home, used)
    return replace(tools, model=city, knowledge=replace(schooled(knowledge, own, city), taught=taught), local=local)


@dataclass(frozen=True, slots=True)
class Models:
    """模型目录: where this installation keeps its models; what a hub is equipped from, and what people decide about."""

    home: Path

    def equip(self, tools: Tools) -> Tools:
        return equip(tools, self.home)

    def ground(self, tools: Tools, ids: Ids, now: datetime) -> Ground:
        return Ground(self.home, tools.knowledge, ids, now)


def _read(home: Path, version: str, place: str) -> Judges:
    folder = classifiers(home)
    try:
        found, entered = folder.checksum(version), register.entered(CLASSIFY, version)
        if entered and entered.checksum != found:
            raise BadInput(f"found checksum {found[:12]}…, the register has {entered.checksum[:12]}…")
        return folder.load(version)
    except (BadInput, NotFound) as error:
        raise BadInput(
            f"{CLASSIFY} {version} is deployed for {place} but can't be read here: {error} / "
            f"在用模型 {version} 无法读取，请复制其目录，或执行 zhongshu model rollback"
        ) from error
