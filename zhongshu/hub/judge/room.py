"""研判 the room: what is it, where, how urgent, and is it the same matter as one already open?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhongshu.hub.judge.emergency import Hit, emergency
from zhongshu.hub.judge.joining import said
from zhongshu.hub.judge.keywords import partnered
from zhongshu.hub.judge.merge import Verdict, best, verdicts
from zhongshu.hub.judge.needs import MOST, Needs, needs
from zhongshu.hub.judge.urgency import own_limits, raised
from zhongshu.hub.judge.window import Told, Window
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.desk import Category, Desk, Guess, begun, follow, title_of
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Neighbour, Neighbourhood, Place, Probe

CAUTIOUS = 0.5
"""Threshold of a category for which neither the pack nor the model names one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One report with all that the batch steps found out about it."""

    fact: Fact
    guess: Guess
    place: Place
    needs: Needs
    danger: Hit | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What was asked about a batch's surroundings: neighbours of those `willing` to be merged, by their number."""

    probes: Sequence[Probe]
    willing: Sequence[int]
    asked: Neighbourhood


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    again = [_again(fact, desk) for fact in batch if fact.kind in (Kind.REOPENED, Kind.REDONE)]
    reports = [_split_report(fact, desk) if fact.kind == Kind.SPLIT else fact for fact in batch]
    return again + judge([fact for fact in reports if fact.kind == Kind.REPORTED], desk)


