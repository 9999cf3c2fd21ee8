"""模型治理 who may let which model judge where: entered, compared, approved, deployed, rolled back; each a fact.

published 已发布 → challenger 挑战者 → approved 已批准 → deployed 已部署 → retired 已退役 or rolled_back 已回滚.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import transaction

from zhongshu.data import model_register as register
from zhongshu.data import write
from zhongshu.data.databases import ROAD as ALIAS
from zhongshu.data.ledger import Ids
from zhongshu.data.model_register import Deployment, Version
from zhongshu.hub.judge.model_forms import CLASSIFY, registry
from zhongshu.kernel.access import ROAD, Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Arrow, Vocabulary, permit
from zhongshu.kernel.places import EVERYWHERE, Span


class ModelState(StrEnum):
    """模型状态."""

    PUBLISHED = "published"
    """已发布: trained and measured, its folder is in the registry."""
    CHALLENGER = "challenger"
    """挑战者: measured beside the version in force."""
    APPROVED = "approved"
    """已批准: a person in a post answers for it; it may be deployed."""
    DEPLOYED = "deployed"
    """已部署: it judges somewhere."""
    RETIRED = "retired"
    """已退役: replaced, or taken out; to be deployed it must be approved anew."""
    ROLLED_BACK = "rolled_back"
    """已回滚: it judged and was taken back; to be deployed it must be approved anew."""


_GROUPS = {
    "any": frozenset(ModelState),
    "idle": frozenset(ModelState) - {ModelState.DEPLOYED, ModelState.RETIRED},
}
ARROWS: Mapping[str, Arrow[ModelState]] = {
    arrow.kind: arrow for arrow in Vocabulary(ModelState, _GROUPS, (), {}, {}).read("model_arrows.csv")
}
"""The table of moves itself is kernel/model_arrows.csv."""
COMPARABLE = frozenset({CLASSIFY})
"""Kinds of model that `compare` can measure: only these must be compared with the version in force before approval."""
SET_UP = "首次启用：由系统初始化部署，未经人工批准 first start: deployed by set-up, approved by nobody"


@dataclass(frozen=True, slots=True)
class Ground:
    """依据 what an act on models stands on: where the folders are, which divisions there are, ids and the time."""

    home: Path
    knowledge: Knowledge
    ids: Ids
    now: datetime

    def span(self, place: str) -> Span:
        """The range of codes of a division; the city's is everywhere, so that a report without a place is its own."""
        return EVERYWHERE if place == self.knowledge.city else self.knowledge.scheme.span(place)

    def fact(self, kind: Kind, viewer: Viewer, subject: int, payload: Mapping[str, Any], place: str = "") -> Fact:
        told = {**payload, "by": viewer.user}
        return Fact(self.ids.take(), kind, subject, self.now, actor=viewer.post, place=place, payload=told)


def enter(ground: Ground, name: str, version: str, by: Viewer = ROAD) -> Version:
    """The register's entry of a published version, made when it isn't there. NotFound without such a folder.

    IllegalMove when the folder is not the one that was entered.
    """
    folder = registry(ground.home, name)
    checksum, card = folder.checksum(version), folder.card(version)
    with transaction.atomic(using=ALIAS):
        register.lock()
        found = register.entered(name, version)
        if found is None:
            trained = int(card.get("trained_by", 0) or 0) or by.user
            told = {"name": name, "version": version, "checksum": checksum, "card": card, "trained_by": trained}
            fact = ground.fact(
                Kind.MODEL_PUBLISHED, by, ground.ids.take(), {**told, "state": ModelState.PUBLISHED.value}
            )
            write.append([fact])
            found = register.entered(name, version)
    assert found is not None, "it was just written"
    if found.checksum != checksum:
        raise IllegalMove(
            f"{folder.folder / version}: found checksum {checksum[:12]}…, the register has {found.checksum[:12]}… / "
            "模型文件与登记的校验值不符，已被更换"
        )
    return found


def _permit(kind: Kind, found: Version, viewer: Viewer, payload: Mapping[str, Any]) -> None:
    permit(ARROWS[kind], ModelState(found.state), viewer.roles, [name for name, said in payload.items() if said])


