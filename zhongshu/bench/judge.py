"""研判实测 judge: every figure of the room 研判 with its baseline beside it, from one command.

Each part is a bench of its own and runs in a process of its own, one after another: memory is nobody else's.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import orjson

from zhongshu.bench.result import Result, libraries, machine
from zhongshu.kernel.errors import Unavailable

PARTS = ("classify", "place", "merge", "hot", "causes", "reply")


def run(quick: bool) -> Result:
    """What the parts found; `size["failed"]` says why a part gave no figure. Unavailable when none gave any."""
    found: dict[str, dict[str, Any]] = {}
    failed: dict[str, str] = {}
    for part in PARTS:
        done = subprocess.run(_call(part, quick), capture_output=True, text=True, check=False)
        if done.returncode:
            failed[part] = _last_line(done.stderr) or f"ended with code {done.returncode}"
        else:
            found[part] = orjson.loads(done.stdout)
    if not found:
        raise Unavailable("; ".join(f"{part}: {why}" for part, why in failed.items()))
    return joined(found, failed, quick)


def joined(found: Mapping[str, Mapping[str, Any]], failed: Mapping[str, str], quick: bool) -> Result:
    """One result of many: a figure `macro_f1` of the part `classify` is called `classify.macro_f1`."""
    versions = {name: said for one in found.values() for name, said in one["versions"].items()}
    size = {"quick": quick, **_named(found, "size")}
    return Result(
        bench="judge",
        machine=machine(),
        versions={**libraries(), **versions},
        size={**size, "failed": dict(failed)} if failed else size,
        figures=_named(found, "figures"),
        baseline=_named(found, "baseline"),
    )


def _call(part: str, quick: bool) -> list[str]:
    return [sys.executable, "-m", "zhongshu", "bench", part, "--json", *(["--quick"] if quick else [])]


def _named(found: Mapping[str, Mapping[str, Any]], what: str) -> dict[str, Any]:
    return {f"{part}.{name}": value for part, one in found.items() for name, value in one[what].items()}


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
