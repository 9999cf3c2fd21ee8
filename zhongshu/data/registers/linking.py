"""归并 which records mean the same one: Splink on DuckDB behind our own comparisons, then nobody has two numbers."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from splink import DuckDBAPI, Linker, SettingsCreator

from zhongshu.data.registers.comparing import PLANS, Plan
from zhongshu.data.registers.learnt import Model, scaled
from zhongshu.data.registers.reasons import counted, explained, weigh

TAUGHT = 200_000
"""Pairs that each round of learning looks at, about."""
RANDOM = 1_000_000
"""Pairs drawn at random to learn how often others agree by chance."""
RECALL = 0.95
"""Share of the same that the sure blocks find, for the first guess of how many pairs are the same (default)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """`ids` as given and the `cluster` of each (0..k-1); `pairs` {id_l, id_r, p, reasons} for a person to look at."""

    ids: NDArray[np.int64]
    cluster: NDArray[np.int64]
    pairs: pa.Table
    model: Model


def link(features: pa.Table, subject: str, threads: int = 2, known: Model | None = None) -> Linked:
    """Cluster the records of one subject by their features; learns its weights from them, without labels.

    With what is `known` of this register nothing is learnt: the records are compared by its weights, among so many.
    """
    plan = PLANS[subject]
    with quiet(), opened(threads) as connection:
        connection.register("given", features)
        connection.execute("CREATE TABLE told AS SELECT * FROM given")
        linker = learn(connection, plan, "told") if known is None else _taught(connection, known, features.num_rows)
        found = linker.inference.predict(threshold_match_probability=plan.doubts).physical_name
        pairs = connection.sql(f"SELECT {_SCORE} FROM {found}").to_arrow_table()
        connection.execute(f"DROP TABLE {found}")
        terms = counted(connection, "told", plan.rare)
        totals = {name: int(np.sum(table["count"].to_numpy())) for name, table in terms.items()}
        model = Model(linker.misc.save_model_to_json(), totals, terms)
        cluster, doubts = _joined(features, pairs, plan)
        return Linked(features["id"].to_numpy(), cluster, explained(connection, doubts, model), model)


def _taught(connection: duckdb.DuckDBPyConnection, known: Model, count: int) -> Linker:
    """A linker with kept weights; values that are rare among these records count more, as when they were learnt."""
    settings = scaled(known, count).settings
    return Linker(DuckDBAPI(connection=connection).register("told"), dict(settings), log_level=None)


_SCORE = "id_l, id_r, match_probability AS p, match_weight AS weight"


def compare(connection: duckdb.DuckDBPyConnection, model: Model, subject: str) -> pa.Table:
    """Pairs {id_l, id_r, p, weight} of the records in the table `fresh` with each other and with those in `known`."""
    plan = PLANS[subject]
    api = DuckDBAPI(connection=connection)
    fresh, known = api.register("fresh"), api.register("known")
    linker = Linker(fresh, dict(model.settings), log_level=None)
    weigh(connection, api, linker, model, "fresh")
    asked: dict[str, Any] = {"threshold_match_probability": plan.doubts, "warning_mode": "never"}
    both = (linker.inference.predict_between(known, fresh, **asked), linker.inference.predict_within(fresh, **asked))
    told = " UNION ALL ".join(f"SELECT {_SCORE} FROM {one.physical_name}" for one in both)
    return connection.sql(told).to_arrow_table()