def record_comparison(
    ground: Ground, viewer: Viewer, pair: tuple[Version, Version], figures: Mapping[str, Any]
) -> Fact:
    """`pair` is (champion, challenger); a published challenger becomes one by name."""
    champion, challenger = pair
    _permit(Kind.MODEL_COMPARED, challenger, viewer, {})
    first = challenger.state == ModelState.PUBLISHED
    state = ModelState.CHALLENGER.value if first else challenger.state
    payload = {"champion": champion.id, "figures": figures, "state": state}
    fact = ground.fact(Kind.MODEL_COMPARED, viewer, challenger.id, payload)
    with transaction.atomic(using=ALIAS):
        write.append([fact])
    return fact


def approve(ground: Ground, viewer: Viewer, found: Version, reason: str) -> Fact:
    """批准 for the viewer's area. IllegalMove for who trained it, or before it was compared with what judges there."""
    _permit(Kind.MODEL_APPROVED, found, viewer, {"reason": reason})
    if viewer.user and viewer.user == found.trained_by:
        raise IllegalMove("who trained a model can't approve it / 训练人不得批准自己训练的模型")
    champion = judging(ground, found.name, viewer.place)
    rival = champion if champion and found.name in COMPARABLE and champion.model != found.id else None
    if rival and not register.compared(found.id, rival.model):
        raise IllegalMove(
            f"compare it with {rival.version}, which judges there, before you approve it / "
            f"须先与在用版本 {rival.version} 比对，再批准"
        )
    span = ground.span(viewer.place)
    mark = {"by": viewer.user, "post": viewer.post, "name": viewer.name, "lo": span.lo, "hi": span.hi}
    mark |= {"place": viewer.place, "at": ground.now.isoformat(), "reason": reason}
    state = found.state if found.state == ModelState.DEPLOYED else ModelState.APPROVED.value
    payload = {"reason": reason, "state": state, "approvals": [*found.approvals, mark]}
    fact = ground.fact(Kind.MODEL_APPROVED, viewer, found.id, payload, viewer.place)
    with transaction.atomic(using=ALIAS):
        write.append([fact])
    return fact


def judging(ground: Ground, name: str, place: str) -> Deployment | None:
    """The deployment that judges at a place: the smallest around it."""
    around = [one for one in register.in_force(name) if one.span.holds(place)]
    return around[-1] if around else None


def _own(name: str, place: str) -> Deployment | None:
    """The deployment of exactly this division."""
    return next((one for one in register.in_force(name) if one.place == place), None)


def _place(ground: Ground, viewer: Viewer, place: str) -> None:
    if place not in ground.knowledge.names or not viewer.span.holds(place):
        raise NotFound(f"place: there is no division {place!r} here / 没有这个区划，或不在您的范围内")


def deploy(ground: Ground, viewer: Viewer, found: Version, place: str, reason: str) -> Fact:
    """部署 at a division of the viewer's area, when somebody approved it for all of that."""
    _permit(Kind.MODEL_DEPLOYED, found, viewer, {"place": place, "reason": reason})
    _place(ground, viewer, place)
    span = ground.span(place)
    if not any(one["lo"] <= span.lo and span.hi <= one["hi"] for one in found.approvals):
        raise IllegalMove("nobody has approved it for this place / 该版本尚未获准用于此区划")
    registry(ground.home, found.name).load(found.version)
    with transaction.atomic(using=ALIAS):
        register.lock()
        before = _own(found.name, place)
        if before and before.model == found.id:
            raise IllegalMove("it judges there already / 该版本已在此区划部署")
        left = [(before.model, ModelState.RETIRED)] if before else []
        fact = _deployment(ground, viewer, (found, place), before, left, reason=reason)
        write.append([fact])
    return fact


def _deployment(
    ground: Ground,
    viewer: Viewer,
    what: tuple[Version, str],
    before: Deployment | None,
    left: list[tuple[int, ModelState]],
    **said: Any,
) -> Fact:
    """`what` is (version, place); `left` versions that leave, with what becomes of them unless they judge elsewhere."""
    found, place = what
    span = ground.span(place)
    how = said.pop("how", "deployed")
    payload = {
        "name": found.name,
        "version": found.version,
        "state": ModelState.DEPLOYED.value,
        "lo": span.lo,
        "hi": span.hi,
        "how": how,
        "before": before.id if before else None,
        "left": _leaving(found.name, before, left),
        **said,
    }
    kind = Kind.MODEL_ROLLED_BACK if how == "rolled_back" else Kind.MODEL_DEPLOYED
    return ground.fact(kind, viewer, found.id, payload, place)


