"""The bench command and its areas."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from zhongshu.bench import commands, locate
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.kernel.settings import Settings


def test_areas_touch_but_do_not_overlap() -> None:
    areas = locate.irregular_areas(200)
    assert len(areas) > 150
    whole = shapely.union_all(areas)
    assert sum(area.area for area in areas) == pytest.approx(whole.area, rel=1e-3)
    assert shapely.get_num_coordinates(areas).mean() > 30
    np.testing.assert_array_equal(shapely.to_wkb(areas), shapely.to_wkb(locate.irregular_areas(200)))


def test_every_bench_is_listed() -> None:
    assert {"classify", "locate"} <= set(commands.names())
    assert not {"commands", "result"} & set(commands.names())


def _run(*arguments: str) -> int:
    (command,) = commands.COMMANDS
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(arguments), Settings())


def test_command_prints_one_json_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Result("locate", machine(), libraries("numpy"), {"areas": 1}, {"points_per_s": 2.0}, {"plain": 1.0})
    monkeypatch.setattr(locate, "run", lambda quick: result)
    assert _run("locate", "--json", "--keep", str(tmp_path)) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["bench", "machine", "versions", "size", "figures", "baseline"]
    assert printed["figures"] == {"points_per_s": 2.0}
    (kept,) = tmp_path.glob("*/locate.json")
    assert json.loads(kept.read_text()) == printed
    assert _run("locate") == 0
    assert "points_per_s" in capsys.readouterr().out


def test_missing_data_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    assert _run("classify", "--json", "--quick") == 1
    assert "ZHONGSHU_REAL_DATA" in capsys.readouterr().err
