"""Planted duplicates of the demo city, sent down the real road: what merges by itself, and what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import comb
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from zhongshu.cities.demo.generate import generate
from zhongshu.cities.demo.reports import reports
from zhongshu.cities.read import read
from zhongshu.data import cases, queue
from zhongshu.data.databases import ROAD
from zhongshu.hub.hub import Hub
from zhongshu.hub.judge.model_forms import classifiers
from zhongshu.hub.judge.training import Recipe, train
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.settings import load

START = datetime(2026, 3, 2, tzinfo=UTC)
RATE, HOURS, BATCH = 100.0, 24, 250
SCENARIOS = Path(__file__).parents[2] / "zhongshu" / "scenarios"


@pytest.fixture(scope="module")
def city(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, list[dict[str, Any]]]]:
    """The small demo city with a model taught by its own samples, and the reports of a day."""
    from zhongshu.cities.load import load as load_city
    from zhongshu.hub.loading import load_tools

    folder = tmp_path_factory.mktemp("planted")
    generate(folder / "pack", "small")
    load_city(folder / "pack")
    pack, _ = read(folder / "pack")
    samples = pack.rows("samples")
    texts, labels = [row["text"] for row in samples], [row["category"] for row in samples]
    model, card = train(texts, labels, "planted", Recipe(folds=2))
    classifiers(folder).publish(model, card)
    rows = list(reports(pack, START, START + timedelta(hours=HOURS), RATE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHONGSHU_HOME", str(folder))
        settings = load()
        yield Hub(lambda: load_tools(settings, SCENARIOS), lambda: START + timedelta(hours=HOURS)), rows


def test_planted_duplicates_merge_on_the_road(city: tuple[Hub, list[dict[str, Any]]]) -> None:
    hub, rows = city
    told = [normalise({name: value for name, value in row.items() if name != "truth"}, row["at"]) for row in rows]
    relay = hub.relay()
    held: list[int] = []
    for start in range(0, len(told), BATCH):
        held += [receipt.report for receipt in hub.accept(told[start : start + BATCH])]
        while relay.run_once():
            continue
    relay.close()
    assert queue.waiting() == 0

    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT r.id, c.id, c.lon IS NOT NULL FROM report r JOIN "case" c ON c.id = r."case"')
        lies = {report: (case, placed) for report, case, placed in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM ledger WHERE kind = %s", [Kind.STUCK])
        assert cursor.fetchone()[0] == 0
    assert len(lies) == len(set(held)) == len(rows)

    # Reports without any place are left out, as they have no neighbours; a person brings those together.
    pairs = zip(held, rows, strict=True)
    placed = [(lies[report][0], row["truth"]["group"]) for report, row in pairs if lies[report][1]]
    both, said, true = (
        sum(comb(count, 2) for count in Counter(keys).values())
        for keys in (placed, [case for case, _ in placed], [group for _, group in placed])
    )
    assert true > 200
    precision, recall = both / said, both / true
    assert precision >= 0.98
    assert recall >= 0.90
    total = sum(row["reports"] for row in cases.rows(list({case for case, _ in lies.values()})).values())
    assert total == len(rows), "what cases count is what was told"
