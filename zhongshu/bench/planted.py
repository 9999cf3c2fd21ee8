"""种下的重复 planted duplicates: reports of the demo city as the room would see them, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.bench.school import schooled
from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import Pack, read
from zhongshu.hub.judge.gazetteer import SURE, Found, Gazetteer, Spot, said
from zhongshu.hub.judge.model_forms import Judges, classifiers
from zhongshu.hub.judge.window import Told, clear
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
    gazetteer = gazetteer_of(pack)
    found = gazetteer.find([said(row["address"], row["text"]) for row in rows])
    categories = [guess.category for guess in model_of(pack).classify([row["text"] for row in rows], False)]
    groups: dict[str, int] = {}
    told, truth = [], []
    for row, place, category in zip(rows, found, categories, strict=True):
        point = point_of(row, place)
        if point is not None:
            told.append(Told(row["text"], row["at"], category, *point, clear(place)))
            truth.append(groups.setdefault(row["truth"]["group"], len(groups)))
    return Demo(told, np.array(truth))


def point_of(row: dict[str, Any], found: Found) -> tuple[float, float] | None:
    if row["lon"] is not None:
        return to_wgs84(row["lon"], row["lat"], Datum(row["datum"]))
    if found.lon is None or found.lat is None or found.confidence < SURE:
        return None
    return found.lon, found.lat


def gazetteer_of(pack: Pack) -> Gazetteer:
    spots: Iterable[Spot] = (
        Spot(row["code"], row["name"], row["kind"], row["division"], row["lon"], row["lat"], tuple(row["aliases"]))
        for row in pack.rows("places")
    )
    return Gazetteer(spots, [(row["code"], row["name"]) for row in pack.rows("divisions")], pack.scheme)


def model_of(pack: Pack) -> Judges:
    """The model of the user's own demo, otherwise one kept in the user's cache; trained there the first time."""
    registry = classifiers(
        schooled(load().home_path, lambda: [(row["text"], row["category"]) for row in pack.rows("samples")])
    )
    version = registry.latest()
    assert version, "schooled leaves a model"
    return registry.load(version)
