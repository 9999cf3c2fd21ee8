"""Demands say which rows fail, a whole column at a time, and no more than those."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.data.catalogue import cells, demands

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def feed(**columns: list[str]) -> demands.Feed:
    texts = pa.table({name: pa.chunked_array([pa.array(values, pa.string())]) for name, values in columns.items()})
    return demands.Feed("a.csv", "csv", "gb18030", texts, pa.array(range(2, 2 + texts.num_rows)), NOW)


def failing(demand: str, value: str = "", items: tuple[str, ...] = ("a",), **columns: list[str]) -> list[int]:
    """Lines that fail."""
    asked = demands.Demand("r", items, demand, value, True, "第一条")
    return [one.line for one in demands.check(asked, feed(**columns)).findings]


@pytest.mark.parametrize(
    ("demand", "value", "texts", "lines"),
    [
        ("required", "", ["x", "", "y"], [3]),
        ("codes", "0;1", ["0", "", "2"], [4]),
        ("pattern", "[A-Z]{2}", ["AB", "ABC", ""], [3]),
        ("range", "0..10", ["10", "-1", "ten", ""], [3, 4]),
        ("range", "..5", ["5", "5.5", "-9"], [3]),
        ("length", "2", ["街道", "街道办", ""], [3]),
        ("type", "integer", ["1", "1.0", "x", ""], [3, 4]),
        ("type", "place", ["440103", "440103001001", "4401", "越秀"], [4, 5]),
        ("type", "credit_code", ["91350100M000100Y43", "91350100M000100Y44", "9135", ""], [3, 4]),
        ("type", "identity", ["11010519491231002X", "110105194912310021", "110105491231002", "张三"], [3, 5]),
        ("unique", "", ["x", "y", "x", "x"], [4, 5]),
    ],
)
def test_rows_that_fail(demand: str, value: str, texts: list[str], lines: list[int]) -> None:
    assert failing(demand, value, a=texts) == lines


def test_several_items_together_and_one_after_the_other() -> None:
    assert failing("unique", items=("a", "b"), a=["1", "1", "1"], b=["1", "2", "1"]) == [4]
    assert failing("not_before", "b", a=["2026-02-01", "2026-01-01", ""], b=["2026-01-31"] * 3) == [3]


def test_demands_on_the_whole_feed_stand_at_line_0() -> None:
    assert failing("format", "csv;parquet", (), a=["1"]) == []
    assert failing("encoding", "utf-8", (), a=["1"]) == [0]
    assert failing("rows", "2", (), a=["1"]) == [0]
    assert failing("fresh", "2", a=["2026-05-29", "some day"]) == [0]
    assert failing("fresh", "3", a=["2026-05-29", "some day"]) == []
    assert failing("present", "", ("b",), a=["1"]) == [0]
    assert failing("type", "date", ("b",), a=["1"]) == [0]


def test_evidence_is_limited_and_the_count_is_not() -> None:
    asked = demands.Demand("r", ("a",), "required", "", True, "")
    found = demands.check(asked, feed(a=[""] * 1500))
    assert (found.failing, len(found.findings)) == (1500, demands.EVIDENCE)


@given(st.one_of(st.dates().map(str), st.from_regex(r"\A\d{4}-\d{2}-\d{2}\Z"), st.text(max_size=12)))
def test_a_day_is_one_that_exists(text: str) -> None:
    clean = cells.texts(pa.chunked_array([[text]]))
    (said,) = cells.unfit(clean, "date").to_pylist()
    (shown,) = clean.to_pylist()
    assert said == (bool(shown) and not is_day(shown))


def test_there_is_no_year_0() -> None:
    assert failing("type", "date", a=["0000-01-01", "0001-01-01", "2000-02-29", "1900-02-29"]) == [2, 5]


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def test_what_is_typed_becomes_the_text_that_people_write() -> None:
    assert cells.texts(pa.chunked_array([[1.0, None, 3.0]])).to_pylist() == ["1", "", "3"]
    assert cells.texts(pa.chunked_array([[1.5, 2.0]])).to_pylist() == ["1.5", "2"]
    assert cells.texts(pa.chunked_array([[date(2026, 5, 1)]])).to_pylist() == ["2026-05-01"]
    assert cells.texts(pa.chunked_array([[b"\x01", None]])).to_pylist() == ["geometry", ""]
