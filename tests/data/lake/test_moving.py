"""The lake: what is past the hot window moves, hot and cold together are all, nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data.lake import shore
from zhongshu.data import ledger, write
from zhongshu.data.lake import manifest, tidying
from zhongshu.data.lake.place import HOUR, OBSERVATION
from zhongshu.kernel.settings import Settings


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Iterator[Path]:
    shore.empty()
    with override_settings(ZHONGSHU_LAKE=Settings(lake=str(tmp_path))):
        yield tmp_path


ROWS = shore.readings()
CUTS = [("day", "grid"), ("district", "hour"), ("grid", "hour"), ("district", "day"), ("place",)]


def all_cuts(folder: Path, grain: str = "") -> list[list[shore.Row]]:
    return [shore.told(shore.asked(folder, by, grain)) for by in CUTS]


def test_days_past_the_window_move_and_the_answers_stay(folder: Path) -> None:
    assert shore.keep(ROWS) == len(ROWS)
    before = all_cuts(folder)
    assert before == all_cuts(folder, "rows")
    counts = shore.run(shore.mover(folder))
    assert counts.moved + shore.hot() == len(ROWS)
    assert counts.moved > shore.hot() > 0
    assert all_cuts(folder) == before
    assert all_cuts(folder, "rows") == before
    listed = [one for one in manifest.everything() if one.table == OBSERVATION]
    assert sum(one.rows for one in listed) == counts.moved
    assert len(listed) == 5 * 2
    assert tidying.verify(shore.mover(folder)) == []
    assert shore.run(shore.mover(folder)).moved == 0


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(windows=st.lists(st.integers(1, 9), min_size=1, max_size=3), late=st.sets(st.integers(0, 150), max_size=6))
def test_hot_and_cold_are_all_whatever_the_window(folder: Path, windows: list[int], late: set[int]) -> None:
    shore.empty()
    held_back = [row for n, row in enumerate(ROWS) if n in late]
    assert shore.keep([row for n, row in enumerate(ROWS) if n not in late]) == len(ROWS) - len(late)
    for window in windows:
        shore.run(shore.mover(folder, window))
    assert shore.keep([*held_back, *ROWS[:9]]) == len([row for row in held_back if row not in ROWS[:9]]) + len(
        [row for row in ROWS[:9] if row in held_back]
    )
    shore.run(shore.mover(folder, windows[0]))
    assert shore.keep(ROWS) == 0
    rows = shore.asked(folder, ("sensor", "hour"), "rows")
    assert rows.rows["n"].to_pylist() == [1] * len(ROWS)
    assert sum(rows.rows["total"].to_pylist()) == sum(row["value"] for row in ROWS)
    assert all_cuts(folder) == all_cuts(folder, "rows")


def test_a_late_observation_is_added_once_to_its_day(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    late = shore.reading("S1", 2.5, 100.0)
    assert shore.keep([late]) == 1
    assert shore.keep([late]) == 0
    waiting = shore.asked(folder, ("day",), grid=late["grid"])
    assert waiting.rows["most"][0].as_py() == 100.0
    assert shore.asked(folder, ("day",), "rows", grid=late["grid"]).rows == waiting.rows
    assert shore.run(shore.mover(folder)).moved == 1
    assert shore.keep([late]) == 0
    assert shore.asked(folder, ("day",), "rows", grid=late["grid"]).rows == waiting.rows
    assert shore.asked(folder, ("hour",), grid=late["grid"]).rows["n"][0:2].to_pylist() == [1, 1]
    gone = [one for one in manifest.everything() if one.gone]
    assert [(one.table, one.gone) for one in gone] == [(HOUR, "replaced"), (OBSERVATION, "replaced")]
    assert tidying.verify(shore.mover(folder)) == []


def test_sums_are_counted_anew_where_there_were_none(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder, 6))
    before = all_cuts(folder)
    assert tidying.recount(shore.mover(folder)) > 0
    assert all_cuts(folder) == before


def test_a_viewer_sees_the_own_places_hot_and_cold(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    for by in CUTS:
        sums = shore.asked(folder, by, viewer=shore.STREET)
        assert sums.rows == shore.asked(folder, by, "rows", viewer=shore.STREET).rows
        assert sums.rows.num_rows > 0
    assert shore.asked(folder, ("place",), viewer=shore.STREET).rows["place"].to_pylist() == [shore.PLACES["S1"]]
    assert shore.asked(folder, ("district", "hour")).grain == "district"
    assert shore.asked(folder, ("district", "hour"), viewer=shore.STREET).grain == "hour"


def test_what_is_past_its_time_is_deleted_and_a_fact_says_so(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    assert shore.keep([shore.reading("S3", 1.5, 8.0)]) == 1
    shore.run(shore.mover(folder))
    days = shore.told(shore.asked(folder, ("day", "grid")))
    counts = shore.run(shore.mover(folder, keep_days=7))
    gone = [one for one in manifest.everything() if one.gone == "erased"]
    assert counts.erased == sum(one.rows for one in gone if one.table == OBSERVATION) > 0
    facts = [fact for batch in ledger.read() for fact in batch if fact.kind == "LakeErased"]
    told = {file["id"]: file for fact in facts for file in fact.payload["files"]}
    assert all(told[one.id]["seen"] == told[one.id]["sha256"] == one.sha256 for one in gone)
    assert not any((folder / one.path).exists() for one in gone)
    assert shore.told(shore.asked(folder, ("day", "grid"))) == days
    tidying.recount(shore.mover(folder))
    assert shore.told(shore.asked(folder, ("day", "grid"))) == days
    assert tidying.verify(shore.mover(folder)) == []
    assert shore.keep(ROWS) == 0
    assert not [one for one in folder.rglob("*.parquet") if one.parts[-3] == gone[0].day.isoformat()]
    (folder / gone[0].path).write_bytes(b"back")
    assert len(tidying.verify(shore.mover(folder))) == 1


def test_facts_are_copied_and_follow_the_ledger(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    later = shore.mover(folder)
    later.now += timedelta(days=400)
    copied = shore.run(later).copied
    assert copied > 0
    assert tidying.verify(later) == []
    assert list(ledger.verify()) == []
    asked = shore.asked(folder, ("kind",), table="fact", span=(shore.START, shore.START + timedelta(days=1000)))
    facts = [fact for batch in ledger.read() for fact in batch]
    # The clock is set ahead: the filing of today's facts was written down today, after them.
    assert sum(asked.rows["n"].to_pylist()) == len(facts) - 1
    assert shore.run(later).copied == 0


def test_a_changed_file_and_a_stranger_are_named(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    files = [one for one in manifest.everything() if not one.gone]
    (folder / files[0].path).write_bytes(b"changed")
    (folder / files[1].path).unlink()
    (folder / "stray.parquet").write_bytes(b"")
    found = tidying.verify(shore.mover(folder))
    assert [sentence.partition(":")[0] for sentence in found] == [files[0].path, files[1].path, "stray.parquet"]


def test_the_list_of_files_is_computed_again_from_the_ledger(folder: Path) -> None:
    shore.keep(ROWS)
    shore.run(shore.mover(folder))
    before = write.snapshot()["lake_file"]
    write.rebuild()
    assert len(before) > 0
    assert [row for row in write.snapshot()["lake_file"] if row in before] == before


CHILD = """
import os, signal, sys
from pathlib import Path
from tests.data.lake import shore
from zhongshu import app
app.configure(sys.argv[1])
from zhongshu.data import write
from zhongshu.data.lake import files
STEPS = {"drafted": (files, "digest"), "told": (write, "append"), "settled": (files, "settle")}

