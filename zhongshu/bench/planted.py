"""种下的重复 planted duplicates: reports of the demo city as the room would see them, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import Pack, read
from zhongshu.hub.judge.classifier import Classifier
from zhongshu.hub.judge.gazetteer import Found, Gazetteer, Spot
from zhongshu.hub.judge.registry import Registry
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.judge.window import SURE, Told, names
from zhongshu.kernel.places import Datum, to_wgs84
from zhongshu.kernel.settings import load

START = datetime(2026, 3, 2, tzinfo=UTC)
RATE = 100.0
"""Reports an hour, as the laboratory's stream."""


@dataclass(frozen=True, slots=True)
class Demo:
    """示范诉求: what a room knows of each report, and the number of the matter that it truly is about."""

    told: list[Told]
    truth: NDArray[np.int64]


def demo(folder: Path, days: float) -> Demo:
    """Reports of the demo city with category and place as our own model and gazetteer see them, no truth looked at.

    Reports without any place are left out, as the room leaves them without neighbours.
    """
    generate(folder, "small")
    pack, _ = read(folder)
    rows = list(reports(pack, START, START + timedelta(days=days), RATE))
    gazetteer = _gazetteer(pack)
    said = [(row["address"], row["text"]) for row in rows]
    found = gazetteer.find([f"{address}，{text}" if address else text for address, text in said])
    categories = [guess.category for guess in _model(pack).classify([text for _, text in said], False)]
    groups: dict[str, int] = {}
    told, truth = [], []
    for row, place, category, named in zip(rows, found, categories, names(gazetteer, said), strict=True):
        point = _point(row, place)
        if point is not None:
            told.append(Told(row["text"], row["at"], category, *point, named))
            truth.append(groups.setdefault(row["truth"]["group"], len(groups)))
    return Demo(told, np.array(truth))


def _point(row: dict[str, Any], found: Found) -> tuple[float, float] | None:
    if row["lon"] is not None:
        return to_wgs84(row["lon"], row["lat"], Datum(row["datum"]))
    if found.lon is None or found.lat is None or found.confidence < SURE:
        return None
    return found.lon, found.lat


def _gazetteer(pack: Pack) -> Gazetteer:
    spots: Iterable[Spot] = (
        Spot(row["code"], row["name"], row["kind"], row["division"], row["lon"], row["lat"], tuple(row["aliases"]))
        for row in pack.rows("places")
    )
    return Gazetteer(spots, [(row["code"], row["name"]) for row in pack.rows("divisions")], pack.scheme)


def _model(pack: Pack) -> Classifier:
    """The model of the user's own demo, otherwise one kept in the user's cache; trained there the first time."""
    home = load().home_path
    if not (Registry(home).latest() or "").startswith("demo"):
        home = home / "cache" / "bench"
    version = Registry(home).latest()
    if version:
        return Registry(home).load(version)
    samples = pack.rows("samples")
    model, card = train([r["text"] for r in samples], [r["category"] for r in samples], "bench-1", Recipe(folds=2))
    Registry(home).publish(model, card)
    return model
