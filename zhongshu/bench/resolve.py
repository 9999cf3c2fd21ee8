"""归并实测 bench `resolve`: which records of eight departments are the same person; plain Splink beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.bench import resolve_later, resolve_peers
from zhongshu.bench.resolve_later import later
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.cities.demo.census import gather
from zhongshu.cities.demo.generate import SEED, generate
from zhongshu.cities.read import Pack, read
from zhongshu.data.registers import features
from zhongshu.data.registers.bench_linking import plain
from zhongshu.data.registers.linking import Linked, link

SHARE = 0.22
"""Share of the households of the small demo's district that gives a million records of people."""


def grown(share: float, seed: int) -> dict[str, pa.Table]:
    """What the departments of one district tell, register by register, with the truth and an id of each row."""
    with TemporaryDirectory(prefix="zhongshu-bench-") as folder:
        generate(Path(folder), "small")
        pack: Pack = read(Path(folder), ("divisions", "grids", "places"))[0]
    told = next(gather.districts(pack, share, seed)).told(seed)
    return {name: _numbered(table) for name, table in told.items()}


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column("id", pa.array(np.arange(table.num_rows))).combine_chunks()


def score(cluster: NDArray[np.int64], truth: NDArray[np.int64]) -> dict[str, float]:
    """Precision, recall and F1 over all pairs of records that are put together, against those that belong together."""
    both = cluster.astype(np.int64) * (int(truth.max()) + 1) + truth
    held, real, right = (_pairs(labels) for labels in (cluster, truth, both))
    return {"precision": right / held, "recall": right / real, "f1": 2 * right / (held + real)}


def _pairs(labels: NDArray[np.int64]) -> float:
    size = np.unique(labels, return_counts=True)[1].astype(float)
    return float((size * (size - 1) / 2).sum())


def _ours(told: pa.Table, subject: str) -> tuple[Linked, float]:
    began = time.perf_counter()
    found = link(features.of(told, subject), subject)
    return found, time.perf_counter() - began


def _measured(told: pa.Table, way: Callable[[pa.Table], tuple[NDArray[np.int64], float]]) -> dict[str, float]:
    busy = time.process_time()
    cluster, seconds = way(told)
    busy = time.process_time() - busy
    return score(cluster, told["truth"].to_numpy()) | {"seconds": seconds, "cpu_seconds": busy}


def _clustered(found: tuple[Linked, float]) -> tuple[NDArray[np.int64], float]:
    return found[0].cluster, found[1]


def _timed(work: Callable[[pa.Table], NDArray[np.int64]], told: pa.Table) -> dict[str, float]:
    began = time.perf_counter()
    cluster = work(told)
    seconds = time.perf_counter() - began
    return {"f1": score(cluster, told["truth"].to_numpy())["f1"], "seconds": seconds}


def _beside(told: pa.Table) -> dict[str, float]:
    """recordlinkage and ours over the same small sample; nothing when it is not installed."""
    if not resolve_peers.installed():
        return {}
    few = resolve_peers.sample(told)
    both = {"recordlinkage": resolve_peers.ecm, "ours_beside_it": lambda table: _ours(table, "person")[0].cluster}
    found = {f"{name}_{key}": n for name, way in both.items() for key, n in _timed(way, few).items()}
    return {**found, "recordlinkage_records": few.num_rows}


def run(quick: bool) -> Result:
    """Quick: a tenth of the records."""
    told = grown(SHARE / 10 if quick else SHARE, SEED)
    people, firms = told["person"], told["organisation"]
    kept: list[Linked] = []

    def ours(table: pa.Table) -> tuple[NDArray[np.int64], float]:
        found, seconds = _ours(table, "person")
        kept.append(found)
        return found.cluster, seconds

    figures = _measured(people, ours)
    of_firms = _measured(firms, lambda table: _clustered(_ours(table, "organisation")))
    figures |= {f"firms_{name}": value for name, value in of_firms.items()}
    baseline = {f"splink_{name}": value for name, value in _measured(people, plain).items()} | _beside(people)
    figures["errors_ratio"] = (1 - figures["f1"]) / max(1e-9, 1 - baseline["splink_f1"])
    came = later(told, kept[0])
    figures |= resolve_later.figures(came)
    figures["incremental_f1"] = score(came.cluster, people["truth"].to_numpy()[came.order])["f1"]
    return Result(
        bench="resolve",
        machine=machine(),
        versions=libraries("splink", "duckdb", "pyarrow", "pypinyin"),
        size={
            "records": people.num_rows,
            "firm_records": firms.num_rows,
            "new_records": min(resolve_later.BATCH, people.num_rows // 20),
            "seed": SEED,
            "quick": quick,
        },
        figures={name: round(value, 5) for name, value in figures.items()},
        baseline={name: round(value, 5) for name, value in baseline.items()},
    )