def dying(where, left):
    owner, name = STEPS[where]
    real = getattr(owner, name)
    def dies(*given):
        answer = real(*given) if where == "told" else None
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer if where == "told" else real(*given)
    setattr(owner, name, dies)
    shore.run(shore.mover(Path(sys.argv[2])))

for line in sys.stdin:
    where, n = line.split()
    child = os.fork()
    if not child:
        dying(where, [int(n)])
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A process of its own whose children kill themselves at the nth call of one step: with a draft on the disk, with the
fact written and nothing committed, committed and the file still under its draft name."""


@pytest.fixture
def killed(database: str, folder: Path) -> Iterator[Callable[[str, int], int]]:
    """Runs that are killed at a step; how each ended."""
    words = [sys.executable, "-c", CHILD, database, str(folder)]
    around = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(words, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        said, heard = process.stdin, process.stdout

        def run(where: str, n: int) -> int:
            said.write(f"{where} {n}\n")
            said.flush()
            return int(heard.readline())

        yield run
        said.close()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_every_step_in_turn_everything_is_there_once(folder: Path, killed: Callable[[str, int], int]) -> None:
    rows = shore.readings(8)
    shore.keep(rows)
    before = shore.told(shore.asked(folder, ("sensor", "hour"), "rows"))
    for where, n in (("told", 3), ("settled", 5), ("drafted", 2)):
        assert killed(where, n) == -signal.SIGKILL
        assert shore.told(shore.asked(folder, ("sensor", "hour"), "rows")) == before
        assert shore.told(shore.asked(folder, ("grid", "hour"))) == shore.told(
            shore.asked(folder, ("grid", "hour"), "rows")
        )
        assert shore.keep(rows) == 0
    assert list(folder.rglob("*.draft"))
    shore.run(shore.mover(folder))
    assert not list(folder.rglob("*.draft"))
    assert shore.told(shore.asked(folder, ("sensor", "hour"), "rows")) == before
    cold = sum(one.rows for one in manifest.everything() if one.table == OBSERVATION and not one.gone)
    assert cold + shore.hot() == len(rows)
    assert tidying.verify(shore.mover(folder)) == []
