"""归并实测 bench `resolve`: which records of eight departments are the same person; plain Splink beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.internals.comparison_library as library
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from zhongshu.bench.result import Result, libraries, machine
from zhongshu.cities.demo.census import gather
from zhongshu.cities.demo.generate import SEED, generate
from zhongshu.cities.read import Pack, read
from zhongshu.data.registers import features, linking
from zhongshu.data.registers.linking import components, link

SHARE = 0.22
"""Share of the households of the small demo's district that gives a million records of people."""
COLUMNS = ("id", "name", "id_number", "born", "phone", "address")
JOINS = 0.95
"""Both count a pair as one from this chance on."""


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


def _ours(told: pa.Table, subject: str) -> tuple[NDArray[np.int64], float]:
    began = time.perf_counter()
    made = features.of_people(told) if subject == "person" else features.of_firms(told)
    found = link(made, subject)
    return found.cluster, time.perf_counter() - began


def plain(told: pa.Table) -> tuple[NDArray[np.int64], float]:
    """Splink by its own comparisons over the columns as they came, learnt with the same means, joined as it does."""
    began = time.perf_counter()
    with linking.quiet(), duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.register("given", told.select(list(COLUMNS)))
        empty = ", ".join(f"nullif({name}, '') AS {name}" for name in ("name", "id_number", "phone", "address"))
        connection.execute(f"CREATE TABLE told AS SELECT id, born, {empty} FROM given")
        linker = _plain_linker(connection)
        found = linker.inference.predict(threshold_match_probability=JOINS).physical_name
        pairs = connection.sql(f"SELECT id_l, id_r FROM {found}").to_arrow_table()
    left, right = (pairs[side].to_numpy() for side in ("id_l", "id_r"))
    return components(told.num_rows, left, right), time.perf_counter() - began


def _plain_linker(connection: duckdb.DuckDBPyConnection) -> Linker:
    blocks: list[Any] = [
        block_on("id_number"),
        block_on("name", "born"),
        block_on("name", "phone"),
        block_on("name", "address"),
        block_on("born", "phone"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            library.LevenshteinAtThresholds("id_number", [1, 2]),
            library.JaroWinklerAtThresholds("name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            library.DateOfBirthComparison("born", input_is_string=False),
            library.ExactMatch("phone").configure(term_frequency_adjustments=True),
            library.LevenshteinAtThresholds("address", [2, 6]),
        ],
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(connection=connection).register("told"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("id_number"), block_on("name", "born", "phone")], recall=linking.RECALL
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=linking.RANDOM, seed=1)
    for rule in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=linking.TAUGHT, record_sample_proportion=0.1
        )
    return linker


def _measured(told: pa.Table, way: Callable[[pa.Table], tuple[NDArray[np.int64], float]]) -> dict[str, float]:
    cluster, seconds = way(told)
    return score(cluster, told["truth"].to_numpy()) | {"seconds": seconds}


def run(quick: bool) -> Result:
    """Quick: a tenth of the records."""
    told = grown(SHARE / 10 if quick else SHARE, SEED)
    people, firms = told["person"], told["organisation"]
    figures = _measured(people, lambda table: _ours(table, "person"))
    of_firms = _measured(firms, lambda table: _ours(table, "organisation"))
    figures |= {f"firms_{name}": value for name, value in of_firms.items()}
    baseline = {f"splink_{name}": value for name, value in _measured(people, plain).items()}
    figures["errors_ratio"] = (1 - figures["f1"]) / max(1e-9, 1 - baseline["splink_f1"])
    return Result(
        bench="resolve",
        machine=machine(),
        versions=libraries("splink", "duckdb", "pyarrow", "pypinyin"),
        size={"records": people.num_rows, "firm_records": firms.num_rows, "seed": SEED, "quick": quick},
        figures={name: round(value, 5) for name, value in figures.items()},
        baseline={name: round(value, 5) for name, value in baseline.items()},
    )
