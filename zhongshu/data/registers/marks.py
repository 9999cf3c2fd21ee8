"""检索键 numbers of what blocks and rare values hold, so that later records are looked for without reading all.

A mark is a part of an MD5 sum of the compared text: the same for ever, on every machine, and never the text itself.
Equal marks are only looked at; whether they mean the same is said by the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.data.registers.comparing import FIRMS, PEOPLE

BLOCKS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "person": PEOPLE.blocks,
    "organisation": FIRMS.blocks,
    "house": (("room",),),
}
"""Subject -> the columns of its features that a pair must share, block by block: marks k1, k2, …"""
MARK = 31
"""Bits of a mark."""
SPAN = 2**MARK - 1


def of(features: pa.Table, subject: str) -> pa.Table:
    """Columns k1, k2, …, as many as the subject has blocks, in the order of the rows; null where a part is missing."""
    return cut(sums(features, subject))


def sums(features: pa.Table, subject: str) -> pa.Table:
    """The whole sums (64 bits) that marks are parts of, as columns k1, k2, … like them."""
    said = ", ".join(f"{_sum(columns)} AS k{n}" for n, columns in enumerate(BLOCKS[subject], 1))
    with duckdb.connect() as connection:
        connection.register("given", features)
        return connection.sql(f"SELECT {said} FROM given").to_arrow_table()


def cut(whole: pa.Table) -> pa.Table:
    """The marks of whole sums."""
    said = ", ".join(f"({name} % {SPAN})::INTEGER AS {name}" for name in whole.column_names)
    with duckdb.connect() as connection:
        connection.register("given", whole)
        return connection.sql(f"SELECT {said} FROM given").to_arrow_table()


def once(marked: pa.Table, entity: NDArray[np.int64]) -> pa.Table:
    """Each mark of an entity only at the first of these records that has it: who looks asks for entities."""
    found = {}
    for name in marked.column_names:
        mark = np.asarray(marked[name].fill_null(0).to_numpy(), dtype=np.int64)
        there = np.flatnonzero(marked[name].is_valid().to_numpy())
        first = np.unique((entity[there] << MARK) + mark[there], return_index=True)[1]
        again = np.ones(len(mark), dtype=bool)
        again[there[first]] = False
        found[name] = pa.array(mark.astype(np.int32), mask=again)
    return pa.table(found)


def _sum(columns: Sequence[str]) -> str:
    whole = " || '|' || ".join(f"{column}::VARCHAR" for column in columns)
    return f"md5_number_lower({whole})"


def term(column: str) -> str:
    """SQL of the number of a rare value."""
    return f"(md5_number_lower({column}) >> 1)::BIGINT"
