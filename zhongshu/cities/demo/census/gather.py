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
from zhongshu.cities.demo.census.ground import grounds
from zhongshu.cities.demo.census.people import Town, settle
from zhongshu.cities.read import Pack, read
from zhongshu.data.registers import blocks, loading

SMALL = 0.02
"""Share of the households of one district that the small demo registers: about 30,000 people."""


@dataclass(frozen=True, slots=True)
class District:
    """One district with its true homes, people and firms."""

    town: Town
    firms: firms.Firms

    def told(self, seed: int) -> dict[str, pa.Table]:
        """Register -> what all departments tell of it here, with the truth."""
        number = int(self.town.ground.district)
        dice = [np.random.default_rng([seed, 23, number, n]) for n in range(6)]
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


def districts(pack: Pack, share: float, seed: int) -> Iterator[District]:
    """The districts of a pack with `share` of their households; the same seed grows the same people."""
    for ground in grounds(pack):
        dice = np.random.default_rng([seed, 20, int(ground.district)])
        town = settle(ground, share, dice)
        yield District(town, firms.found(town, dice))


def told(folder: Path, share: float, seed: int) -> Iterator[dict[str, pa.Table]]:
    """What is told of each district of the pack in `folder`; its truths.json names the grid of the bad worker."""
    pack, _ = read(folder, ("divisions", "grids", "places"))
    truths = folder / "truths.json"
    bad = orjson.loads(truths.read_bytes())["bad_worker"]["grid"] if truths.exists() else ""
    for district in districts(pack, share, seed):
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


def fill(folder: Path, share: float, seed: int) -> Iterator[loading.Taken]:
    """Load everything into empty registers, district by district, and count the blocks; tells what each step did."""
    loading.empty()
    for tables in told(folder, share, seed):
        for subject in ORDER:
            yield loading.take_in(subject, tables.pop(subject))
    blocks.recount()


ORDER = ("house", "person", "organisation")
"""Houses first: residences need them."""
