"""部门数据 what each department tells of people: its own coverage, age, gaps and mistakes. Vectorised, seeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhongshu.cities.demo.census import addresses, names
from zhongshu.cities.demo.census.ground import Ints
from zhongshu.cities.demo.census.people import CHILD, HEAD, TODAY, YEAR, Homes, People, Town
from zhongshu.data.registers.numbers import BIG_X, ZERO, Bytes, texts


@dataclass(frozen=True, slots=True)
class Feed:
    """One data set. Shares 0..1; `years` how long ago its rows were told at most; `style` of its addresses.

    `covers` of those whom it is about; `twice` are told a second time, under another key, from an older visit.
    """

    dataset: str
    covers: float
    years: float
    no_number: float = 0.0
    wrong_number: float = 0.004
    short_number: float = 0.0
    misheard: float = 0.01
    unwritable: float = 0.3
    no_phone: float = 0.05
    agent: float = 0.0
    no_birth: float = 0.0
    wrong_birth: float = 0.003
    twice: float = 0.0
    style: int = 0


FEEDS = (
    Feed("population", 0.97, 1.5, 0.06, 0.012, 0.004, 0.03, 0.2, 0.10, 0.02, 0.02, 0.01, twice=0.03),
    Feed("household_register", 1.0, 8.0, 0.001, 0.001, 0.0, 0.002, 0.0, 0.45, style=1),
    Feed("social_insurance", 0.55, 4.0, 0.004, 0.003, 0.01, 0.008, 0.5, 0.10, 0.03, style=2),
    Feed("medical_insurance", 0.84, 5.0, 0.01, 0.004, 0.02, 0.012, 0.5, 0.15, style=3),
    Feed("disabled", 0.025, 6.0, 0.02, 0.006, 0.04, 0.02, 0.3, 0.10, style=1),
    Feed("low_income", 0.012, 3.0, 0.02, 0.006, 0.02, 0.02, 0.3, 0.10, style=4),
    Feed("pupils", 0.95, 2.0, 0.07, 0.01, 0.0, 0.02, 0.3, 0.03, style=2),
    Feed("tenancy", 0.55, 3.0, 0.12, 0.015, 0.01, 0.03, 0.3, 0.05, 0.25, 0.25, 0.01, style=4),
)
"""Default shares, made up for this demo; no department was measured."""
AGAIN_BLANK, AGAIN_MISHEARD = 0.35, 0.2
"""Who is entered twice was not found the first time: more often without a number, more often misheard."""
EARLY = np.datetime64("1999-10-01", "D").astype(np.int64)
"""Who was born later never had a number of 15 digits."""


def tell(town: Town, feed: Feed, rng: np.random.Generator) -> pa.Table:
    """The rows of one data set, as columns of PersonRecord, with `truth`: the number of the person that each tells of.

    Truths are for tests and benches alone; nothing that decides reads them.
    """
    ground, homes, people = town.ground, town.homes, town.people
    who, second = _who(homes, people, feed, rng)
    count = len(who)
    as_of = TODAY - rng.integers(0, int(feed.years * 365), count)
    as_of[second] -= rng.integers(200, int(4 * YEAR), len(as_of))[second]
    since, former = people.moved[who], people.former[who]
    home = np.where((former >= 0) & (as_of < since), former, people.home[who])
    name = people.name[who].copy()
    odd = np.where(second, AGAIN_MISHEARD, feed.misheard)
    names.misheard(name, np.flatnonzero(rng.random(count) < odd), rng)
    names.unwritable(name, rng, feed.unwritable)
    proven = texts(_numbers(people.number[who], people.born[who], feed, rng))
    blank = rng.random(count) < np.where(second, AGAIN_BLANK, feed.no_number)
    born, no_birth = _births(people.born[who], feed, rng)
    seen = rng.random(count) < 0.4
    grid = pa.array(ground.grids[homes.grid[home]])
    community = pc.utf8_slice_codeunits(grid, 0, 12)
    return pa.table(
        {
            "truth": who,
            "dataset": pa.repeat(feed.dataset, count),
            "key": pc.binary_join_element_wise(ground.office, pa.array(np.arange(count)).cast(pa.string()), "-"),
            "place": grid if feed.dataset == "population" else community,
            "as_of": pa.array(as_of.astype("datetime64[D]")),
            "verified": pa.array(as_of.astype("datetime64[D]"), mask=~seen | (feed.dataset != "population")),
            "name": pa.array(names.texts(name)),
            "address": addresses.written(ground, homes, home, feed.style, rng),
            "more": addresses.more(town, addresses.Visit(feed.dataset, who, home), rng),
            "id_type": pa.array(np.where(blank, "", "resident")),
            "id_number": pc.if_else(pa.array(blank), "", proven),
            "sex": np.where(people.male[who], 1, 2).astype(np.int16),
            "born": pa.array(born.astype("datetime64[D]"), mask=no_birth),
            "nation": pa.array(np.where(rng.random(count) < 0.97, "汉", "壮")),
            "phone": _phones(people, who, as_of, feed, rng),
            "registered": pc.utf8_slice_codeunits(proven, 0, 6),
            "kind": pa.array(np.where(people.local[who], "resident", "floating")),
        }
    )


def _who(homes: Homes, people: People, feed: Feed, rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_]]:
    """Whom the data set knows, in no order; and which rows are a second telling."""
    age = (TODAY - people.born) / YEAR
    about = {
        "household_register": people.local,
        "social_insurance": (age > 18) & (age < 60),
        "pupils": (age > 6) & (age < 18) & (people.role == CHILD),
        "tenancy": homes.rented[people.household] & (people.role == HEAD),
    }.get(feed.dataset, np.ones(len(people), dtype=bool))
    known = np.flatnonzero(about & (rng.random(len(people)) < feed.covers))
    again = known[rng.random(len(known)) < feed.twice]
    who = np.concatenate([known, again])
    order = rng.permutation(len(who))
    return who[order], order >= len(known)


def _numbers(number: Bytes, born: Ints, feed: Feed, rng: np.random.Generator) -> Bytes:
    """Mistyped, swapped, of 15 digits, or with a small x at the end."""
    found = number.copy()
    wrong = np.flatnonzero(rng.random(len(found)) < feed.wrong_number)
    spot, swap = rng.integers(6, 17, len(wrong)), rng.random(len(wrong)) < 0.4
    typed = wrong[~swap]
    found[typed, spot[~swap]] = ZERO + (found[typed, spot[~swap]] - ZERO + rng.integers(1, 10, len(typed))) % 10
    a, b = wrong[swap], spot[swap] - 1
    found[a, b], found[a, b + 1] = found[a, b + 1].copy(), found[a, b].copy()
    short = (rng.random(len(found)) < feed.short_number) & (born < EARLY)
    old = found[short]
    found[short] = 0
    found[short, :6], found[short, 6:15] = old[:, :6], old[:, 8:17]
    small = (found[:, 17] == BIG_X) & (rng.random(len(found)) < 0.2)
    found[small, 17] = ord("x")
    return found


def _births(born: Ints, feed: Feed, rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_]]:
    """The day of birth as told: by the lunar calendar, as the first of January, or some days off; and who has none."""
    found, count = born.copy(), len(born)
    wrong = np.flatnonzero(rng.random(count) < feed.wrong_birth)
    how = rng.random(len(wrong))
    year = found[wrong].astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    off = np.where(
        how < 0.4, year, np.where(how < 0.7, found[wrong] - rng.integers(18, 50, len(wrong)), found[wrong] + 1)
    )
    found[wrong] = off
    return found, rng.random(count) < feed.no_birth


def _phones(people: People, who: Ints, as_of: Ints, feed: Feed, rng: np.random.Generator) -> pa.Array:
    """The number of that time; an agent's, or none, in some."""
    old = people.old_phone[who]
    phone = np.where((old > 0) & (as_of < people.phoned[who]), old, people.phone[who])
    agent = people.agent[who]
    phone = np.where((agent > 0) & (rng.random(len(who)) < feed.agent), agent, phone)
    missing = rng.random(len(who)) < feed.no_phone
    return pc.if_else(pa.array(missing), "", pa.array(phone).cast(pa.string()))


def all_feeds(town: Town, seed: int) -> Iterator[pa.Table]:
    """Each department's rows of one district."""
    for n, feed in enumerate(FEEDS):
        yield tell(town, feed, np.random.default_rng([seed, 21, *town.ground.seed, n]))
