"""The bench of quality: peers that aren't there are named, ours finds what was spoilt, both tables are wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhongshu.bench import quality
from zhongshu.bench import quality_peers as peers
from zhongshu.kernel.errors import NotFound


def test_peers_that_are_not_there_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "installed", lambda: dict.fromkeys(peers.PEERS, False))
    figures, baseline = quality._speed(quality.people(20_000, 1))
    assert baseline == {}
    assert {"ratio", "ratio_gx"} & set(figures) == set()
    assert figures["failing_rows"] > 20
    assert all(name in capsys.readouterr().err for name in ("dataframely",))


def test_every_made_up_number_is_right() -> None:
    assert set(quality._checksums(20_000)) == {"identity_rows_per_s", "credit_code_rows_per_s"}


@pytest.mark.parametrize(
    "name", [name for name, there in peers.installed().items() if there and name != "great_expectations"]
)
def test_peers_find_as_much_as_we_do(name: str) -> None:
    frame = quality.people(5_000, 2)
    ours = sum(len(one.failed) for one in quality.check(frame, quality.RULES, quality.world(quality.TODAY)))
    run, count = getattr(peers, name)(frame)
    assert count(run()) == ours


def test_without_the_tables_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHONGSHU_REAL_DATA", str(tmp_path))
    with pytest.raises(NotFound, match="ZHONGSHU_REAL_DATA"):
        quality.run(quick=True)
