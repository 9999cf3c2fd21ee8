"""居民 the true people and homes of one district: households, twins, moves, telephones. Vectorised, seeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.cities.demo.census import names
from zhongshu.cities.demo.census.ground import Ground, Ints
from zhongshu.data.registers.numbers import Bytes, check_digit

TODAY = np.datetime64("2026-10-01", "D").astype(np.int64)
"""The day on which the demo's departments tell what they know, as days since 1970."""
SIZES = np.array([0.27, 0.27, 0.21, 0.13, 0.08, 0.04])
"""Shares of households with 1 to 6 people: 2.6 on average."""
HEAD, SPOUSE, CHILD, PARENT = 0, 1, 2, 3
ROLES = np.array([HEAD, SPOUSE, CHILD, CHILD, PARENT, PARENT])
TWINS = 0.03
"""Share of second children that are twins of the first."""
MOVED = 0.18
"""Share of households that moved into their home within the last six years, from another one of the district."""
NEW_PHONE = 0.25
RENTED = 0.34
LOCAL = 0.62
"""Share of households on the household register of this city."""
YEAR = 365.25
_ELSEWHERE = (11, 13, 32, 33, 34, 35, 36, 37, 41, 42, 43, 45, 46, 50, 51, 52, 53, 61)


@dataclass(slots=True)
class Homes:
    """Houses of a district: which grid and address each is at, its number within, and whose it is."""

    grid: Ints
    address: Ints
    serial: Ints
    rented: NDArray[np.bool_]


@dataclass(slots=True)
class People:
    """True people. Days count from 1970; `former` is -1 for who never moved, `phone` 0 for who has none."""

    household: Ints
    role: Ints
    male: NDArray[np.bool_]
    born: Ints
    name: names.Codes
    number: Bytes
    home: Ints
    former: Ints
    moved: Ints
    phone: Ints
    old_phone: Ints
    phoned: Ints
    local: NDArray[np.bool_]
    twin: NDArray[np.bool_]
    agent: Ints
    """Telephone of an agent that some offices wrote down instead; 0 for none."""

    def __len__(self) -> int:
        return len(self.role)


@dataclass(frozen=True, slots=True)
class Town:
    """One district with its true homes and people."""

    ground: Ground
    homes: Homes
    people: People


@dataclass(slots=True)
class _Born:
    """What is known of people before they have names: one row each."""

    household: Ints
    order: Ints
    role: Ints
    male: NDArray[np.bool_]
    day: Ints
    twin: NDArray[np.bool_]


def settle(ground: Ground, share: float, rng: np.random.Generator) -> Town:
    """A district's homes and people; `share` of the households that its grids hold."""
    count = np.maximum(1, np.round(ground.households * share).astype(np.int64))
    homes = _homes(ground, count, rng)
    households = len(homes.grid)
    size = rng.choice(6, households, p=SIZES) + 1
    household = np.repeat(np.arange(households), size)
    order = np.arange(len(household)) - np.repeat(np.cumsum(size) - size, size)
    born, male, role = _ages(household, order, size, rng)
    twin = _twins(order, born, rng)
    male[twin] = np.where(rng.random(int(twin.sum())) < 0.65, male[np.flatnonzero(twin) - 1], male[twin])
    drawn = _Born(household, order, role, male, born, twin)
    surname = _surnames(drawn, households, rng)
    given = names.draw_given(male, rng)
    pair = np.flatnonzero(twin)
    given[pair, 0] = given[pair - 1, 0]
    local = (rng.random(households) < LOCAL)[household]
    number = _numbers(ground, drawn, local, rng)
    moved_home = rng.random(households) < MOVED
    former = np.where(moved_home, rng.integers(0, households, households), -1)
    moved = TODAY - rng.integers(30, int(6 * YEAR), households)
    phone = _phones(household, order, born, rng)
    old, phoned = _old_phones(phone, rng)
    agent = _agents(homes.rented, rng)[household]
    person = People(
        household,
        role,
        male,
        born,
        names.whole(surname, given),
        number,
        household.copy(),
        former[household],
        np.where(moved_home, moved, 0)[household],
        phone,
        old,
        phoned,
        local,
        twin,
        agent,
    )
    return Town(ground, homes, person)


def _homes(ground: Ground, count: Ints, rng: np.random.Generator) -> Homes:
    grid = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(grid)) - np.repeat(np.cumsum(count) - count, count)
    address = ground.first[grid] + within % ground.many[grid]
    door = np.unique(ground.codes, return_inverse=True)[1][address]
    order = np.argsort(door, kind="stable")
    size = np.bincount(door)
    serial = np.empty(len(grid), dtype=np.int64)
    serial[order] = np.arange(len(grid)) - np.repeat(np.cumsum(size) - size, size)
    return Homes(grid, address, serial, rng.random(len(grid)) < RENTED)


