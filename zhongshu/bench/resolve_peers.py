"""对照 `recordlinkage` beside ours on one small sample: its own blocks and comparisons, its own unsupervised ECM."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.data.registers.linking import components

PEOPLE = 4_000
"""True people of the sample: some 12,000 records. Its pairs are rows of a pandas table, all at once."""


def installed() -> bool:
    """Whether the extra `linkage` is there; it wants pandas below 3 and so an environment of its own."""
    return find_spec("recordlinkage") is not None


def sample(told: pa.Table) -> pa.Table:
    """All records of the first true people."""
    few = told.filter(pa.array(told["truth"].to_numpy() < PEOPLE)).combine_chunks()
    return few.set_column(few.column_names.index("id"), "id", pa.array(np.arange(few.num_rows)))


def ecm(told: pa.Table) -> NDArray[np.int64]:
    """The cluster of each record by recordlinkage: connected components of the pairs that its ECM takes as matches."""
    import recordlinkage

    names = ("name", "id_number", "born", "phone", "address")
    frame = told.select(list(names)).to_pandas().replace("", None)
    index = recordlinkage.Index()
    for columns in (["id_number"], ["name", "born"], ["name", "phone"], ["name", "address"], ["born", "phone"]):
        index.block(columns)
    pairs = index.index(frame)
    compare = recordlinkage.Compare()
    compare.string("id_number", "id_number", method="damerau_levenshtein", threshold=0.94, label="id_number")
    compare.string("name", "name", method="jarowinkler", threshold=0.9, label="name")
    compare.exact("born", "born", label="born")
    compare.exact("phone", "phone", label="phone")
    compare.string("address", "address", method="levenshtein", threshold=0.8, label="address")
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(compare.compute(pairs, frame))
    left, right = (np.asarray(found.get_level_values(n), dtype=np.int64) for n in (0, 1))
    return components(told.num_rows, left, right)
