"""侧作业 errands: long work that the runner has done by a process of its own, so that the road never waits for it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zhongshu.data import causes, gathering
from zhongshu.data.lake import state
from zhongshu.hub import hot
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge

log = logging.getLogger("zhongshu.errands")

HOUR = 3
"""From this hour of the city's day on the night's search for causes may begin."""
NICE = 10

Start = Callable[[Sequence[str]], subprocess.Popen[bytes]]


def started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """A command of ours in a process of its own, behind everything else."""
    gently = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "zhongshu", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **gently},
    )
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


@dataclass(slots=True)
class Errand:
    """差事: a command (`words`) that is begun when it is due, never twice at once, and ended when it takes too long.

    One that is ended has kept nothing. After one that ended ill, or found nothing to do, not sooner than `again`.
    """

    words: tuple[str, ...]
    due: Callable[[Knowledge, datetime], bool]
    limit: timedelta
    again: timedelta
    start: Start = started
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    begun: datetime | None = field(default=None, init=False)

    def look(self, knowledge: Knowledge, now: datetime, road_is_full: bool = False) -> bool:
        """Begin what is due, unless the road is full, and end what takes too long; whether one was begun."""
        if self.process is not None:
            self._watch(now)
            return False
        if road_is_full or (self.begun and now - self.begun < self.again) or not self.due(knowledge, now):
            return False
        self.process, self.begun = self.start(self.words), now
        return True

    def _watch(self, now: datetime) -> None:
        assert self.process is not None and self.begun is not None
        said = f"`zhongshu {' '.join(self.words)}`"
        if self.process.poll() is None and now - self.begun > self.limit:
            log.warning("%s took more than %s and is ended", said, self.limit)
            self.process.kill()
            self.process.wait()
        elif self.process.poll():
            log.warning("%s ended with %s", said, self.process.returncode)
        if self.process.poll() is not None:
            self.process = None

    def close(self) -> None:
        """The runner ends, and so does what it began."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def find_causes(start: Start = started) -> Errand:
    """找源头: once a night."""
    return Errand(("causes", "find"), _tonight, timedelta(minutes=30), timedelta(hours=2), start)


def _nightly(now: datetime, last: Callable[[], datetime | None]) -> bool:
    """Whether this night's turn has come and was not taken yet; before its hour nobody is asked for the last one."""
    local = now.astimezone(CITY_TIME)
    if local.hour < HOUR:
        return False
    at = last()
    return at is None or at.astimezone(CITY_TIME).date() < local.date()


def _tonight(_: Knowledge, now: datetime) -> bool:
    def last() -> datetime | None:
        run = causes.last_run()
        return datetime.fromisoformat(run["at"]) if run else None

    return _nightly(now, last)


FILL = ("lake", "move")


def fill_lake(start: Start = started) -> Errand:
    """入湖: once a night. What it moved stays moved when it is ended: each day of a district is a step of its own."""
    return Errand(FILL, _due, timedelta(hours=4), timedelta(hours=2), start)


def _due(_: Knowledge, now: datetime) -> bool:
    return now.astimezone(CITY_TIME).hour >= HOUR and state.due(now)


def check_quality(start: Start = started) -> Errand:
    """查质量: data sets whose day has come, and those whose source says that it mended something."""
    return Errand(("quality", "run"), _unchecked, timedelta(hours=1), timedelta(minutes=5), start)


def _unchecked(_: Knowledge, now: datetime) -> bool:
    # Its tables are there once the application is configured, and the loop comes before that.
    from zhongshu.hub.resources import quality

    return bool(quality.due(now))


def gather_issues(start: Start = started) -> Errand:
    """聚热点: whenever a district was not looked at for a while."""
    return Errand(("issues", "gather"), _unseen, timedelta(minutes=10), hot.AGAIN, start)


def _unseen(knowledge: Knowledge, now: datetime) -> bool:
    return bool(gathering.due(hot.districts(knowledge), now - hot.AGAIN))


def gather_sources(start: Start = started) -> Errand:
    """归集: whenever the moment of a source has come."""
    return Errand(("catalogue", "gather", "--due"), _source_due, timedelta(minutes=30), timedelta(minutes=5), start)


def _source_due(_: Knowledge, now: datetime) -> bool:
    from zhongshu.data.catalogue import sources

    return bool(sources.due(now))


def count_datasets(start: Start = started) -> Errand:
    """盘点: once a night."""
    return Errand(("catalogue", "count"), _uncounted, timedelta(minutes=30), timedelta(hours=2), start)


def _uncounted(_: Knowledge, now: datetime) -> bool:
    from zhongshu.data.catalogue import counting

    last = counting.last()
    return last is None or _nightly(now, lambda: last)


def fill_zone(start: Start = started) -> Errand:
    """归共享区: once a night, and what its rows hold beyond their grades is put to review."""
    return Errand(("sharing", "fill"), _unfilled, timedelta(hours=1), timedelta(hours=2), start)


def _unfilled(_: Knowledge, now: datetime) -> bool:
    from zhongshu.data.sharing import zone

    return _nightly(now, lambda: max((one["landed_at"] for one in zone.sets().values()), default=None))


def take_signs(start: Start = started) -> Errand:
    """测体征: every few minutes; which signs are due is theirs to say."""
    return Errand(("signs", "take"), lambda _, now: True, timedelta(minutes=10), timedelta(minutes=5), start)


def settle_points(start: Start = started) -> Errand:
    """上报记分: whenever the case of a member's report has come to its end."""
    return Errand(("points", "settle"), _unsettled, timedelta(minutes=10), timedelta(minutes=5), start)


def _unsettled(_: Knowledge, now: datetime) -> bool:
    from zhongshu.data import points

    return bool(points.ready(1))


ALL = (
    gather_issues,
    find_causes,
    fill_lake,
    gather_sources,
    count_datasets,
    check_quality,
    fill_zone,
    take_signs,
    settle_points,
)
"""What a runner looks after."""
