"""判据 why two records look like one: what was compared, how far it agrees, and how many bits that speaks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import orjson
import pyarrow as pa
from splink import DuckDBAPI, Linker

from zhongshu.data.registers import marks
from zhongshu.data.registers.learnt import Model, Terms

PRIOR = "prior"
"""What is known before anything is compared: two records taken at random are hardly ever one."""
DIFFERS = "else"
MOST = 20_000
"""Pairs that get their reasons at once; those beyond are kept without: nobody reads so many."""


def counted(connection: duckdb.DuckDBPyConnection, table: str, fields: Sequence[str]) -> Terms:
    """Field -> {term, count} of a table of features."""
    return {
        name: connection.sql(
            f"SELECT {marks.term(name)} AS term, count(*) AS count FROM {table} WHERE {name} IS NOT NULL GROUP BY 1"
        ).to_arrow_table()
        for name in fields
    }


def weigh(connection: duckdb.DuckDBPyConnection, api: DuckDBAPI, linker: Linker, model: Model, table: str) -> None:
    """Tell a linker how often the values in a table occur among all records, not among these few."""
    for name, terms in model.terms.items():
        connection.register(f"counts_{name}", terms)
        connection.execute(
            f"CREATE OR REPLACE TABLE often_{name} AS"
            f" SELECT d.{name}, c.count / {max(1, model.totals[name])}.0 AS tf_{name}"
            f" FROM (SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL) d"
            f" JOIN counts_{name} c ON c.term = {marks.term('d.' + name)}"
        )
        linker.table_management.register_term_frequency_lookup(api.register(f"often_{name}"), name)


def explained(
    connection: duckdb.DuckDBPyConnection, pairs: pa.Table, model: Model, told: Sequence[str] = ("told",)
) -> pa.Table:
    """Pairs {id_l, id_r, p} with `reasons`: JSON [[compared, level, bits], …], the prior first; features in `told`."""
    pairs = pairs.slice(0, MOST)
    if not pairs.num_rows:
        return pairs.append_column("reasons", pa.array([], pa.string()))
    connection.register("asked", pairs)
    every = " UNION ALL ".join(f"SELECT * FROM {table}" for table in told)
    connection.execute(
        f"CREATE OR REPLACE TABLE doubted AS SELECT * FROM ({every}) t"
        " WHERE id IN (SELECT id_l FROM asked UNION SELECT id_r FROM asked)"
    )
    api = DuckDBAPI(connection=connection)
    held = api.register("doubted")
    shown = {"retain_intermediate_calculation_columns": True, "retain_matching_columns": True}
    linker = Linker(held, {**model.settings, **shown}, log_level=None)
    weigh(connection, api, linker, model, "doubted")
    found = linker.inference.predict_within(held, warning_mode="never").physical_name
    rows = connection.sql(
        f"SELECT a.id_l AS a_l, a.id_r AS a_r, a.p AS a_p, f.* FROM asked a"
        f" JOIN {found} f ON least(f.id_l, f.id_r) = least(a.id_l, a.id_r)"
        " AND greatest(f.id_l, f.id_r) = greatest(a.id_l, a.id_r)"
    ).to_arrow_table()
    said = [orjson.dumps(_said(row, model.settings)).decode() for row in rows.to_pylist()]
    return pa.table(
        {"id_l": rows["a_l"], "id_r": rows["a_r"], "p": rows["a_p"], "reasons": pa.array(said, pa.string())}
    )


def _said(row: Mapping[str, Any], settings: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    prior = row["match_weight"]
    told = []
    for one in settings["comparisons"]:
        name = one["output_column_name"]
        bits = row[f"mw_{name}"] + (row.get(f"mw_tf_adj_{name}") or 0.0)
        prior -= bits
        told.append((name, _level(one["comparison_levels"], row[f"gamma_{name}"]), round(bits, 1)))
    return [(PRIOR, "", round(prior, 1)), *told]


def _level(levels: Sequence[Mapping[str, Any]], gamma: int) -> str:
    """The label of the level that a comparison reached; Splink numbers them from the last, a missing one is -1."""
    if gamma < 0:
        return str(next(one["label_for_charts"] for one in levels if one.get("is_null_level")))
    found = [one for one in levels if not one.get("is_null_level")][::-1][gamma]
    return DIFFERS if found["sql_condition"] == "ELSE" else str(found["label_for_charts"])
