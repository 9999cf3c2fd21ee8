"""增量归并实测 later deliveries against a loaded city: seconds of each, and whether one run over all says the same."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from statistics import median

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.bench.laboratory import laboratory
from zhongshu.data.registers import adding, blocks, features, loading
from zhongshu.data.registers.bench_linking import entities
from zhongshu.data.registers.comparing import PLANS
from zhongshu.data.registers.learnt import Model
from zhongshu.data.registers.linking import Linked, opened
from zhongshu.data.registers.reasons import counted
from zhongshu.data.registers.subjects import subject_of

BATCH, BATCHES = 10_000, 3
"""New records of one delivery, and how many deliveries."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Later:
    """`seconds` of each delivery, `steps` of the middle one; `same` the share of new records that go where one run over
    everything puts them; `cluster` of every record in the order given, the new ones last."""

    seconds: list[float]
    steps: dict[str, float]
    same: float
    order: NDArray[np.int64]
    cluster: NDArray[np.int64]
    city: int
    load_seconds: float


def later(told: dict[str, pa.Table], whole: Linked) -> Later:
    """Load all but the last deliveries as `whole` put them together, then take these in, one after the other.

    The weights are those of the run over everything, the counts of values only those of what was loaded.
    """
    people = told["person"].drop(["id"])
    dice = np.random.default_rng(SEED)
    order = dice.permutation(people.num_rows)
    size = min(BATCH, people.num_rows // 20)
    first = people.num_rows - BATCHES * size
    order[:first].sort()
    people = people.take(pa.array(order)).combine_chunks()
    with laboratory(school=False, city=False):
        began = time.perf_counter()
        loading.take_in("house", told["house"].drop(["id"]))
        _load(people.slice(0, first), whole, order[:first])
        blocks.recount()
        taken = time.perf_counter() - began
        seconds, done = [], []
        for start in range(first, people.num_rows, size):
            began = time.perf_counter()
            done.append(adding.take("person", people.slice(start, size)))
            seconds.append(time.perf_counter() - began)
        held = entities()
        middle = done[seconds.index(sorted(seconds)[len(seconds) // 2])]
        same = agreement(held, whole.cluster[order], np.arange(len(order)) >= first)
        return Later(seconds, middle.seconds, same, order, held, first, taken)


def _load(people: pa.Table, whole: Linked, chosen: NDArray[np.int64]) -> None:
    subject = subject_of("person")
    told = loading.numbered(subject, people)
    made = features.of(told, "person")
    plan = PLANS["person"]
    with opened() as connection:
        connection.register("told", made)
        terms = counted(connection, "told", plan.rare)
    totals = {name: int(np.sum(table["count"].to_numpy())) for name, table in terms.items()}
    cluster = np.unique(whole.cluster[chosen], return_inverse=True)[1].astype(np.int64)
    found = Linked(made["id"].to_numpy(), cluster, loading.NONE, Model(whole.model.settings, totals, terms))
    loading.store(subject, told, made, found, loading.Taken("person"))


def agreement(held: NDArray[np.int64], whole: NDArray[np.int64], fresh: NDArray[np.bool_]) -> float:
    """Share of the `fresh` records that two clusterings put together with the same others."""
    mates = [_mates(labels) for labels in (held, whole)]
    return float(np.mean([mates[0][n] == mates[1][n] for n in np.flatnonzero(fresh).tolist()]))


def _mates(labels: NDArray[np.int64]) -> list[frozenset[int]]:
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    found: list[frozenset[int]] = [frozenset()] * len(labels)
    for group in groups:
        whole = frozenset(group.tolist())
        for one in whole:
            found[one] = whole
    return found


def figures(found: Later) -> dict[str, float]:
    """What the bench tells of it."""
    return {
        "incremental_s": median(found.seconds),
        "incremental_most_s": max(found.seconds),
        **{f"incremental_{name}_s": seconds for name, seconds in found.steps.items()},
        "incremental_same": found.same,
        "city_records": found.city,
        "city_load_s": found.load_seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