@contextmanager
def opened(threads: int = 2, memory: str = "6GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, gone afterwards."""
    try:
        with duckdb.connect() as connection:
            connection.execute(f"SET threads = {threads}")
            connection.execute(f"SET memory_limit = '{memory}'")
            yield connection
    finally:
        # Splink's objects refer to each other: left to themselves they and their tables pile up, part after part.
        gc.collect()


@contextmanager
def quiet() -> Iterator[None]:
    """Splink tells of its progress; that is nobody's business here."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def learn(connection: duckdb.DuckDBPyConnection, plan: Plan, table: str) -> Linker:
    """A linker whose m and u are learnt from the records of `table` themselves, over samples of pairs."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=list(plan.comparisons),
        blocking_rules_to_generate_predictions=plan.rules(plan.blocks),
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(connection=connection).register(table), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(plan.rules(plan.sure), recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM, seed=1)
    for rule in plan.rules(plan.teaches):
        training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=TAUGHT, record_sample_proportion=0.1
        )
    return linker


def _joined(features: pa.Table, pairs: pa.Table, plan: Plan) -> tuple[NDArray[np.int64], pa.Table]:
    """The cluster of each record, and the pairs {id_l, id_r, p} that a person should look at."""
    ids = features["id"].to_numpy()
    order = np.argsort(ids)
    left, right = (order[np.searchsorted(ids, pairs[side].to_numpy(), sorter=order)] for side in ("id_l", "id_r"))
    weight, chance = pairs["weight"].to_numpy(), pairs["p"].to_numpy()
    proven = coded(features[plan.proof])
    sure = chance >= plan.joins
    cluster = part(components(len(ids), left[sure], right[sure]), proven, left[sure], right[sure], weight[sure])
    return cluster, pairs.filter(pa.array(doubtful(cluster, proven, left, right))).select(["id_l", "id_r", "p"])


def coded(values: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """A number for each value, -1 for none."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    indices = whole.dictionary_encode().indices
    return np.asarray(indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def doubtful(
    cluster: NDArray[np.int64], proven: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which pairs are of two clusters that may be one: not of two with another proven number each."""
    number = np.full(int(cluster.max(initial=-1)) + 1, -1, dtype=np.int64)
    np.maximum.at(number, cluster, proven)
    one, other = number[cluster[left]], number[cluster[right]]
    differ = (one >= 0) & (other >= 0) & (one != other)
    found: NDArray[np.bool_] = (cluster[left] != cluster[right]) & ~differ
    return found


def components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the connected component of each of `count` nodes."""
    graph = sparse.coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def part(
    cluster: NDArray[np.int64],
    proven: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Take clusters with more than one proven number apart: each record without goes to the one it is most like.

    `proven` is the number's own number, -1 for none; with two columns neither may differ in one cluster. Pairs go in
    from the heaviest; a pair that would bring two proven numbers together is left out (Kruskal with a veto).
    """
    labels = proven.reshape(len(proven), -1)
    crowded = np.unique(np.concatenate([_crowded(cluster, labels[:, n]) for n in range(labels.shape[1])]))
    if not len(crowded):
        return cluster
    inside = np.isin(cluster, crowded)
    edges = np.flatnonzero(inside[left])
    edges = edges[np.argsort(-weight[edges], kind="stable")]
    parent: dict[int, int] = {int(node): int(node) for node in np.flatnonzero(inside)}
    number = {node: tuple(labels[node].tolist()) for node in parent}
    for a, b in zip(left[edges].tolist(), right[edges].tolist(), strict=True):
        first, second = _root(parent, a), _root(parent, b)
        both = list(zip(number[first], number[second], strict=True))
        if first != second and all(one < 0 or other < 0 or one == other for one, other in both):
            parent[second] = first
            number[first] = tuple(max(pair) for pair in both)
    found = cluster.copy()
    for node in parent:
        found[node] = len(cluster) + _root(parent, node)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def _crowded(cluster: NDArray[np.int64], label: NDArray[np.int64]) -> NDArray[np.int64]:
    """Clusters with more than one label."""
    known = np.flatnonzero(label >= 0)
    pairs = np.unique(np.stack([cluster[known], label[known]], axis=1), axis=0)
    return np.flatnonzero(np.bincount(pairs[:, 0], minlength=int(cluster.max(initial=-1)) + 1) > 1)


def _root(parent: dict[int, int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