def _leaving(name: str, before: Deployment | None, left: list[tuple[int, ModelState]]) -> list[list[Any]]:
    elsewhere = {one.model for one in register.in_force(name) if before is None or one.id != before.id}
    return [[model, state.value] for model, state in left if model not in elsewhere]


def _deployed_at(name: str, place: str) -> tuple[Deployment, Version]:
    """What a division deployed for itself, and its version; NotFound when it never did."""
    current = _own(name, place)
    if current is None:
        raise NotFound(f"{name}: no version was deployed for {place} itself / 此区划没有自己的部署")
    found = register.numbered(current.model)
    assert found is not None, "a deployment is of an entered version"
    return current, found


def roll_back(ground: Ground, viewer: Viewer, name: str, place: str, reason: str) -> Fact:
    """回滚: the version that judged at this division before judges there again, without asking anybody else."""
    _place(ground, viewer, place)
    with transaction.atomic(using=ALIAS):
        register.lock()
        current, leaving = _deployed_at(name, place)
        _permit(Kind.MODEL_ROLLED_BACK, leaving, viewer, {"place": place, "reason": reason})
        target = _before(current)
        found = register.numbered(target.model) if target else None
        if found is None:
            raise IllegalMove("there is no version before this one / 此前没有其他版本，无法回滚")
        registry(ground.home, name).load(found.version)
        left = [(current.model, ModelState.ROLLED_BACK)]
        fact = _deployment(ground, viewer, (found, place), current, left, reason=reason, how="rolled_back")
        write.append([fact])
    return fact


def _before(current: Deployment) -> Deployment | None:
    """The deployment whose version a roll-back brings again: that before the one whose version judges now."""
    restored: Deployment | None = current
    if current.how == "rolled_back" and current.before:
        replaced = register.deployment(current.before)
        restored = _before(replaced) if replaced else None
    return register.deployment(restored.before) if restored and restored.before else None


def withdraw(ground: Ground, viewer: Viewer, name: str, place: str, reason: str) -> Fact:
    """停用本地版本: a division goes back to what judges around it. The city always keeps one."""
    _place(ground, viewer, place)
    with transaction.atomic(using=ALIAS):
        register.lock()
        current, found = _deployed_at(name, place)
        if place == ground.knowledge.city:
            raise IllegalMove("the city can't be without a model; deploy another / 全市不能没有模型，请部署其他版本")
        _permit(Kind.MODEL_WITHDRAWN, found, viewer, {"place": place, "reason": reason})
        left = _leaving(name, current, [(current.model, ModelState.RETIRED)])
        fact = ground.fact(
            Kind.MODEL_WITHDRAWN, viewer, found.id, {"before": current.id, "left": left, "reason": reason}, place
        )
        write.append([fact])
    return fact


def retire(ground: Ground, viewer: Viewer, found: Version, reason: str) -> Fact:
    """退役: it may not be deployed unless somebody approves it anew."""
    _permit(Kind.MODEL_RETIRED, found, viewer, {"reason": reason})
    payload = {"reason": reason, "state": ModelState.RETIRED.value}
    fact = ground.fact(Kind.MODEL_RETIRED, viewer, found.id, payload, viewer.place)
    with transaction.atomic(using=ALIAS):
        write.append([fact])
    return fact


def set_up(ground: Ground, name: str) -> Deployment | None:
    """初始化: the deployment of a city that never had one, of the version published last; None without any.

    The fact says that set-up did so and nobody approved.
    """
    version = registry(ground.home, name).latest()
    if not version:
        return None
    with transaction.atomic(using=ALIAS):
        register.lock()
        if not register.in_force(name):
            found = enter(ground, name, version)
            place = ground.knowledge.city
            write.append([_deployment(ground, ROAD, (found, place), None, [], reason=SET_UP, how="set_up")])
    return register.in_force(name)[0]
