"""热度 the heat of an issue: a published formula of reports, reporters, likes, recency and growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log1p, log2

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Voice:
    """一声: one report of an issue: when, by whom ("" when nobody knows: then everybody is another), likes >= 0."""

    at: datetime
    reporter: str = ""
    likes: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """热度权重: a report, a distinct reporter, a unit of ln(1 + likes); days until a report counts half; growth.

    `recent` days are compared with as many before them. A city may set its own; no standard fixes any of them.
    """

    report: float = 1.0
    reporter: float = 2.0
    like: float = 0.5
    half_life: float = 14.0
    recent: float = 7.0
    growth: float = 0.5


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Heat:
    """热度: `index` and its parts, so that a screen can say why; `trend` is rising, steady, falling or still."""

    index: float
    reports: float
    reporters: float
    likes: float
    growth: float
    trend: str


def heat(voices: Sequence[Voice], now: datetime, weights: Weights = WEIGHTS) -> Heat:
    """热度指数 of an issue at `now`; voices later than `now` are not heard.

    With d(v) = 2^(-age of v in days / half_life):

        reports   R = sum of d(v) over all reports
        reporters U = sum over distinct reporters of d of their newest report
        likes     L = sum of d(v) * ln(1 + likes of v) over all reports
        growth    g = log2((1 + n) / (1 + m)), cut to -1..1; n reports of the last `recent` days, m of as many before
        heat      H = (report * R + reporter * U + like * L) * (1 + growth * g)

    One person who writes ten times raises R ten times but U once; a crowd of likes counts by its logarithm. Without
    new reports H halves every `half_life` days. The trend is rising for g >= 0.5, falling for g <= -0.5, still when
    neither window holds a report, else steady.
    """
    heard = [voice for voice in voices if voice.at <= now]
    ages = [(now - voice.at).total_seconds() / DAY for voice in heard]
    fresh = [2 ** (-age / weights.half_life) for age in ages]
    newest: dict[str, float] = {}
    for number, (voice, share) in enumerate(zip(heard, fresh, strict=True)):
        who = voice.reporter or f"\0{number}"
        newest[who] = max(share, newest.get(who, 0.0))
    likes = sum(share * log1p(max(0, voice.likes)) for voice, share in zip(heard, fresh, strict=True))
    late = sum(age < weights.recent for age in ages)
    before = sum(weights.recent <= age < 2 * weights.recent for age in ages)
    growth = min(1.0, max(-1.0, log2((1 + late) / (1 + before))))
    reports, reporters = sum(fresh), sum(newest.values())
    index = (weights.report * reports + weights.reporter * reporters + weights.like * likes) * (
        1 + weights.growth * growth
    )
    return Heat(index, reports, reporters, likes, growth, _trend(growth, late + before))


def _trend(growth: float, lately: int) -> str:
    if not lately:
        return "still"
    if growth >= 0.5:
        return "rising"
    return "falling" if growth <= -0.5 else "steady"


def peak(voices: Sequence[Voice], weights: Weights = WEIGHTS) -> tuple[datetime, Heat]:
    """When an issue was hottest, and how hot: heat only rises at a report, so only those moments are looked at.

    (Growth may rise without a report when the window before empties; that is no news.) ValueError without voices.
    """
    return max(((voice.at, heat(voices, voice.at, weights)) for voice in voices), key=lambda one: one[1].index)
