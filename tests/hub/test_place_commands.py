"""Models of places by command: the matching fitted on a base, a tagger from a file, both published and read again."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests import crossroads, town
from zhongshu.hub.judge.address_match import FEATURES, FITTED, AddressMatcher
from zhongshu.hub.judge.address_telling import mistyped, tell
from zhongshu.hub.judge.model_forms import matchers
from zhongshu.hub.judge.placing import base_of
from zhongshu.hub.place_commands import fitted, taught
from zhongshu.kernel.errors import BadInput

BASE = base_of(crossroads.SPOTS, crossroads.NAMES, town.SCHEME)


def test_what_is_told_is_seeded_and_some_of_it_means_nothing() -> None:
    texts, rows = tell(BASE, 60, seed=3)
    again, same = tell(BASE, 60, seed=3)
    assert (texts, rows.tolist()) == (again, same.tolist())
    assert {-1} < set(rows.tolist())
    assert BASE.names[BASE.name[rows[2]]] in texts[2]


def test_a_mistyped_name_keeps_its_last_character() -> None:
    random = np.random.default_rng(0)
    slips = {mistyped("中山大道", BASE.names, random) for _ in range(40)}
    assert len(slips) > 5
    assert all(slip.endswith("道") or slip.endswith("大") for slip in slips)


def test_weights_are_fitted_published_and_read_again(tmp_path: Path) -> None:
    weights, card = fitted(AddressMatcher(BASE), "m1")
    assert (card["rows"], card["made_up"]) == (8, True)
    assert 0 <= card["precision"] <= 1
    matchers(tmp_path).publish(weights, card)
    loaded = matchers(tmp_path).load()
    assert loaded.version == "m1"
    assert loaded.features == pytest.approx(weights.features)
    assert len(loaded.features) == len(FEATURES) == len(FITTED.features)


def test_weights_without_a_feature_are_refused(tmp_path: Path) -> None:
    weights, card = fitted(AddressMatcher(BASE), "m2")
    path = matchers(tmp_path).publish(weights, card) / "weights.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="damaged|checksum"):
        matchers(tmp_path).load()


def test_a_tagger_is_taught_from_a_file_and_measured_on_what_was_held_back(tmp_path: Path) -> None:
    rows = itertools.product("云和海宁", ("长安路", "建设街", "松江道"), ("7", "18", "203"))
    lines = [
        "\n".join(
            [f"{a} B-district", "区 I-district", f"{r[0]} B-road", f"{r[1]} I-road", f"{r[2]} I-road", f"{n} B-roadno"]
        )
        for a, r, n in rows
    ]
    (tmp_path / "tagged.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    tagger, card = taught(tmp_path / "tagged.txt", "a1")
    assert (card["n"], card["held_back"]) == (32, 4)
    assert card["f1"] == 1.0
    assert [span.tag for span in tagger.parse(["海区松江道18"])[0]] == ["district", "road", "roadno"]
