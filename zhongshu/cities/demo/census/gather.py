"""汇集 everything that the demo's departments tell, register by register, in the order in which it is taken in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

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
    """What is told of each district of the pack in `folder`."""
    pack, _ = read(folder, ("divisions", "grids", "places"))
    for district in districts(pack, share, seed):
        yield district.told(seed)


def fill(folder: Path, share: float, seed: int) -> Iterator[loading.Taken]:
    """Load everything into empty registers, district by district, and count the blocks; tells what each step did."""
    loading.empty()
    for tables in told(folder, share, seed):
        for subject in ORDER:
            yield loading.take_in(subject, tables.pop(subject))
    blocks.recount()


ORDER = ("house", "person", "organisation")
"""Houses first: residences need them."""
