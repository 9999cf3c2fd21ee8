"""地名实测 bench `place`: tags of real addresses against a plain CRF, and matching against a made-up address base."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pycrfsuite

from zhongshu.bench import real
from zhongshu.bench.addresses import KINDS, Asked, address_base, said
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.hub.judge.address_features import tokens_of
from zhongshu.hub.judge.address_fitting import calibration_error, fit
from zhongshu.hub.judge.address_match import NEAR, AddressMatcher, Match
from zhongshu.hub.judge.address_tags import spans
from zhongshu.hub.judge.address_training import (
    AddressRecipe,
    Sample,
    read_samples,
    score,
    train_tagger,
)

_ROWS, _QUICK_ROWS = 1_000_000, 100_000
_ASKED, _QUICK_ASKED = 9_000, 1_800
_QUICK_SAMPLES = 1_500


def _folder() -> Path:
    return real.real("addresses", "train.txt").parent


def _tagging(quick: bool) -> tuple[dict[str, float], dict[str, float], dict[str, int]]:
    folder = _folder()
    samples, dev = read_samples(folder / "train.txt"), read_samples(folder / "dev.txt")
    samples = samples[:_QUICK_SAMPLES] if quick else samples
    began = time.perf_counter()
    recipe = replace(AddressRecipe(), seeds=(0,), parts=5) if quick else AddressRecipe()
    tagger = train_tagger(samples, "bench", None, recipe)
    trained = time.perf_counter() - began
    reached = score(tagger, dev)
    texts = ["".join(sample.tokens) for sample in dev] * 2
    tagger.parse(texts[:500])
    began, worked = time.perf_counter(), time.process_time()
    tagger.parse(texts)
    speed, alone = len(texts) / (time.perf_counter() - began), len(texts) / (time.process_time() - worked)
    figures = {
        "f1": reached.f1,
        "district": reached.tags["district"][1],
        "addresses_per_s": round(speed),
        "addresses_per_cpu_s": round(alone),
        "precision": reached.precision,
        "recall": reached.recall,
        "whole": reached.whole,
        "district_f1": reached.tags["district"][0],
        "train_s": round(trained, 1),
    }
    return figures, _plain(samples, dev), {"train": len(samples), "dev": len(dev)}


def _plain(samples: Sequence[Sample], dev: Sequence[Sample]) -> dict[str, float]:
    """The ordinary way: python-crfsuite with characters and pairs of a window of five, an L2 CRF in 40 steps."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c2": 0.1, "max_iterations": 40})
    for sample in samples:
        trainer.append(_window(sample.tokens), list(sample.labels))
    tagger = pycrfsuite.Tagger()
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/plain.crfsuite")
        tagger.open(f"{folder}/plain.crfsuite")
    began = time.perf_counter()
    for sample in dev:
        tagger.tag(_window(tokens_of("".join(sample.tokens))))
    speed = len(dev) / (time.perf_counter() - began)
    hits = wanted = given = 0
    for sample in dev:
        truth, answer = (
            set(spans(sample.tokens, labels)) for labels in (sample.labels, tagger.tag(_window(sample.tokens)))
        )
        hits, wanted, given = hits + len(truth & answer), wanted + len(truth), given + len(answer)
    tagger.close()
    return {"plain_crf_f1": round(2 * hits / (wanted + given), 4), "plain_crf_addresses_per_s": round(speed)}


def _window(tokens: Sequence[str]) -> list[list[str]]:
    padded = ["<", "<", *("0" * len(token) if token.isdecimal() else token for token in tokens), ">", ">"]
    return [
        [f"{step}:{padded[place + step]}" for step in range(5)]
        + [f"{step}={padded[place + step]}{padded[place + step + 1]}" for step in range(4)]
        for place in range(len(tokens))
    ]


def _matching(quick: bool) -> dict[str, float]:
    """Weights fitted on another made-up city of the same size."""
    rows = _QUICK_ROWS if quick else _ROWS
    other = AddressMatcher(address_base(rows, seed=11))
    training = said(other.base, 1_800, seed=12)
    weights = fit(other, training.texts, training.row)
    base = address_base(rows)
    before = _resident_mb()
    began = time.perf_counter()
    matcher = AddressMatcher(base, weights)
    built = time.perf_counter() - began
    asked = said(base, _QUICK_ASKED if quick else _ASKED)
    matcher.match(asked.texts[:200])
    began = time.perf_counter()
    matches = matcher.match(asked.texts)
    seconds = time.perf_counter() - began
    return {
        **judged(matcher, asked, matches),
        "match_per_s": round(len(asked.texts) / seconds),
        "match_build_s": round(built, 1),
        "match_mb": round(_resident_mb() - before),
        "rss_mb": round(_resident_mb()),
    }


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 1024**2


def judged(matcher: AddressMatcher, asked: Asked, matches: Sequence[Match]) -> dict[str, float]:
    """Shares over texts whose place is in the base: `top1` the very row, `near` within 100 m, `abstained`; over all
    answers `match_precision` within 100 m; `absent_answered` of those that mean nothing in the base."""
    row = np.array([match.row for match in matches])
    first = np.array([match.row if match.row >= 0 else (match.others or ((0, 0.0),))[0][0] for match in matches])
    there = asked.row >= 0
    near = there & (matcher.metres(first, np.maximum(asked.row, 0)) <= NEAR)
    answered = row >= 0
    figures = {
        "match_top1": (row == asked.row)[there].mean(),
        "match_near": (near & answered)[there].mean(),
        "match_abstained": 1 - answered[there].mean(),
        "match_precision": near[answered].mean(),
        "match_absent_answered": answered[~there].mean(),
        "match_ece": calibration_error(matches, near),
    }
    for number, kind in enumerate(KINDS[:-1]):
        figures[f"match_near_{kind}"] = (near & answered)[asked.kind == number].mean()
    return {name: round(float(value), 4) for name, value in figures.items()}


def run(quick: bool) -> Result:
    """All tagged addresses and 1,000,000 rows; quick: 1,500 addresses to learn from and 100,000 rows."""
    figures, baseline, size = _tagging(quick)
    return Result(
        bench="place",
        machine=machine(),
        versions=libraries("numpy", "scipy", "python-crfsuite", "rapidfuzz"),
        size={
            **size,
            "rows": _QUICK_ROWS if quick else _ROWS,
            "asked": _QUICK_ASKED if quick else _ASKED,
            "quick": quick,
        },
        figures={**figures, **_matching(quick)},
        baseline={**baseline, "published_crf_f1": 0.879, "published_neural_f1": 0.8993},
    )
