"""Each bench at a tiny size: it runs, on a database of its own, and its JSON has the promised shape. No timings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from zhongshu.bench import bulk, crowd, laboratory, moving, one, painting, screens, start
from zhongshu.bench.result import Result
from zhongshu.bench.visiting import Pace
from zhongshu.data import measures
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.kernel.settings import Settings, load

FIGURES = {
    "one": {"cpu_ms", "sql"},
    "bulk": {"reports_per_s", "rss_mb_growth"},
    "list": {"p95_ms"},
    "map": {"p95_ms"},
    "start": {"seconds"},
    "screens": {"p95_ms", "js_kb", "idle_core_share"},
}


@pytest.fixture(scope="module")
def schooled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has only a small model, so that no bench trains one."""
    home = tmp_path_factory.mktemp("schooled")
    texts = [f"路灯不亮{n}，晚上很黑" for n in range(20)] + [f"施工噪音扰民{n}，无法休息" for n in range(20)]
    model, card = train(texts, ["L"] * 20 + ["N"] * 20, "demo-small", Recipe(folds=2))
    classifiers(home).publish(model, card)
    return home


@pytest.fixture
def tiny(schooled: Path, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tiny sizes, on a new database of the server under test, whatever its address."""
    user = replace(load(), home=str(schooled), database_url=template, app_database_url="")
    monkeypatch.setattr(laboratory, "load", lambda: user)
    for module, sizes in SIZES.items():
        for name, value in sizes.items():
            monkeypatch.setattr(module, name, value)
    yield


SIZES: dict[Any, dict[str, Any]] = {
    one: {"WARM": 2, "COUNTED": 5},
    bulk: {"QUICK": 300, "BATCH": 50},
    crowd: {"SEEDS": 100, "THINKING": 1e-4},
    import_module("zhongshu.bench.list"): {"QUICK": 1000, "SEEDS": 500, "RARE_TIMES": 5},
    import_module("zhongshu.bench.map"): {"QUICK": 1000, "SEEDS": 500, "ZOOMS": (8, 15)},
    start: {"QUICK": 500, "TIMES": 1},
    screens: {
        "QUICK": 300,
        "QUICK_SEEDS": 100,
        "QUICK_USERS": 10,
        "QUICK_PACE": Pace(think=0.3, warm=0.2, seconds=2),
        "QUICK_IDLE": 0.3,
        "NIGHT": 0,
    },
    moving: {"KEYS": ("+",), "BETWEEN": 200, "SETTLED": 500},
    painting: {"PAGES": (("report", "/report", ""),), "SETTLED": 50},
}


def measured(name: str) -> dict[str, Any]:
    result: Result = import_module(f"zhongshu.bench.{name}").run(True)
    found: dict[str, Any] = json.loads(result.to_json())
    assert list(found) == ["bench", "machine", "versions", "size", "figures", "baseline"]
    assert found["bench"] == name
    assert found["size"]["quick"] is True
    assert found["figures"].keys() >= FIGURES[name]
    assert all(isinstance(value, int | float) and value >= 0 for value in found["figures"].values())
    assert found["baseline"]
    return found


@pytest.mark.parametrize("name", ["list", "map", "start"])
def test_bench_tells_its_figures(tiny: None, name: str) -> None:
    measured(name)


def test_one_reaches_the_desk_in_few_statements(tiny: None) -> None:
    assert measured("one")["figures"]["sql"] <= 12


def test_people_at_work_are_refused_nothing(tiny: None) -> None:
    figures = measured("screens")["figures"]
    assert figures["refused"] == 0
    assert figures["js_kb"] <= 150


def test_bulk_loses_nothing(tiny: None) -> None:
    figures = measured("bulk")["figures"]
    assert figures["reports"] == 300
    assert figures["reports_without_case"] == figures["stuck"] == 0
    assert figures["keys_seen_again"] > 0


def test_own_database_is_dropped(template: str) -> None:
    with measures.own_database(template, "zhongshu_bench_test") as url:
        assert "zhongshu_bench_test" in url
    with measures.own_database(template, "zhongshu_bench_test"):
        pass


def test_settings_of_the_user_are_left_alone(tiny: None) -> None:
    with laboratory.laboratory(school=False, city=False) as lab:
        assert lab.settings.home != load().home
        assert lab.settings.database_url != Settings().database_url
        assert not list(Path(lab.settings.home).glob("models"))
