"""房屋 what the grid workers, the land register and the tenancy office tell of the homes of one district."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.cities.demo.census import addresses, names
from zhongshu.cities.demo.census.ground import Ints
from zhongshu.cities.demo.census.people import HEAD, TODAY, Town

_SAID = {"houses": (1.0, 0), "property": (0.72, 1), "tenancy": (0.6, 4)}
"""Data set -> share of homes that it knows (of the rented ones), style of its addresses (defaults)."""


def tell(town: Town, dataset: str, rng: np.random.Generator) -> pa.Table:
    """The rows of `houses`, `property` or `tenancy`, as columns of HouseRecord, with the `truth`: the home's number."""
    ground, homes, people = town.ground, town.homes, town.people
    covers, style = _SAID[dataset]
    known = rng.random(len(homes.grid)) < covers
    home = np.flatnonzero(known & homes.rented if dataset == "tenancy" else known)
    home, count = rng.permutation(home), len(home)
    as_of = (TODAY - rng.integers(0, 1200, count)).astype("datetime64[D]")
    head = np.flatnonzero(people.role == HEAD)
    landlord = np.where(homes.rented[home], head[rng.integers(0, len(head), count)], head[home])
    grid = pa.array(ground.grids[homes.grid[home]])
    code = addresses.house_codes(ground, home)
    rented = homes.rented[home]
    use = np.where(rented, "rented", np.where(rng.random(count) < 0.06, "vacant", "self"))
    wrong = (dataset == "houses") & rented & (rng.random(count) < 0.15)
    return pa.table(
        {
            "truth": home,
            "dataset": pa.repeat(dataset, count),
            "key": code if dataset == "houses" else pc.binary_join_element_wise(dataset[0].upper(), code, ""),
            "place": grid if dataset == "houses" else pc.utf8_slice_codeunits(grid, 0, 12),
            "as_of": pa.array(as_of),
            "verified": pa.array(as_of, mask=(rng.random(count) < 0.6) | (dataset == "tenancy")),
            "name": pa.repeat("", count),
            "address": addresses.written(ground, homes, home, style, rng),
            "more": _more(town, home, dataset, rng),
            "code": code if dataset == "houses" else pa.repeat("", count),
            "owner": pa.array(names.texts(people.name[landlord])),
            "ownership": pa.array(
                np.array(["private", "public", "collective"])[rng.choice(3, count, p=(0.8, 0.1, 0.1))]
            ),
            "use": pa.array(np.where(wrong, "self", use)),
            "area": pa.array(np.round(rng.lognormal(4.3, 0.35, count), 1)),
            "floors": pa.repeat(addresses.FLOORS, count),
            "structure": pa.array(np.array(["frame", "brick", "steel"])[rng.choice(3, count, p=(0.6, 0.35, 0.05))]),
            "safety": pa.array(np.array(["A", "B", "C", "D"])[rng.choice(4, count, p=(0.7, 0.25, 0.04, 0.01))]),
        }
    )


def _more(town: Town, home: Ints, dataset: str, rng: np.random.Generator) -> pa.Array:
    """The point and the standard address, of the grid workers; the contract, of the tenancy office."""
    ground, homes, people, count = town.ground, town.homes, town.people, len(home)
    head = np.flatnonzero(people.role == HEAD)
    if dataset == "houses":
        lon, lat = (pa.array(np.char.mod("%.6f", ground.points[homes.address[home], n])) for n in (0, 1))
        code = pa.array(ground.codes[homes.address[home]])
        return pc.binary_join_element_wise('{"address": "', code, '", "lon": ', lon, ', "lat": ', lat, "}", "")
    if dataset == "tenancy":
        since = TODAY - rng.integers(10, 700, count)
        tenant = pa.array(names.texts(people.name[head[home]]))
        pieces = ('{"since": "', addresses.days(since), '", "until": "', addresses.days(since + 730), '", "tenant": "')
        return pc.binary_join_element_wise(*pieces, tenant, '"}', "")
    return pa.repeat("{}", count)
