"""Loading tools: what is computed once and kept beside the data."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from shapely import box

from zhongshu.hub.judge.atlas import Atlas


def test_two_that_start_at_once_both_paint_the_atlas_and_one_is_kept(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhongshu.data.packs import Areas
    from zhongshu.hub import loading

    save, saved = Atlas.save, Barrier(2)

    def slowly(atlas: Atlas, path: Path) -> None:
        save(atlas, path)
        saved.wait(30)

    monkeypatch.setattr(Atlas, "save", slowly)
    areas = Areas(["a", "b"], ["1", "2"], np.array([box(113, 23, 113.1, 23.1), box(113.1, 23, 113.2, 23.1)]))
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda _: loading._atlas(tmp_path / "cache", areas), range(2))
    assert first.codes == second.codes == ("a", "b")
    (kept,) = (tmp_path / "cache").iterdir()
    assert Atlas.load(kept).codes == ("a", "b")
