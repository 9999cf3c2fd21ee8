"""备料 loading: rules, models and indexes from the database and the model registry into the hub's tools."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

from zhongshu.data import pack_rows, packs
from zhongshu.data.versions import fingerprint
from zhongshu.hub import replying
from zhongshu.hub.assets import Assets
from zhongshu.hub.deploying import Unschooled, equip, in_use, own_thresholds
from zhongshu.hub.desk import Tools
from zhongshu.hub.judge.address_match import FITTED
from zhongshu.hub.judge.address_tags import AddressTagger
from zhongshu.hub.judge.atlas import Atlas
from zhongshu.hub.judge.gazetteer import Spot
from zhongshu.hub.judge.model_forms import ADDRESS, MATCHING, matchers, taggers
from zhongshu.hub.judge.placing import NOTHING, Finder
from zhongshu.hub.locating import Locator
from zhongshu.kernel.desk import Knowledge, Run
from zhongshu.kernel.places import Sensor
from zhongshu.kernel.plugins import scenarios
from zhongshu.kernel.settings import Settings

ATLASES_KEPT = 3


def load_tools(settings: Settings, scenario_folder: Path) -> Tools:
    """Everything that the rooms ask for, from the pack in force and the models deployed."""
    knowledge = packs.knowledge()
    locator = _locator(settings.home_path, knowledge)
    tools = Tools(
        knowledge=knowledge,
        model=Unschooled(),
        atlas=locator,
        sensors=_sensors(locator),
        scenarios=_scenarios(scenario_folder),
        assets=Assets.of(pack_rows.components()),
        own_thresholds=own_thresholds(knowledge),
        rubric=replying.table(),
        tagger=_tagger(settings.home_path, knowledge),
    )
    tools = equip(tools, settings.home_path)
    # The tools stay for good: a garbage collection need not walk through them, nor come every 700 objects of a batch.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return tools


def rules_alone(knowledge: Knowledge | None = None) -> Tools:
    """For work that locates no report: rules, those in force when none are given, no model and no address base."""
    return Tools(knowledge or packs.knowledge(), Unschooled(), Locator(None, {}, NOTHING))


def spots() -> list[Spot]:
    """The address base in force."""
    return [
        Spot(a.code, a.name, a.kind, a.division, a.lon, a.lat, a.aliases, a.place_type, a.ownership)
        for a in packs.address_base()
    ]


def _locator(home: Path, knowledge: Knowledge) -> Locator:
    version = in_use(home, knowledge, MATCHING)
    weights = matchers(home).load(version) if version else FITTED
    finder = Finder(spots(), knowledge.names, knowledge.scheme, weights)
    areas = packs.grid_shapes()
    if not areas.codes:
        return Locator(None, {}, finder)
    atlas = _atlas(home / "cache", areas)
    return Locator(atlas, dict(zip(areas.codes, areas.divisions, strict=True)), finder)


def _tagger(home: Path, knowledge: Knowledge) -> AddressTagger | None:
    """标注器, where the city has taught one: a city without it reads places by names and rules."""
    version = in_use(home, knowledge, ADDRESS)
    return taggers(home).load(version) if version else None


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


def _sensors(locator: Locator) -> dict[str, Sensor]:
    devices = packs.sensors()
    grids = locator.grids([(d.lon, d.lat) for d in devices])
    return {
        d.code: Sensor(
            *(d.code, d.name, d.kind, d.division, d.lon, d.lat, d.unit, d.threshold, d.clear_below, d.category), grid
        )
        for d, grid in zip(devices, grids, strict=True)
    }


def _scenarios(folder: Path) -> dict[str, list[Run]]:
    """Scenarios by the fact kind they listen to; found by manifest, imported by nobody."""
    found: dict[str, list[Run]] = {}
    for scenario in scenarios(folder, "zhongshu.scenarios"):
        for kind in scenario.listens:
            found.setdefault(kind, []).append(scenario.run)
    return found
