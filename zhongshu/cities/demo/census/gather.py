"""汇集 everything that the demo's departments tell, register by register, in the order in which it is taken in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.cities.demo.census import feeds, firms, houses
from zhongshu.cities.demo.census.ground import grounds, pieces
from zhongshu.cities.demo.census.people import Town, settle
from zhongshu.cities.read import Pack, read
from zhongshu.data.registers import filling, loading

SMALL = 0.02
"""Share of the households of one district that the small demo registers: about 30,000 people."""


WHOLE = 2**62
PART = 25_000
"""Households that are grown, linked and loaded at once: some 70,000 people, 270,000 records."""


@dataclass(frozen=True, slots=True)
class District:
    """One district, or a part of one, with its true homes, people and firms."""

    town: Town
    firms: firms.Firms

    def told(self, seed: int) -> dict[str, pa.Table]:
        """Register -> what all departments tell of it here, with the truth."""
        dice = [np.random.default_rng([seed, 23, *self.town.ground.seed, n]) for n in range(6)]
        return {
            "house": pa.concat_tables(
                houses.tell(self.town, dataset, dice[n]) for n, dataset in enumerate(("houses", "property", "tenancy"))
            ),
            "person": pa.concat_tables(feeds.all_feeds(self.town, seed)),
            "organisation": pa.concat_tables(
                firms.tell(self.town, self.firms, dataset, dice[3 + n])
                for n, dataset in enumerate(("enterprises", "organisations", "social_insurance"))
            ),
        }


def districts(pack: Pack, share: float, seed: int, most: int = WHOLE) -> Iterator[District]:
    """The districts of a pack with `share` of their households; the same seed grows the same people.

    In parts of about `most` households: so many are in memory at once, however large the city is.
    """
    for ground in grounds(pack):
        for piece in pieces(ground, share, most):
            dice = np.random.default_rng([seed, 20, *piece.seed])
            town = settle(piece, share, dice)
            yield District(town, firms.found(town, dice))


def told(folder: Path, share: float, seed: int, most: int = PART) -> Iterator[dict[str, pa.Table]]:
    """What is told of each part of the pack in `folder`; its truths.json names the grid of the bad worker."""
    pack, _ = read(folder, ("divisions", "grids", "places"))
    truths = folder / "truths.json"
    bad = orjson.loads(truths.read_bytes())["bad_worker"]["grid"] if truths.exists() else ""
    for district in districts(pack, share, seed, most):
        tables = district.told(seed)
        yield {**tables, "person": made_up(tables["person"], bad)}


def made_up(people: pa.Table, grid: str) -> pa.Table:
    """编造: a worker who visited nobody: in this grid one telephone for all, all of one day, all said to be seen."""
    there = pc.and_(pc.equal(people["dataset"], "population"), pc.equal(people["place"], grid))
    if not pc.any(there).as_py():
        return people
    day = pc.max(people.filter(there)["as_of"])
    phone = people.filter(there)["phone"][0]
    said = {"phone": phone, "as_of": day, "verified": day}
    for name, value in said.items():
        people = people.set_column(people.column_names.index(name), name, pc.if_else(there, value, people[name]))
    return people


def fill(folder: Path, share: float, seed: int, most: int = PART) -> Iterator[loading.Taken]:
    """Load everything into empty registers, part by part, and count the blocks; tells what each step did.

    The first part teaches how records are compared; the later ones are looked for among what is known.
    """
    return filling.fill(told(folder, share, seed, most))
