"""质量实测 bench `quality`: eight rules over millions of rows beside four tools, and wrong cells found from 20 rows."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from zhongshu.bench import quality_peers as peers
from zhongshu.bench import real
from zhongshu.bench.result import Result, libraries, machine
from zhongshu.data.quality import checksums
from zhongshu.data.quality.cells import Cells, cells
from zhongshu.data.quality.detecting import BUDGET, SUSPICIOUS, Detector, quality_of
from zhongshu.data.quality.engine import check, world
from zhongshu.data.quality.rules import Rule
from zhongshu.kernel.errors import NotFound

ROWS, QUICK_ROWS = 10_000_000, 1_000_000
SLOW, SMALL = "great_expectations", 5
"""It gets every fifth row: for all of them it needs half a minute and gigabytes."""
SEEDS, QUICK_SEEDS = 10, 2
TABLES = ("beers", "hospital")
TODAY = date(2026, 1, 1)
TIMES = 3


def _rule(item: str, indicator: str, kind: str, value: str = "") -> Rule:
    return Rule(f"{item}.{kind}", "people", item, indicator, kind, value)


RULES = (
    _rule("number", "uniqueness", "unique"),
    _rule("number", "elements", "filled"),
    _rule("phone", "format", "pattern", peers.PHONE),
    _rule("name", "elements", "filled"),
    _rule("sex", "reference", "choices", "|".join(peers.SEXES)),
    _rule("age", "business", "range", "0..130"),
    _rule("lon", "business", "range", "113..114"),
    _rule("since", "order", "compare", "<= until"),
)
"""The eight common rules: unique, null twice, pattern, set, range twice, cross-column."""


def people(rows: int, seed: int) -> pl.DataFrame:
    """Made-up rows in random order, of which about one in a thousand breaks a rule."""
    draw = np.random.default_rng(seed)
    number = draw.permutation(rows)
    number[draw.integers(0, rows, rows // 10_000)] = number[draw.integers(0, rows, rows // 10_000)]
    since = draw.integers(10_000, 18_000, rows)
    phone = pl.Series(draw.integers(13_000_000_000, 19_999_999_999, rows)).cast(pl.String)
    bad = pl.Series(draw.random(rows) < 1e-4)
    return pl.DataFrame(
        {
            "number": number + 4_000_000,
            "phone": pl.select(pl.when(bad).then(phone.str.slice(0, 9)).otherwise(phone)).to_series(),
            "name": pl.select(
                pl.when(pl.Series(draw.random(rows) >= 1e-3)).then(
                    pl.Series(draw.integers(0, 90_000, rows)).cast(pl.String)
                )
            ).to_series(),
            "sex": np.array([*peers.SEXES, "x"])[draw.choice(4, rows, p=[0.5, 0.49, 0.0099, 0.0001])],
            "age": draw.choice(131, rows).astype(np.int32),
            "lon": 113 + draw.random(rows) * 1.00005,
            "since": pl.Series(since.astype(np.int32)).cast(pl.Date),
            "until": pl.Series((since + draw.integers(-1, 9000, rows)).astype(np.int32)).cast(pl.Date),
        }
    )


def run(quick: bool) -> Result:
    """Ten million rows and ten seeds (quick: one million, two); NotFound without the folder of real data."""
    tables = {name: dirty(name) for name in TABLES}
    rows = QUICK_ROWS if quick else ROWS
    frame = people(rows, 1)
    figures, baseline = _speed(frame)
    figures |= _checksums(rows // 10)
    for name, (held, truth) in tables.items():
        figures |= _found(name, held, truth, QUICK_SEEDS if quick else SEEDS)
    there = [peers.PEERS[name] for name, yes in peers.installed().items() if yes]
    return Result(
        bench="quality",
        machine=machine(),
        versions=libraries("polars", "numpy", "scikit-learn", *there),
        size={
            "rows": rows,
            "rules": len(RULES),
            "labelled_rows": BUDGET,
            "seeds": QUICK_SEEDS if quick else SEEDS,
            "not_installed": [peers.PEERS[name] for name, yes in peers.installed().items() if not yes],
            "quick": quick,
        },
        figures=figures,
        baseline=baseline,
    )


def _speed(frame: pl.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    around, rows = world(TODAY), len(frame)
    wall, processor, found = peers.seconds(lambda: check(frame, RULES, around), TIMES)
    failed = sum(len(one.failed) for one in found)
    baseline: dict[str, float] = {}
    for name, there in peers.installed().items():
        if there:
            baseline |= _peer(name, frame, failed)
        else:
            sys.stderr.write(f"{peers.PEERS[name]} 未安装 · is not installed: pip install zhongshu[bench]\n")
    text = frame.select(key=pl.lit("P") + pl.col("number").cast(pl.String).str.zfill(13))
    keyed, _, _ = peers.seconds(lambda: check(text, [_rule("key", "uniqueness", "unique")], around), TIMES)
    figures: dict[str, float] = {
        "rows_per_s": round(rows / wall),
        "rows_per_cpu_s": round(rows / processor),
        "failing_rows": failed,
        "unique_text_rows_per_s": round(rows / keyed),
    }
    ratios = _ratios(figures["rows_per_s"], baseline, "rows_per_s") | {
        f"{name}_cpu": value for name, value in _ratios(figures["rows_per_cpu_s"], baseline, "rows_per_cpu_s").items()
    }
    return figures | ratios, baseline


def _ratios(ours: float, baseline: dict[str, float], figure: str) -> dict[str, float]:
    """How many times as fast as the fastest of three, and as Great Expectations; of those that are installed."""
    fast = [baseline[f"{name}_{figure}"] for name in peers.PEERS if f"{name}_{figure}" in baseline and name != SLOW]
    slow = baseline.get(f"{SLOW}_{figure}")
    told = {"ratio": round(ours / max(fast), 2)} if fast else {}
    return told | ({"ratio_gx": round(ours / slow, 1)} if slow else {})


def _peer(name: str, frame: pl.DataFrame, failed: int) -> dict[str, float]:
    """Rows a second of one tool; it must find as many failures as we do (where it sees all the rows)."""
    given = frame.gather_every(SMALL) if name == SLOW else frame
    prepared, count = getattr(peers, name)(given)
    wall, processor, found = peers.seconds(prepared, TIMES - 1)
    if name != SLOW and count(found) != failed:
        sys.stderr.write(f"{name} found {count(found)} failures, we {failed}\n")
    return {
        f"{name}_rows_per_s": round(len(given) / wall),
        f"{name}_rows_per_cpu_s": round(len(given) / processor),
    }


def _checksums(rows: int) -> dict[str, float]:
    """Identity numbers and credit codes checked per second; all of them are right."""
    few = 20_000
    draw = np.random.default_rng(3)
    days = pl.Series(draw.integers(-20_000, 18_000, few).astype(np.int32)).cast(pl.Date).dt.to_string("%Y%m%d")
    bodies = [f"110101{day}{n:03}" for day, n in zip(days, draw.integers(0, 1000, few).tolist(), strict=True)]
    codes = [f"91110101MA{n:07}" for n in range(few)]
    times = max(1, rows // few)
    identities = pl.Series([checksums.completed(one) for one in bodies] * times)
    credits = pl.Series([checksums.completed_credit(one) for one in codes] * times)
    told: dict[str, float] = {}
    for name, work in (
        ("identity", lambda: checksums.identity(identities, TODAY)),
        ("credit_code", lambda: checksums.credit_code(credits)),
    ):
        seconds, _, right = peers.seconds(work, TIMES)
        told[f"{name}_rows_per_s"] = round(len(identities) / seconds * float(np.mean(right)))
    return told


def dirty(name: str) -> tuple[Cells, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """A table of the Raha benchmark and which of its cells are wrong; its first column numbers the rows."""
    wrong, right = real.rows("tables", name, "dirty.csv"), real.rows("tables", name, "clean.csv")
    if len(wrong) != len(right):
        raise NotFound(f"tables/{name}: dirty.csv and clean.csv have different rows")
    items = list(wrong[0])[1:]
    truth = [
        [a != b for a, b in zip(list(x.values())[1:], list(y.values())[1:], strict=True)]
        for x, y in zip(wrong, right, strict=True)
    ]
    return cells({item: [row[item] for row in wrong] for item in items}), np.array(truth)


def course(held: Cells, truth: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], seed: int) -> Detector:
    """A steward who labels whatever row is asked for, and errs never."""
    detector = Detector(held, seed)
    while (row := detector.next_row()) is not None:
        detector.label(row, [held.items[n] for n in np.flatnonzero(truth[row])])
    return detector


def _found(
    name: str, held: Cells, truth: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], seeds: int
) -> dict[str, float]:
    scores: Sequence[float] = []
    began = time.perf_counter()
    for seed in range(seeds):
        detector = course(held, truth, seed)
        told = quality_of(detector.chances() >= SUSPICIOUS, truth, list(detector.labels))
        scores = [*scores, told["f1"]]
    return {
        f"f1_{name}": round(float(np.mean(scores)), 4),
        f"f1_{name}_worst": round(min(scores), 4),
        f"seconds_{name}": round((time.perf_counter() - began) / seeds, 1),
    }
