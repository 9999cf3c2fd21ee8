"""整理 what a run of the lake does, in order: take up what a killed run left, move, copy, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.data.lake import chain, filed, files, manifest, moving, summing, sums
from zhongshu.data.lake.moving import Mover
from zhongshu.data.lake.place import FACT, HOUR, OBSERVATION
from zhongshu.kernel.facts import Fact, Kind

AFTER = timedelta(days=7)
"""How long a file that another took the place of stays on the disk: a backup of the database may still name it."""

Say = Callable[[str], None]


@dataclass(slots=True)
class Counts:
    """What a run did, in rows; `files` is what it wrote."""

    moved: int = 0
    copied: int = 0
    erased: int = 0
    files: int = 0


def run(mover: Mover, say: Say = lambda _: None) -> Counts:
    """Everything that is due. Unavailable when another process is at it; what was done until then stays done."""
    counts = Counts()
    with moving.alone():
        sweep(mover)
        if sums.missing():
            say(f"重算汇总 · counting the sums: {recount(mover):,}")
        number = manifest.run_begun(mover.now, mover.lake.cutoff(mover.now))
        for part, n in moving.waiting(mover):
            counts.moved += moving.move(mover, part)
            counts.files += 2
            say(f"{part.day} {part.district}: {n:,} 条观测入湖 · observations moved")
        for day in moving.uncopied(mover):
            copied = moving.copy(mover, day)
            counts.copied += copied
            say(f"{day}: {copied:,} 条事实入湖 · facts copied")
        counts.erased = erase(mover, say)
        manifest.run_ended(number, datetime.now(mover.now.tzinfo), asdict(counts))
    return counts


def sweep(mover: Mover) -> int:
    """Drafts that no filing lists go, listed ones get their name, files that are gone go; how many files went.

    A file under its own name is only ever deleted because a fact says that it is gone.
    """
    folder = mover.lake.folder
    known = {one.path: one for one in manifest.everything()}
    before = mover.now - AFTER
    for one in known.values():
        if not one.gone:
            files.settle(folder, one.path)
    drafts = [path for path in folder.rglob("*.draft") if _listed(folder, path) not in known]
    over = [one.path for one in known.values() if one.gone_at and (one.gone == filed.ERASED or one.gone_at < before)]
    old = [path for each in over for path in (folder / each, files.draft(folder / each)) if path.exists()]
    for path in [*drafts, *old]:
        path.unlink()
    return len(drafts) + len(old)


def _listed(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix().removesuffix(".draft")


def recount(mover: Mover) -> int:
    """Count all sums anew, from the hot observations and the lake's hours; how many there are."""
    live = [one for one in manifest.everything() if not one.gone and one.table == HOUR]
    hours = (files.read([files.found(mover.lake.folder, one.path)], HOUR) for one in live)
    with transaction.atomic(using=ROAD):
        return summing.recount(mover.scheme, hours)


def erase(mover: Mover, say: Say) -> int:
    """到期销毁: delete single observations past their time, days at once; how many. The fact of it comes first.

    The sums by day and by district stay: they are of no single observation.
    """
    since = mover.lake.kept_since(mover.now)
    if since is None:
        return 0
    erased = 0
    due = manifest.kept_before([OBSERVATION, HOUR], since)
    for day, place in sorted({(one.day, one.place) for one in due if not one.gone}):
        of_part = [one for one in due if (one.day, one.place) == (day, place)]
        told = {name: [_last_seen(mover, one) for one in of_part if bool(one.gone) == gone] for name, gone in _TOLD}
        payload = {"day": day.isoformat(), "keep_days": mover.lake.keep_days, **told}
        number = mover.ids.take()
        with transaction.atomic(using=ROAD):
            write.append([Fact(number, Kind.LAKE_ERASED, number, mover.now, place=place, payload=payload)])
        for one in of_part:
            files.found(mover.lake.folder, one.path).unlink(missing_ok=True)
        erased += sum(one.rows for one in of_part if one.table == OBSERVATION and not one.gone)
        say(f"{day} {place}: 到期销毁 · deleted")
    return erased


_TOLD = (("files", False), ("replaced", True))
"""What the fact of a deletion lists: files in force, and those that they had replaced."""


def _last_seen(mover: Mover, file: manifest.File) -> dict[str, Any]:
    """A file as its last fact tells of it; `seen` is its checksum on the disk now, "" when it is not there."""
    path = files.found(mover.lake.folder, file.path)
    return {**file.told(), "seen": files.digest(path) if path.exists() else ""}


def verify(mover: Mover, day: date | None = None) -> list[str]:
    """Everything about the lake, or one day of it, that is not as the ledger tells, a sentence each."""
    found: list[str] = []
    known = manifest.everything()
    for one in known:
        if day not in (None, one.day):
            continue
        path = files.found(mover.lake.folder, one.path)
        if one.gone == filed.ERASED and path.exists():
            found.append(f"{one.path}: 已销毁的文件仍在 · deleted by its fact, but still there")
        if not one.gone:
            found += _wrong(one, path)
    if day:
        return found
    listed = {one.path for one in known}
    whole = [_listed(mover.lake.folder, path) for path in mover.lake.folder.rglob("*.parquet*")]
    return found + [
        f"{path}: 账本未记载 · in the folder, but no fact tells of it" for path in whole if path not in listed
    ]


def _wrong(file: manifest.File, path: Path) -> list[str]:
    if not path.exists():
        return [f"{file.path}: 文件缺失 · the file is missing"]
    if files.digest(path) != file.sha256:
        return [f"{file.path}: 内容被改动 · its content was changed"]
    if file.table != FACT:
        return []
    wrong = chain.broken(files.read([path], FACT))
    return [f"{file.path}: 事实 {one} 与账本不符 · fact {one} is not the ledger's" for one in wrong[:1]]
