"""地名命令 models of places by command: fit the matching on the city's own address base, teach a tagger from a file."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plugins import Command
from zhongshu.kernel.settings import Settings

if TYPE_CHECKING:
    from zhongshu.hub.judge.address_match import AddressMatcher, Weights
    from zhongshu.hub.judge.address_tags import AddressTagger

_TEXTS = 1800
_HELD_BACK = 10
"""One tagged address in so many is held back to measure the tagger that is published."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", default="", help="版本号，默认取时间 · version, by default the time")
    parser.add_argument(
        "--tagged", type=Path, help="已标注地址文件，另训练标注器 · tagged addresses: teach a tagger too"
    )
    parser.add_argument("--by", default="", help="训练人账号 · account of who trains")


def _train(arguments: argparse.Namespace, settings: Settings) -> int:
    """Fit and publish; what is published first is deployed, later versions once a person has approved them."""
    from zhongshu.hub.judge.model_forms import ADDRESS, MATCHING, matchers, taggers
    from zhongshu.hub.model_commands import enter, trainer

    version = arguments.version or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    by = trainer(arguments.by)
    weights, card = fitted(_matcher(), version)
    path = matchers(settings.home_path).publish(weights, {**card, "trained_by": by.user})
    enter(settings, version, by, MATCHING)
    _say(f"{path}: {card}")
    if arguments.tagged:
        tagger, card = taught(arguments.tagged, version)
        path = taggers(settings.home_path).publish(tagger, {**card, "trained_by": by.user})
        enter(settings, version, by, ADDRESS)
        _say(f"{path}: {card}")
    return 0


def _matcher() -> AddressMatcher:
    from zhongshu.data import packs
    from zhongshu.hub.judge.address_match import AddressMatcher
    from zhongshu.hub.judge.placing import base_of
    from zhongshu.hub.loading import spots

    knowledge, rows = packs.knowledge(), spots()
    if not rows:
        raise BadInput("the city pack has no address base / 城市包没有地址库")
    return AddressMatcher(base_of(rows, knowledge.names, knowledge.scheme))


def fitted(matcher: AddressMatcher, version: str) -> tuple[Weights, dict[str, Any]]:
    """Weights fitted on made-up ways to say the addresses of this base, and a card measured on other such ways."""
    import numpy as np

    from zhongshu.hub.judge.address_fitting import calibration_error, fit
    from zhongshu.hub.judge.address_match import NEAR, AddressMatcher
    from zhongshu.hub.judge.address_telling import tell

    weights = fit(matcher, *tell(matcher.base, _TEXTS, seed=1), version=version)
    texts, truth = tell(matcher.base, _TEXTS, seed=2)
    matches = AddressMatcher(matcher.base, weights).match(texts)
    row = np.array([match.row for match in matches])
    there, answered = truth >= 0, row >= 0
    near = there & answered & (matcher.metres(np.maximum(row, 0), np.maximum(truth, 0)) <= NEAR)
    figures = {
        "near": near[there].mean(),
        "precision": near[answered].mean(),
        "abstained": 1 - answered[there].mean(),
        "ece": calibration_error(matches, near),
    }
    card = {name: round(float(value), 4) for name, value in figures.items()}
    about = {"version": version, "kind": "matching", "rows": len(matcher.base.name), "n": _TEXTS, "made_up": True}
    return weights, about | card


def taught(path: Path, version: str) -> tuple[AddressTagger, dict[str, Any]]:
    """A tagger from a file of tagged addresses, and its card, measured on a tenth that was held back."""
    from zhongshu.hub.judge.address_training import read_samples, score, train_tagger

    samples = read_samples(path)
    held = samples[::_HELD_BACK]
    rest = [one for number, one in enumerate(samples) if number % _HELD_BACK]
    tagger = train_tagger(rest, version)
    reached = score(tagger, held)
    figures = {"f1": reached.f1, "precision": reached.precision, "recall": reached.recall, "whole": reached.whole}
    return tagger, {"version": version, "kind": "address", "n": len(rest), "held_back": len(held), **figures}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


COMMANDS = [
    Command(
        "model places",
        "按本市地址库校准地址匹配，并可训练地址标注器",
        "fit the matching of places on the address base; teach a tagger from tagged addresses",
        _options,
        _train,
    ),
]
