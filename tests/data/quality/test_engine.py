"""Rules over frames: what is counted, which rows fail, whatever the types; numbers with check characters; keys."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import hamlet
from zhongshu.cities.demo.census import gather
from zhongshu.data.quality import checksums, keys, rules
from zhongshu.data.quality.engine import World, check, world
from zhongshu.data.quality.rules import Rule

TODAY = date(2026, 6, 1)
GOOD = [checksums.completed(body) for body in ("11010119900307889", "99010120240229002", "99010119491001001")]
CODES = [checksums.completed_credit(body) for body in ("91110101MA0000001", "92990101MA5XYWQ2K")]
PEOPLE = pl.DataFrame(
    {
        "id": [GOOD[0], GOOD[1], GOOD[1], "110101199003078891", None],
        "name": ["王一", "李二", " 赵三", "N/A", None],
        "sex": ["1", "1", "男", "女", "x"],
        "born": ["1990-03-07", "2024-02-29", "2024-02-28", "1990-03-07", None],
        "moved": ["2000-01-01", "2023-01-01", "2025-01-01", None, "2020-01-01"],
        "age": [36, 2, 200, None, 5],
        "house": ["h1", "h2", "h9", "h1", None],
        "phone": ["13800000000", "020-12345678", "1380000", None, "13900000000"],
    }
)
HOUSES = pl.DataFrame({"code": ["h1", "h2", "h3", "h4"], "use": ["self", "rented", "self", "vacant"]})
REGISTER = pl.DataFrame({"id": [GOOD[0], GOOD[1]], "name": ["王一", "李贰"]})
AROUND = World(TODAY, {"houses": HOUSES, "register": REGISTER}, {"sex": ["1", "2"]}, lambda _dataset, _days: (8, 10))


def rule(item: str, kind: str, value: str = "", **more: object) -> Rule:
    return Rule("r", "people", item, "format", kind, value, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "checked", "failed"),
    [
        (rule("name", "filled"), 5, [4]),
        (rule("name", "clean"), 4, [2, 3]),
        (rule("id", "unique"), 4, [1, 2]),
        (rule("id+born", "unique"), 4, []),
        (rule("id+born", "spread", "1"), 4, []),
        (rule("id", "spread", "1"), 4, [1, 2]),
        (rule("id", "identity"), 4, [3]),
        (rule("phone", "pattern", r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$"), 4, [2]),
        (rule("phone", "length", "8..12"), 4, [2]),
        (rule("sex", "choices", "list:sex"), 5, [2, 3, 4]),
        (rule("sex", "choices", "1|2|男|女"), 5, [4]),
        (rule("age", "range", "0..150"), 4, [2]),
        (rule("age", "range", "..5"), 4, [0, 2]),
        (rule("born", "range", "1900-01-01..today"), 4, []),
        (rule("moved", "range", "2001-01-01.."), 4, [0]),
        (rule("born", "compare", "<= moved"), 3, [1]),
        (rule("born", "agrees", "id.birth"), 4, [2]),
        (rule("sex", "agrees", "id.sex"), 4, [1, 2, 3]),
        (rule("moved", "fresh", "800"), 5, [0, 1, 3, 4]),
        (rule("house", "relates", against="houses.code"), 4, [2]),
        (rule("house", "frame", against="houses.code"), 4, [2, 3]),
        (rule("house", "frame", against="houses.code", condition=("use=self|rented",)), 3, [2]),
        (rule("name", "same", against="register.name", keys=("id",)), 3, [1, 2]),
        (rule("name", "filled", condition=("sex=x",)), 1, [4]),
        (rule("phone", "pattern", r"^1\d{10}$", condition=("sex!=1",)), 2, [2]),
        (rule("id", "unique", condition=("house!=h9",)), 3, []),
    ],
)
def test_each_kind_counts_and_finds_its_rows(held: Rule, checked: int, failed: list[int]) -> None:
    (found,) = check(PEOPLE, [held], AROUND)
    assert (found.said, found.checked, found.failed.tolist()) == ("", checked, failed)
    assert found.met == checked - len(failed)


def test_what_a_worker_made_up_is_found() -> None:
    made = gather.made_up(hamlet.told()["person"], hamlet.GRID)
    population = pl.DataFrame(pl.from_arrow(made)).filter(pl.col("dataset") == "population")
    (found,) = check(population, [rule("place+verified", "spread", "15")], AROUND)
    there = (population["place"] == hamlet.GRID).arg_true().to_list()
    assert len(there) > 15
    assert found.failed.tolist() == there


def test_reads_and_what_is_lacking() -> None:
    asked = [
        rule("id", "served", "30"),
        rule("nothing", "filled"),
        rule("house", "relates", against="nowhere.code"),
        rule("house", "relates", against="houses.number"),
    ]
    served, unknown, nowhere, number = check(
        PEOPLE, [Rule(f"r{n}", *_parts(one)) for n, one in enumerate(asked)], AROUND
    )
    assert (served.met, served.checked, served.share) == (8, 10, 0.8)
    assert "nothing" in unknown.said
    assert "nowhere" in nowhere.said
    assert "number" in number.said
    assert unknown.share is None


def _parts(one: Rule) -> tuple[str, str, str, str, str, str]:
    return one.dataset, one.item, one.indicator, one.kind, one.value, one.against


def test_types_of_a_store_are_read_as_well_as_text() -> None:
    typed = pl.DataFrame(
        {"born": [date(1990, 3, 7), date(2030, 1, 1)], "code": [7, 12], "low": ["9", "10"], "high": ["10", "9"]}
    )
    asked = [
        rule("born", "range", "1900-01-01..today"),
        rule("code", "choices", "7|8"),
        rule("low", "compare", "< high"),
    ]
    found = check(typed, [Rule(f"r{n}", *_parts(one)) for n, one in enumerate(asked)], world(TODAY))
    assert [one.failed.tolist() for one in found] == [[1], [1], [1]]


def test_numbers_with_check_characters() -> None:
    wrong = [
        GOOD[0][:-1] + ("0" if GOOD[0][-1] != "0" else "1"),
        "99010120230229001",
        "",
        "１１０",
        GOOD[0].lower() + " ",
    ]
    impossible = checksums.completed("99010120230229001")
    future = checksums.completed("99010120260602001")
    column = pl.Series([*GOOD, *wrong, impossible, future, None])
    assert checksums.identity(column, TODAY).tolist() == [True] * 3 + [False] * 8
    assert checksums.credit_code(pl.Series([*CODES, CODES[0][:-1] + "I", CODES[0].lower(), None])).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(ValueError, match="17"):
        checksums.completed("123")
    with pytest.raises(ValueError, match="17 characters"):
        checksums.completed_credit("9111010IMA0000001")


@given(st.integers(0, 9), st.integers(0, 16))
def test_one_wrong_digit_is_always_found(digit: int, place: int) -> None:
    changed = GOOD[0][:place] + str(digit) + GOOD[0][place + 1 :]
    assert bool(checksums.identity(pl.Series([changed]), TODAY)[0]) == (changed == GOOD[0])


@given(st.lists(st.one_of(st.none(), st.integers(0, 12), st.integers(10**15, 10**15 + 3)), max_size=40))
def test_shared_keys_are_those_that_counting_finds(values: list[int | None]) -> None:
    for column in (pl.Series("k", values, dtype=pl.Int64), pl.Series("k", values, dtype=pl.Int64).cast(pl.String)):
        keyed, found = keys.duplicates(column.to_frame(), ["k"])
        assert keyed == sum(one is not None for one in values)
        assert found.tolist() == [n for n, one in enumerate(values) if one is not None and values.count(one) > 1]


@given(st.from_regex(r"[+ -]?[0-9]{0,6}[a１]?", fullmatch=True))
def test_numbers_of_a_fixed_length_match_as_the_pattern_does(text: str) -> None:
    for pattern in (r"^1[3-9]\d{2}$", r"^[1-9]\d{5}$", r"^12\d{1}$", r"^[0-9]\d{3}$", r"^\d{3}$", r"^0\d{2}$"):
        (found,) = check(pl.DataFrame({"n": [text]}), [rule("n", "pattern", pattern)], AROUND)
        assert found.met == int(re.fullmatch(pattern[1:-1].replace(r"\d", "[0-9]"), text) is not None), pattern


def test_which_patterns_are_numbers() -> None:
    assert rules.digits(r"^1[3-9]\d{9}$") == (11, 13_000_000_000, 19_999_999_999)
    assert rules.digits(r"^[1-9]\d{5}$") == (6, 100_000, 999_999)
    odd = (r"^\d{3}$", r"^0\d{2}$", r"^[0-9]\d{3}$", r"^1\d{18}$", r"^1\d+$", r"1\d{3}", r"^[9-3]\d{3}$")
    assert [rules.digits(one) for one in odd] == [None] * 7


def test_many_shared_keys_and_keys_of_several_items() -> None:
    size = 3000
    frame = pl.DataFrame({"a": np.arange(size) // 2, "b": [str(n % 2) for n in range(size)]})
    assert len(keys.duplicates(frame, ["a"])[1]) == size
    assert len(keys.duplicates(frame, ["b"])[1]) == size
    assert keys.duplicates(frame, ["a", "b"])[1].tolist() == []
    far = pl.DataFrame({"a": np.r_[np.arange(size) * 10**9, 10**9]})
    assert keys.duplicates(far, ["a"])[1].tolist() == [1, size]
