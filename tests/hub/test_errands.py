"""Errands: begun when due by a process of its own, never twice at once, ended when they take too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import causes, queue
from zhongshu.hub import errands, hot
from zhongshu.hub.errands import Errand
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise

NIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
"""Half past three in the morning of the city."""


class Process:
    """Stands for a process; `code` is what it ended with, None while it runs."""

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.killed = False

    def poll(self) -> int | None:
        return self.returncode

    def kill(self) -> None:
        self.returncode, self.killed = -9, True

    terminate = kill

    def wait(self) -> int | None:
        return self.returncode


KNOWN = town.TOOLS.knowledge
LIMIT, AGAIN = errands.find_causes().limit, errands.find_causes().again


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> tuple[Errand, list[Process], dict[str, Any]]:
    """A search whose processes are stand-ins; `last` holds the newest run that the database knows."""
    processes: list[Process] = []
    last: dict[str, Any] = {}

    def start(words: Sequence[str]) -> Any:
        assert list(words) == ["causes", "find"]
        processes.append(Process())
        return processes[-1]

    monkeypatch.setattr(causes, "last_run", lambda: last or None)
    return errands.find_causes(start), processes, last


def test_waits_while_the_road_is_full(begun: tuple[Errand, list[Process], dict[str, Any]]) -> None:
    search, processes, _ = begun
    assert not search.look(KNOWN, NIGHT, road_is_full=True)
    assert search.look(KNOWN, NIGHT)
    search.look(KNOWN, NIGHT + LIMIT + timedelta(minutes=1), road_is_full=True)
    assert processes[0].killed, "one that runs is looked after all the same"


def test_the_road_is_full_at_the_count_and_not_before(hub: Hub, watch: Watch) -> None:
    assert not queue.holds(1)
    hub.accept([normalise({"text": f"路口垃圾没人收{number}", "source": "load"}, watch()) for number in range(3)])
    assert queue.holds(3)
    assert not queue.holds(4)


def test_once_a_night_and_not_by_day(begun: tuple[Errand, list[Process], dict[str, Any]]) -> None:
    search, processes, last = begun
    assert not search.look(KNOWN, NIGHT - timedelta(hours=2))
    assert search.look(KNOWN, NIGHT)
    assert not search.look(KNOWN, NIGHT + timedelta(minutes=10))
    processes[0].returncode = 0
    last["at"] = (NIGHT + timedelta(minutes=5)).isoformat()
    assert not search.look(KNOWN, NIGHT + timedelta(minutes=20))
    assert not search.look(KNOWN, NIGHT + timedelta(hours=6))
    assert search.look(KNOWN, NIGHT + timedelta(days=1))
    assert len(processes) == 2


def test_what_takes_too_long_is_ended_and_tried_later(
    begun: tuple[Errand, list[Process], dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    search, processes, _last = begun
    search.look(KNOWN, NIGHT)
    search.look(KNOWN, NIGHT + LIMIT)
    assert not processes[0].killed
    search.look(KNOWN, NIGHT + LIMIT + timedelta(minutes=1))
    assert processes[0].killed
    assert "is ended" in caplog.text
    assert not search.look(KNOWN, NIGHT + LIMIT + timedelta(minutes=2))
    assert search.look(KNOWN, NIGHT + AGAIN + timedelta(minutes=1))


def test_a_search_that_failed_is_said(
    begun: tuple[Errand, list[Process], dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    search, processes, _last = begun
    search.look(KNOWN, NIGHT)
    processes[0].returncode = 2
    search.look(KNOWN, NIGHT + timedelta(minutes=10))
    assert "ended with 2" in caplog.text


def test_the_runner_takes_its_search_along_when_it_ends(begun: tuple[Errand, list[Process], dict[str, Any]]) -> None:
    search, processes, _last = begun
    search.look(KNOWN, NIGHT)
    search.close()
    assert processes[0].killed
    errands.find_causes().close()


def test_a_command_of_ours_runs_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    process = errands.started(["--version"])
    assert process.wait(timeout=60) == 0


def test_districts_not_looked_at_for_a_while_are_gathered(hub: Hub, watch: Watch) -> None:
    begun: list[Sequence[str]] = []

    def start(words: Sequence[str]) -> Any:
        begun.append(words)
        return Process()

    errand = errands.gather_issues(start)
    assert errand.look(KNOWN, watch.now)
    assert begun == [("issues", "gather")]
    assert errand.process is not None
    hot.follow(hub.desk, watch.now)
    errand.process = None
    assert not errand.look(KNOWN, watch.now + hot.AGAIN / 2)
    assert not errand.look(KNOWN, watch.now + hot.AGAIN - timedelta(seconds=1))
    assert errand.look(KNOWN, watch.now + hot.AGAIN)


def test_quality_is_checked_when_something_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhongshu.hub.resources import quality

    waiting: list[str] = []
    begun: list[Sequence[str]] = []

    def start(words: Sequence[str]) -> Any:
        begun.append(words)
        return Process()

    monkeypatch.setattr(quality, "due", lambda now: waiting)
    errand = errands.check_quality(start)
    assert not errand.look(KNOWN, NIGHT)
    waiting.append("population")
    assert errand.look(KNOWN, NIGHT)
    assert begun == [("quality", "run")]


def test_the_sharing_zone_is_filled_once_a_night(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhongshu.data.sharing import zone

    held: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(zone, "sets", lambda: held)
    due = errands.fill_zone().due
    assert due(KNOWN, NIGHT)
    assert not due(KNOWN, NIGHT - timedelta(hours=2))
    held["people"] = {"rows": 1, "landed_at": NIGHT - timedelta(hours=3)}
    held["firms"] = {"rows": 1, "landed_at": NIGHT - timedelta(days=2)}
    assert due(KNOWN, NIGHT + timedelta(days=1))
    held["firms"]["landed_at"] = NIGHT + timedelta(minutes=1)
    assert not due(KNOWN, NIGHT + timedelta(hours=3))
