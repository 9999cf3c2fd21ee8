"""All benches of judging as one: figures keep their part's name, and a part that fails says so beside the others."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from zhongshu.bench import judge
from zhongshu.bench.commands import names
from zhongshu.kernel.errors import Unavailable


def _answers(monkeypatch: pytest.MonkeyPatch, failing: Sequence[str]) -> list[Sequence[str]]:
    """Parts that answer at once; returns the calls that were made."""
    called: list[Sequence[str]] = []

    def run(call: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        called.append(call)
        part = call[call.index("bench") + 1]
        if part in failing:
            return subprocess.CompletedProcess(call, 1, "", f"warming up\nthis bench needs {part}.csv\n")
        said = {"versions": {"numpy": "2"}, "size": {"rows": 3}, "figures": {"f1": 0.5}, "baseline": {"f1": 0.25}}
        return subprocess.CompletedProcess(call, 0, orjson.dumps(said).decode(), "")

    monkeypatch.setattr(judge, "subprocess", SimpleNamespace(run=run))
    return called


def test_every_part_is_a_bench() -> None:
    assert set(judge.PARTS) <= set(names()) - {"judge"}


def test_figures_carry_the_name_of_their_part(monkeypatch: pytest.MonkeyPatch) -> None:
    called = _answers(monkeypatch, failing=())
    result = judge.run(quick=True)
    assert result.figures == {f"{part}.f1": 0.5 for part in judge.PARTS}
    assert result.baseline == {f"{part}.f1": 0.25 for part in judge.PARTS}
    assert result.size["merge.rows"] == 3 and "failed" not in result.size
    assert all("--quick" in call for call in called)


def test_a_part_that_fails_is_told_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    called = _answers(monkeypatch, failing=("place",))
    result = judge.run(quick=False)
    assert result.size["failed"] == {"place": "this bench needs place.csv"}
    assert "place.f1" not in result.figures and result.figures["reply.f1"] == 0.5
    assert not any("--quick" in call for call in called)


def test_no_figure_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, failing=judge.PARTS)
    with pytest.raises(Unavailable, match="classify: this bench needs classify.csv; place: "):
        judge.run(quick=True)
