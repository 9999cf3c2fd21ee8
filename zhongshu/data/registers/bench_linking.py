"""对照 what the bench measures our linking against: Splink by its own comparisons, over the columns as they came."""

from __future__ import annotations

import time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import splink.internals.comparison_library as library
from django.db import connections
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from zhongshu.data.databases import OWNER
from zhongshu.data.registers.linking import RANDOM, RECALL, TAUGHT, components, quiet

COLUMNS = ("id", "name", "id_number", "born", "phone", "address")
JOINS = 0.95
"""Ours and this one count a pair as one from this chance on."""


def plain(told: pa.Table) -> tuple[NDArray[np.int64], float]:
    """Splink by its own comparisons over the columns as they came, learnt with the same means, joined as it does."""
    began = time.perf_counter()
    with quiet(), duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.register("given", told.select(list(COLUMNS)))
        empty = ", ".join(f"nullif({name}, '') AS {name}" for name in ("name", "id_number", "phone", "address"))
        connection.execute(f"CREATE TABLE told AS SELECT id, born, {empty} FROM given")
        linker = _plain_linker(connection)
        found = linker.inference.predict(threshold_match_probability=JOINS).physical_name
        pairs = connection.sql(f"SELECT id_l, id_r FROM {found}").to_arrow_table()
    left, right = (pairs[side].to_numpy() for side in ("id_l", "id_r"))
    return components(told.num_rows, left, right), time.perf_counter() - began


def entities() -> NDArray[np.int64]:
    """Whose each record of people is, in the order in which they came."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT entity FROM person_record ORDER BY id")
        return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)


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
        [block_on("id_number"), block_on("name", "born", "phone")], recall=RECALL
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM, seed=1)
    for rule in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=TAUGHT, record_sample_proportion=0.1
        )
    return linker
