"""Made-up people: the same seed grows the same ones, numbers are right and nobody's twice, what is planted is there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tests import hamlet
from zhongshu.cities.demo.census import feeds, firms, gather, names
from zhongshu.cities.demo.census.ground import pieces
from zhongshu.cities.demo.census.people import settle
from zhongshu.data.registers import numbers

TOWN = settle(hamlet.ground(2000), 1.0, np.random.default_rng(3))


def test_the_same_seed_grows_the_same_people() -> None:
    again = settle(hamlet.ground(2000), 1.0, np.random.default_rng(3))
    feed = feeds.FEEDS[0]
    told = [feeds.tell(town, feed, np.random.default_rng(5)) for town in (TOWN, again)]
    assert told[0].equals(told[1])


def test_every_number_proves_itself_and_is_one_persons() -> None:
    number, proven = numbers.identity(numbers.texts(TOWN.people.number))
    assert proven.all()
    assert len(set(number.to_pylist())) == len(TOWN.people)


def test_twins_share_birthday_home_surname_and_a_character() -> None:
    people = TOWN.people
    twins = np.flatnonzero(people.twin)
    assert len(twins) > 10
    for field in (people.born, people.household, people.name[:, 0]):
        assert (field[twins] == field[twins - 1]).all()
    assert (people.number[twins, :14] == people.number[twins - 1, :14]).all()


def test_children_and_old_people_share_a_telephone() -> None:
    shared = np.unique(TOWN.people.phone, return_counts=True)[1]
    assert (shared > 1).mean() > 0.1


def test_offices_that_are_behind_tell_the_old_address() -> None:
    by_name = {feed.dataset: feed for feed in feeds.FEEDS}
    moved = np.flatnonzero(TOWN.people.former >= 0)
    behind = []
    for dataset in ("population", "household_register"):
        told = feeds.tell(TOWN, by_name[dataset], np.random.default_rng(1))
        known = np.isin(told["truth"].to_numpy(), moved)
        home = TOWN.people.home[told["truth"].to_numpy()]
        grid = hamlet.ground().grids[TOWN.homes.grid[home]]
        place = np.array([one[:12] for one in told["place"].to_pylist()])
        behind.append(float((place != np.array([one[:12] for one in grid]))[known].mean()))
    assert behind[1] > behind[0] + 0.1


def test_houses_of_one_address_have_rooms_of_their_own() -> None:
    doors = np.stack([TOWN.homes.address, TOWN.homes.serial], axis=1)
    assert len(np.unique(doors, axis=0)) == len(doors)


def test_misheard_names_keep_their_surname_and_length() -> None:
    name = TOWN.people.name.copy()
    names.misheard(name, np.arange(500), np.random.default_rng(2))
    assert (name[:, 0] == TOWN.people.name[:, 0]).all()
    assert ((name > 0) == (TOWN.people.name > 0)).all()
    assert 300 < (name[:500] != TOWN.people.name[:500]).any(axis=1).sum() <= 500


def test_old_numbers_are_of_those_born_before_their_end() -> None:
    feed = next(one for one in feeds.FEEDS if one.short_number > 0.03)
    whole = feeds.Feed(**{**{name: getattr(feed, name) for name in feed.__slots__}, "covers": 1.0, "short_number": 0.5})
    told = feeds.tell(TOWN, whole, np.random.default_rng(1))
    length = pa.compute.utf8_length(told["id_number"]).to_numpy()
    born = TOWN.people.born[told["truth"].to_numpy()]
    assert (length == 15).sum() > 100
    assert born[length == 15].max() < feeds.EARLY


def test_the_bad_worker_tells_one_day_and_one_telephone_of_his_grid_alone() -> None:
    people = hamlet.told()["person"]
    made = gather.made_up(people, hamlet.GRID).to_pandas()
    there = (made["dataset"] == "population") & (made["place"] == hamlet.GRID)
    assert made.loc[there, ["phone", "as_of", "verified"]].drop_duplicates().shape[0] == 1
    before = people.to_pandas()
    assert made.loc[~there].equals(before.loc[~there])
    assert gather.made_up(people, "").equals(people)


def test_a_district_in_parts_holds_as_many_and_nobody_twice() -> None:
    whole = hamlet.ground(500)
    parts = list(pieces(whole, 1.0, 500))
    towns = [settle(part, 1.0, np.random.default_rng([3, *part.seed])) for part in parts]
    assert [len(town.homes.grid) for town in towns] == [500, 500]
    told = [gather.District(town, firms.found(town, np.random.default_rng(4))).told(5) for town in towns]
    for register, column in (("house", "code"), ("organisation", "credit_code")):
        held = [set(one[register][column].to_pylist()) - {""} for one in told]
        assert held[0].isdisjoint(held[1])
    mine = [set(numbers.texts(town.people.number).to_pylist()) for town in towns]
    assert mine[0].isdisjoint(mine[1])
    every = pa.concat_tables([one["person"].select(["dataset", "key"]) for one in told])
    assert every.group_by(["dataset", "key"]).aggregate([]).num_rows == every.num_rows


def test_a_small_district_is_one_part() -> None:
    whole = hamlet.ground(500)
    (part,) = pieces(whole, 0.1, 25_000)
    assert (part.office, part.seed, part.before) == (whole.district, [int(whole.district)], 0)
