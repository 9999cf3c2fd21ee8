"""A set read in parts gets the counts of one frame, and as evidence the first rows that failed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from zhongshu.data.catalogue.files import grouped
from zhongshu.data.quality import checksums, engine, parts
from zhongshu.data.quality.engine import World
from zhongshu.data.quality.rules import Rule

ROWS = 2_000
TODAY = date(2026, 6, 1)


def some_people(seed: int = 4) -> pl.DataFrame:
    """Rows of which some break each kind of rule."""
    draw = np.random.default_rng(seed)
    good = [checksums.completed(f"9901011990010{n:04}") for n in range(400)]
    ids = [good[n] if n % 7 else good[n][:-1] + "Q" for n in draw.integers(0, 400, ROWS)]
    return pl.DataFrame(
        {
            "key": np.arange(ROWS),
            "id": [one if n % 11 else None for n, one in enumerate(ids)],
            "name": [("N/A", "王一", " 李二", None)[n] for n in draw.integers(0, 4, ROWS)],
            "house": [f"h{n}" for n in draw.integers(0, 300, ROWS)],
            "age": draw.integers(-5, 160, ROWS),
            "low": [str(n) for n in draw.integers(0, 40, ROWS)],
            "high": [str(n) for n in draw.integers(20, 60, ROWS)],
            "seen": [f"2026-05-{n:02}" for n in draw.integers(1, 31, ROWS)],
        }
    )


PEOPLE = some_people()
HOUSES = pl.DataFrame({"code": [f"h{n}" for n in range(50, 400)], "use": ["self", "vacant"] * 175})
NAMES = PEOPLE.select("key", pl.lit("王一").alias("name")).filter(pl.col("key") % 3 == 0)
AROUND = World(TODAY, {"houses": HOUSES, "names": NAMES}, {}, lambda _dataset, _days: (8, 10))


def rule(item: str, kind: str, value: str = "", **more: object) -> Rule:
    return Rule(f"{item}-{kind}-{value}-{len(more)}", "people", item, "format", kind, value, **more)  # type: ignore[arg-type]


RULES = (
    rule("key", "unique"),
    rule("id", "unique"),
    rule("id", "unique", condition=("name=王一",)),
    rule("id+house", "unique"),
    rule("house+seen", "spread", "1"),
    rule("house", "spread", "8", condition=("name=王一",)),
    rule("id", "identity"),
    rule("id", "filled"),
    rule("name", "clean"),
    rule("age", "range", "0..150"),
    rule("low", "compare", "<= high"),
    rule("seen", "fresh", "20"),
    rule("house", "relates", against="houses.code"),
    rule("house", "frame", against="houses.code", condition=("use=self",)),
    rule("name", "same", against="names.name", keys=("key",)),
    rule("key", "served", "30"),
    rule("nothing", "filled"),
)


def in_parts(frame: pl.DataFrame, size: int) -> parts.Read:
    def read(columns: Collection[str]) -> Iterator[pl.DataFrame]:
        chosen = frame.select(columns) if columns else frame
        return iter([chosen[start : start + size] for start in range(0, len(frame), size)])

    return read


@pytest.mark.parametrize("size", [250, 900, 5_000])
def test_parts_count_what_one_frame_counts(size: int) -> None:
    whole = engine.check(PEOPLE, RULES, AROUND)
    found = parts.check(in_parts(PEOPLE, size), RULES, AROUND, 30)
    told = [(one.rule.code, one.checked, one.met, one.said) for one in whole]
    assert [(one.rule.code, one.checked, one.met, one.said) for one in found.outcomes] == told
    assert found.rows == ROWS
    assert sum(one.checked - one.met > 30 for one in whole) > 8
    for one, other in zip(whole, found.outcomes, strict=True):
        failing = found.failing(other, 30)
        expected = None if one.rule.kind == "frame" else PEOPLE[one.failed[:30]]
        assert (failing is None) == (expected is None or bool(one.said) or one.rule.kind == "served") or size == 5_000
        assert failing is None or expected is None or failing.equals(expected)


def test_equal_hashes_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts._Keyed, "_hashed", lambda _self, pool: np.zeros(len(pool), np.uint64))
    held = [one for one in RULES if one.kind in ("unique", "spread")]
    found = parts.check(in_parts(PEOPLE, 700), held, AROUND, 5)
    assert [one.met for one in found.outcomes] == [one.met for one in engine.check(PEOPLE, held, AROUND)]


def test_batches_become_parts_of_one_size() -> None:
    batches = [pa.record_batch({"a": list(range(n))}) for n in (3, 0, 5, 1)]
    told = [table.num_rows for table in grouped(batches[0].schema, batches, 4)]
    assert told == [4, 4, 1]
    assert [table.num_rows for table in grouped(batches[0].schema, [], 4)] == [0]
