"""从账本学习 what people said of judgements teaches the next version; the newest cases are held back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from zhongshu.data import learning, write
from zhongshu.data import model_register as register
from zhongshu.data.databases import ROAD as ALIAS
from zhongshu.data.learning import Taught
from zhongshu.data.model_register import Deployment
from zhongshu.data.versions import fingerprint
from zhongshu.hub import governing
from zhongshu.hub.governing import Ground
from zhongshu.hub.judge.classifier import Classifier
from zhongshu.hub.judge.measuring import Held, Judgement, alarms, compare, drift
from zhongshu.hub.judge.model_forms import CLASSIFY, classifiers
from zhongshu.hub.judge.training import Card, Recipe, train
from zhongshu.hub.judge.twins import groups
from zhongshu.kernel.access import ROAD, Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import EVERYWHERE, Span

WEIGHTS: Mapping[str, float] = {"corrected": 3.0, "classified": 2.0, "ruled": 1.5, "closed": 1.0, "sample": 1.0}
"""How much a text counts by how its category is known; a correction is what the model must learn most."""
HELD_BACK = 0.2
"""Share of the known cases, the newest, that no version is trained on."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MOST = 20_000
"""Held-back cases that two versions are compared on, the newest."""
WATCH_EVERY = timedelta(hours=24)
WATCHED = 1000
"""Judgements that a watch looks at, and as many of the first ones."""


@dataclass(frozen=True, slots=True)
class Wish:
    """训练要求: the name of the new version, from where cases are taken, and which share of the newest is held back."""

    version: str
    span: Span = EVERYWHERE
    since: datetime = LONG_AGO
    held_back: float = HELD_BACK
    samples: bool = True
    by: int = 0


def costs(knowledge: Knowledge) -> dict[str, float]:
    """误判代价 of each category that has one, its own or that of the category above it."""
    found: dict[str, float] = {}
    for code in knowledge.categories:
        above = code
        while above in knowledge.categories and knowledge.categories[above].mistake_cost is None:
            above = knowledge.categories[above].parent
        cost = knowledge.categories[above].mistake_cost if above in knowledge.categories else None
        if cost is not None:
            found[code] = cost
    return found


def known_cases(knowledge: Knowledge, span: Span, since: datetime, until: datetime) -> list[Taught]:
    """Cases whose category is known and still in the pack, by the time they were opened."""
    found = [one for batch in learning.taught(since, until, span) for one in batch if one.label in knowledge.categories]
    return sorted(found, key=lambda one: (one.at, one.case))


def cut(known: Sequence[Taught], held_back: float) -> tuple[list[Taught], list[Taught]]:
    """(to learn from, held back): the newest share is held back, and so is every near-duplicate of one of it.

    Held back is what was opened at or after one moment; twins before that moment are in neither.
    """
    border = int(len(known) * (1 - held_back))
    if not held_back or border >= len(known):
        return list(known), []
    moment = known[border].at
    old, new = [one for one in known if one.at < moment], [one for one in known if one.at >= moment]
    group = groups([one.text for one in (*old, *new)])
    kept = ~np.isin(group[: len(old)], group[len(old) :])
    return [one for one, keep in zip(old, kept.tolist(), strict=True) if keep], new


def teach(ground: Ground, wish: Wish, recipe: Recipe | None = None) -> tuple[Classifier, Card]:
    """A new version from the ledger, and from the pack's samples so that no category is forgotten.

    Publishes nothing. BadInput when there are no cases to learn from.
    """
    from zhongshu.data import packs

    knowledge, began = ground.knowledge, time.perf_counter()
    known = known_cases(knowledge, wish.span, wish.since, ground.now + timedelta(seconds=1))
    lessons, held = cut(known, wish.held_back)
    if not lessons:
        raise BadInput(
            f"found {len(known)} cases with a known category, expected some beside those held back / "
            "账本中尚无可用于训练的案件"
        )
    pairs = packs.samples() if wish.samples else []
    texts = [one.text for one in lessons] + [text for text, _ in pairs]
    labels = [one.label for one in lessons] + [code for _, code in pairs]
    sources = [one.source for one in lessons] + ["sample"] * len(pairs)
    weights = np.array([WEIGHTS[one] for one in sources], np.float32)
    recipe = replace(recipe or Recipe(), costs=costs(knowledge))
    model, card = train(texts, labels, wish.version, recipe, weights)
    data = {
        "from": lessons[0].at.isoformat(),
        "until": held[0].at.isoformat() if held else ground.now.isoformat(),
        "counts": dict(Counter(sources)),
        "weights": dict(WEIGHTS),
        "held_back": len(held),
        "span": [wish.span.lo, wish.span.hi],
        "fingerprint": fingerprint(sorted(f"{label}\t{text}" for text, label in zip(texts, labels, strict=True))),
        "ledger": register.head(),
        "pack": knowledge.versions.get("pack", ""),
    }
    return model, replace(card, data=data, seconds=round(time.perf_counter() - began, 2))


def held_cases(ground: Ground, cards: Sequence[Mapping[str, Any]], span: Span = EVERYWHERE) -> Held:
    """Cases that neither version was trained on: opened at or after the moment that each card says it learnt until."""
    moments = [datetime.fromisoformat(card["data"]["until"]) for card in cards if card.get("data", {}).get("until")]
    since = max(moments, default=LONG_AGO)
    found = known_cases(ground.knowledge, span, since, ground.now + timedelta(seconds=1))[-MOST:]
    return Held(
        [one.case for one in found],
        [one.text for one in found],
        [one.label for one in found],
        [one.by_person for one in found],
    )


def side_by_side(ground: Ground, viewer: Viewer, champion: str, challenger: str) -> tuple[dict[str, Any], Fact]:
    """Both versions measured on the same held-back cases, and the fact that says so. BadInput without such cases."""
    folder = classifiers(ground.home)
    first, second = (governing.enter(ground, CLASSIFY, version) for version in (champion, challenger))
    held = held_cases(ground, [folder.card(champion), folder.card(challenger)])
    found = compare(folder.load(champion), folder.load(challenger), held)
    found["by_people"] = sum(held.by_people)
    return found, governing.record_comparison(ground, viewer, (first, second), found)


def look(ground: Ground, one: Deployment) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(figures, alarms) of one deployment now; figures say how many judgements there are even when they are too few."""
    model = classifiers(ground.home).load(one.version)
    first, last = (
        [Judgement(*row) for row in learning.said(one.version, one.id, one.span, WATCHED, newest)]
        for newest in (False, True)
    )
    every = {each.case: each for each in (*first, *last)}
    if len(every) < len(first) + len(last):
        ordered = [every[case] for case in sorted(every)]
        first, last = ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]
    if not first or not last:
        return {"first": len(first), "last": len(last)}, []
    found = drift(model, first, last)
    return found, alarms(found, ground.knowledge.thresholds)


def watch(ground: Ground, every: timedelta = WATCH_EVERY, by: Viewer = ROAD) -> list[Fact]:
    """漂移监测: a fact for each deployment that was not looked at within `every`."""
    made = []
    for one in register.in_force(CLASSIFY):
        last = register.last_watch(one.id)
        if last and ground.now - last < every:
            continue
        found, said = look(ground, one)
        payload = {"deployment": one.id, "lo": one.span.lo, "hi": one.span.hi, "figures": found, "alarms": said}
        made.append(ground.fact(Kind.MODEL_WATCHED, by, one.model, payload, one.place))
    if made:
        with transaction.atomic(using=ALIAS):
            write.append(made)
    return made