def _ages(household: Ints, order: Ints, size: Ints, rng: np.random.Generator) -> tuple[Ints, Any, Ints]:
    """Day of birth, whether male, and role: head, spouse, children, parents."""
    role = ROLES[order].copy()
    alone = rng.random(len(size)) < 0.3
    role[(order == 1) & alone[household]] = CHILD
    drawn = rng.gamma(9.0, 5.0, len(size))
    head = np.where((drawn < 20) | (drawn > 88), rng.uniform(20, 88, len(size)), drawn) * YEAR
    noise = rng.normal(0, 3.0, len(role)) * YEAR
    age = head[household] + noise
    apart = rng.uniform(22, 34, len(role)) * YEAR
    age = np.where(role == CHILD, head[household] - apart, age)
    age = np.where(role == PARENT, head[household] + apart, age)
    age = np.where(role == HEAD, head[household], age)
    age = np.clip(np.where(age < YEAR, rng.uniform(20, 18 * YEAR, len(age)), age), 20, 99 * YEAR)
    male = rng.random(len(role)) < 0.51
    first = male[order == 0]
    male = np.where(role == SPOUSE, ~first[household], male)
    return (TODAY - age).astype(np.int64), male, role


def _twins(order: Ints, born: Ints, rng: np.random.Generator) -> NDArray[np.bool_]:
    """The fourth of a household is born on the same day as the third, in a few of them."""
    twin: NDArray[np.bool_] = (order == 3) & (rng.random(len(order)) < TWINS)
    born[twin] = born[np.flatnonzero(twin) - 1]
    return twin


def _surnames(drawn: _Born, households: int, rng: np.random.Generator) -> names.Codes:
    """Children have the father's, parents of the head the head's when they are men; all others their own."""
    household, order, role, male = drawn.household, drawn.order, drawn.role, drawn.male
    head, own = names.draw_surnames(households, rng), names.draw_surnames(len(role), rng)
    spouse = names.draw_surnames(households, rng)
    first = male[order == 0]
    father = np.where(first[:, None], head, spouse)
    found = np.where((role == HEAD)[:, None], head[household], own)
    found = np.where((role == SPOUSE)[:, None], spouse[household], found)
    found = np.where((role == CHILD)[:, None], father[household], found)
    return np.where(((role == PARENT) & male)[:, None], head[household], found).astype(np.uint32)


def _numbers(ground: Ground, drawn: _Born, local: NDArray[np.bool_], rng: np.random.Generator) -> Bytes:
    """Identity numbers with right check characters; children of a household bear its district, the old any."""
    household, born, male, twin = drawn.household, drawn.day, drawn.male, drawn.twin
    count = len(born)
    away = np.array(_ELSEWHERE)[rng.integers(0, len(_ELSEWHERE), household.max() + 1)][household] * 10_000
    away = away + rng.integers(1, 20, count) * 100 + rng.integers(1, 30, count)
    region = np.where(local & (rng.random(count) < 0.7), int(ground.district), away)
    region[twin] = region[np.flatnonzero(twin) - 1]
    digits = np.datetime_as_string(born.astype("datetime64[D]"), unit="D")
    head = region * 100_000_000 + np.char.replace(digits, "-", "").astype(np.int64)
    serial = _serials(head * 2 + male, ground, rng)
    serial[twin] = serial[np.flatnonzero(twin) - 1] + 1
    sequence = np.where(male, 2 * serial - 1, 2 * serial)
    plain = (head * 1000 + sequence).astype("S17").view(np.uint8).reshape(count, 17)
    return np.concatenate([plain, check_digit(plain)[:, None]], axis=1)


def _serials(alike: Ints, ground: Ground, rng: np.random.Generator) -> Ints:
    """A serial of 1 to 497 for each, another for each of those born alike: same region, day and sex.

    Each part of a district draws from serials of its own.
    """
    wide = 497 // ground.parts
    order = np.argsort(alike, kind="stable")
    held = alike[order]
    start = np.flatnonzero(np.concatenate([[True], held[1:] != held[:-1]]))
    size = np.diff(np.append(start, len(held)))
    within = np.arange(len(held)) - np.repeat(start, size)
    found = np.empty(len(held), dtype=np.int64)
    drawn = (np.repeat(rng.integers(0, wide, len(size)), size) + within * 3) % wide
    found[order] = 1 + wide * ground.part + drawn
    return found


_PREFIXES = np.array([130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152, 158, 159, 177, 180, 186, 188, 189])


def _draw_phones(count: int, rng: np.random.Generator) -> Ints:
    return _PREFIXES[rng.integers(0, len(_PREFIXES), count)] * 100_000_000 + rng.integers(0, 100_000_000, count)


def _phones(household: Ints, order: Ints, born: Ints, rng: np.random.Generator) -> Ints:
    """Children and some of the old use the head's telephone."""
    phone = _draw_phones(len(household), rng)
    head = phone[order == 0]
    age = (TODAY - born) / YEAR
    shared = (age < 14) | ((age > 70) & (rng.random(len(age)) < 0.4))
    return np.where(shared, head[household], phone)


def _old_phones(phone: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The number before the present one, and the day it was given up; a few were given to somebody else since."""
    count = len(phone)
    changed = rng.random(count) < NEW_PHONE
    old = np.where(changed, _draw_phones(count, rng), 0)
    again = changed & (rng.random(count) < 0.04)
    old[again] = phone[rng.integers(0, count, int(again.sum()))]
    return old, np.where(changed, TODAY - rng.integers(30, int(6 * YEAR), count), 0)


def _agents(rented: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """One agent for about forty rented homes."""
    agents = _draw_phones(max(1, len(rented) // 100), rng)
    return np.where(rented & (rng.random(len(rented)) < 0.12), agents[rng.integers(0, len(agents), len(rented))], 0)
