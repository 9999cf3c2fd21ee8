"""单位 the true firms and bodies of one district, and what the market register, the grid and insurance tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhongshu.cities.demo.census import addresses, names
from zhongshu.cities.demo.census.ground import Ground, Ints
from zhongshu.cities.demo.census.people import TODAY, Town
from zhongshu.data.registers.numbers import Bytes, credit_digit, texts

EACH = 0.12
"""Firms for each household."""
BRAND = "金泰恒瑞华盛鑫源嘉诚信德宏达永安吉祥百利万通天成广联众创新启航博雅康乐美佳丰裕顺发隆昌润泽"
LINES = (
    ("餐饮服务", "H62"), ("商贸", "F52"), ("科技", "I65"), ("物流", "G59"), ("建筑工程", "E47"), ("装饰", "E50"),
    ("教育咨询", "P83"), ("医疗器械", "F51"), ("服装", "F52"), ("五金", "F52"), ("房地产经纪", "K70"),
    ("广告", "L72"), ("物业管理", "K70"), ("美容美发", "O80"), ("食品", "F52"), ("电子", "C39"), ("酒店管理", "H61"),
    ("汽车维修", "O81"),
)  # fmt: skip
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "经营部", "商行", "店")
SHARES = (0.5, 0.1, 0.03, 0.15, 0.12, 0.1)
KINDS = np.array(["company", "company", "company", "individual", "individual", "individual"])


@dataclass(frozen=True, slots=True)
class Firms:
    """True firms: the characters of the brand, line and form by number, code, head (a person), home and telephone."""

    brand: names.Codes
    line: Ints
    form: Ints
    code: Bytes
    head: Ints
    home: Ints
    phone: Ints
    staff: Ints

    def __len__(self) -> int:
        return len(self.line)


def found(town: Town, rng: np.random.Generator) -> Firms:
    """As many as EACH says; chain shops share brand and head, and differ by address and code."""
    ground, homes, people = town.ground, town.homes, town.people
    count = max(2, int(len(homes.grid) * EACH))
    chars = np.array([ord(char) for char in BRAND], dtype=np.uint32)
    brand = np.concatenate([rng.choice(chars, (count, 3)), np.zeros((count, 1), np.uint32)], axis=1)
    brand[rng.random(count) < 0.6, 2] = 0
    line, head = rng.integers(0, len(LINES), count), rng.integers(0, len(people), count)
    chain = np.flatnonzero(rng.random(count) < 0.03)
    brand[chain], line[chain], head[chain] = brand[chain - 1], line[chain - 1], head[chain - 1]
    serial = np.char.zfill((np.arange(count) + 1 + ground.before).astype("U9"), 9)
    body = np.char.add(f"91{ground.district}", serial).astype("S17").view(np.uint8).reshape(count, 17)
    return Firms(
        brand,
        line,
        rng.choice(len(FORMS), count, p=SHARES),
        np.concatenate([body, credit_digit(body)[:, None]], axis=1),
        head,
        rng.integers(0, len(homes.grid), count),
        np.where(rng.random(count) < 0.6, people.phone[head], 13_000_000_000 + rng.integers(0, 10**9, count)),
        np.maximum(1, rng.lognormal(1.6, 1.1, count)).astype(np.int64),
    )


def _names(ground: Ground, firms: Firms, which: Ints, short: NDArray[np.bool_]) -> pa.Array:
    """The whole name, or how people call it: brand and line."""
    brand = pa.array(names.texts(firms.brand[which]))
    line = pa.array(np.array([word for word, _ in LINES])[firms.line[which]])
    form = pa.array(np.array(FORMS)[firms.form[which]])
    whole = pc.binary_join_element_wise(ground.title, brand, line, form, "")
    return pc.if_else(pa.array(short), pc.binary_join_element_wise(brand, line, ""), whole)


def tell(town: Town, firms: Firms, dataset: str, rng: np.random.Generator) -> pa.Table:
    """The rows of `enterprises`, `organisations` or `social_insurance`, as OrganisationRecord, with the `truth`."""
    ground, homes, people = town.ground, town.homes, town.people
    covers, no_code, short, style = _SAID[dataset]
    which = rng.permutation(np.flatnonzero(rng.random(len(firms)) < covers))
    count = len(which)
    moved = rng.random(count) < (0.06 if dataset == "enterprises" else 0.0)
    home = np.where(moved, rng.integers(0, len(homes.grid), count), firms.home[which])
    as_of = pa.array((TODAY - rng.integers(0, 900, count)).astype("datetime64[D]"))
    grid = pa.array(ground.grids[homes.grid[home]])
    number: Any = texts(firms.code[which])
    lines = np.array([code for _, code in LINES])
    return pa.table(
        {
            "truth": which,
            "dataset": pa.repeat(dataset, count),
            "key": pc.binary_join_element_wise(ground.office, pa.array(np.arange(count)).cast(pa.string()), "-"),
            "place": grid if dataset == "organisations" else pc.utf8_slice_codeunits(grid, 0, 12),
            "as_of": as_of,
            "verified": pc.if_else(pa.array(rng.random(count) < 0.3), as_of, pa.scalar(None, pa.date32())),
            "name": _names(ground, firms, which, rng.random(count) < short),
            "address": addresses.written(ground, homes, home, style, rng),
            "more": _more(dataset, count, rng),
            "credit_code": pc.if_else(pa.array(rng.random(count) < no_code), "", number),
            "kind": pa.array(KINDS[firms.form[which]]),
            "legal_person": pa.array(names.texts(people.name[firms.head[which]])),
            "industry": pa.array(lines[firms.line[which]]),
            "employees": pa.array(firms.staff[which] + rng.integers(0, 2, count)),
            "phone": pc.if_else(pa.array(rng.random(count) < 0.1), "", pa.array(firms.phone[which]).cast(pa.string())),
        }
    )


_SAID = {
    "enterprises": (0.97, 0.0, 0.0, 1),
    "organisations": (0.85, 0.25, 0.4, 0),
    "social_insurance": (0.4, 0.02, 0.05, 2),
}
"""Data set -> share that it knows, share without a code, share by the short name, style of its addresses (defaults)."""


def _more(dataset: str, count: int, rng: np.random.Generator) -> pa.Array:
    if dataset == "organisations":
        fire = np.array(["general", "key", "small"])[rng.choice(3, count, p=(0.6, 0.05, 0.35))]
        return pc.binary_join_element_wise('{"fire": "', pa.array(fire), '"}', "")
    capital = pa.array(rng.integers(1, 500, count)).cast(pa.string())
    since = addresses.days(TODAY - rng.integers(100, 9000, count))
    return pc.binary_join_element_wise('{"capital": "', capital, '", "since": "', since, '", "state": "active"}', "")
