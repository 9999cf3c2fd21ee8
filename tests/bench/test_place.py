"""The bench of places at a tiny size, on made-up tagged addresses: its JSON has the promised shape. No timings."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from zhongshu.bench import place
from zhongshu.kernel.errors import NotFound


def _written(path: Path) -> None:
    blocks = [
        "\n".join([*(f"{c} {'IB'[n == 0]}-{tag}" for tag, text in parts for n, c in enumerate(text))])
        for parts in (
            (("district", district), ("road", road), ("poi", estate))
            for district, road, estate in itertools.product(
                ("云山区", "和平区"), ("长安路", "建设街"), ("明月苑", "翠竹园")
            )
        )
    ]
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def test_it_measures_tags_and_matches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "addresses"
    folder.mkdir()
    _written(folder / "train.txt")
    _written(folder / "dev.txt")
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    monkeypatch.setattr(place, "_QUICK_ROWS", 2000)
    monkeypatch.setattr(place, "_QUICK_ASKED", 180)
    printed = json.loads(place.run(quick=True).to_json())
    assert {"f1", "district", "addresses_per_s", "match_top1", "match_near", "match_abstained"} <= set(
        printed["figures"]
    )
    assert printed["figures"]["f1"] == 1.0
    assert printed["figures"]["match_near_exact"] > 0.9
    assert printed["baseline"]["plain_crf_f1"] > 0.9
    assert printed["size"]["dev"] == 8


def test_missing_addresses_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    with pytest.raises(NotFound, match="ZHONGSHU_REAL_DATA"):
        place.run(quick=True)