def judge(reports: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Every report becomes a new case, part of an open one, or a case that waits for a person (Unclear)."""
    if not reports:
        return []
    texts = [fact.payload["text"] for fact in reports]
    places = desk.locate([_place(fact) for fact in reports], texts)
    probes = [Probe(text, fact.at, place) for fact, text, place in zip(reports, texts, places, strict=True)]
    willing = [n for n, fact in enumerate(reports) if fact.payload.get("merge") != "off"]
    asked = desk.neighbours([probes[n] for n in willing])
    guesses = _guesses(reports, texts, places, desk)
    seen = []
    known = desk.knowledge
    for fact, guess, place, text in zip(reports, guesses, places, texts, strict=True):
        need = raised(needs(text, known.words), fact, guess.category, place, known)
        seen.append(Seen(fact, guess, place, need, emergency(text, known.emergencies)))
    return _merge_or_open(seen, Around(probes, willing, asked), desk)


def _guesses(reports: Sequence[Fact], texts: Sequence[str], places: Sequence[Place], desk: Desk) -> list[Guess]:
    """Ask model and rules only about reports whose source did not name a category that the pack knows."""
    said = [fact.payload.get("category", "") for fact in reports]
    known = desk.knowledge.categories
    asked = [n for n, code in enumerate(said) if code not in known]
    found = dict(zip(asked, _asked(asked, texts, places, desk), strict=True)) if asked else {}
    return [
        found[n] if n in found else Guess(code, 1.0, (("来源指定 said by source", 1.0),)) for n, code in enumerate(said)
    ]


def _asked(asked: Sequence[int], texts: Sequence[str], places: Sequence[Place], desk: Desk) -> list[Guess]:
    answers = desk.classify([texts[n] for n in asked], [places[n].code for n in asked])
    return [
        partnered(guess, texts[n], desk.knowledge, _sure(guess, desk)) for n, guess in zip(asked, answers, strict=True)
    ]


def _sure(guess: Guess, desk: Desk) -> bool:
    """Whether the answer may stand without a person. A bar that the model chose for itself is none for a rule."""
    category = desk.knowledge.categories.get(guess.category)
    if category is None:
        return False
    if guess.ruled:
        bar = None if category.learnt else category.threshold
    else:
        bar = guess.least if guess.model else category.threshold
    return guess.confidence >= (CAUTIOUS if bar is None else bar)


def _place(fact: Fact) -> Place:
    p = fact.payload
    return Place(p.get("lon"), p.get("lat"), p.get("address", ""), code=p.get("place", ""))


def _split_report(fact: Fact, desk: Desk) -> Fact:
    row = desk.report(fact.payload["report"])
    payload = {**row, "category": fact.payload.get("category", ""), "merge": "off", "split": True}
    return replace(fact, kind=Kind.REPORTED, subject=row["id"], payload=payload)


def _opinions(seen: list[Seen], around: Around, cases: list[int], desk: Desk) -> dict[int, list[Verdict]]:
    """By fact id, what speaks for a merge: with a case of the database, or one that this batch opens before."""
    probes, willing = around.probes, around.willing
    known = dict(zip(willing, around.asked(), strict=True))
    window = Window()
    for n, probe in enumerate(probes):
        told = Told.of(probe, seen[n].guess.category)
        if n in known:
            known[n] = _alike(seen[n], [*known[n], *(window.near(told) if told else ())], desk)
        if told:
            window.add(cases[n], told)
    categories = [seen[n].guess.category for n in willing]
    found = verdicts([probes[n] for n in willing], categories, [known[n] for n in willing])
    return {seen[n].fact.id: _apart(seen[n], one, known[n], desk) for n, one in zip(willing, found, strict=True)}


def _apart(one: Seen, found: list[Verdict], others: Sequence[Neighbour], desk: Desk) -> list[Verdict]:
    """A special need is not put away among ordinary ones by itself: it would lose the limit of its own."""
    if not one.needs.special:
        return found
    alike = {other.case for other in others if needs(other.text, desk.knowledge.words).special}
    return [
        verdict
        if verdict.kind != "merge" or verdict.case in alike
        else replace(verdict, kind="propose", reasons=(*verdict.reasons, ("special_need", 1.0)))
        for verdict in found
    ]


def _merge_or_open(seen: list[Seen], around: Around, desk: Desk) -> list[Fact]:
    cases = [desk.new_id() for _ in seen]
    opinions = _opinions(seen, around, cases, desk)
    merged: set[int] = set()
    facts: list[Fact] = []
    for one, case in zip(seen, cases, strict=True):
        verdict = said(one.fact, one.place, desk) or best(opinions.get(one.fact.id, ()), merged)
        if verdict and verdict.kind == "merge":
            merged.add(case)
            facts.append(_merged(one, verdict, desk))
            continue
        born = _open(one, case, desk)
        facts.append(born)
        if verdict:
            facts.append(_proposed(one, born, verdict, desk))
    return facts


def _alike(one: Seen, found: list[Neighbour], desk: Desk) -> list[Neighbour]:
    """An emergency is never put away in a case that is none."""
    if one.danger is None:
        return found
    rows = desk.knowledge.emergencies
    return [other for other in found if emergency(other.text, rows)]


def _open(one: Seen, case: int, desk: Desk) -> Fact:
    """A new case; Unclear instead of Judged when the model is less sure than this category demands."""
    category = desk.knowledge.categories.get(one.guess.category)
    p = one.fact.payload
    payload: dict[str, Any] = {
        "report": one.fact.subject,
        "number": number_of(one.fact.at, case),
        "title": title_of(p["text"]),
        "text": p["text"],
        "channel": p["channel"],
        "category": one.guess.category,
        "confidence": round(one.guess.confidence, 4),
        "reasons": [[word, round(weight, 4)] for word, weight in one.guess.reasons],
        "others": [[code, round(share, 4)] for code, share in one.guess.others],
        "urgency": _urgency(one, category),
        "special": bool(one.needs.special),
        "needs": [list(pair) for pair in one.needs.reasons],
        "address": one.place.address or p.get("address", ""),
        "lon": one.place.lon,
        "lat": one.place.lat,
        "grid": one.place.grid,
        "located_by": one.place.how,
        "named": one.place.named,
    }
    if p.get("split"):
        payload["split"] = True
    if one.place.place_type or one.place.ownership:
        payload |= {"place_type": one.place.place_type, "ownership": one.place.ownership}
    if one.place.candidates:
        payload["places"] = [each._asdict() for each in one.place.candidates]
    if one.danger:
        payload["emergency"] = one.danger
    kind = Kind.JUDGED if _sure(one.guess, desk) else Kind.UNCLEAR
    own = own_limits(bool(one.needs.special), one.guess.category, desk.knowledge)
    if own:
        payload["clocks"] = begun(kind, one.fact.at, desk, own)
    said = {"versions": {**desk.knowledge.versions, "model": one.guess.model}} if one.guess.model else {}
    return follow(one.fact, desk, kind, payload, subject=case, place=one.place.code, at=one.fact.at, **said)


def _urgency(one: Seen, category: Category | None) -> int:
    if one.danger:
        return MOST
    return max(one.needs.urgency, 2) if category is not None and category.urgent else one.needs.urgency


def _merged(one: Seen, verdict: Verdict, desk: Desk) -> Fact:
    payload: dict[str, Any] = {
        "report": one.fact.subject,
        "score": round(verdict.score, 4),
        "reasons": [list(pair) for pair in verdict.reasons],
    }
    if one.needs.reasons:
        payload["urgency"] = one.needs.urgency
        payload["needs"] = [list(why) for why in one.needs.reasons]
    return follow(one.fact, desk, Kind.MERGED, payload, subject=verdict.case, place=one.place.code, at=one.fact.at)


def _proposed(one: Seen, born: Fact, verdict: Verdict, desk: Desk) -> Fact:
    payload = {
        "report": one.fact.subject,
        "other": verdict.case,
        "score": round(verdict.score, 4),
        "reasons": [list(pair) for pair in verdict.reasons],
    }
    return follow(born, desk, Kind.MERGE_PROPOSED, payload, cause=one.fact.id, at=one.fact.at)


def _again(fact: Fact, desk: Desk) -> Fact:
    """A case that lives again keeps what was known; it travels on to a new decision."""
    case = desk.case(fact.subject)
    payload: dict[str, Any] = {
        "birth": False,
        "category": fact.payload.get("category") or case["category"],
        "confidence": case["confidence"],
        "text": case["text"],
        "nature": case.get("nature", ""),
    }
    if fact.kind == Kind.REDONE:
        payload["clocks"] = []  # the overall limit runs on: nothing was closed
    return follow(fact, desk, Kind.JUDGED, payload, place=case["place"])
