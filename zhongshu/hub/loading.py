"""备料 loading: rules, models and indexes from the database and the model registry into the hub's tools."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zhongshu.data import pack_rows, packs
from zhongshu.data.versions import fingerprint
from zhongshu.hub.assets import Assets
from zhongshu.hub.desk import Classifies, Tools
from zhongshu.hub.judge.atlas import Atlas
from zhongshu.hub.judge.gazetteer import Spot
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.placing import Finder
from zhongshu.hub.locating import Locator
from zhongshu.kernel.desk import Guess, Knowledge, Run
from zhongshu.kernel.places import Sensor
from zhongshu.kernel.plugins import scenarios
from zhongshu.kernel.settings import Settings

ATLASES_KEPT = 3
FLOOR = 0.5
"""No threshold that a model chose for itself goes below this: its samples may be kinder than what people really say."""


class Unschooled:
    """A hub without a model (未训练): it says so by abstaining, and people classify."""

    version = "none"

    def classify(self, texts: Sequence[str]) -> list[Guess]:
        return [Guess("", 0.0) for _ in texts]


def load_tools(settings: Settings, scenario_folder: Path) -> Tools:
    """Everything that the rooms ask for, from the pack in force and the newest published model."""
    knowledge = packs.knowledge()
    model, knowledge = schooled(settings.home_path, knowledge)
    tools = Tools(
        knowledge=knowledge,
        model=model,
        atlas=_locator(settings.home_path, knowledge),
        sensors=_sensors(),
        scenarios=_scenarios(scenario_folder),
        assets=Assets.of(pack_rows.components()),
    )
    # The tools stay for good: a garbage collection need not walk through them, nor come every 700 objects of a batch.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return tools


def schooled(home: Path, knowledge: Knowledge, version: str = "") -> tuple[Classifies, Knowledge]:
    """A model ("" the newest), its version noted, and its thresholds where the pack names none of its own."""
    registry = classifiers(home)
    version = version or registry.latest()
    if not version:
        return Unschooled(), replace(knowledge, versions={**knowledge.versions, "model": Unschooled.version})
    model = registry.load(version)
    chosen = {code: max(FLOOR, model.thresholds.get(code, 1.0)) for code in knowledge.categories}
    categories = {
        code: replace(category, threshold=chosen[code]) if category.threshold is None else category
        for code, category in knowledge.categories.items()
    }
    return model, replace(knowledge, categories=categories, versions={**knowledge.versions, "model": version})


def _locator(home: Path, knowledge: Knowledge) -> Locator:
    spots = [
        Spot(a.code, a.name, a.kind, a.division, a.lon, a.lat, a.aliases, a.place_type, a.ownership)
        for a in packs.address_base()
    ]
    finder = Finder(spots, knowledge.names, knowledge.scheme)
    areas = packs.grid_shapes()
    if not areas.codes:
        return Locator(None, {}, finder)
    atlas = _atlas(home / "cache", areas)
    return Locator(atlas, dict(zip(areas.codes, areas.divisions, strict=True)), finder)


def _atlas(cache: Path, areas: packs.Areas) -> Atlas:
    """Painting the raster takes seconds in a big city, so it is kept beside the data, by content."""
    import shapely

    content = fingerprint([*areas.codes, *(blob.hex() for blob in shapely.to_wkb(areas.shapes).tolist())])
    path = cache / f"atlas-{content}.npz"
    if path.exists():
        return Atlas.load(path)
    cache.mkdir(parents=True, exist_ok=True)
    atlas = Atlas(areas.codes, areas.shapes.tolist())
    # A draft of our own: the web process and the runner may start, and paint, at the same moment.
    with tempfile.TemporaryDirectory(dir=cache, prefix=".draft-") as folder:
        draft = Path(folder) / path.name
        atlas.save(draft)
        draft.replace(path)
    for old in sorted(cache.glob("atlas-*.npz"), key=lambda one: one.stat().st_mtime)[:-ATLASES_KEPT]:
        old.unlink(missing_ok=True)
    return atlas


def _sensors() -> dict[str, Sensor]:
    return {
        d.code: Sensor(d.code, d.name, d.kind, d.division, d.lon, d.lat, d.unit, d.threshold, d.clear_below, d.category)
        for d in packs.sensors()
    }


def _scenarios(folder: Path) -> dict[str, list[Run]]:
    """Scenarios by the fact kind they listen to; found by manifest, imported by nobody."""
    found: dict[str, list[Run]] = {}
    for scenario in scenarios(folder, "zhongshu.scenarios"):
        for kind in scenario.listens:
            found.setdefault(kind, []).append(scenario.run)
    return found
